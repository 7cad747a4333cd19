/** What each plate of a wide network shows after so many steps. */

import { isGradient } from "../geometry/colours.js";
import { isKnown } from "./trace.js";

/** @import {Nested} from "../geometry/grids.js" */
/** @import {Quantity} from "../types.js" */
/** @import {State} from "./reduce.js" */

/**
 * @typedef {{source: Nested | null, cells?: number[], alone?: boolean}} Picture
 * @typedef {{quantity: string, shape: number[], batched: boolean, largest: number} & Picture} Shown
 * @param {Pick<State, "trace" | "cursor" | "example">} state @param {string} id @param {string[]} [late] quantities that are known but not to be seen yet
 * @returns {Shown | null}
 */
export function shownOn({ trace, cursor, example }, id, late = []) {
  const renewed = `${id}_new`;
  const quantity = isKnown(trace, renewed, cursor) && !late.includes(renewed) ? renewed : id;
  const q = trace.quantities.get(quantity);
  if (!q) return null;
  const scale = isGradient(id) ? trace.largest.gradient : /^[Wb]/.test(id) ? trace.largest.weight : /^[az][1-9]/.test(id) ? trace.largest.value : q.max_abs;
  return { quantity, shape: q.shape, batched: q.axes[0] === "example", largest: scale, ...(isKnown(trace, quantity, cursor) ? pictureOf(q, example) : { source: null }) };
}

/** The numbers of a quantity as far as they were sent: all, those of one example, or means of blocks. @param {Quantity} q @param {number} example @returns {Picture} */
function pictureOf(q, example) {
  const means = /** @type {Nested | undefined} */ (q.thumbnail);
  if (q.data !== null) return { source: q.data };
  if (q.example && q.example.index === example) return { source: q.example.data, alone: true };
  return means === undefined ? { source: null } : { source: means, cells: countsOf(means) };
}

/** @param {Nested} nested @returns {number[]} */
function countsOf(nested) {
  return Array.isArray(nested) ? [nested.length, ...countsOf(nested[0])] : [];
}

/**
 * Inputs that are pixels: as the preset says, else where there are enough of them to fill a square.
 * @param {Pick<State, "preset" | "trace">} state @returns {[number, number] | null}
 */
export function imageOf({ preset, trace }) {
  const [units] = trace.start.layer_sizes;
  const image = preset.view?.image;
  if (image && image[0] * image[1] === units) return image;
  return squareOf(units);
}

/** The sides of the square that so many pixels fill, where they are enough to be an image. @param {number} units @returns {[number, number] | null} */
export function squareOf(units) {
  const side = Math.round(Math.sqrt(units));
  return units >= 64 && side * side === units ? [side, side] : null;
}
