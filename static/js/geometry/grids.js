/** Which number of a quantity each cell of its picture shows: in a strip units run down, in a heat map rows and columns are those of the matrix, in an image units wrap. */

/** @import {Box} from "./columns.js" */

/**
 * @typedef {number | Nested[]} Nested
 * @typedef {{row: number, column: number, rows: number, columns: number}} Area of cells
 * @typedef {object} Grid
 * @property {number} rows
 * @property {number} columns
 * @property {(row: number, column: number) => number[]} entryAt the entry in a cell; the first, where a cell is the mean of a block
 * @property {(pattern: (number | null)[]) => Area | null} areaOf where an entry is, or all those of a pattern (null: every index); null where they are not in the picture
 * @property {(source: Nested, row: number, column: number) => number} read a cell's number
 */

/**
 * @param {object} of
 * @param {number[]} of.shape of the quantity
 * @param {boolean} of.batched whether its first axis is the examples
 * @param {number} of.example the one shown, if it is; -1: all, an example a column
 * @param {number[]} [of.cells] how many cells stand for each axis, where they are means of blocks; what is read is then the means
 * @param {[number, number] | null} [of.image] rows and columns of the units
 * @param {boolean} [of.alone] what is read is the one example alone, without an axis for examples
 * @returns {Grid}
 */
export function gridOf({ shape, batched, example, cells = shape, image = null, alone = false }) {
  const [down, across] = batched ? [1, 0] : [0, 1];
  const one = batched && example >= 0;
  const wrapped = one && image && cells[down] === shape[down] ? image : null;
  const rows = wrapped ? wrapped[0] : cells[down];
  const columns = wrapped ? wrapped[1] : one ? 1 : (cells[across] ?? 1);
  const start = (/** @type {number} */ axis, /** @type {number} */ cell) => Math.floor((cell * shape[axis]) / cells[axis]);
  const cellAt = (/** @type {number} */ axis, /** @type {number} */ i) => Math.floor(((i + 1) * cells[axis] - 1) / shape[axis]);
  /** The cell of each axis, in the order of an entry. @param {number} row @param {number} column */
  const place = (row, column) => {
    if (wrapped) return [cellAt(0, example), row * wrapped[1] + column];
    if (one) return [cellAt(0, example), row];
    return shape.length === 1 ? [row] : batched ? [column, row] : [row, column];
  };
  /** @param {number} axis @param {number | null} i */
  const span = (axis, i) => (i === null ? { from: 0, count: cells[axis] } : { from: cellAt(axis, i), count: 1 });
  return {
    rows,
    columns,
    entryAt: (row, column) => place(row, column).map((cell, axis) => (one && axis === 0 ? example : start(axis, cell))),
    areaOf(pattern) {
      if (pattern.length !== shape.length || (one && pattern[0] !== null && pattern[0] !== example)) return null;
      const { from, count } = span(down, pattern[down]);
      if (wrapped) return count > 1 ? { row: 0, column: 0, rows, columns } : { row: Math.floor(from / columns), column: from % columns, rows: 1, columns: 1 };
      const side = one || shape.length === 1 ? { from: 0, count: 1 } : span(across, pattern[across]);
      return { row: from, column: side.from, rows: count, columns: side.count };
    },
    read: (source, row, column) => /** @type {number} */ (place(row, column).slice(alone ? 1 : 0).reduce((/** @type {any} */ at, i) => at?.[i], source) ?? NaN),
  };
}

/** The smallest area with both in it. @param {Area | null} a @param {Area | null} b */
export function union(a, b) {
  if (!a || !b) return a ?? b;
  const [row, column] = [Math.min(a.row, b.row), Math.min(a.column, b.column)];
  return { row, column, rows: Math.max(a.row + a.rows, b.row + b.rows) - row, columns: Math.max(a.column + a.columns, b.column + b.columns) - column };
}

/** Where an area is in the box of its picture. @param {Box} box @param {Grid} grid @param {Area} area @returns {Box} */
export function boxOf(box, { rows, columns }, area) {
  return { x: box.x + (box.w * area.column) / columns, y: box.y + (box.h * area.row) / rows, w: (box.w * area.columns) / columns, h: (box.h * area.rows) / rows };
}

const LINES_FROM = 5; // design units: smaller cells have no lines between them

/** Lines between the cells, as a path. @param {Box} box @param {Grid} grid */
export function linesOf({ x, y, w, h }, { rows, columns }) {
  const between = (/** @type {number} */ count, /** @type {number} */ size) => (size / count < LINES_FROM ? [] : Array.from({ length: count - 1 }, (_, k) => (size * (k + 1)) / count));
  return [...between(rows, h).map((at) => `M${x} ${y + at}h${w}`), ...between(columns, w).map((at) => `M${x + at} ${y}v${h}`)].join("");
}
