/** The problem of a page as a document, and what an editor makes of it. Nothing is computed here: what does not fit, the server says. */

import { redrawn } from "./building.js";
import { numberAt } from "./trace.js";

/** @import {Data, Edit, Entry, Request} from "../types.js" */
/** @import {Trace} from "./trace.js" */

/** Whether a number is given, so that it can be changed. @param {Entry | null} entry */
export function isGiven(entry) {
  return entry !== null && /^(a0|y|[Wb]\d+)$/.test(entry.quantity);
}

/** A number that is given; undefined for any other. @param {Trace} trace @param {Entry | null} it */
export function givenAt(trace, it) {
  return it && isGiven(it) ? numberAt(trace, it.quantity, it.entry) : undefined;
}

/** Whether a problem is a prepared one as it is. @param {Request} request */
export function isPlain(request) {
  return request.preset !== undefined && Object.keys(request).length === 1;
}

/** The problem with all its numbers, where they were sent; else as it was asked for. @param {{trace: Trace, request: Request}} state @returns {Request} */
export function settled({ trace, request }) {
  return trace.start.omitted.length === 0 ? trace.start.problem : request;
}

/** One number in place of another; the last edit of a number is its only one. @param {Request} request @param {Entry} entry @param {number} value @returns {Request} */
export function withEdit(request, { quantity, entry }, value) {
  const others = (request.edits ?? []).filter((edit) => edit.quantity !== quantity || edit.entry.join() !== entry.join());
  return { ...request, edits: [...others, { quantity, entry, value }] };
}

/** The problem with its updated parameters in place of the current ones. @param {Trace} trace @returns {Request} */
export function updated(trace) {
  const data = (/** @type {string} */ id) => trace.quantities.get(id)?.data ?? undefined;
  const { problem, quantities } = trace.start;
  const remembered = Object.keys(quantities).filter((id) => /_[mv]$/.test(id));
  const layers = /** @type {any} */ (problem.layers.map((layer, k) => ({ ...layer, weights: data(`W${k + 1}_new`) ?? layer.weights, bias: data(`b${k + 1}_new`) ?? layer.bias })));
  /** @type {Record<string, Data>} */
  const state = Object.fromEntries(remembered.map((id) => [id, data(`${id}_new`) ?? 0]));
  if (quantities.t) state.t = data("t") ?? 0;
  return { ...problem, layers, ...(Object.keys(state).length ? { optimizer_state: state } : {}) };
}

/** The same network with the weights of the next seed. @param {{trace: Trace, request: Request}} state @returns {Request} */
export function rerolled(state) {
  const { start } = state.trace;
  const { seed, ...initializer } = start.problem.initializer;
  return redrawn(settled(state), start, { ...initializer, seed: Number(seed) + 1 });
}
