/** State and event to the next state. Nothing here knows a document or a clock. */

import { follow } from "./history.js";
import { filledWith, isKnown } from "./trace.js";
import { targetsOf } from "./walk.js";

/** @import {Catalog, Check, Entry, Fault, Paths, Preset, Probe, Quantity, Request} from "../types.js" */
/** @import {Moment} from "./history.js" */
/** @import {Brought} from "./bringing.js" */
/** @import {Trace} from "./trace.js" */

/**
 * @typedef {object} State
 * @property {Trace} trace
 * @property {Request} request what the trace answers
 * @property {Preset} preset
 * @property {Moment[]} past what was before, the latest last
 * @property {Moment[]} future what was undone, the next last
 * @property {string | null} session changes of one kind that follow each other are undone together
 * @property {Loaded["by"] | null} by what brought the trace, where that was no hand
 * @property {Trace | null} before the trace before the last change
 * @property {boolean} delta what that changed is shown
 * @property {boolean} building
 * @property {Catalog | null} catalog what there is to choose from, once it was needed
 * @property {Entry | null} editing the number that is being changed
 * @property {Request | null} draft what was refused, to be mended
 * @property {Fault[]} faults what is wrong with it, place by place
 * @property {number} cursor how many steps have happened
 * @property {number | null} moving the step whose animation runs
 * @property {boolean} playing
 * @property {number} speed
 * @property {number} example the example shown; -1: all of them
 * @property {Entry | null} hover
 * @property {Entry | null} pinned
 * @property {Tool} tool what is shown of the pinned number
 * @property {string | null} target of the walk that is followed: W1, b1 or Theta1; null: the whole trace
 * @property {boolean} more the walk is shown beside the one of one layer more
 * @property {"row" | "column"} convention
 * @property {number} epsilon of the quotient that is looked at
 * @property {Check | null} check how the gradients compare with central differences; null: not known yet
 * @property {Paths | null} paths to the pinned weight
 * @property {number | null} path the one that is pointed at
 * @property {boolean} wide paths through all examples of the batch, not only through the one shown
 * @property {Probe | null} probe of the pinned number
 * @property {"light" | "dark"} theme
 * @property {boolean} presenting
 * @property {boolean} numbers
 * @property {number} zoom of the network; 1: as large as its page suggests, 0: as small as all of it is seen
 * @property {boolean} shortcuts single-key shortcuts are on
 * @property {"share" | "data" | "import" | "export" | "help" | null} dialog
 * @property {Brought | null} brought what somebody has dropped or pasted, for the dialog to ask about
 * @property {boolean} stale a newer request runs
 * @property {string | null} lost the server cannot be reached: what is being tried
 * @property {string | null} fault what is wrong with the last request
 * @property {string | null} hint what a key needs before it can do something; gone with the next move
 *
 * @typedef {"terms" | "all-k" | "paths" | "check"} Tool
 * @typedef {Partial<Pick<State, "cursor" | "target" | "more" | "pinned" | "tool" | "example" | "numbers" | "delta">>} Look how a trace is looked at
 * @typedef {{type: "loaded", trace: Trace, request: Request, preset?: Preset, look?: Look, change?: boolean, session?: string | null, travel?: number, by?: "address"}} Loaded `change`: of the network that was there, so that what can stay where it is stays; `travel`: so many moments back (below 0) or on
 * @typedef {Loaded
 *   | {type: "restated", trace: Trace}
 *   | {type: "filled", request: Request, quantities: Record<string, Quantity>}
 *   | {type: "go", step: number, animate?: boolean}
 *   | {type: "landed"} | {type: "play"} | {type: "pause"}
 *   | {type: "speed", speed: number} | {type: "example", example: number}
 *   | {type: "hover", entry: Entry | null} | {type: "pin", entry: Entry | null}
 *   | {type: "tool", tool: Tool} | {type: "target", target: string | null} | {type: "more", on: boolean} | {type: "epsilon", epsilon: number}
 *   | {type: "checked", check: Check} | {type: "paths", paths: Paths} | {type: "path", path: number | null} | {type: "wide", on: boolean} | {type: "probed", probe: Probe}
 *   | {type: "theme", theme: "light" | "dark"} | {type: "present", on: boolean} | {type: "numbers", on: boolean} | {type: "zoom", zoom: number}
 *   | {type: "shortcuts", on: boolean} | {type: "dialog", dialog: State["dialog"], brought?: Brought}
 *   | {type: "requested"} | {type: "lost", text: string | null} | {type: "fault", text: string | null, aside?: boolean, draft?: Request, faults?: Fault[]}
 *   | {type: "dropped"} | {type: "delta", on: boolean} | {type: "build", on: boolean} | {type: "catalog", catalog: Catalog} | {type: "editing", entry: Entry | null} | {type: "look", look: Look} | {type: "hint", text: string | null}} Event
 */

