/** What can be done on the page: keys, buttons and links all come down to one of these. */

import { isGiven, rerolled, settled, updated, withEdit } from "./model/document.js";
import { phaseEdge, SPEEDS } from "./model/reduce.js";
import { movableOf, parameterOf, sameEntry, subjectOf } from "./model/subject.js";
import { indexTrace, isKnown } from "./model/trace.js";
import { along, stepsOf, targetsOf } from "./model/walk.js";
import { ServerFault } from "./stream.js";

/** @import {Store} from "./model/store.js" */
/** @import {Making} from "./model/building.js" */
/** @import {Event, Loaded, Look, State, Tool} from "./model/reduce.js" */
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

/** @typedef {{problem: Request, convention: string, session?: string | null, travel?: number, change?: boolean, landed: (trace: Trace) => void}} Wanted `session`: it follows a hand, so one that flies may land before it; `change`: of the network that is there */
/** @typedef {Omit<Loaded, "type" | "trace" | "request"> & {convention?: string}} How */

/**
 * @param {Store<State, Event>} store
 * @param {{trace: (problem: Request, convention?: string, known?: Pick<RawTrace, "start" | "steps">) => Promise<RawTrace>, drop: () => void}} client
 * @param {(name: string) => Preset | undefined} presets by name
 * @param {() => boolean} calm whether motion is to be left out
 */
