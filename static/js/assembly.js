/** One store, one client, the views that the document has a place for: what the step page and an embedded one have in common. */

import { attachAsking } from "./asking.js";
import { createCommands } from "./commands.js";
import { attachFetching } from "./fetching.js";
import { createPlayback } from "./model/playback.js";
import { lookedAt, reduce } from "./model/reduce.js";
import { createStore } from "./model/store.js";
import { indexTrace, numberAt } from "./model/trace.js";
import { createClient } from "./stream.js";
import { mountDragging } from "./views/dragging.js";
import { mountEditing } from "./views/editing.js";
import { mountEntry } from "./views/entry.js";
import { mountFlags } from "./views/flags.js";
import { mountHeader } from "./views/header.js";
import { mountInspector } from "./views/inspector.js";
import { mountLanes } from "./views/lanes.js";
import { mountLegend } from "./views/legend.js";
import { mountMotion } from "./views/motion.js";
import { mountNorms } from "./views/norms.js";
import { mountPrint } from "./views/print.js";
import { mountStage } from "./views/stage.js";
import { mountTooltip } from "./views/tooltip.js";
import { mountTransport } from "./views/transport.js";
import { mountWalk } from "./views/walk.js";

/** @import {Event, State} from "./model/reduce.js" */
/** @import {Preset, RawTrace} from "./types.js" */

/**
 * @typedef {object} Boot what the server says besides the trace
 * @property {string} api
 * @property {string} preset
 * @property {Preset[]} presets
 * @property {string | null} unknown_preset
 * @property {Record<string, string>} glyphs of the activations
 * @property {{name: string, title: string}[]} exports kinds of files that the server makes of a problem
 * @property {{layers: number, with_reuse: number, from_scratch: number}[]} local_derivatives
 */

const page = document.documentElement;
const LATE = 150; // ms

/** What the document brings with it. @returns {{boot: Boot, raw: RawTrace}} */
export function brought() {
  const said = (/** @type {string} */ id) => JSON.parse(document.getElementById(id)?.textContent ?? "{}");
  return { boot: said("boot"), raw: said("trace") };
}

/** @param {Boot} boot @param {string} name @returns {Preset | undefined} */
export function presetNamed({ presets }, name) {
  return presets.find((preset) => preset.name === name);
}

/** The state a page begins with. @param {Boot} boot @param {RawTrace} raw @param {{theme?: "light" | "dark", shortcuts?: boolean, presenting?: boolean}} [more] @returns {State} */
export function beginning(boot, raw, more = {}) {
  const preset = presetNamed(boot, boot.preset) ?? boot.presets[0];
  return {
    trace: indexTrace(raw),
    request: { preset: preset.name },
    preset,
    past: [],
    future: [],
    session: null,
    by: null,
    before: null,
    delta: false,
    building: false,
    catalog: null,
    editing: null,
    draft: null,
    faults: [],
    cursor: 0,
    moving: null,
    playing: false,
    speed: 1,
    example: 0,
    hover: null,
    pinned: null,
    tool: "terms",
    target: null,
    more: false,
    convention: "row",
    epsilon: 1e-4,
    check: null,
    paths: null,
    path: null,
    wide: true,
    probe: null,
    theme: "light",
    presenting: false,
    numbers: true,
    zoom: 1,
    shortcuts: true,
    dialog: null,
    brought: null,
    hint: null,
    stale: false,
    lost: null,
    fault: boot.unknown_preset ? `There is no preset called “${boot.unknown_preset}”; this is ${preset.title}.` : null,
    ...more,
  };
}