export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8];

/** @param {State} state @param {Event} event @returns {State} */
export function reduce(state, event) {
  switch (event.type) {
    case "loaded":
      return loaded(state, event);
    case "look":
      return { ...state, ...looked(state.trace, event.look) };
    case "restated": // the same numbers in other symbols
      return { ...state, trace: event.trace, convention: event.trace.start.convention ?? "row", moving: null, stale: false, lost: null, fault: null };
    case "filled": // more numbers of the same trace
      return event.request === state.request ? { ...state, trace: filledWith(state.trace, event.quantities) } : state;
    case "go": {
      const step = Math.max(0, Math.min(state.trace.steps.length, event.step));
      if (step === state.cursor && state.moving === null) return state;
      const moving = event.animate && step > state.cursor ? step - 1 : null;
      return { ...state, cursor: step, moving, playing: state.playing && step < state.trace.steps.length, hover: null, hint: null };
    }
    case "landed":
      return state.moving === null ? state : { ...state, moving: null };
    case "play":
      return { ...state, playing: true };
    case "pause":
      return state.playing ? { ...state, playing: false } : state;
    case "speed":
      return { ...state, speed: SPEEDS.includes(event.speed) ? event.speed : state.speed };
    case "example":
      return event.example < state.trace.examples ? { ...state, example: event.example, hover: null, pinned: null, moving: null } : state;
    case "hover":
      return same(state.hover, event.entry) ? state : { ...state, hover: event.entry };
    case "pin": {
      const pinned = same(state.pinned, event.entry) ? null : event.entry;
      return { ...state, pinned, tool: pinned ? state.tool : "terms", paths: null, path: null, probe: null, hint: null };
    }
    case "tool":
      return state.tool === event.tool ? state : { ...state, tool: event.tool };
    case "target":
      return event.target === state.target ? state : { ...state, target: event.target, more: state.more && event.target !== null };
    case "more":
      return { ...state, more: event.on };
    case "epsilon":
      return { ...state, epsilon: event.epsilon };
    case "checked":
      return { ...state, check: event.check };
    case "paths":
      return { ...state, paths: event.paths, path: null };
    case "path":
      return state.path === event.path ? state : { ...state, path: event.path };
    case "wide":
      return { ...state, wide: event.on };
    case "probed":
      return { ...state, probe: event.probe };
    case "theme":
      return { ...state, theme: event.theme };
    case "present":
      return { ...state, presenting: event.on, building: state.building && !event.on };
    case "numbers":
      return { ...state, numbers: event.on };
    case "zoom":
      return state.zoom === event.zoom ? state : { ...state, zoom: event.zoom };
    case "shortcuts":
      return { ...state, shortcuts: event.on };
    case "dropped": // what is shown is what is wanted
      return { ...state, stale: false, lost: null, fault: null, draft: null, faults: [] };
    case "delta":
      return state.delta === event.on ? state : { ...state, delta: event.on };
    case "build":
      return { ...state, building: event.on, presenting: state.presenting && !event.on };
    case "catalog":
      return { ...state, catalog: event.catalog };
    case "dialog":
      return { ...state, dialog: event.dialog, brought: event.brought ?? null };
    case "editing":
      return same(state.editing, event.entry) ? state : { ...state, editing: event.entry };
    case "requested":
      return { ...state, stale: true, fault: null, draft: null, faults: [] };
    case "hint":
      return { ...state, hint: event.text };
    case "lost":
      return { ...state, lost: event.text };
    case "fault": // a dismissed one says nothing about a request that still runs
      return event.text === null ? { ...state, fault: null, draft: null, faults: [] } : event.aside ? { ...state, fault: event.text } : { ...state, fault: event.text, stale: false, lost: null, draft: event.draft ?? null, faults: event.faults ?? [] };
  }
}

