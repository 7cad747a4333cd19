/** Composition root: one store, one client, the views, the keys. */

import { attachAsking } from "./asking.js";
import { attachKeys } from "./keys.js";
import { createPlayback } from "./model/playback.js";
import { lookedAt, phaseEdge, reduce, SPEEDS } from "./model/reduce.js";
import { createStore } from "./model/store.js";
import { movableOf, parameterOf, sameEntry, subjectOf } from "./model/subject.js";
import { indexTrace, isKnown, numberAt } from "./model/trace.js";
import { along, targetsOf } from "./model/walk.js";
import { createClient, ServerFault } from "./stream.js";
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

/** @import {Event, State, Tool} from "./model/reduce.js" */
/** @import {Entry, Preset, Request} from "./types.js" */

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

const commands = {
  /** @param {number} by */
  step(by) {
    store.send({ type: "pause" });
    store.send({ type: "go", step: along(store.get(), by), animate: by > 0 && !calm.matches });
  },
  /** @param {number} step */
  go(step) {
    store.send({ type: "pause" });
    store.send({ type: "go", step });
  },
  toggle() {
    const { playing, cursor } = store.get();
    if (!playing && along(store.get(), 1) === cursor) store.send({ type: "go", step: 0 });
    store.send({ type: playing ? "pause" : "play" });
  },
  /** @param {1 | -1} direction */
  phase(direction) {
    commands.go(phaseEdge(store.get(), direction));
  },
  /** @param {1 | -1} direction */
  speed(direction) {
    const at = SPEEDS.indexOf(store.get().speed) + direction;
    if (SPEEDS[at]) store.send({ type: "speed", speed: SPEEDS[at] });
  },
  theme() {
    store.send({ type: "theme", theme: store.get().theme === "dark" ? "light" : "dark" });
  },
  numbers() {
    store.send({ type: "numbers", on: !store.get().numbers });
  },
  present() {
    store.send({ type: "present", on: !store.get().presenting });
  },
  help() {
    store.send({ type: "help", open: !store.get().help });
  },
  leave() {
    const { pinned, presenting, target } = store.get();
    if (pinned) store.send({ type: "pin", entry: null });
    else if (target) commands.walk(null);
    else if (presenting) store.send({ type: "present", on: false });
    store.send({ type: "hover", entry: null });
  },
  /** Follow the walk to one parameter, or everything again. @param {string | null} target */
  walk(target) {
    store.send({ type: "pause" });
    store.send({ type: "target", target });
  },
  /** W1, b1, Θ1, W2 … and after the last one everything again. @param {1 | -1} by */
  nextWalk(by) {
    const { trace, target } = store.get();
    const all = [null, ...targetsOf(trace)];
    commands.walk(all[(all.indexOf(target) + by + all.length) % all.length]);
  },
  /** The walk to a layer beside that to the layer before; without one, the last two. */
  more() {
    const { trace, target, more } = store.get();
    const targets = targetsOf(trace);
    if (trace.layers < 2 || targets.length === 0) return;
    if (!target) commands.walk(targets.findLast((name) => name.startsWith("Theta")) ?? targets[targets.length - 1]);
    store.send({ type: "more", on: !target || !more });
  },
  /** Another way to look at a number: it is pinned first, so that it stays. @param {Tool} tool */
  tool(tool) {
    const state = store.get();
    const subject = subjectOf(state);
    if (!subject) return;
    const about = aboutOf(state, tool, subject);
    if (!about) return store.send({ type: "hint", text: NEEDS[tool] });
    const again = state.tool === tool;
    if (!sameEntry(state.pinned, about)) store.send({ type: "pin", entry: about });
    store.send({ type: "tool", tool: again ? "terms" : tool });
  },
  async convention() {
    const { request, convention } = store.get();
    store.send({ type: "requested" });
    await sent(request, convention === "row" ? "column" : "row", (trace) => ({ type: "restated", trace }));
  },
  /** @param {string} name */
  async open(name) {
    if (await show(name, 0)) history.pushState(null, "", `?preset=${encodeURIComponent(name)}`);
  },
  /** The updated parameters become the current ones: the same problem with them in it. */
  async again() {
    const { trace } = store.get();
    const data = (/** @type {string} */ id) => trace.quantities.get(id)?.data;
    const { problem, quantities } = trace.start;
    const state = Object.keys(quantities).filter((id) => /_[mv]$/.test(id));
    /** @type {any} */
    const next = { ...problem, layers: problem.layers.map((layer, k) => ({ ...layer, weights: data(`W${k + 1}_new`) ?? layer.weights, bias: data(`b${k + 1}_new`) ?? layer.bias })) };
    if (state.length) next.optimizer_state = Object.fromEntries(state.map((id) => [id, data(`${id}_new`)]));
    if (quantities.t) next.optimizer_state.t = data("t");
    await request(next, {});
  },
};

