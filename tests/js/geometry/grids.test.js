import assert from "node:assert/strict";
import { test } from "node:test";

import { boxOf, gridOf, linesOf, union } from "../../../static/js/geometry/grids.js";

/** @import {Grid} from "../../../static/js/geometry/grids.js" */

/** Every cell of a grid. @param {Grid} grid @returns {[number, number][]} */
const cellsOf = ({ rows, columns }) => Array.from({ length: rows * columns }, (_, k) => [Math.floor(k / columns), k % columns]);

/** Numbers that say which entry they are. @param {number[]} shape @param {number[]} [entry] @returns {any} */
const named = (shape, entry = []) => (entry.length === shape.length ? Number(entry.map((i) => String(i + 100)).join("")) : Array.from({ length: shape[entry.length] }, (_, i) => named(shape, [...entry, i])));

const WHOLE = [
  { what: "a strip of one example", of: { shape: [5, 30], batched: true, example: 3 }, size: [30, 1] },
  { what: "a strip of all examples", of: { shape: [5, 30], batched: true, example: -1 }, size: [30, 5] },
  { what: "a matrix", of: { shape: [7, 30], batched: false, example: 2 }, size: [7, 30] },
  { what: "a vector", of: { shape: [30], batched: false, example: 0 }, size: [30, 1] },
  { what: "an image", of: { shape: [5, 24], batched: true, example: 4, image: /** @type {[number, number]} */ ([4, 6]) }, size: [4, 6] },
];

for (const { what, of, size } of WHOLE) {
  test(`${what}: every cell is one entry, read where it stands, and found again`, () => {
    const grid = gridOf(of);
    const source = named(of.shape);
    assert.deepEqual([grid.rows, grid.columns], size);
    const seen = new Set();
    for (const [row, column] of cellsOf(grid)) {
      const entry = grid.entryAt(row, column);
      seen.add(entry.join());
      assert.equal(grid.read(source, row, column), entry.reduce((at, i) => at[i], source));
      assert.deepEqual(grid.areaOf(entry), { row, column, rows: 1, columns: 1 });
    }
    assert.equal(seen.size, size[0] * size[1]);
  });
}

test("an image wraps its units row by row", () => {
  const grid = gridOf({ shape: [2, 24], batched: true, example: 1, image: [4, 6] });
  for (const [row, column, unit] of [[0, 0, 0], [0, 5, 5], [1, 0, 6], [3, 5, 23]]) assert.deepEqual(grid.entryAt(row, column), [1, unit]);
});

test("what was sent of one example alone is read without an axis for examples", () => {
  const grid = gridOf({ shape: [128, 3], batched: true, example: 77, alone: true });
  assert.deepEqual([0, 1, 2].map((row) => grid.read([0.1, 0.2, 0.3], row, 0)), [0.1, 0.2, 0.3]);
  assert.deepEqual(grid.entryAt(2, 0), [77, 2]);
});

test("a cell that is the mean of a block stands for its first entry, and every entry of the block is in it", () => {
  for (const [shape, cells] of [[[100, 9], [64, 9]], [[128, 784], [44, 44]], [[7, 5], [4, 3]], [[5, 5], [5, 5]]]) {
    const grid = gridOf({ shape, cells, batched: false, example: 0 });
    assert.deepEqual([grid.rows, grid.columns], cells);
    const starts = Array.from({ length: cells[0] + 1 }, (_, cell) => Math.floor((cell * shape[0]) / cells[0])); // as the server cuts
    for (let cell = 0; cell < cells[0]; cell += 1) {
      assert.deepEqual(grid.entryAt(cell, 0), [starts[cell], 0]);
      for (let i = starts[cell]; i < starts[cell + 1]; i += 1) assert.equal(grid.areaOf([i, 0])?.row, cell);
    }
  }
});

test("a pattern is the whole row, column or picture; what is of another example is not there", () => {
  const matrix = gridOf({ shape: [3, 4], batched: false, example: 0 });
  assert.deepEqual(matrix.areaOf([1, null]), { row: 1, column: 0, rows: 1, columns: 4 });
  assert.deepEqual(matrix.areaOf([null, 2]), { row: 0, column: 2, rows: 3, columns: 1 });
  const one = gridOf({ shape: [2, 6], batched: true, example: 1 });
  assert.equal(one.areaOf([0, 3]), null);
  assert.deepEqual(one.areaOf([null, null]), { row: 0, column: 0, rows: 6, columns: 1 });
  const all = gridOf({ shape: [2, 6], batched: true, example: -1 });
  assert.deepEqual(all.areaOf([null, 3]), { row: 3, column: 0, rows: 1, columns: 2 });
  const image = gridOf({ shape: [2, 6], batched: true, example: 1, image: [2, 3] });
  assert.deepEqual(image.areaOf([null, null]), { row: 0, column: 0, rows: 2, columns: 3 });
});

test("the union of areas has both in it", () => {
  assert.deepEqual(union({ row: 1, column: 2, rows: 1, columns: 1 }, { row: 4, column: 0, rows: 2, columns: 1 }), { row: 1, column: 0, rows: 5, columns: 3 });
  assert.deepEqual(union(null, { row: 1, column: 2, rows: 3, columns: 4 }), { row: 1, column: 2, rows: 3, columns: 4 });
  assert.equal(union(null, null), null);
});

test("areas share the box of their picture; small cells have no lines between them", () => {
  const grid = gridOf({ shape: [4, 10], batched: false, example: 0 });
  const box = { x: 10, y: 20, w: 100, h: 80 };
  assert.deepEqual(boxOf(box, grid, { row: 1, column: 2, rows: 1, columns: 3 }), { x: 30, y: 40, w: 30, h: 20 });
  assert.equal(linesOf(box, grid).split("M").length - 1, 3 + 9);
  assert.equal(linesOf({ ...box, w: 40 }, grid).split("M").length - 1, 3);
});