/** @param {State} state @param {Loaded} event @returns {State} */
function loaded(state, event) {
  const { trace, request, preset = state.preset, change = false } = event;
  const stay = change
    ? { cursor: sameStep(state, trace), target: state.target, more: state.more, pinned: placed(trace, state.pinned), hover: placed(trace, state.hover), tool: state.tool, editing: placed(trace, state.editing), paths: state.paths, probe: state.probe }
    : { cursor: 0, target: null, more: false, pinned: null, hover: null, tool: /** @type {Tool} */ ("terms"), editing: null, paths: null, probe: null };
  const zoom = trace.structure === state.trace.structure ? state.zoom : 1;
  const fresh = { zoom, moving: null, playing: false, check: null, path: null, stale: false, lost: null, fault: null, hint: null, draft: null, faults: [] };
  const example = state.example < trace.examples ? state.example : 0;
  const convention = trace.start.convention ?? "row";
  return { ...state, ...fresh, ...follow(state, event), by: event.by ?? null, trace, request, preset, convention, ...looked(trace, { example, ...stay, ...event.look }) };
}

/** How a trace is looked at, as far as it has what is asked for. @template {Look & {hover?: Entry | null}} T @param {Trace} trace @param {T} look @returns {T} */
function looked(trace, look) {
  const sound = { ...look };
  if (look.cursor !== undefined) sound.cursor = Math.min(look.cursor, trace.steps.length);
  if (look.example !== undefined && look.example >= trace.examples) sound.example = 0;
  if (look.target && !targetsOf(trace).includes(look.target)) sound.target = null;
  if (look.more && !sound.target) sound.more = false;
  if (look.pinned) sound.pinned = placed(trace, look.pinned);
  if (look.tool && !sound.pinned) sound.tool = "terms";
  return sound;
}

/** An entry, unless the trace has no such place. @param {Trace} trace @param {Entry | null} entry */
function placed(trace, entry) {
  const shape = entry ? trace.quantities.get(entry.quantity)?.shape : undefined;
  return shape && entry?.entry.length === shape.length && entry.entry.every((i, axis) => i < shape[axis]) ? entry : null;
}

/** So many steps that the step which has just happened has just happened again. @param {State} state @param {Trace} trace */
function sameStep(state, trace) {
  const now = state.trace.steps[state.cursor - 1]?.id;
  const index = now === undefined ? undefined : trace.stepOf.get(now);
  return index === undefined ? Math.min(state.cursor, trace.steps.length) : index + 1;
}

/** The number that is looked at: the pinned one, or the one under the pointer, as long as it is known. @param {Pick<State, "trace" | "cursor" | "pinned" | "hover">} state */
export function lookedAt({ trace, cursor, pinned, hover }) {
  return [pinned, hover].find((entry) => entry && isKnown(trace, entry.quantity, cursor)) ?? null;
}

/** @param {Entry | null} a @param {Entry | null} b */
function same(a, b) {
  return a === b || (a !== null && b !== null && a.quantity === b.quantity && a.entry.join() === b.entry.join());
}

/** The first step of the next or previous phase, as a cursor. @param {State} state @param {1 | -1} direction */
export function phaseEdge({ trace, cursor }, direction) {
  const edges = [0];
  trace.steps.forEach((step, k) => {
    if (k === 0 || step.phase !== trace.steps[k - 1].phase) edges.push(k + 1);
  });
  edges.push(trace.steps.length);
  return direction > 0 ? (edges.find((edge) => edge > cursor) ?? cursor) : (edges.findLast((edge) => edge < cursor) ?? 0);
}