const NEEDS = {
  terms: "",
  "all-k": "The index form is that of ∂ℒ/∂W and ∂ℒ/∂b: go to one of them first.",
  paths: "Paths lead to a weight or a bias: point at one first.",
  check: "Only an input, a parameter, z, a or one of their gradients can be moved by ε: point at one first.",
};

/** The number that a tool says something of; null where it cannot. @param {State} state @param {Tool} tool @param {Entry} subject @returns {Entry | null} */
function aboutOf({ trace, cursor }, tool, subject) {
  const parameter = parameterOf(subject);
  if (tool === "terms") return subject;
  if (tool === "all-k") return parameter && isKnown(trace, `d${parameter.quantity}`, cursor) ? { ...parameter, quantity: `d${parameter.quantity}` } : null;
  return (tool === "paths" ? parameter : movableOf(subject)) && subject;
}

/** @param {string} name @returns {Preset | undefined} */
function presetNamed(name) {
  return boot.presets.find((/** @type {Preset} */ preset) => preset.name === name);
}

/** How many steps in a link opens: …#step=8. */
function stepInLink() {
  return Number(/^#step=(\d{1,5})$/.exec(location.hash)?.[1] ?? 0);
}

/** Open a preset, so many steps in. @param {string} name @param {number} cursor */
function show(name, cursor) {
  return request({ preset: name }, { preset: presetNamed(name), cursor });
}

/** A new trace. @param {Request} problem @param {{preset?: Preset, cursor?: number}} how @returns {Promise<boolean>} */
function request(problem, how) {
  store.send({ type: "requested" });
  return sent(problem, store.get().convention, (trace) => ({ type: "loaded", trace, request: problem, ...how }));
}

/** Where a request is refused the last good trace stays, and what is wrong is said. @param {Request} problem @param {string} convention @param {(trace: import("./model/trace.js").Trace) => Event} event @returns {Promise<boolean>} */
async function sent(problem, convention, event) {
  try {
    const raw = await client.trace(problem, convention);
    store.send(event(indexTrace(raw)));
    return true;
  } catch (error) {
    if (!(error instanceof ServerFault)) throw error;
    store.send({ type: "fault", text: error.message });
    return false;
  }
}

/** Back, forward, or another #step: only what differs is fetched. */
function followLink() {
  const name = new URLSearchParams(location.search).get("preset") ?? boot.presets[0].name;
  if (name === store.get().preset.name && !store.get().stale) commands.go(stepInLink());
  else show(name, stepInLink());
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let written;

/** The address follows the cursor, a moment later: browsers allow only so many changes. @param {number} cursor */
function writeLink(cursor) {
  clearTimeout(written);
  written = setTimeout(() => history.replaceState(null, "", `${location.pathname}${location.search}${cursor ? `#step=${cursor}` : ""}`), 500);
}

/** @param {string} key */
function remembered(key) {
  try {
    return localStorage.getItem(`backprop.${key}`);
  } catch {
    return null;
  }
}

/** @param {string} key @param {string} value */
function remember(key, value) {
  try {
    localStorage.setItem(`backprop.${key}`, value);
  } catch {
    // Private windows may forbid it: then the choice lasts as long as the page.
  }
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
