import assert from "node:assert/strict";
import { test } from "node:test";

import { read } from "../../../static/js/geometry/reading.js";

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
