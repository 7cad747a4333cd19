import assert from "node:assert/strict";
import { test } from "node:test";

import { firstEntry, indexTrace, inWords, isKnown, numberAt, symbolOf } from "../../../static/js/model/trace.js";
import { isGradient } from "../../../static/js/geometry/colours.js";
import { quantity, rawTrace, step } from "../making.js";

/** @import {Quantity, RawTrace} from "../../../static/js/types.js" */

/** A trace with these quantities given, and these steps. @param {Record<string, Quantity>} given @param {[string, Record<string, Quantity>][]} [steps] */
function traceOf(given, steps = []) {
  const raw = rawTrace([]);
  Object.assign(raw.start.quantities, given);
  raw.start.symbols = { a0: { latex: "a^{[0]}", mathml: "<math>a0</math>" } };
  raw.steps = steps.map(([id, values], k) => step(k, "forward", id, values));
  return indexTrace(raw);
}

const Q = quantity([2, 3], [[1, 2, 3], [4, 5, 6]]);
const none = { norm: /** @type {any} */ (null), max_abs: /** @type {any} */ (null) };

test("what is given is known from the start, what a step defines once it has happened", () => {
  const trace = traceOf({ W1: Q }, [["z1", { z1: Q }], ["a1", { a1: Q, g1: Q }]]);
  const known = (/** @type {number} */ cursor) => ["a0", "W1", "z1", "a1", "g1", "nothing"].filter((id) => isKnown(trace, id, cursor));
  assert.deepEqual(known(0), ["a0", "W1"]);
  assert.deepEqual(known(1), ["a0", "W1", "z1"]);
  assert.deepEqual(known(2), ["a0", "W1", "z1", "a1", "g1"]);
});

test("the index tells where a quantity is born and where a step is, and how large the network is", () => {
  const trace = traceOf({ W1: Q }, [["z1", { z1: Q }], ["a1", { a1: Q, g1: Q }]]);
  assert.deepEqual(Object.fromEntries(trace.bornAt), { a0: -1, W1: -1, z1: 0, a1: 1, g1: 1 });
  assert.deepEqual(Object.fromEntries(trace.stepOf), { z1: 0, a1: 1 });
  assert.deepEqual([trace.layers, trace.examples], [1, 2]);
});

test("NaN and both infinities return to their places in arrays of no, one, two and three axes", () => {
  /** @type {[number[], any, Quantity["non_finite"], any][]} */
  const rows = [
    [[], null, [[0, "nan"]], NaN],
    [[], null, [[0, "-inf"]], -Infinity],
    [[3], [null, 1, null], [[0, "inf"], [2, "nan"]], [Infinity, 1, NaN]],
    [[2, 3], [[1, null, 3], [null, 5, null]], [[1, "nan"], [3, "inf"], [5, "-inf"]], [[1, NaN, 3], [Infinity, 5, -Infinity]]],
    [[3, 1], [[1], [null], [3]], [[1, "inf"]], [[1], [Infinity], [3]]],
    [[1, 3], [[1, null, null]], [[1, "inf"], [2, "-inf"]], [[1, Infinity, -Infinity]]],
    [[2, 2, 3], [[[0, 1, 2], [3, 4, null]], [[null, 7, 8], [9, null, 11]]], [[5, "inf"], [6, "-inf"], [10, "nan"]], [[[0, 1, 2], [3, 4, Infinity]], [[-Infinity, 7, 8], [9, NaN, 11]]]],
  ];
  for (const [shape, data, non_finite, restored] of rows) {
    const trace = traceOf({}, [["z1", { z1: quantity(shape, data, { ...none, non_finite }) }]]);
    assert.deepEqual(trace.quantities.get("z1")?.data, restored, `shape ${shape}`);
  }
});

test("restored numbers can be read, and a norm that is not finite is NaN", () => {
  const trace = traceOf({ b1: quantity([2], [null, 1], { ...none, non_finite: [[0, "-inf"]] }) });
  assert.equal(numberAt(trace, "b1", [0]), -Infinity);
  assert.equal(numberAt(trace, "b1", [1]), 1);
  assert.ok(Number.isNaN(trace.quantities.get("b1")?.norm) && Number.isNaN(trace.quantities.get("b1")?.max_abs));
});

test("a norm that outgrew float64 does not take the largest number with it", () => {
  const trace = traceOf({ W1: quantity([1, 2], [[1.5e308, 1.5e308]], { norm: /** @type {any} */ (null), max_abs: 1.5e308 }) });
  assert.equal(trace.quantities.get("W1")?.max_abs, 1.5e308);
  assert.ok(Number.isNaN(trace.quantities.get("W1")?.norm));
  assert.equal(trace.largest.weight, 1.5e308);
});

