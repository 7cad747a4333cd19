import assert from "node:assert/strict";
import { test } from "node:test";

import { givenAt, isGiven, isPlain, rerolled, settled, updated, withEdit } from "../../../static/js/model/document.js";
import { indexTrace } from "../../../static/js/model/trace.js";
import { quantity } from "../making.js";
import { network } from "../networks.js";

/** @param {string} name @param {number[]} [entry] */
const at = (name, entry = [0, 1]) => ({ quantity: name, entry });

test("inputs, targets, weights and biases are given; nothing that follows from them is", () => {
  for (const name of ["a0", "y", "W1", "b1", "W12", "b64"]) assert.ok(isGiven(at(name)), name);
  for (const name of ["a1", "z1", "g1", "dW1", "db1", "da0", "dz2", "loss", "W1_new", "b1_new", "W1_m", "W1_v", "b1_m", "t", "W", "identity"]) assert.ok(!isGiven(at(name)), name);
  assert.ok(!isGiven(null));
});

test("a given number is read off the trace; there is none beyond its place, nor where it was not sent", () => {
  const raw = network({ sizes: [2, 3], examples: 1 });
  raw.start.quantities.y = { ...raw.start.quantities.y, data: null };
  const trace = indexTrace(raw);
  assert.equal(givenAt(trace, at("W1", [2, 1])), /** @type {any} */ (raw.start.quantities.W1.data)[2][1]);
  for (const it of [at("W1", [3, 0]), at("W1", [0]), at("y", [0, 0]), at("W2"), at("z1", [0, 0]), null]) assert.equal(givenAt(trace, it), undefined);
});

test("only a preset's name alone is a prepared problem as it is", () => {
  assert.ok(isPlain({ preset: "xor" }));
  for (const request of [{}, { layers: [] }, { preset: "xor", edits: [] }, withEdit({ preset: "xor" }, at("W1"), 1)]) assert.ok(!isPlain(request));
});

test("the last edit of a number is its only one; others stay, in order, and the problem before is left as it was", () => {
  const first = withEdit({ preset: "p" }, at("W1"), 1);
  const second = withEdit(withEdit(first, at("W1", [1, 0]), 2), at("W2"), 3);
  const again = withEdit(second, at("W1"), 4);
  assert.deepEqual(again.edits, [{ ...at("W1", [1, 0]), value: 2 }, { ...at("W2"), value: 3 }, { ...at("W1"), value: 4 }]);
  assert.deepEqual(first, { preset: "p", edits: [{ ...at("W1"), value: 1 }] });
  assert.deepEqual(withEdit(withEdit({}, at("b1", [1]), 1), at("b1", [11]), 2).edits?.length, 2);
});

test("all the numbers of the problem where they were sent, else as it was asked for", () => {
  const trace = indexTrace(network({ sizes: [2, 2] }));
  const request = { preset: "p" };
  assert.equal(settled({ trace, request }), trace.start.problem);
  assert.equal(settled({ trace: { ...trace, start: { ...trace.start, omitted: ["/layers/0/weights"] } }, request }), request);
});

test("the next weights: no number of the old ones is left, the seed is the next, edits of inputs and targets stay", () => {
  const raw = network({ sizes: [2, 3, 2], biases: [true, false] });
  raw.start.problem.layers[1].bias = false;
  raw.start.problem.initializer = { name: "he_normal", seed: 7 };
  const trace = indexTrace(raw);
  const cut = { ...trace, start: { ...trace.start, omitted: ["/inputs"] } };
  const request = { preset: "p", parameters: { W1: 1 }, optimizer_state: { t: 3 }, keep: { W1: 1 }, edits: [at("a0"), at("y"), at("W1"), at("b2", [0])].map((it) => ({ ...it, value: 9 })) };
  const next = rerolled({ trace: cut, request });
  const [activation] = raw.start.problem.layers.map((layer) => layer.activation);
  assert.deepEqual(next, { preset: "p", layers: [{ units: 3, activation }, { units: 2, activation, bias: false }], initializer: { name: "he_normal", seed: 8 }, edits: [at("a0"), at("y")].map((it) => ({ ...it, value: 9 })) });
  const whole = rerolled({ trace, request });
  assert.deepEqual([whole.inputs, whole.loss, whole.edits, whole.preset], [raw.start.problem.inputs, raw.start.problem.loss, [], undefined], "the edits are in its numbers already");
  assert.equal(rerolled({ trace: { ...trace, start: { ...trace.start, problem: /** @type {any} */ (whole) } }, request }).initializer?.seed, 9);
});

test("the updated parameters become the current ones, with what the optimizer remembers of them", () => {
  const raw = network({ sizes: [2, 2], until: "update" });
  raw.start.quantities.W1_m = quantity([2, 2], [[0, 0], [0, 0]]);
  Object.assign(raw.steps[raw.steps.length - 1].values, { W1_m_new: quantity([2, 2], [[1, 2], [3, 4]]) });
  const value = (/** @type {string} */ id) => raw.steps.find((step) => step.id === id)?.values[id].data;
  const next = updated(indexTrace(raw));
  assert.deepEqual(next.layers?.map(({ weights, bias }) => [weights, bias]), [[value("W1_new"), value("b1_new")]]);
  assert.deepEqual(next.optimizer_state, { W1_m: [[1, 2], [3, 4]], t: 3 });
});
