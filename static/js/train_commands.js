/** What can be done on the Train page: keys, buttons and fields all come down to one of these. */

import { leave, updateProblem } from "./model/handover.js";
import { LongLink, write } from "./model/permalink.js";
import { pacing, SPEEDS } from "./model/pace.js";
import { logged } from "./model/training_looks.js";
import { asked, POINTERS, resumed, withData, withNewWeights, withSettings } from "./model/training_request.js";
import { persist } from "./persisting.js";
import { tabStorage } from "./remembering.js";
import { ServerFault } from "./stream.js";

/** @import {Store} from "./model/store.js" */
/** @import {createTrainer} from "./training_stream.js" */
/** @import {Dataset, Ending, Event, Opening, Progress, Run, Scenario, State} from "./model/training.js" */

const NO_ROOM = "This browser cannot keep the training while one of its updates is looked at. It would be lost, so it stays here.";
const STILL = { max_updates: 0 }; // nothing is trained, but the request is judged, and it is told where the run stands
const FIELDS = new Set(Object.values(POINTERS));
const sleep = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
const DRAWN = "8000"; // numbers of an array that are wanted in full: all that are drawn as points

/** @param {Store<State, Event>} store @param {ReturnType<typeof createTrainer>} trainer @param {{root: string, most: number}} server where its pages are, and how many numbers of an array it sends */
export function createCommands(store, trainer, { root, most }) {
  /** @type {(AbortController | null)[]} what is on its way for each run */
  let flying = [];
  /** @type {number[]} the epoch that each run plays to, where that is not the end of its request */
  let goals = [];
  /** @type {number[]} the epoch that each run on its way has come to: it is told when the others have come there */
  let come = [];
  /** @type {(() => void)[]} called when one of them may have come */
  let waiting = [];
  let chosen = ""; // the scenario that was chosen last
  const all = () => store.get().runs.map((_, k) => k);
  const runAt = (/** @type {number} */ k) => store.get().runs[k];

  /** Ask for one run, in place of what it waits for, and tell the store all that comes: no sooner than the pace allows, and runs that are compared keep step. Where the server is lost it is asked to go on from what it told last. @param {number} k @param {(run: Run) => object} more */
  async function fly(k, more) {
    flying[k]?.abort();
    const mine = (flying[k] = new AbortController());
    const { wanted, report } = runAt(k);
    come[k] = wanted?.anew ? 0 : (report?.epoch ?? 0);
    wake();
    store.send({ type: "asking", on: true });
    const { every, wait } = pacing(store.get().speed);
    const first = asked(runAt(k), { ...(every ? { report_every: every } : {}), ...more(runAt(k)) });
    let due = performance.now();
    const told = async (/** @type {Opening | Progress | Ending} */ event) => {
      if (every && event.event === "progress") {
        due = Math.max(due + wait, performance.now());
        await sleep(due - performance.now());
        if (mine.signal.aborted) return;
        await abreast(k, event.epoch, mine.signal);
      }
      if (!mine.signal.aborted) hear(k, event);
    };
    const ask = (/** @type {() => void} */ gained) => {
      const { start } = runAt(k);
      const further = async (/** @type {Opening | Progress | Ending} */ event) => {
        await told(event);
        if (event.event !== "start") gained();
      };
      return trainer.train(resumed(first, runAt(k)), further, mine.signal, { max_values: DRAWN, ...(start ? { words: start.words } : {}) });
    };
    try {
      await persist(ask, (text) => store.send({ type: "lost", run: k, text }), mine.signal);
    } catch (error) {
      if (!(error instanceof ServerFault)) throw error;
      if (runAt(k).wanted === wanted && wanted && error.faults.length) {
        store.send({ type: "refuse", run: k, faults: error.faults });
        if (!error.faults.some(({ pointer }) => FIELDS.has(pointer))) store.send({ type: "fault", text: error.message });
        if (store.get().playing) return fly(k, more); // as before
      } else {
        stop();
        store.send({ type: "fault", text: error.message });
      }
    }
    if (flying[k] !== mine) return;
    flying[k] = null;
    wake();
    if (flying.every((it) => !it)) atRest();
  }

  function atRest() {
    store.send({ type: "playing", on: false });
    store.send({ type: "asking", on: false });
  }

  /** Until every other run that is on its way has come to this epoch: then all tell of it before anything else happens, so that a pause finds them there. @param {number} k @param {number} epoch @param {AbortSignal} signal */
  async function abreast(k, epoch, signal) {
    come[k] = epoch;
    wake();
    while (!signal.aborted && flying.some((it, other) => it && other !== k && come[other] < epoch)) await new Promise((resolve) => waiting.push(() => resolve(null)));
  }

  function wake() {
    for (const again of waiting.splice(0)) again();
  }

  /** @param {number} run @param {Opening | Progress | Ending} event */
  function hear(run, event) {
    const at = performance.now();
    if (event.event === "start") store.send({ type: "start", run, start: event });
    else if (event.event === "progress") store.send({ type: "progress", run, report: event, at });
    else store.send({ type: "end", run, end: event, at });
  }

  function stop() {
    for (const it of flying) it?.abort();
    flying = [];
    wake();
    atRest();
  }

  /** Go on as things are: playing, or standing. @param {number[]} runs */
  function goOn(runs) {
    const { playing } = store.get();
    return Promise.all(runs.map((k) => fly(k, playing ? () => (goals[k] ? { epochs: goals[k] } : {}) : () => STILL)));
  }

  /** Other requests in place of those of the runs. @param {number[]} runs @param {(run: Run) => import("./model/training.js").Training} to @param {boolean} anew */
  function want(runs, to, anew) {
    for (const k of runs) store.send({ type: "want", run: k, request: to({ ...runAt(k), request: runAt(k).wanted?.request ?? runAt(k).request }), anew: anew || (runAt(k).wanted?.anew ?? false) });
    return goOn(runs);
  }

  const commands = {
    play() {
      goals = [];
      store.send({ type: "playing", on: true });
      return goOn(all());
    },
    pause: stop,
    /** As before a pause: to the same goals, and without the runs that had come to theirs. */
    resume() {
      store.send({ type: "playing", on: true });
      return goOn(all().filter((k) => !runAt(k).end));
    },
    toggle() {
      if (store.get().playing) stop();
      else commands.play();
    },
    /** One update more; while one is on its way, another key press is not another update. */
    batch() {
      if (store.get().playing) stop();
      else if (flying.every((it) => !it)) return Promise.all(all().map((k) => fly(k, () => ({ max_updates: 1 }))));
    },
    /** To the end of the running epoch. */
    epoch() {
      if (store.get().playing) return stop();
      goals = store.get().runs.map((run) => (asked(run).position?.epoch ?? 0) + 1);
      store.send({ type: "playing", on: true });
      return goOn(all());
    },
    /** The same weights as at first. */
    reset() {
      stop();
      return want(all(), ({ request }) => request, true);
    },
    newWeights() {
      return want(all(), withNewWeights, true);
    },
    /** @param {number} k @param {{learning_rate?: number, batch_size?: number}} settings */
    set(k, settings) {
      return want([k], (run) => withSettings(run, settings), false);
    },
    /** @param {Partial<Dataset> & {test_fraction?: number}} settings of all runs */
    data(settings) {
      return want(all(), (run) => withData(run, settings), true);
    },
    /** What a training that diverged needs first of all; from its last finite numbers, which are huge, it would only diverge again. @param {number} k */
    halve(k) {
      goals = [];
      store.send({ type: "playing", on: true });
      const others = all().filter((it) => it !== k && !flying[it] && !runAt(it).end);
      const learning_rate = Number(runAt(k).start?.problem.optimizer?.learning_rate) / 2;
      return Promise.all([want([k], (run) => withSettings(run, { learning_rate }), true), goOn(others)]);
    },
    /** @param {Scenario} scenario */
    open(scenario) {
      stop();
      store.send({ type: "open", scenario });
      return goOn(all());
    },
    /** @param {string} name */
    async choose(name) {
      chosen = name;
      try {
        const scenario = await trainer.scenario(name);
        if (name !== chosen) return;
        history.pushState(null, "", `?scenario=${encodeURIComponent(name)}`);
        await commands.open(scenario);
      } catch (error) {
        if (!(error instanceof ServerFault)) throw error;
        store.send({ type: "fault", text: error.message });
      }
    },
    /** To the Step view with the update that comes next, from where it leads back to this very place. @param {number} k */
    async step(k) {
      stop();
      const mine = (flying[k] = new AbortController());
      store.send({ type: "asking", on: true });
      /** @type {(Opening | Ending)[]} */
      const told = [];
      try {
        await trainer.train(asked(runAt(k), STILL), (event) => void told.push(/** @type {any} */ (event)), mine.signal, { max_values: String(most) }); // rows are picked from all the data
        if (mine.signal.aborted) return;
        const [start, end] = /** @type {[Opening, Ending]} */ (told);
        const { epoch, updates, parameters = {}, optimizer_state = null, next_batch = [] } = end;
        const fragment = await write({}, updateProblem(start.problem, parameters, optimizer_state, next_batch));
        const { scenario, runs, log, tab, speed } = store.get();
        const short = runs.map(({ history, ...run }) => run);
        const kept = leave(tabStorage(), { summary: { title: runs.length > 1 ? `${scenario.title}, ${runs[k].label}` : scenario.title, epoch, updates }, history: runs.map(({ history }) => history), scenario, runs: short, log, tab, speed });
        if (kept === "nothing") return store.send({ type: "fault", text: NO_ROOM });
        history.replaceState(null, "", "#back");
        location.assign(`${root}/#${fragment}&from=train`);
      } catch (error) {
        if (!(error instanceof ServerFault || error instanceof LongLink)) throw error;
        store.send({ type: "fault", text: error.message });
      } finally {
        if (flying[k] === mine) stop();
      }
    },
    /** @param {number | null} speed */
    speed(speed) {
      store.send({ type: "speed", speed });
      if (store.get().playing) return goOn(all().filter((k) => flying[k]));
    },
    /** @param {1 | -1} by */
    faster(by) {
      const at = SPEEDS.indexOf(store.get().speed) + by;
      if (at in SPEEDS) return commands.speed(SPEEDS[at]);
    },
    theme() {
      store.send({ type: "theme", theme: store.get().theme === "dark" ? "light" : "dark" });
    },
    present() {
      store.send({ type: "present", on: !store.get().presenting });
    },
    help() {
      store.send({ type: "dialog", dialog: "help" });
    },
    /** @param {boolean} [on] */
    log(on = !logged(store.get())) {
      store.send({ type: "log", on });
    },
    leave() {
      if (store.get().fault) store.send({ type: "fault", text: null });
      else if (store.get().presenting) commands.present();
    },
  };
  return commands;
}