test("numbers are found by their entry; where there is none, nothing is found", () => {
  const trace = traceOf({ W1: Q, t: quantity([], 3), W2: { ...Q, data: null }, J: quantity([1, 2, 2], [[[1, 2], [3, 4]]]) });
  assert.equal(numberAt(trace, "W1", [1, 2]), 6);
  assert.equal(numberAt(trace, "t", []), 3);
  assert.equal(numberAt(trace, "J", [0, 1, 0]), 3);
  for (const [id, entry] of /** @type {[string, number[]][]} */ ([["W1", [2, 0]], ["W1", [0, 3]], ["W1", [0]], ["W1", []], ["W1", [-1, 0]], ["W1", [0, 0, 0]], ["W2", [0, 0]], ["nothing", []], ["t", [0]]])) {
    assert.equal(numberAt(trace, id, entry), undefined, `${id} ${entry}`);
  }
});

test("the largest of each kind: a and z, gradients, weights and biases, each by itself", () => {
  const of = (/** @type {number} */ max_abs) => quantity([1], [max_abs]);
  const trace = traceOf({ W1: of(3), b1: of(4), y: of(1000), W1_m: of(1000), t: quantity([], 1000) }, [["z1", { z1: of(7) }], ["a1", { a1: of(2), g1: of(1000) }], ["dz1", { dz1: of(0.5) }], ["dW1", { dW1: of(0.25) }], ["W1_new", { W1_new: of(1000) }]]);
  assert.deepEqual(trace.largest, { value: 7, gradient: 0.5, weight: 4 });
});

test("the largest takes no notice of what is not finite, and is 0 where there is nothing", () => {
  const trace = traceOf({ W1: quantity([2], [1, null], { ...none, non_finite: [[1, "inf"]] }), W2: quantity([1], [2]) }, [["z1", { z1: quantity([1], [null], { ...none, non_finite: [[0, "nan"]] }) }]]);
  assert.deepEqual(trace.largest, { value: 0.5, gradient: 0, weight: 2 });
});

test("gradients are told by their names", () => {
  assert.deepEqual(["da0", "dz12", "dW1", "db3", "a0", "z1", "W1", "loss", "d", "delta"].map(isGradient), [true, true, true, true, false, false, false, false, false, false]);
});

test("the first entry belongs to the example shown where a quantity has one", () => {
  const trace = traceOf({ W1: quantity([3, 2], [[1, 2], [3, 4], [5, 6]], { axes: ["unit", "input"] }), b1: quantity([3], [1, 2, 3]), g1: quantity([2, 2, 2], [[[1, 2], [3, 4]], [[1, 2], [3, 4]]]), t: quantity([], 1) });
  assert.deepEqual(firstEntry(trace, "a0", 1), [1, 0]);
  assert.deepEqual(firstEntry(trace, "a0", 9), [1, 0]);
  assert.deepEqual(firstEntry(trace, "W1", 1), [0, 0]);
  assert.deepEqual(firstEntry(trace, "b1", 1), [0]);
  assert.deepEqual(firstEntry(trace, "g1", 1), [1, 0, 0]);
  assert.deepEqual(firstEntry(trace, "t", 1), []);
  assert.deepEqual(firstEntry(trace, "nothing", 1), []);
});

test("a symbol is its step's, else the start's, else the name", () => {
  const trace = traceOf({ W1: Q }, [["z1", { z1: Q }]]);
  assert.equal(symbolOf(trace, "z1").mathml, "<math>z1</math>");
  assert.equal(symbolOf(trace, "a0").latex, "a^{[0]}");
  assert.deepEqual(symbolOf(trace, "what"), { latex: "what", mathml: "what" });
});

test("numbers in words count units from 1 and name the example of a batch", () => {
  const batched = quantity([2, 3], [[1, 2, 3], [4, 5, 6]]);
  const trace = traceOf({ W1: quantity([3, 2], [[1, 2], [3, 4], [5, 6]], { axes: ["unit", "input"] }), b1: quantity([3], [1, 2, 3]), y: batched, t: quantity([], 1) }, [
    ["z1", { z1: batched }],
    ["da1", { da1: batched }],
    ["dW1", { dW1: quantity([3, 2], [], { axes: ["unit", "input"] }) }],
    ["W1_new", { W1_new: quantity([3, 2], [], { axes: ["unit", "input"] }) }],
  ]);
  /** @type {[string, number[], string][]} */
  const rows = [
    ["a0", [1, 0], "a of unit 1, layer 0, example 2"],
    ["z1", [0, 2], "z of unit 3, layer 1, example 1"],
    ["da1", [0, 1], "gradient of a of unit 2, layer 1, example 1"],
    ["W1", [2, 1], "weight from unit 2 to unit 3, layer 1"],
    ["dW1", [0, 1], "gradient of weight from unit 2 to unit 1, layer 1"],
    ["W1_new", [0, 0], "weight from unit 1 to unit 1, layer 1, after the update"],
    ["b1", [2], "bias of unit 3, layer 1"],
    ["y", [1, 2], "target 3, example 2"],
    ["loss", [], "the loss"],
    ["t", [], "t"],
  ];
  for (const [id, entry, words] of rows) assert.equal(inWords({ quantity: id, entry }, trace), words);
});
