import assert from "node:assert/strict";
import { test } from "node:test";

import { bend } from "../../../static/js/geometry/curves.js";
import { edgeNear, ends, placed, thickness, threshold } from "../../../static/js/geometry/network.js";

const ROOM = { x: 30, y: 40, w: 600, h: 300 };
/** @type {[string, number[], [number, number] | null][]} */
const NETWORKS = [["2-4-1", [2, 4, 1], null], ["spirals", [2, 8, 8, 1], null], ["deep", [2, ...Array(8).fill(8), 1], null], ["digits", [64, 32, 10], [8, 8]], ["wide", [30, 100, 3], null], ["one unit", [1, 1], null]];

for (const [name, sizes, image] of NETWORKS) {
  test(`${name}: every unit lies in the room, none on another`, () => {
    const { layers, columns } = placed(sizes, ROOM, image);
    assert.deepEqual(layers.map(({ length }) => length), sizes);
    const boxes = layers.flat();
    for (const { x, y, w, h } of boxes) {
      assert.ok(x >= ROOM.x - 1e-9 && x + w <= ROOM.x + ROOM.w + 1e-9 && y >= ROOM.y - 1e-9 && y + h <= ROOM.y + ROOM.h + 1e-9);
      assert.ok(w === h && w > 1);
    }
    boxes.forEach((a, k) => boxes.slice(k + 1).forEach((b) => assert.ok(a.x + a.w <= b.x + 1e-9 || b.x + b.w <= a.x + 1e-9 || a.y + a.h <= b.y + 1e-9 || b.y + b.h <= a.y + 1e-9)));
    columns.slice(1).forEach(({ left }, k) => assert.ok(left > columns[k].right, "layers stand apart"));
  });
}

test("an image keeps its rows and columns", () => {
  const { layers: [pixels] } = placed([64, 8, 2], ROOM, [8, 8]);
  assert.equal(pixels[7].y, pixels[0].y);
  assert.equal(pixels[8].x, pixels[0].x);
  assert.ok(pixels[8].y > pixels[0].y);
});

test("the nearest edge is found where it runs, and none far from all", () => {
  const network = placed([2, 3, 1], ROOM, null);
  for (const [l, i, j] of [[1, 0, 0], [1, 2, 0], [1, 1, 1], [2, 0, 2]]) {
    const { x, y } = bend(...ends(network, l, i, j)).at(0.72);
    assert.deepEqual(edgeNear(network, { x: x + 1, y: y + 1 }, 7), { l, i, j });
  }
  assert.equal(edgeNear(network, { x: ROOM.x + 5, y: ROOM.y }, 7), null);
});

test("edges grow with their weight, up to a limit, and alike for both signs", () => {
  assert.ok(thickness(0.1) < thickness(1) && thickness(1) < thickness(4));
  assert.equal(thickness(-2), thickness(2));
  assert.equal(thickness(1e9), thickness(1e99));
});

test("of many edges only the strongest are drawn", () => {
  const weights = [[1, -5, 3], [0.5, 2, -4]];
  assert.equal(threshold(weights, 6), 0);
  assert.equal(threshold(weights, 2), 4);
  assert.equal(weights.flat().filter((w) => Math.abs(w) >= threshold(weights, 3)).length, 3);
});
