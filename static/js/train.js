/** Composition root of the Train page. */

import { load } from "./draw/plotly.js";
import { short } from "./geometry/numbers.js";
import { EMPTY } from "./model/curve.js";
import { come } from "./model/handover.js";
import { DamagedLink, read } from "./model/permalink.js";
import { createStore } from "./model/store.js";
import { reduce, runsOf, speedFor } from "./model/training.js";
import { ownScenario } from "./model/training_request.js";
import { attachPresenting } from "./presenting.js";
import { remember, remembered, tabStorage } from "./remembering.js";
import { createCommands } from "./train_commands.js";
import { attachTrainingKeys } from "./train_keys.js";
import { createTrainer } from "./training_stream.js";
import { mountData } from "./views/train_data.js";
import { mountHeader } from "./views/train_header.js";
import { mountHelp } from "./views/train_help.js";
import { mountHistograms } from "./views/train_histograms.js";
import { mountLoss } from "./views/train_loss.js";
import { mountNetwork } from "./views/train_network.js";
import { mountNorms } from "./views/train_norms.js";
import { mountRun } from "./views/train_run.js";
import { mountSurface } from "./views/train_surface.js";
import { mountTransport } from "./views/train_transport.js";

/** @import {Event, Scenario, State} from "./model/training.js" */
/** @typedef {{update: (state: State, before?: State) => void, destroy: () => void, drawn?: Promise<unknown>}} View */

const page = document.documentElement;
const $ = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (document.querySelector(selector));
const boot = JSON.parse($("#boot").textContent ?? "{}");
const dark = matchMedia("(prefers-color-scheme: dark)");
const ready = load(/** @type {HTMLLinkElement} */ (document.querySelector("#chart-library")).href);

/** @type {State} */
const initial = {
  ...{ datasets: boot.datasets, scenario: boot.scenario, runs: runsOf(boot.scenario, boot.datasets), playing: false, asking: false, speed: speedFor(boot.scenario), log: null, tab: "W", looked: null },
  ...{ theme: /** @type {"light" | "dark"} */ (remembered("theme") ?? (dark.matches ? "dark" : "light")), presenting: false, dialog: null },
  fault: null,
};
/** @type {import("./model/store.js").Store<State, Event>} */
const store = createStore(reduce, initial);
const commands = createCommands(store, createTrainer(boot.api), boot);
const tab = (/** @type {State["tab"]} */ chosen) => store.send({ type: "tab", tab: chosen });

/** @type {View[]} */
const around = [mountHeader(document.body, store, commands), mountTransport($(".transport"), commands), mountData($("#data"), commands), mountHelp(/** @type {HTMLDialogElement} */ ($("dialog.help")), store)];
/** @type {View[]} the readings and settings of every run */
let readings = [];
/** @type {View[]} */
let pictures = [];
/** @type {View[]} */
let charts = [];

/** What there is once for every run, and what looks different where there are two. @param {State} state */
function mountRuns({ runs }) {
  for (const view of [...readings, ...pictures, ...charts]) view.destroy();
  const template = /** @type {HTMLTemplateElement} */ (document.querySelector("#run"));
  const roots = runs.map(() => /** @type {HTMLElement} */ (/** @type {DocumentFragment} */ (template.content.cloneNode(true)).firstElementChild));
  $(".runs").replaceChildren(...roots);
  const inside = (/** @type {HTMLElement} */ root, /** @type {string} */ selector) => /** @type {HTMLElement} */ (root.querySelector(selector));
  readings = roots.map((root, k) => mountRun(root, k, commands));
  pictures = roots.flatMap((root, k) => [mountNetwork(inside(root, ".network"), store, k), mountSurface(inside(root, ".surface"), k, ready)]);
  charts = [mountLoss($("[data-view=loss]"), runs.map(({ label }) => label), commands, ready), mountNorms($("[data-view=norms]"), runs.length, ready), mountHistograms($("[data-view=histograms]"), runs.length, tab, ready)];
}

/** @type {WeakMap<View, State>} what each view shows */
const shown = new WeakMap();
let turn = -1;

