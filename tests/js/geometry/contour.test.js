import assert from "node:assert/strict";
import { test } from "node:test";

import { contour } from "../../../static/js/geometry/contour.js";
import { random } from "../making.js";

/** @param {number[][]} rows @param {number} level */
function lines(rows, level) {
  /** @type {number[][]} */
  const found = [];
  contour(rows, level, (...line) => found.push(line));
  return found;
}

/** Whether every one of these points is there twice: as the end of one line and of the next. @param {number[][]} points */
function inPairs(points) {
  const names = points.map(([x, y]) => `${x.toFixed(6)} ${y.toFixed(6)}`).sort();
  return names.length % 2 === 0 && names.every((name, k) => name === names[k ^ 1] && (k < 2 || name !== names[(k & ~1) - 1]));
}

test("nothing is crossed where all lies on one side", () => {
  assert.deepEqual(lines([[1, 2], [3, 4]], 0), []);
  assert.deepEqual(lines([[1, 2], [3, 4]], 5), []);
});

test("a slope is crossed where it has the level", () => {
  assert.deepEqual(lines([[0, 1], [0, 1]], 0.25), [[0.25, 0, 0.25, 1]]);
  assert.deepEqual(lines([[0, 0], [4, 4]], 1), [[1, 0.25, 0, 0.25]]);
});

test("a saddle is crossed twice, by what is in its middle", () => {
  assert.equal(lines([[1, 0], [0, 1]], 0.4).length, 2);
  const [[x0, y0, x1, y1]] = lines([[1, 0], [0, 1]], 0.4); // the middle is above: 0s are cut off, here that at the right
  assert.deepEqual([x0, y0, x1, y1].map((it) => Math.round(10 * it) / 10), [0.6, 0, 1, 0.4]);
});

test("a circle is a closed ring of lines, all of them on it", () => {
  const n = 41;
  const rows = Array.from({ length: n }, (_, y) => Array.from({ length: n }, (_, x) => (x - 20) ** 2 + (y - 20) ** 2));
  const ring = lines(rows, 225.5);
  const ends = ring.flatMap(([x0, y0, x1, y1]) => [[x0, y0], [x1, y1]]);
  for (const [x, y] of ends) assert.ok(Math.abs(Math.hypot(x - 20, y - 20) - Math.sqrt(225.5)) < 0.05);
  assert.ok(inPairs(ends));
});

test("every line ends where its neighbour begins, whatever the numbers", () => {
  const next = random(5);
  const rows = Array.from({ length: 12 }, () => Array.from({ length: 12 }, () => next() - 0.5));
  const ends = lines(rows, 0).flatMap(([x0, y0, x1, y1]) => [[x0, y0], [x1, y1]]).filter(([x, y]) => x > 0 && x < 11 && y > 0 && y < 11);
  assert.ok(ends.length > 100 && inPairs(ends));
});