/** @param {Boot} boot @param {State} initial @param {number} [least] how far the network may shrink to be seen whole, instead of as far as its page suggests */
export function assemble(boot, initial, least) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  /** @type {import("./model/store.js").Store<State, Event>} */
  const store = createStore(reduce, initial);
  const client = createClient(boot.api, (text) => store.send({ type: "lost", text }));
  const commands = createCommands(store, client, (name) => presetNamed(boot, name), () => calm.matches);

  /** The views of a part of the document, where it is there. @param {string} selector @param {(root: any) => View[]} mount @returns {View[]} */
  const at = (selector, mount) => {
    const root = document.querySelector(selector);
    return root ? mount(root) : [];
  };
  /** A view that is fetched when it is first needed: none of its bytes wait before the first picture. @param {string} selector @param {(state: State) => boolean} needed @param {(root: any) => Promise<View>} load @param {Event} without what is not to be, where it cannot be fetched @returns {View[]} */
  const later = (selector, needed, load, without) =>
    at(selector, (root) => {
      /** @type {View | null} */
      let view = null;
      let coming = false;
      const come = async () => {
        coming = true;
        view = await load(root).catch(() => null);
        coming = false;
        if (view) return view.update(store.get());
        store.send(without);
        store.send({ type: "hint", text: "This part of the page cannot be fetched: the server cannot be reached. Try again in a moment." });
      };
      return [{ update: (state, before) => (view ? view.update(state, before) : needed(state) && !coming && !(before && needed(before)) && come()) }];
    });
  /** @param {NonNullable<State["dialog"]>} name @param {(root: any) => Promise<View>} load @returns {View[]} */
  const dialog = (name, load) =>
    at(`dialog.${name}`, (root) => {
      root.addEventListener("close", () => store.get().dialog === name && store.send({ type: "dialog", dialog: null })); // not where another took its place
      return later(`dialog.${name}`, (state) => state.dialog === name, load, { type: "dialog", dialog: null });
    });
  /** @param {(root: any) => Promise<View>} load */
  const building = (load) => later('[data-view="builder"]', (state) => state.building, load, { type: "build", on: false });
  const stageRoot = /** @type {HTMLElement} */ (document.querySelector('[data-view="stage"]'));
  const stage = mountStage(stageRoot, store, boot.glyphs, least);
  const motion = mountMotion(/** @type {HTMLCanvasElement} */ (stageRoot.querySelector("canvas.motion")), store, stage.scene);
  /** @typedef {{update: (state: State, before?: State) => unknown}} View */
  /** @type {View[]} */
  const views = [
    ...at("header.top", (root) => [mountHeader(root, store, commands)]),
    stage,
    mountLanes(stageRoot, store, stage.scene, commands),
    mountNorms(stageRoot, store, stage.scene, commands),
    motion,
    ...at(".flags", (root) => [mountFlags(root, store, commands)]),
    ...at('[data-view="walk"]', (root) => [mountWalk(root, store, boot.local_derivatives, commands)]),
    ...at('[data-view="inspector"]', (root) => [mountInspector(root, store, commands)]),
    ...at(".entry-card", (root) => [mountEntry(root, store, commands)]),
    ...building(async (root) => (await import("./views/builder.js")).mountBuilder(root, store, commands)),
    ...building(async () => (await import("./views/handles.js")).mountHandles(stageRoot, store, stage.scene, commands)),
    ...at('[data-view="transport"]', (root) => [mountTransport(root, store, commands)]),
    ...at(".legend", (root) => [mountLegend(root)]),
    ...at(".print", (root) => [mountPrint(root, store)]),
    mountTooltip(stageRoot, store),
    ...at("main", (root) => [mountEditing(root, store, commands), mountDragging(root, store, commands)]),
    ...dialog("data", async (root) => (await import("./views/data.js")).mountData(root, store, client, commands)),
    ...dialog("import", async (root) => (await import("./views/importing.js")).mountImporting(root, store, client, commands)),
    ...dialog("share", async (root) => (await import("./views/share.js")).mountShare(root, store)),
    ...dialog("export", async (root) => (await import("./views/export.js")).mountExport(root, store, client, { scene: stage.whole, kinds: boot.exports })),
    ...dialog("help", async (root) => (await import("./views/help.js")).mountHelp(root, store)),
    ...at(".banner", (root) => [mountBanner(root)]),
  ];

  /** What has happened, and what is wrong, where everybody sees it. @param {HTMLElement} root @returns {View} */
  function mountBanner(root) {
    const words = /** @type {HTMLElement} */ (root.querySelector("p"));
    const dismiss = /** @type {HTMLElement} */ (root.querySelector("button"));
    dismiss.addEventListener("click", commands.dismiss);
    return {
      update({ lost, fault, hint, building, faults }) {
        const text = lost ?? (building && faults.length ? null : fault) ?? hint; // who builds is told place by place
        root.hidden = !text;
        dismiss.hidden = lost !== null; // it is over when the server is back
        words.textContent = text ?? "";
      },
    };
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let fading;

  /** Old numbers look old when an answer is long in coming; what comes at once must not flicker, nor have every number's style worked out twice. @param {boolean} stale */
  function fade(stale) {
    clearTimeout(fading);
    if (stale) fading = setTimeout(() => page.classList.add("waiting"), LATE);
    else page.classList.remove("waiting");
  }

  /** @param {State} state @param {State} [before] */
  function update(state, before) {
    page.dataset.step = String(state.cursor);
    page.dataset.steps = String(state.trace.steps.length);
    page.dataset.stale = String(state.stale);
    if (state.stale !== before?.stale) fade(state.stale);
    page.dataset.theme = state.theme;
    page.classList.toggle("presenting", state.presenting);
    // Said here, not found by :has(): in a document of many thousand elements every change would have to look for it again.
    page.classList.toggle("has-walk", state.target !== null);
    page.classList.toggle("has-builder", state.building);
    const focus = focused();
    for (const view of views) view.update(state, before);
    if (focus && document.activeElement === document.body) focus();
  }

  store.subscribe(update);
  createPlayback(
    store,
    (t, running) => {
      stage.frame(t);
      motion.frame(t, running);
    },
    () => calm.matches,
  );
  attachAsking(store, client);
  attachFetching(store, client);
  document.addEventListener("copy", (event) => {
    const looked = lookedAt(store.get());
    const x = looked ? numberAt(store.get().trace, looked.quantity, looked.entry) : undefined;
    if (x === undefined || !getSelection()?.isCollapsed || event.target instanceof HTMLTextAreaElement) return;
    event.clipboardData?.setData("text/plain", String(x)); // all its digits, also over plain http, where pages have no clipboard of their own
    event.preventDefault();
  });
  update(store.get());
  return { store, client, commands };
}

/** How to find the number in focus again, should its view be drawn anew. */
function focused() {
  const now = document.activeElement;
  const view = now?.closest("[data-view]");
  if (!(now instanceof HTMLElement || now instanceof SVGElement) || !view) return null;
  const { quantity, entry } = now.dataset;
  const again = quantity ? `[data-quantity="${quantity}"][data-entry="${entry}"]` : "";
  return () => /** @type {HTMLElement | null} */ ((again && view.querySelector(`${again}[tabindex]`)) || view.querySelector("[tabindex]"))?.focus({ preventScroll: true });
}
