import assert from "node:assert/strict";
import { test } from "node:test";

import { EMPTY, epochsOf, extended, MOST } from "../../../static/js/model/curve.js";

/** @import {Curve} from "../../../static/js/model/curve.js" */

/** @param {number} x */
const point = (x) => ({ x, loss: 1 / (1 + x), test_loss: null, rms: { dz1: x } });

/** A curve of so many points, so far apart. @param {number} count @param {number} [step] @returns {Curve} */
function grown(count, step = 1) {
  let curve = EMPTY;
  for (let k = 0; k < count; k += 1) curve = extended(curve, point(k * step));
  return curve;
}

test("while there are few, every point stays", () => {
  const { points } = grown(MOST);
  assert.equal(points.length, MOST);
  assert.deepEqual(points.map(({ x }) => x), Array.from({ length: MOST }, (_, k) => k));
});

test("a place that is told of again has one point, the newest", () => {
  const curve = extended(extended(grown(3), { ...point(2), loss: 9 }), point(3));
  assert.deepEqual(curve.points.map(({ x, loss }) => [x, loss]), [[0, 1], [1, 1 / 2], [2, 9], [3, 1 / 4]]);
});

test("of many, no more than the most are kept: first and newest always, in order, with their own numbers", () => {
  for (const count of [MOST + 1, 3 * MOST, 25_000]) {
    const { points } = grown(count, 0.04);
    assert.ok(points.length <= MOST && points.length > MOST / 3, `${points.length} of ${count}`);
    assert.equal(points[0].x, 0);
    assert.equal(points.at(-1)?.x, (count - 1) * 0.04);
    assert.ok(points.every(({ x }, k) => k === 0 || x > points[k - 1].x));
    assert.ok(points.every(({ x, loss }) => loss === 1 / (1 + x)));
  }
});

test("what is left is evenly apart, but for the newest", () => {
  const { points, gap } = grown(20_000);
  const steps = points.slice(1, -1).map(({ x }, k) => x - points[k].x);
  assert.ok(Math.min(...steps) >= gap && Math.max(...steps) <= 2 * gap + 1);
});

test("a curve is not changed by what comes after it", () => {
  const before = grown(MOST);
  const copy = structuredClone(before);
  extended(before, point(MOST));
  assert.deepEqual(before, copy);
});

test("the running epoch counts by its share", () => {
  assert.equal(epochsOf({ position: { epoch: 3, batch: 5 } }, 20), 3.25);
  assert.equal(epochsOf({ position: { epoch: 3, batch: 0 } }, 1), 3);
});
