import assert from "node:assert/strict";
import { test } from "node:test";

import { entryUnder } from "../../../static/js/draw/strips.js";

/** A canvas of so many cells, drawn at another size than it has, somewhere on the screen. @param {number} width @param {number} height @param {[number, number]} [image] @returns {any} */
const strip = (width, height, image) => ({ image, canvas: { width, height, getBoundingClientRect: () => ({ left: 100, top: 50, width: width * 12, height: height * 7 }) } });
/** The middle of a cell. @param {number} column @param {number} row */
const over = (column, row) => ({ clientX: 100 + (column + 0.5) * 12, clientY: 50 + (row + 0.5) * 7 });

test("on a strip the pointer's height says which unit of the example shown it is on", () => {
  for (const row of [0, 3, 39]) assert.deepEqual(entryUnder(strip(1, 40), over(0, row), 2), [2, row]);
});

test("where all examples are shown its place across says which of them", () => {
  for (const [column, row] of [[0, 0], [7, 39], [3, 20]]) assert.deepEqual(entryUnder(strip(8, 40), over(column, row), -1), [column, row]);
});

test("in an image the units run along its rows", () => {
  for (const [column, row, unit] of [[0, 0, 0], [5, 0, 5], [0, 1, 6], [5, 3, 23]]) assert.deepEqual(entryUnder(strip(6, 4, [4, 6]), over(column, row), 1), [1, unit]);
});

test("at the very edge it is still on the last one", () => {
  assert.deepEqual(entryUnder(strip(8, 40), { clientX: 100 + 8 * 12, clientY: 50 + 40 * 7 }, -1), [7, 39]);
});