/** @param {View[]} views @param {State} state */
function show(views, state) {
  for (const view of views) {
    view.update(state, shown.get(view));
    shown.set(view, state);
  }
}

/** @type {State | undefined} what is on the screen */
let painted;
let frame = 0;

/** At most once a frame, and then what is newest. While it plays, one picture and one chart in turn, so that no frame is long; the others follow, until all are as new. */
function paint() {
  frame = 0;
  const [state, before] = [store.get(), painted];
  painted = state;
  page.dataset.theme = state.theme;
  page.dataset.playing = String(state.playing);
  page.dataset.stale = String(state.asking);
  page.classList.toggle("presenting", state.presenting);
  const anew = !before || state.runs.length !== before.runs.length || state.scenario !== before.scenario;
  if (anew) {
    mountRuns(state);
    Object.assign($("main").dataset, { runs: state.runs.length, watch: state.scenario.watch });
    document.title = `${state.scenario.title} · Train · Backprop Visualiser`;
  }
  turn += 1;
  const inTurn = state.playing && !anew && state.theme === before.theme && state.looked === before.looked;
  show([...around, ...readings, ...(inTurn ? [pictures, charts].map((views) => views[turn % views.length]) : [...pictures, ...charts])], state);
  if ([...pictures, ...charts].some((view) => shown.get(view) !== state)) frame ||= requestAnimationFrame(paint);
}

store.subscribe((state, before) => {
  if (state.theme !== before.theme) remember("theme", state.theme);
  if (before.asking && !state.asking) speak(state);
  if (document.hidden) return; // it is painted when it is seen
  frame ||= requestAnimationFrame(paint);
});

/** What a screen reader hears where a training stands still. @param {State} state */
function speak({ runs }) {
  $("[data-part=spoken]").textContent = runs.map((run) => `${runs.length > 1 ? `${run.label}: ` : ""}${standing(run)}`).join(" ");
}

/** @param {import("./model/training.js").Run} run */
function standing({ report, start, end }) {
  if (!report) return "";
  const { position, loss } = report;
  const batch = position.batch ? ` and ${position.batch} of ${start?.training.updates_per_epoch} batches` : "";
  return `${position.epoch} epochs${batch}, loss ${loss === null ? "not finite" : short(loss)}. ${end?.explanation.join(" ") ?? ""}`;
}

/** A page that nobody sees lets the server rest. */
let resting = false;
document.addEventListener("visibilitychange", () => {
  if (document.hidden && store.get().playing) {
    resting = true;
    commands.pause();
  } else if (!document.hidden) {
    frame ||= requestAnimationFrame(paint);
    if (resting) commands.resume();
    resting = false;
  }
});

/** What the address asks for: a training that was left, a problem of one's own, or the scenario that came with the page. */
async function arrive() {
  const left = location.hash === "#back" ? come(tabStorage()) : null;
  if (left) return store.send({ type: "restore", saved: restored(left) });
  let fault = boot.unknown_scenario ? `There is no scenario “${boot.unknown_scenario}”; this is ${boot.scenario.title}.` : null;
  let scenario = boot.scenario;
  try {
    const { problem } = await read(location.hash);
    if (problem) [scenario, fault] = [ownScenario(/** @type {any} */ (problem)), null];
  } catch (error) {
    if (!(error instanceof DamagedLink)) throw error;
    fault = `${error.message} This is ${boot.scenario.title} instead.`;
  }
  const opened = commands.open(scenario);
  if (fault) store.send({ type: "fault", text: fault });
  await opened;
}

/** @param {any} left by the way to the Step view */
function restored({ scenario, runs, history, log, speed, tab: chosen }) {
  return { scenario, log, speed, tab: chosen, runs: runs.map((/** @type {any} */ run, /** @type {number} */ k) => ({ ...run, history: history?.[k] ?? EMPTY })) };
}

addEventListener("popstate", () => location.reload()); // another scenario, or another problem
attachTrainingKeys(commands);
attachPresenting(/** @type {any} */ (store));
ready.catch((error) => store.send({ type: "fault", text: error.message }));
paint();
await arrive();
await Promise.allSettled([...pictures, ...charts].map(({ drawn }) => drawn));
page.dataset.ready = "true";
