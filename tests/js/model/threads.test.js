import assert from "node:assert/strict";
import { test } from "node:test";

import { threadsOf } from "../../../static/js/model/threads.js";
import { stateOf } from "../making.js";
import { network } from "../networks.js";

/** @import {State} from "../../../static/js/model/reduce.js" */

const raw = network({ sizes: [3, 4, 2], until: "update" });
const after = (/** @type {string} */ id) => raw.steps.findIndex((step) => step.id === id) + 1;
const at = (/** @type {string} */ id, /** @type {Partial<State>} */ more = {}) => stateOf(raw, { cursor: after(id), ...more });

test("weights are there from the start, the new ones after their update", () => {
  const state = stateOf(raw);
  assert.equal(threadsOf(state, [])(2).weights, state.trace.quantities.get("W2")?.data);
  const end = at("W2_new");
  assert.equal(threadsOf(end, [])(2).quantity, "W2_new");
  assert.equal(threadsOf(end, [])(2).weights, end.trace.quantities.get("W2_new")?.data);
});

test("gradients are there while ∂ℒ/∂W is what happens, in its layer, once they have landed", () => {
  const state = at("dW2");
  assert.equal(threadsOf(state, [])(2).gradients, state.trace.quantities.get("dW2")?.data);
  assert.deepEqual([threadsOf(state, [])(1).gradients, threadsOf(state, ["dW2"])(2).gradients, threadsOf(at("db2"), [])(2).gradients], [null, null, null]);
});

test("edges keep what they have carried in this step, forwards and backwards", () => {
  const forward = threadsOf(at("z1", { example: 1 }), [])(1);
  const [a, W] = ["a0", "W1"].map((id) => /** @type {number[][]} */ (stateOf(raw).trace.quantities.get(id)?.data));
  assert.ok(Math.abs((forward.carried?.(3, 2) ?? NaN) - a[1][2] * W[3][2]) < 1e-12);
  assert.deepEqual([forward.backward, threadsOf(at("z1"), [])(2).carried, threadsOf(at("a1"), [])(1).carried], [false, null, null]);
  assert.ok(threadsOf(at("da1"), [])(2).backward && threadsOf(at("da1"), [])(2).carried);
});

test("a walk dims what it does not touch", () => {
  const walking = threadsOf(at("dW1", { target: "W1" }), []);
  assert.deepEqual([walking(1).dim, walking(2).dim], [{ weights: true, gradients: false }, { weights: false, gradients: true }]);
  assert.deepEqual(threadsOf(at("dW1"), [])(1).dim, { weights: false, gradients: false });
});

test("a path that is followed goes along its weights", () => {
  const paths = { count: 1, left_out: 0, sum: 1, remainder: 0, example: 0, paths: [{ nodes: [], product: 1, example: 0, factors: [{ quantity: "W2", entry: [1, 3], value: 1 }, { quantity: "da2", entry: [0, 1], value: 1 }] }] };
  const state = at("dW1", { pinned: { quantity: "W1", entry: [3, 0] }, paths: /** @type {any} */ (paths), path: 0 });
  assert.deepEqual([1, 2].map((layer) => [...threadsOf(state, [])(layer).path]), [[], ["1,3"]]);
});

test("the same state is the same picture, another step or example another", () => {
  const same = (/** @type {State} */ a, /** @type {State} */ b, layer = 1) => threadsOf(a, [])(layer).made.every((part, k) => part === threadsOf(b, [])(layer).made[k]);
  const state = at("z1");
  assert.ok(same(state, { ...state }) && same(state, { ...state, cursor: state.cursor + 1 }, 2));
  for (const other of [{ cursor: state.cursor + 1 }, { example: 1 }, { target: "W2" }]) assert.ok(!same(state, { ...state, ...other }), JSON.stringify(other));
});
