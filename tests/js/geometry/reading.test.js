import assert from "node:assert/strict";
import { test } from "node:test";

import { nudged, read, typed } from "../../../static/js/geometry/reading.js";

/** @type {[string, number | null][]} */
const ROWS = [
  ["0.5", 0.5],
  ["0,5", 0.5],
  [" 1/2 ", 0.5],
  ["-3 / 4", -0.75],
  ["−2", -2],
  ["2e-3", 0.002],
  ["2E3", 2000],
  [".5", 0.5],
  ["7.", 7],
  ["+1", 1],
  ["1,5/3", 0.5],
  ["0", 0],
  ["", null],
  ["-", null],
  ["x", null],
  ["1/0", null],
  ["1/2/3", null],
  ["1 2", null],
  ["1,000.5", null],
  ["0x10", null],
  ["Infinity", null],
  ["1e999", null],
  ["/2", null],
];

for (const [text, value] of ROWS) test(`“${text}” is ${value}`, () => assert.equal(read(text), value));

const [PLAIN, SHIFT, ALT] = [[false, false], [true, false], [false, true]].map(([shiftKey, altKey]) => ({ shiftKey, altKey }));

/** @type {[number, number, {shiftKey: boolean, altKey: boolean}, number][]} a number, so many steps, with which keys, and where it ends */
const NUDGES = [
  [0.1, 1, PLAIN, 0.11],
  [0.2, 10, PLAIN, 0.3],
  [0.29, 1, PLAIN, 0.3],
  [0.7, 1, ALT, 0.701],
  [0.05, 1, SHIFT, 0.2],
  [0.4, 1, SHIFT, 0.5],
  [0.4, -1, SHIFT, 0.3],
  [0.1234, 1, PLAIN, 0.13],
  [0.1234, -1, PLAIN, 0.11],
  [0.1234, 1, ALT, 0.124],
  [0, 1, PLAIN, 0.01],
  [0, -1, SHIFT, -0.1],
  [0, 1, ALT, 0.001],
  [0.01, -1, PLAIN, 0],
  [-0.01, 1, PLAIN, 0],
  [-0.01, 2, PLAIN, 0.01],
  [-0.4, 1, PLAIN, -0.39],
  [-0.4, -1, SHIFT, -0.5],
  [1e-9, 1, PLAIN, 0.01],
  [-1e-9, -1, ALT, -0.001],
  [9.99, 1, PLAIN, 10],
  [10, 1, PLAIN, 10.1],
  [10, -1, PLAIN, 9.9],
  [1000, 1, PLAIN, 1010],
  [1000, 1, ALT, 1001],
  [-250, 1, SHIFT, -240],
  [1e12, 1, PLAIN, 1.01e12],
  [1e12, -1, SHIFT, 0.9e12],
  [1.7e308, 9, SHIFT, Infinity],
];
for (const [x, by, keys, then] of NUDGES) test(`${x} by ${by}${keys.shiftKey ? " with Shift" : ""}${keys.altKey ? " with Alt" : ""} is ${then}`, () => assert.equal(nudged(x, by, keys), then));

test("a number moved by nothing is itself, off the grid too", () => {
  for (const x of [0.1234567, -1e-9, 0, 3e8, 0.1 + 0.2]) for (const keys of [PLAIN, SHIFT, ALT]) assert.equal(nudged(x, 0, keys), x);
});

test("a thousand steps leave no trace of binary fractions, and lead back", () => {
  for (const keys of [PLAIN, ALT]) {
    let x = 0.5;
    for (let k = 0; k < 400; k += 1) {
      x = nudged(x, -1, keys);
      assert.ok(String(x).length <= 6, String(x));
    }
    for (let k = 0; k < 400; k += 1) x = nudged(x, 1, keys);
    if (keys === ALT) assert.equal(x, 0.5); // beyond 1 a step is larger
  }
});

test("what stands in a field is read back as the same number", () => {
  for (const x of [0.1, 1 / 3, -2.5e-17, 1e21, 123456789.123, 0, 5e-324, 1.7976931348623157e308]) assert.equal(read(typed(x)), x);
});
