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

/** What a walk touches: its gradients, and the local derivatives that it uses. @param {Trace} trace @param {string} target @returns {Set<string>} */
export function litBy(trace, target) {
  const walk = walkTo(trace, target);
  const locals = walk.map((id) => trace.steps[trace.stepOf.get(id) ?? 0].chain?.local.id);
  return new Set([...walk, ...locals.filter((id) => id !== undefined && id !== null)]);
}

/**
 * The cursor so many steps on: along the walk where there is one, else through the whole trace.
 * @param {{trace: Trace, cursor: number, target: string | null}} state @param {number} by
 */
export function along({ trace, cursor, target }, by) {
  if (!target) return cursor + by;
  const stops = walkTo(trace, target).map((id) => (trace.stepOf.get(id) ?? 0) + 1);
  const next = by > 0 ? stops.find((stop) => stop > cursor) : stops.findLast((stop) => stop < cursor);
  return next ?? cursor;
}
