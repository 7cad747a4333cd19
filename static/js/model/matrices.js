/** A step with its numbers as a line of matrices: which stand there, in what order, how many rows and columns of each are shown. */

import { isGradient } from "../geometry/colours.js";
import { arrange, isEinsum } from "./component.js";
import { inWords, numberAt, symbolOf } from "./trace.js";

/** @import {Entry, Step} from "../types.js" */
/** @import {State} from "./reduce.js" */

const ROWS = 5; // of a matrix shown at once
const COLUMNS = 4;
const WHOLE = 12; // a Jacobian up to this size is shown whole: its off-diagonal entries are the point

/**
 * @typedef {{entry: number[], value: number, words: string, mine: boolean}} Cell a number; mine: it belongs to the example on the stage
 * @typedef {object} Matrix
 * @property {string} sign the operator before it
 * @property {string} id
 * @property {string} symbol MathML
 * @property {boolean} gradient
 * @property {boolean} transposed
 * @property {string} shape
 * @property {(Cell | string)[][] | null} rows numbers, or dots for what is left out; null: not sent before somebody asks for them
 */

/** @param {Step} step @param {Pick<State, "trace" | "example" | "pinned">} state @returns {Matrix[]} */
export function matricesOf(step, state) {
  const { rule } = step;
  if (!isEinsum(rule)) return [...rule.operands.map((id, k) => matrix(id, k ? "," : "", state)), matrix(step.id, "↦", state)];
  const product = arrange(rule);
  const stacked = product?.stacked ?? false;
  const result = matrix(step.id, "=", state, false, stacked);
  const add = rule.add ? [matrix(rule.add, "+", state)] : [];
  if (!product) return [matrix(rule.operands[0], state.trace.examples > 1 ? "Σₙ" : "", state), ...add, result];
  const { elementwise } = product;
  // With examples as columns a batch is written transposed. (A B)ᵀ = Bᵀ Aᵀ: where the result is a batch the factors change places.
  const columns = state.trace.start.convention === "column";
  const batched = (/** @type {string} */ id) => state.trace.quantities.get(id)?.axes[0] === "example";
  const turned = columns && !elementwise && batched(step.id);
  const factors = [product.left, product.right].map(({ operand, transposed }) => ({ operand, transposed: transposed !== (turned !== (columns && !elementwise && batched(operand) && !isStack(state, operand))) }));
  if (turned) factors.reverse();
  const [left, right] = factors;
  return [matrix(left.operand, "", state, left.transposed, stacked), matrix(right.operand, elementwise ? "⊙" : "·", state, right.transposed, stacked), ...add, result];
}

/** A Jacobian for each example. @param {Pick<State, "trace">} state @param {string} id */
function isStack({ trace }, id) {
  return trace.quantities.get(id)?.shape.length === 3;
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
  const batched = dims === 2 && !alone && q?.axes[0] === "example";
  // A vector, and every row of a batch, stands upright with examples as columns.
  const upright = trace.start.convention === "column" && (dims === 1 || (dims === 2 && q?.axes[0] === "example"));
  const turned = transposed !== upright;
  const [high, wide] = turned ? [columns, rows] : [rows, columns];
  const [focusRow, focusColumn] = pinned?.quantity === id ? [pinned.entry.at(-2) ?? 0, pinned.entry.at(-1) ?? 0] : [batched ? n : 0, 0];
  const [down, across] = turned ? [focusColumn, focusRow] : [focusRow, focusColumn];
  const [most, broad] = dims === 3 ? [WHOLE, WHOLE] : [ROWS, COLUMNS];
  let sent = true;
  const table = crop(high, most, down).map((r) =>
    crop(wide, broad, across).map((c) => {
      if (r < 0 || c < 0) return r < 0 && c < 0 ? "⋱" : r < 0 ? "⋮" : "…";
      const entry = turned ? at(c, r) : at(r, c);
      const value = numberAt(trace, id, entry) ?? NaN;
      if (numberAt(trace, id, entry) === undefined) sent = false;
      return { entry, value, words: inWords({ quantity: id, entry }, trace), mine: batched && trace.examples > 1 && entry[0] === n };
    }),
  );
  return { sign, id, symbol: symbolOf(trace, id).mathml, gradient: isGradient(id), transposed, shape: `${high}×${wide}`, rows: q && sent ? table : null };
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
