import assert from "node:assert/strict";
import { test } from "node:test";

import { entryUnder, moved } from "../../../static/js/draw/plate_pointing.js";
import { gridOf } from "../../../static/js/geometry/grids.js";

const BOX = { left: 100, top: 50, width: 96, height: 70 };
/** The middle of a cell. @param {{rows: number, columns: number}} grid @param {number} row @param {number} column */
const over = ({ rows, columns }, row, column) => ({ clientX: 100 + (96 * (column + 0.5)) / columns, clientY: 50 + (70 * (row + 0.5)) / rows });

test("the pointer's place says which number it is on: in a strip, with all examples, in a matrix and in an image", () => {
  const one = gridOf({ shape: [3, 40], batched: true, example: 2 });
  for (const row of [0, 3, 39]) assert.deepEqual(entryUnder(one, BOX, over(one, row, 0)), [2, row]);
  const all = gridOf({ shape: [8, 40], batched: true, example: -1 });
  for (const [column, row] of [[0, 0], [7, 39], [3, 20]]) assert.deepEqual(entryUnder(all, BOX, over(all, row, column)), [column, row]);
  const matrix = gridOf({ shape: [24, 64], batched: false, example: 1 });
  for (const [row, column] of [[0, 63], [23, 0], [11, 12]]) assert.deepEqual(entryUnder(matrix, BOX, over(matrix, row, column)), [row, column]);
  const image = gridOf({ shape: [2, 24], batched: true, example: 1, image: [4, 6] });
  for (const [column, row, unit] of [[0, 0, 0], [5, 0, 5], [0, 1, 6], [5, 3, 23]]) assert.deepEqual(entryUnder(image, BOX, over(image, row, column)), [1, unit]);
});

test("at the very edges, and just beyond them, it is on the first or the last", () => {
  const all = gridOf({ shape: [8, 40], batched: true, example: -1 });
  assert.deepEqual(entryUnder(all, BOX, { clientX: 100 + 96, clientY: 50 + 70 }), [7, 39]);
  assert.deepEqual(entryUnder(all, BOX, { clientX: 99.6, clientY: 49.6 }), [0, 0]);
});

test("arrow keys go from cell to cell and end at the edge; Home and End go along the row, in a strip along it", () => {
  const matrix = gridOf({ shape: [3, 4], batched: false, example: 0 });
  const rows = [["ArrowRight", [1, 2]], ["ArrowLeft", [1, 0]], ["ArrowUp", [0, 1]], ["ArrowDown", [2, 1]], ["Home", [1, 0]], ["End", [1, 3]], ["a", null]];
  for (const [key, to] of rows) assert.deepEqual(moved(matrix, [1, 1], /** @type {string} */ (key)), to, String(key));
  for (const [key, from] of [["ArrowRight", [1, 3]], ["ArrowLeft", [1, 0]], ["ArrowUp", [0, 1]], ["ArrowDown", [2, 1]]]) assert.equal(moved(matrix, /** @type {number[]} */ (from), /** @type {string} */ (key)), null);
  const strip = gridOf({ shape: [2, 30], batched: true, example: 1 });
  assert.deepEqual([moved(strip, [1, 4], "Home"), moved(strip, [1, 4], "End"), moved(strip, [1, 4], "ArrowRight")], [[1, 0], [1, 29], null]);
});
