/** Walks: the steps that lead from ℒ to one parameter, found by following what each step says it builds upon. */

/** @import {Trace} from "./trace.js" */

/**
 * Everything a walk can lead to, layer by layer: W1, b1, Theta1 (both at once), W2 …
 * @param {Trace} trace @returns {string[]}
 */
export function targetsOf(trace) {
  const layers = Array.from({ length: trace.layers }, (_, k) => k + 1);
  return layers.flatMap((l) => (trace.stepOf.has(`db${l}`) ? [`W${l}`, `b${l}`, `Theta${l}`] : [`W${l}`]).filter(() => trace.stepOf.has(`dW${l}`)));
}

/** The layer of a target. @param {string} target */
export function layerOf(target) {
  return Number(/\d+$/.exec(target)?.[0] ?? 0);
}

/**
 * The ids of a walk's steps in their order: ∂ℒ/∂a of the last layer first, the target's gradient last (for Θ both of its parameters').
 * @param {Trace} trace @param {string} target @returns {string[]}
 */
export function walkTo(trace, target) {
  const l = layerOf(target);
  const ends = (target.startsWith("Theta") ? [`dW${l}`, `db${l}`] : [`d${target}`]).filter((id) => trace.stepOf.has(id));
  if (ends.length === 0) return [];
  /** @type {string[]} */
  const trunk = [];
  for (let id = upstreamOf(trace, ends[0]); id; id = upstreamOf(trace, id)) trunk.unshift(id);
  return [...trunk, ...ends];
}

/** @param {Trace} trace @param {string} id */
function upstreamOf(trace, id) {
  return trace.steps[trace.stepOf.get(id) ?? -1]?.chain?.upstream.id;
}

/**
 * The targets that are followed: the chosen one; with one layer more, Θ of its layer and Θ of the layer before (W where there is no bias).
 * @param {{trace: Trace, target: string | null, more: boolean}} state @returns {string[]}
 */
export function followed({ trace, target, more }) {
  if (!target) return [];
  if (!more || trace.layers < 2) return [target];
  const targets = targetsOf(trace);
  const l = Math.max(2, layerOf(target));
  return [l, l - 1].map((layer) => (targets.includes(`Theta${layer}`) ? `Theta${layer}` : `W${layer}`));
}

/** The steps to follow, in the order of the trace. @param {{trace: Trace, target: string | null, more: boolean}} state @returns {string[]} */
export function stepsOf(state) {
  const place = (/** @type {string} */ id) => state.trace.stepOf.get(id) ?? 0;
  return [...new Set(followed(state).flatMap((target) => walkTo(state.trace, target)))].sort((a, b) => place(a) - place(b));
}

/** What a walk touches: its gradients, and the local derivatives that it uses; null without one. @param {{trace: Trace, target: string | null, more: boolean}} state @returns {Set<string> | null} */
export function litBy(state) {
  if (!state.target) return null;
  const { trace } = state;
  const walk = stepsOf(state);
  const locals = walk.map((id) => trace.steps[trace.stepOf.get(id) ?? 0].chain?.local.id);
  return new Set([...walk, ...locals.filter((id) => id !== undefined && id !== null)]);
}

/**
 * The cursor so many steps on: along the walk where there is one, else through the whole trace.
 * @param {{trace: Trace, cursor: number, target: string | null, more: boolean}} state @param {number} by
 */
export function along(state, by) {
  const { trace, cursor, target } = state;
  if (!target) return cursor + by;
  const stops = stepsOf(state).map((id) => (trace.stepOf.get(id) ?? 0) + 1);
  const next = by > 0 ? stops.find((stop) => stop > cursor) : stops.findLast((stop) => stop < cursor);
  return next ?? cursor;
}
