import assert from "node:assert/strict";
import { test } from "node:test";

import { noted, paceOf, pacing, SPEEDS, usualSpeed } from "../../../static/js/model/pace.js";

/** @import {Moment} from "../../../static/js/model/pace.js" */

/** @type {[number, number | null][]} epochs, and the speed they begin with */
const USUAL = [[1, 1], [60, 3], [500, 30], [600, 30], [1000, 30], [2000, 100], [5000, 300], [10_000, 300], [100_000, null]];
for (const [epochs, speed] of USUAL) test(`${epochs} epochs begin with ${speed ?? "full speed"}`, () => assert.equal(usualSpeed(epochs), speed));

test("every speed is reported at most about thirty times a second, and comes out as what it says", () => {
  for (const speed of SPEEDS) {
    const { every, wait } = pacing(speed);
    if (speed === null || every === null) assert.deepEqual([every, wait], [null, 0]);
    else {
      assert.ok(Number.isInteger(every) && every >= 1);
      assert.ok(Math.abs((1000 * every) / wait - speed) < 1e-9 && wait >= 33);
    }
  }
});

test("the pace is that of the last second", () => {
  /** @type {Moment[]} */
  let moments = [];
  assert.equal(paceOf(moments), null);
  for (let k = 0; k <= 30; k += 1) moments = noted(moments, { at: 100 * k, epochs: k < 20 ? k : 20 + 5 * (k - 20), updates: 10 * k });
  assert.deepEqual(paceOf(moments), { epochs: 50, updates: 100 });
  assert.ok(moments.length <= 12, "older ones are forgotten");
});

test("reports that come seldom still tell a pace", () => {
  const moments = noted(noted([], { at: 0, epochs: 0, updates: 0 }), { at: 4000, epochs: 2, updates: 40 });
  assert.deepEqual(paceOf(moments), { epochs: 0.5, updates: 10 });
});
