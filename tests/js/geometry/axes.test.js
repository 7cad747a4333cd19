import assert from "node:assert/strict";
import { test } from "node:test";

import { along, aroundZero, decades, epochAxis, fromZero, roundUp, steady, usualLeast } from "../../../static/js/geometry/axes.js";

/** @type {[number, number][]} */
const ROUND = [[1, 1], [1.01, 1.2], [7, 8], [9.99, 10], [0.034, 0.04], [123, 150], [1e-9, 1e-9], [3.1e300, 4e300]];
for (const [x, up] of ROUND) test(`${x} is held by ${up}`, () => assert.equal(roundUp(x), up));

test("ends hold what they are for, and change seldom", () => {
  let changes = 0;
  let before = 0;
  for (let x = 1; x <= 10_000; x += 1) {
    const { high } = fromZero(x);
    assert.ok(high >= x && high <= 1.34 * x);
    if (high !== before) changes += 1;
    before = high;
  }
  assert.ok(changes <= 45, `${changes} times`);
});

test("epochs have few ends", () => {
  assert.deepEqual([0, 0.3, 1, 1.1, 4, 6, 101].map((epochs) => epochAxis(epochs).high), [1, 1, 1, 2, 5, 10, 200]);
});

test("nothing at all has an axis too", () => {
  assert.deepEqual(fromZero(0), { low: 0, high: 1, log: false });
  assert.deepEqual(fromZero(Infinity), { low: 0, high: 1, log: false });
  assert.deepEqual(decades([null, 0, -1]), { low: -1, high: 0, log: true });
  assert.deepEqual(aroundZero(0, 0), { low: 0, high: 1, log: false });
});

test("around zero as far to the left as to the right, where there is something on both sides", () => {
  assert.deepEqual(aroundZero(-0.3, 0.7), { low: -0.8, high: 0.8, log: false });
  assert.deepEqual(aroundZero(0, 0.7), { low: 0, high: 0.8, log: false });
  assert.deepEqual(aroundZero(-3, -1), { low: -3, high: 0, log: false });
});

test("decades are whole, and what is not positive has no place", () => {
  assert.deepEqual(decades([0.02, 300, 0, null]), { low: -2, high: 3, log: true });
  assert.deepEqual(decades([1]), { low: 0, high: 1, log: true });
  const axis = decades([1e-8, 1]);
  assert.equal(along(axis, 1e-4), 0.5);
  assert.ok(!Number.isFinite(along(axis, 0)) && Number.isNaN(along(axis, null)) && Number.isNaN(along(axis, -1)));
});

test("ends that would flutter stay", () => {
  const axis = aroundZero(-1, 0.8);
  assert.equal(steady(axis, aroundZero(-0.79, 0.5)), axis);
  assert.notEqual(steady(axis, aroundZero(-1.1, 0.5)), axis, "it no longer holds them");
  assert.notEqual(steady(axis, aroundZero(-0.3, 0.3)), axis, "it is far too wide");
  assert.notEqual(steady(axis, aroundZero(0, 0.9)), axis, "nothing is left of 0 any more");
  assert.deepEqual(steady(null, axis), axis);
});

test("dips need no room, what a line has come to does", () => {
  const line = Array.from({ length: 1000 }, (_, k) => (k % 50 === 7 ? 1e-30 : 0.5 + k / 1000));
  assert.ok(usualLeast(line) >= 0.5);
  assert.equal(usualLeast([...line, ...Array(20).fill(1e-9)]), 1e-9);
  assert.equal(usualLeast([0.1, null, 0]), 0.1);
  assert.equal(usualLeast([0, null]), Infinity);
  assert.equal(usualLeast([]), Infinity);
});
