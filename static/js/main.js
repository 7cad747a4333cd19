/** Composition root: one store, one client, the views, the keys. */

import { attachAsking } from "./asking.js";
import { createCommands } from "./commands.js";
import { attachFetching } from "./fetching.js";
import { attachKeys } from "./keys.js";
import { createPlayback } from "./model/playback.js";
import { lookedAt, reduce } from "./model/reduce.js";
import { createStore } from "./model/store.js";
import { indexTrace, numberAt } from "./model/trace.js";
import { remember, remembered } from "./remembering.js";
import { createClient } from "./stream.js";
import { mountEntry } from "./views/entry.js";
import { mountFlags } from "./views/flags.js";
import { mountHeader } from "./views/header.js";
import { mountHelp } from "./views/help.js";
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
/** @import {Preset} from "./types.js" */

const page = document.documentElement;
const $ = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (document.querySelector(selector));
const boot = JSON.parse($("#boot").textContent ?? "{}");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");

/** @type {State} */
const initial = {
  trace: indexTrace(JSON.parse($("#trace").textContent ?? "{}")),
  request: { preset: boot.preset },
  preset: presetNamed(boot.preset) ?? boot.presets[0],
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
  theme: /** @type {"light" | "dark"} */ (remembered("theme") ?? (dark.matches ? "dark" : "light")),
  presenting: false,
  numbers: true,
  shortcuts: remembered("shortcuts") !== "off",
  help: false,
  hint: null,
  stale: false,
  lost: null,
  fault: boot.unknown_preset ? `There is no preset called “${boot.unknown_preset}”; this is ${presetNamed(boot.preset)?.title}.` : null,
};
/** @type {import("./model/store.js").Store<State, Event>} */
const store = createStore(reduce, initial);
store.send({ type: "go", step: stepInLink() });
const client = createClient(boot.api, (text) => store.send({ type: "lost", text }));
const commands = createCommands(store, client, presetNamed, () => calm.matches);

/** @param {string} name @returns {Preset | undefined} */
function presetNamed(name) {
  return boot.presets.find((/** @type {Preset} */ preset) => preset.name === name);
}

/** How many steps in a link opens: …#step=8. */
function stepInLink() {
  return Number(/^#step=(\d{1,5})$/.exec(location.hash)?.[1] ?? 0);
}

/** Back, forward, or another #step: only what differs is fetched. */
function followLink() {
  const name = new URLSearchParams(location.search).get("preset") ?? boot.presets[0].name;
  if (name === store.get().preset.name && !store.get().stale) commands.go(stepInLink());
  else commands.show(name, stepInLink());
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let written;

/** The address follows the cursor, a moment later: browsers allow only so many changes. @param {number} cursor */
function writeLink(cursor) {
  clearTimeout(written);
  written = setTimeout(() => history.replaceState(null, "", `${location.pathname}${location.search}${cursor ? `#step=${cursor}` : ""}`), 500);
}

const stage = mountStage($('[data-view="stage"]'), store, boot.glyphs);
const lanes = mountLanes($('[data-view="stage"]'), store, stage.scene, commands);
const norms = mountNorms($('[data-view="stage"]'), store, stage.scene, commands);
const motion = mountMotion(/** @type {HTMLCanvasElement} */ ($("canvas.motion")), store, stage.scene);
const views = [
  mountHeader($("header"), store, commands),
  stage,
  lanes,
  norms,
  motion,
  mountFlags($(".flags"), store, commands),
  mountWalk($('[data-view="walk"]'), store, boot.local_derivatives, commands),
  mountInspector($('[data-view="inspector"]'), store, commands),
  mountEntry($(".entry-card"), store, commands),
  mountTransport($('[data-view="transport"]'), store, commands),
  mountLegend($(".legend")),
  mountPrint($(".print"), store),
  mountTooltip($('[data-view="stage"]'), store),
  mountHelp(/** @type {HTMLDialogElement} */ ($("dialog")), store),
];

/** @type {WakeLockSentinel | null} */
let lock = null;

/** @param {State} state @param {State} [before] */
function frame(state, before) {
  page.dataset.step = String(state.cursor);
  page.dataset.steps = String(state.trace.steps.length);
  page.dataset.stale = String(state.stale);
  page.dataset.theme = state.theme;
  page.classList.toggle("presenting", state.presenting);
  const banner = $(".banner");
  const text = state.lost ?? state.fault ?? state.hint;
  banner.hidden = !text;
  $(".banner p").textContent = text ?? "";
  if (before && state.theme !== before.theme) remember("theme", state.theme);
  if (before && state.shortcuts !== before.shortcuts) remember("shortcuts", state.shortcuts ? "on" : "off");
  if (before && state.cursor !== before.cursor) writeLink(state.cursor);
  if (before && state.presenting !== before.presenting) present(state.presenting);
  if (!before || state.preset !== before.preset) document.title = `${state.preset.title} · Backprop Visualiser`;
}

/** @param {boolean} on */
async function present(on) {
  if (document.fullscreenElement && !on) await document.exitFullscreen().catch(() => {});
  if (on) await page.requestFullscreen?.().catch(() => {});
  await keepAwake(on);
}

/** @param {boolean} on */
async function keepAwake(on) {
  await lock?.release().catch(() => {});
  lock = on ? ((await navigator.wakeLock?.request("screen").catch(() => null)) ?? null) : null;
}

/** @param {State} state @param {State} [before] */
function update(state, before) {
  frame(state, before);
  const focus = focused();
  for (const view of views) view.update(state, before);
  if (focus && document.activeElement === document.body) focus();
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

store.subscribe(update);
createPlayback(
  store,
  (t, running) => {
    stage.frame(t);
    motion.frame(t, running);
  },
  () => calm.matches,
);
attachKeys(store, commands);
attachAsking(store, client);
attachFetching(store, client);
document.addEventListener("copy", (event) => {
  const looked = lookedAt(store.get());
  const x = looked ? numberAt(store.get().trace, looked.quantity, looked.entry) : undefined;
  if (x === undefined || !getSelection()?.isCollapsed) return;
  event.clipboardData?.setData("text/plain", String(x)); // all its digits, also over plain http, where pages have no clipboard of their own
  event.preventDefault();
});
$(".banner button").addEventListener("click", () => {
  store.send({ type: "fault", text: null });
  store.send({ type: "hint", text: null });
});
addEventListener("popstate", followLink);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && store.get().presenting) keepAwake(true); // the lock ends whenever the page is hidden
});
document.addEventListener("fullscreenchange", () => {
  if (!document.fullscreenElement && store.get().presenting) store.send({ type: "present", on: false });
});
update(store.get());
page.dataset.ready = "true";
