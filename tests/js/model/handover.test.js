import assert from "node:assert/strict";
import { test } from "node:test";

import { come, leave, updateProblem } from "../../../static/js/model/handover.js";
import { nextUpdate, waiting } from "../../../static/js/model/waiting.js";
import { quantity } from "../making.js";

/** @import {Problem} from "../../../static/js/types.js" */

const summary = { title: "Spirals", epoch: 12, updates: 300 };
const left = () => ({ summary, history: [{ epoch: 1, loss: 0.1 + 0.2 }], position: { epoch: 12, batch: 0 }, parameters: { W1: [[-0, 5e-324]] } });

/** A browser's storage with room for so many characters. @param {number} [room] */
function storage(room = Infinity) {
  /** @type {Map<string, string>} */
  const kept = new Map();
  return {
    kept,
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    removeItem: (/** @type {string} */ key) => void kept.delete(key),
    setItem(/** @type {string} */ key, /** @type {string} */ value) {
      if (value.length > room) throw new DOMException("full", "QuotaExceededError");
      kept.set(key, value);
    },
  };
}

test("what is left comes back as it was, −0 too, as often as it is asked for; its summary by itself", () => {
  const tab = storage();
  assert.equal(leave(tab, left()), "all");
  assert.deepEqual(waiting(tab), summary);
  for (let times = 0; times < 2; times += 1) assert.deepStrictEqual(come(tab), left()); // tells −0 from 0
  leave(tab, { summary: { title: "XOR\n“quoted”", epoch: 0, updates: 0 } });
  assert.deepEqual(come(tab), { summary: { title: "XOR\n“quoted”", epoch: 0, updates: 0 } });
});

test("without room the history stays behind; without any, nothing waits, least of all an older training", () => {
  const tab = storage(200);
  assert.equal(leave(tab, { ...left(), history: Array(100).fill(0.5) }), "without history");
  const { history, ...rest } = left();
  assert.deepStrictEqual(come(tab), rest);
  assert.equal(leave(tab, { ...left(), parameters: Array(100).fill(0.5) }), "nothing");
  assert.equal(waiting(tab), null);
  assert.equal(come(tab), null);
});

test("a browser that keeps nothing has nothing", () => {
  assert.equal(leave(null, left()), "nothing");
  assert.equal(waiting(null), null);
  assert.equal(come(null), null);
  const closed = { ...storage(), setItem: () => assert.fail("closed"), removeItem: () => {} };
  assert.equal(leave(closed, left()), "nothing");
});

for (const [what, text] of Object.entries({
  "not JSON": "{",
  "null": "null\nnull",
  "a list": "[]\n{}",
  "a number": "3\n3",
  "another version": '{"format":2,"title":"Spirals","epoch":12,"updates":300}\n{}',
  "no title": '{"format":1,"title":null,"epoch":12,"updates":300}\n{}',
  "half an epoch": '{"format":1,"title":"Spirals","epoch":1.5,"updates":300}\n{}',
  "fewer than no updates": '{"format":1,"title":"Spirals","epoch":1,"updates":-1}\n{}',
})) {
  test(`no training can be made out: ${what}`, () => {
    const tab = storage();
    tab.setItem("backprop-training", text);
    assert.equal(waiting(tab), null);
    assert.equal(come(tab), null);
  });
}

test("a training that was cut does not come, though its summary is there", () => {
  for (const rest of ["", "\n", '\n{"history":[', "\n[]"]) {
    const tab = storage();
    tab.setItem("backprop-training", `{"format":1,"title":"Spirals","epoch":12,"updates":300}${rest}`);
    assert.equal(come(tab), null, rest);
  }
});

test("after 300 updates in 12 epochs it is the 301st, in the 13th, that is looked at", () => {
  assert.equal(nextUpdate(summary), "Update 301 · Spirals (epoch 13)");
});

/** @returns {Problem} */
const problem = () => ({
  layers: [
    { units: 2, weights: [[0, 0], [0, 0]], bias: [0, 0], activation: { name: "tanh" } },
    { units: 2, weights: [[0, 0], [0, 0]], bias: false, activation: { name: "softmax" } },
  ],
  loss: { name: "cross_entropy" },
  inputs: [[0, 1], [2, 3], [4, 5]],
  targets: [0, 1, 1],
  initializer: { name: "xavier_uniform", seed: 7 },
  optimizer: { name: "adam", learning_rate: 0.01 },
});

test("the problem of an update has the rows of its batch in their order, the parameters in their layers, and the state", () => {
  const state = { W1_m: quantity([2, 2], [[1e-300, -0], [1, 2]]), t: quantity([], 300) };
  const parameters = { W1: quantity([2, 2], [[0.1 + 0.2, 1], [2, 3]]), b1: [4, 5], W2: [[6, 7], [8, 9]] };
  const all = problem();
  const got = updateProblem(all, parameters, state, [2, 0]);
  assert.deepStrictEqual(got, {
    ...problem(),
    layers: [
      { units: 2, weights: [[0.30000000000000004, 1], [2, 3]], bias: [4, 5], activation: { name: "tanh" } },
      { units: 2, weights: [[6, 7], [8, 9]], bias: false, activation: { name: "softmax" } },
    ],
    inputs: [[4, 5], [0, 1]],
    targets: [1, 0],
    optimizer_state: { W1_m: [[1e-300, -0], [1, 2]], t: 300 },
  });
  assert.deepEqual(all, problem(), "that of the training is left as it was");
});

test("without a state there is none in the problem", () => {
  for (const state of [null, {}]) assert.ok(!("optimizer_state" in updateProblem(problem(), {}, state, [1])));
});
