/** What can be done on the page: keys, buttons and links all come down to one of these. */

import { phaseEdge, SPEEDS } from "./model/reduce.js";
import { movableOf, parameterOf, sameEntry, subjectOf } from "./model/subject.js";
import { indexTrace, isKnown } from "./model/trace.js";
import { along, stepsOf, targetsOf } from "./model/walk.js";
import { ServerFault } from "./stream.js";

/** @import {Store} from "./model/store.js" */
/** @import {Event, State, Tool} from "./model/reduce.js" */
/** @import {Trace} from "./model/trace.js" */
/** @import {Entry, Preset, RawTrace, Request} from "./types.js" */

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

/** @typedef {{problem: Request, convention: string, landed: (trace: Trace) => void}} Wanted */

/**
 * @param {Store<State, Event>} store
 * @param {{trace: (problem: Request, convention?: string) => Promise<RawTrace>}} client
 * @param {(name: string) => Preset | undefined} presets by name
 * @param {() => boolean} calm whether motion is to be left out
 */
export function createCommands(store, client, presets, calm) {
  /** @type {Wanted | null} what is on its way */
  let wanted = null;
  const commands = {
    /** @param {number} by */
    step(by) {
      store.send({ type: "pause" });
      store.send({ type: "go", step: along(store.get(), by), animate: by > 0 && !calm() });
    },
    /** @param {number} step */
    go(step) {
      store.send({ type: "pause" });
      store.send({ type: "go", step });
    },
    /** The last step, of the walk where there is one. */
    last() {
      const state = store.get();
      commands.go(state.target ? (state.trace.stepOf.get(stepsOf(state).at(-1) ?? "") ?? -1) + 1 : state.trace.steps.length);
    },
    toggle() {
      const { playing, cursor, trace } = store.get();
      if (!playing && Math.min(along(store.get(), 1), trace.steps.length) === cursor) store.send({ type: "go", step: 0 });
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
      // A walk begins where the forward pass has ended: its first link is the next step.
      const { trace, cursor } = store.get();
      const before = trace.stepOf.get(stepsOf(store.get())[0]) ?? 0;
      if (cursor < before) store.send({ type: "go", step: before });
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
      const again = state.tool === tool && sameEntry(state.pinned, about);
      if (!sameEntry(state.pinned, about)) store.send({ type: "pin", entry: about });
      store.send({ type: "tool", tool: again ? "terms" : tool });
    },
    /** The same in the other symbols; of what is still on its way, that. */
    async convention() {
      const { request, convention } = store.get();
      const now = wanted ?? { problem: request, convention, landed: (/** @type {Trace} */ trace) => store.send({ type: "restated", trace }) };
      await sent({ ...now, convention: now.convention === "row" ? "column" : "row" });
    },
    /** Open a preset, so many steps in. @param {string} name @param {number} cursor @param {() => void} [landed] */
    show(name, cursor, landed) {
      return request({ preset: name }, { preset: presets(name), cursor }, landed);
    },
    /** Open any problem, so many steps in. @param {Request} problem @param {Preset} preset what it is called @param {number} cursor */
    load: (problem, preset, cursor) => request(problem, { preset, cursor }),
    /** @param {string} name */
    open: (name) => commands.show(name, 0, () => history.pushState(null, "", `?preset=${encodeURIComponent(name)}`)),
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

  /** A new trace. @param {Request} problem @param {{preset?: Preset, cursor?: number}} how @param {() => void} [landed] */
  function request(problem, how, landed) {
    return sent({
      problem,
      convention: wanted?.convention ?? store.get().convention,
      landed(trace) {
        store.send({ type: "loaded", trace, request: problem, ...how });
        landed?.();
      },
    });
  }

  /** Where a request is refused the last good trace stays, and what is wrong is said. @param {Wanted} it */
  async function sent(it) {
    wanted = it;
    store.send({ type: "requested" });
    try {
      const trace = indexTrace(await client.trace(it.problem, it.convention));
      if (wanted === it) wanted = null;
      it.landed(trace);
    } catch (error) {
      if (!(error instanceof ServerFault)) throw error;
      if (wanted === it) wanted = null;
      store.send({ type: "fault", text: error.message });
    }
  }

  return commands;
}
