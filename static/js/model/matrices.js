/** A step with its numbers as a line of matrices: which stand there, in what order, how many rows and columns of each are shown. */

import { arrange, isEinsum } from "./component.js";
import { inWords, isGradient, numberAt, symbolOf } from "./trace.js";

/** @import {Entry, Step} from "../types.js" */
/** @import {State} from "./reduce.js" */

const ROWS = 5; // of a matrix shown at once
const COLUMNS = 4;

/**
 * @typedef {{entry: number[], value: number, words: string, mine: boolean}} Cell a number; mine: it belongs to the example on the stage
 * @typedef {object} Matrix
 * @property {string} sign the operator before it
 * @property {string} id
 * @property {string} symbol MathML
 * @property {boolean} gradient
 * @property {boolean} transposed
 * @property {string} shape
 * @property {(Cell | string)[][] | null} rows numbers, or dots for what is left out; null: too large to have been sent
 */

/** @param {Step} step @param {Pick<State, "trace" | "example" | "pinned">} state @returns {Matrix[]} */
export function matricesOf(step, state) {
  const { rule } = step;
  if (!isEinsum(rule)) return [...rule.operands.map((id, k) => matrix(id, k ? "," : "", state)), matrix(step.id, "↦", state)];
  const product = arrange(rule);
  const stacked = product?.stacked ?? false;
  const factors = product
    ? [matrix(product.left.operand, "", state, product.left.transposed, stacked), matrix(product.right.operand, product.elementwise ? "⊙" : "·", state, product.right.transposed, stacked)]
    : [matrix(rule.operands[0], state.trace.examples > 1 ? "Σₙ" : "", state)];
  return [...factors, ...(rule.add ? [matrix(rule.add, "+", state)] : []), matrix(step.id, "=", state, false, stacked)];
}

/**
 * @param {string} id @param {string} sign @param {Pick<State, "trace" | "example" | "pinned">} state
 * @param {boolean} [transposed]
 * @param {boolean} [stacked] one example alone, because the other operand is its Jacobian
 * @returns {Matrix}
 */
function matrix(id, sign, { trace, example, pinned }, transposed = false, stacked = false) {
  const q = trace.quantities.get(id);
  const shape = q?.shape ?? [];
  const n = Math.max(0, example);
  const dims = shape.length;
  const alone = stacked && dims >= 2;
  const [rows, columns] = dims === 0 ? [1, 1] : dims === 1 ? [1, shape[0]] : !alone ? shape : dims === 3 ? shape.slice(1) : [1, shape[1]];
  const at = (/** @type {number} */ r, /** @type {number} */ c) => (dims === 0 ? [] : dims === 1 ? [c] : dims === 3 ? [n, r, c] : alone ? [n, c] : [r, c]);
  const [high, wide] = transposed ? [columns, rows] : [rows, columns];
  const batched = dims === 2 && !alone && q?.axes[0] === "example";
  const [focusRow, focusColumn] = pinned?.quantity === id ? [pinned.entry.at(-2) ?? 0, pinned.entry.at(-1) ?? 0] : [batched ? n : 0, 0];
  const [down, across] = transposed ? [focusColumn, focusRow] : [focusRow, focusColumn];
  const table = crop(high, ROWS, down).map((r) =>
    crop(wide, COLUMNS, across).map((c) => {
      if (r < 0 || c < 0) return r < 0 && c < 0 ? "⋱" : r < 0 ? "⋮" : "…";
      const entry = transposed ? at(c, r) : at(r, c);
      const value = numberAt(trace, id, entry) ?? NaN;
      return { entry, value, words: inWords({ quantity: id, entry }, trace), mine: batched && trace.examples > 1 && entry[0] === n };
    }),
  );
  return { sign, id, symbol: symbolOf(trace, id).mathml, gradient: isGradient(id), transposed, shape: `${high}×${wide}`, rows: q && q.data !== null ? table : null };
}

/** Indices to show of so many: all, or a window around the one in focus, with −1 for what is left out. @param {number} count @param {number} most @param {number} focus */
export function crop(count, most, focus) {
  if (count <= most) return Array.from({ length: count }, (_, k) => k);
  const head = focus < most - 1;
  const tail = !head && focus > count - most;
  const size = head || tail ? most - 1 : most - 2;
  const from = head ? 0 : tail ? count - size : focus - Math.floor((size - 1) / 2);
  return [...(head ? [] : [-1]), ...Array.from({ length: size }, (_, k) => from + k), ...(tail ? [] : [-1])];
}
