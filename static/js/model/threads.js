/** What the edges of one layer show after so many steps, where there are too many for each to be an element. */

import { marksOf } from "./marks.js";
import { carriedIn } from "./operands.js";
import { shownOn } from "./plates.js";
import { litBy } from "./walk.js";

/** @import {State} from "./reduce.js" */

/**
 * @typedef {object} Threads
 * @property {string} quantity W3 or, after its update, W3_new
 * @property {number[][] | null} weights units × inputs; null: not sent
 * @property {number[][] | null} gradients while ∂ℒ/∂W is what happens; null: they are not to be seen
 * @property {((i: number, j: number) => number) | null} carried what each edge has carried in the current step
 * @property {boolean} backward it came back
 * @property {{weights: boolean, gradients: boolean}} dim what a walk leaves aside
 * @property {Set<string>} path the entries of the path that is followed
 * @property {State["trace"]["largest"]} largest
 * @property {unknown[]} made of these: as long as they are the same, so is the picture
 */

/** A reader of layers, for a state and the quantities that are known in it but not to be seen yet. @param {State} state @param {string[]} late @returns {(layer: number) => Threads} */
export function threadsOf(state, late) {
  const { trace, cursor, example } = state;
  const step = trace.steps[cursor - 1];
  const lit = litBy(state);
  const paths = marksOf(state).filter(({ mark }) => mark === "on-path");
  const numbers = (/** @type {ReturnType<typeof shownOn>} */ shown) => (shown && !shown.cells ? /** @type {number[][] | null} */ (shown.source) : null);
  return (layer) => {
    const [id, gradient] = [`W${layer}`, `dW${layer}`];
    const shown = shownOn(state, id);
    const weights = numbers(shown);
    const gradients = step && gradient in step.values && !late.includes(gradient) ? numbers(shownOn(state, gradient)) : null;
    const carried = step?.layer === layer ? carriedIn(trace, step, Math.max(0, example)) : null;
    const dim = { weights: lit !== null && !lit.has(id), gradients: lit !== null && !lit.has(gradient) };
    const path = new Set(paths.filter(({ quantity }) => quantity.replace(/_new$/, "") === id).map(({ entry }) => entry.join()));
    const made = [weights, gradients, carried && step, carried && example, dim.weights, dim.gradients, [...path].join(" "), trace.largest];
    return { quantity: shown?.quantity ?? id, weights, gradients, carried, backward: step?.phase === "backward", dim, path, largest: trace.largest, made };
  };
}
