import assert from "node:assert/strict";
import { test } from "node:test";

import { imageOf, shownOn } from "../../../static/js/model/plates.js";
import { filledWith, indexTrace, numberAt } from "../../../static/js/model/trace.js";
import { quantity, stateOf } from "../making.js";
import { network } from "../networks.js";

/** @import {RawTrace} from "../../../static/js/types.js" */

const BATCH = { axes: ["example", "unit"] };

/** A trace of which one quantity came small. @param {object} small @returns {RawTrace} */
function sentSmall(small) {
  const raw = network({ sizes: [4, 3], examples: 2, until: "update" });
  Object.assign(raw.steps[0].values.z1, { data: null, ...small });
  return raw;
}

test("nothing is shown before its step; after an update the new parameter is, unless it is still to be seen", () => {
  const state = stateOf(network({ sizes: [4, 3], until: "update" }));
  assert.equal(shownOn({ ...state, cursor: 0 }, "z1")?.source, null);
  assert.deepEqual(shownOn({ ...state, cursor: 1 }, "z1")?.source, state.trace.quantities.get("z1")?.data);
  const end = { ...state, cursor: state.trace.steps.length };
  assert.equal(shownOn(end, "W1")?.quantity, "W1_new");
  assert.equal(shownOn(end, "W1", ["W1_new"])?.quantity, "W1");
  assert.equal(shownOn(end, "z9"), null);
});

test("what came small is shown as means, or as the one example that came in full", () => {
  const state = stateOf(sentSmall({ thumbnail: [[1, 2], [3, 4]], example: { index: 1, data: [7, 8, 9] } }), { cursor: 1 });
  assert.deepEqual(shownOn({ ...state, example: 1 }, "z1"), { quantity: "z1", shape: [2, 3], batched: true, largest: state.trace.largest.value, source: [7, 8, 9], alone: true });
  for (const example of [0, -1]) assert.deepEqual(shownOn({ ...state, example }, "z1"), { quantity: "z1", shape: [2, 3], batched: true, largest: state.trace.largest.value, source: [[1, 2], [3, 4]], cells: [2, 2] });
  assert.deepEqual([numberAt(state.trace, "z1", [1, 2]), numberAt(state.trace, "z1", [0, 2])], [9, undefined]);
});

test("∞ and NaN are restored in an example that came alone", () => {
  const state = stateOf(sentSmall({ thumbnail: [[1]], max_abs: null, example: { index: 0, data: [7, null, null], non_finite: [[1, "-inf"], [2, "nan"]] } }));
  assert.deepEqual([0, 1, 2].map((i) => numberAt(state.trace, "z1", [0, i])), [7, -Infinity, NaN]);
});

test("more numbers fill a trace; what it has in full it keeps, and the trace before stays as it was", () => {
  const trace = indexTrace(sentSmall({ thumbnail: [[1]] }));
  const W1 = trace.quantities.get("W1");
  const filled = filledWith(trace, { z1: quantity([2, 3], [[1, 2, 3], [4, 5, 6]], BATCH), W1: quantity([3, 4], null), b7: quantity([1], [1]) });
  assert.equal(numberAt(filled, "z1", [1, 1]), 5);
  assert.equal(numberAt(trace, "z1", [1, 1]), undefined);
  assert.equal(filled.quantities.get("W1"), W1);
  assert.equal(filled.quantities.has("b7"), false);
  assert.equal(filled.steps, trace.steps, "the same steps: nothing has to be drawn anew");
});

test("inputs are an image as the preset says, else where they fill a square of 64 and more", () => {
  const of = (/** @type {number} */ units, /** @type {[number, number] | undefined} */ image = undefined) => imageOf(stateOf(network({ sizes: [units, 2] }), image ? { preset: { name: "p", title: "P", description: "", source: null, view: { image } } } : {}));
  assert.deepEqual(of(64), [8, 8]);
  assert.deepEqual(of(784), [28, 28]);
  for (const units of [4, 49, 65, 80]) assert.equal(of(units), null);
  assert.deepEqual(of(12, [3, 4]), [3, 4]);
  assert.equal(of(14, [3, 4]), null, "an image of another network");
});