export function createCommands(store, client, presets, calm) {
  /** @type {Wanted | null} what is wanted and has not come */
  let wanted = null;
  /** @type {Wanted | null} what is on its way */
  let flying = null;
  /** @type {Request | null} what was built last */
  let built = null;
  let sessions = 0; // how many are over
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
    /** All of the network, or as large as its page suggests. */
    zoom() {
      store.send({ type: "zoom", zoom: store.get().zoom === 1 ? 0 : 1 });
    },
    present() {
      store.send({ type: "present", on: !store.get().presenting });
    },
    /** What was said has been read. */
    dismiss() {
      store.send({ type: "fault", text: null });
      store.send({ type: "hint", text: null });
    },
    help() {
      store.send({ type: "dialog", dialog: "help" });
    },
    leave() {
      const { pinned, presenting, target, building, fault, hint, draft } = store.get();
      if ((fault || hint) && !draft) commands.dismiss(); // what is said stands before all else; a draft is not dropped by the way
      else if (building) store.send({ type: "build", on: false });
      else if (pinned) store.send({ type: "pin", entry: null });
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
    /** Open a preset. @param {string} name @param {How} [how] */
    show: (name, how = {}) => request({ preset: name }, { preset: presets(name), ...how }),
    /** Open a problem of somebody's own. @param {Request} problem @param {Preset} about @param {How} [how] */
    bring: (problem, about, how = {}) => request(problem, { preset: about, ...how }),
    /** The updated parameters become the current ones: the same problem with them in it. */
    again() {
      const { trace, target, more } = store.get();
      return request(updated(trace), { look: { target, more } });
    },
    /** Another number in place of one that is given. @param {Entry} entry @param {number} value */
    edit(entry, value) {
      const now = wanted?.change ? wanted.problem : store.get().request;
      if (isGiven(entry)) return commands.change(withEdit(now, entry, value), nameOf(entry));
    },
    /** An edit is taken back, as far as it has come. @param {Entry} entry */
    unedit(entry) {
      const mine = sessionOf(nameOf(entry));
      if (wanted?.session === mine || store.get().session === mine) return travel(-1);
      if (!wanted) store.send({ type: "dropped" }); // it was refused
    },
    /** Another network in place of the one that is there: what can stay where it is stays. @param {Request} problem @param {string} [kind] changes of one kind are undone together, until they are settled */
    change: (problem, kind) => request(problem, { change: true, session: kind === undefined ? null : sessionOf(kind) }),
    /** Another network built from the one that is there, or from the one that was built and refused. @param {Making} making @param {string} [kind] */
    make(making, kind) {
      const state = store.get();
      const now = wanted?.change ? wanted.problem : state.draft && state.draft === built ? built : settled(state);
      built = making(now, state.trace.start);
      return commands.change(built, kind);
    },
    /** A change made of what is there once all that is on its way has come, lest that be lost; null: none. @param {(state: State) => Request | null} making */
    async afterwards(making) {
      while (wanted) await new Promise((resolve) => { const stop = store.subscribe(() => resolve(stop())); });
      const problem = making(store.get());
      if (problem) await commands.change(problem);
    },
    /** A change is over: the next of the same kind is another one. */
    settle() {
      sessions += 1;
    },
    /** The last change, or the one that was built and refused. */
    undo() {
      const { draft } = store.get();
      return draft && draft === built ? store.send({ type: "dropped" }) : travel(-1);
    },
    redo: () => travel(1),
    /** The network as it was opened: the same weights again. */
    reset() {
      const { past, preset, request: now } = store.get();
      return request(preset.name ? { preset: preset.name } : (past.find((moment) => moment.preset === preset)?.request ?? now), { change: true });
    },
    /** Other weights: those of the next seed. */
    reroll: () => request(rerolled(store.get()), { change: true }),
    delta() {
      const { delta, before } = store.get();
      if (!delta && !before && !wanted?.change) return store.send({ type: "hint", text: "Nothing has changed yet: double-click a weight or an input and change it first." });
      store.send({ type: "delta", on: !delta });
    },
    build() {
      store.send({ type: "build", on: !store.get().building });
    },
  };

  const nameOf = (/** @type {Entry} */ { quantity, entry }) => `${quantity} ${entry}`;
  const sessionOf = (/** @type {string} */ kind) => `${kind} · ${sessions}`;

  /** Back or on in what was; what is on its way counts as if it were there. @param {1 | -1} by */
  function travel(by) {
    const { past, future, session } = store.get();
    const ahead = wanted?.change && wanted.travel === undefined && (!wanted.session || wanted.session !== session);
    if (ahead) return by < 0 ? drop() : undefined;
    const travelled = (wanted?.travel ?? 0) + by;
    if (travelled === 0) return drop();
    const moment = travelled < 0 ? past.at(travelled) : future.at(-travelled);
    if (moment) return request(moment.request, { change: true, preset: moment.preset, travel: travelled });
  }

  /** What is on its way is not wanted, but for an earlier change that it waits for. */
  function drop() {
    const earlier = flying && flying.session !== wanted?.session ? flying : null;
    wanted = earlier;
    if (earlier) return;
    flying = null;
    client.drop();
    store.send({ type: "dropped" });
  }

  /** A new trace. @param {Request} problem @param {How} how */
  function request(problem, { convention, ...how }) {
    return sent({
      problem,
      convention: convention ?? wanted?.convention ?? store.get().convention,
      session: how.session,
      travel: how.travel,
      change: how.change,
      landed(trace) {
        store.send({ type: "loaded", trace, request: problem, ...how });
      },
    });
  }

  /** Where a request is refused the last good trace stays, and what is wrong is said. @param {Wanted} it */
  async function sent(it) {
    const waits = it.session && flying?.session;
    wanted = it;
    store.send({ type: "requested" });
    if (waits) return;
    /** @type {Wanted | null} */
    let next = it;
    while (next) {
      /** @type {Wanted} */
      const now = next;
      flying = now;
      try {
        const trace = indexTrace(await client.trace(now.problem, now.convention, store.get().trace));
        if (wanted === now) wanted = null;
        now.landed(trace);
        if (wanted) store.send({ type: "requested" }); // a later one waits: what has landed is stale already
      } catch (error) {
        if (!(error instanceof ServerFault)) throw error;
        if (wanted === now) wanted = null;
        if (!wanted) store.send({ type: "fault", text: error.message, draft: now.problem, faults: error.faults });
      }
      if (flying !== now) return; // another request has taken its place
      flying = null;
      next = wanted;
    }
  }

  return commands;
}
