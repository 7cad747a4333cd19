import assert from "node:assert/strict";
import { test } from "node:test";

import { movableOf, parameterOf, sameEntry, subjectOf } from "../../../static/js/model/subject.js";
import { stateOf } from "../making.js";
import { network } from "../networks.js";

const raw = network({ sizes: [2, 3, 2], examples: 3, until: "update" });
const cursorAfter = (/** @type {string} */ id) => raw.steps.findIndex((step) => step.id === id) + 1;
const entry = (/** @type {string} */ quantity, /** @type {number[]} */ ...at) => ({ quantity, entry: at });

test("the card is about the number looked at: the pinned one before the one under the pointer", () => {
  const [W, z] = [entry("W1", 2, 1), entry("z1", 0, 1)];
  const cursor = cursorAfter("z2");
  assert.equal(subjectOf(stateOf(raw, { cursor, pinned: W, hover: z })), W);
  assert.equal(subjectOf(stateOf(raw, { cursor, hover: z })), z);
});

test("else it is about the first number of the step that just happened, in the example shown", () => {
  for (const [id, example, at] of /** @type {[string, number, number[]][]} */ ([["z1", 0, [0, 0]], ["z1", 2, [2, 0]], ["z1", -1, [0, 0]], ["dW1", 2, [0, 0]], ["db2", 1, [0]], ["loss", 1, []], ["W2_new", 1, [0, 0]]])) {
    assert.deepEqual(subjectOf(stateOf(raw, { cursor: cursorAfter(id), example })), entry(id, ...at));
  }
});

test("a pinned number that is not known at this step gives way", () => {
  assert.deepEqual(subjectOf(stateOf(raw, { cursor: 1, pinned: entry("dW1", 0, 0) })), entry("z1", 0, 0));
});

test("before the first step it is about a given number or about nothing", () => {
  assert.equal(subjectOf(stateOf(raw)), null);
  assert.equal(subjectOf(stateOf(raw, { hover: entry("z1", 0, 0) })), null);
  assert.deepEqual(subjectOf(stateOf(raw, { hover: entry("a0", 0, 1) })), entry("a0", 0, 1));
});

test("paths and the index form are of parameters: W and b, their gradients and what they become", () => {
  for (const id of ["W1", "dW1", "W1_new"]) assert.deepEqual(parameterOf(entry(id, 2, 1)), entry("W1", 2, 1), id);
  for (const id of ["b12", "db12", "b12_new"]) assert.deepEqual(parameterOf(entry(id, 3)), entry("b12", 3), id);
  for (const id of ["z1", "a1", "da1", "dz1", "g1", "y", "t", "loss", "W1_m", "W1_v_new", "W"]) assert.equal(parameterOf(entry(id, 0)), null, id);
  assert.equal(parameterOf(null), null);
});

test("ε moves inputs, parameters, z and a, and for a gradient what it is the gradient of", () => {
  for (const [id, moved] of [["W1", "W1"], ["dW1", "W1"], ["db2", "b2"], ["a0", "a0"], ["da0", "a0"], ["z2", "z2"], ["dz2", "z2"], ["da11", "a11"]]) assert.deepEqual(movableOf(entry(id, 1, 0)), entry(moved, 1, 0), id);
  for (const id of ["g1", "y", "t", "loss", "W1_new", "W1_m"]) assert.equal(movableOf(entry(id, 0)), null, id);
  assert.equal(movableOf(null), null);
});

test("two entries are the same number when name and place are", () => {
  assert.ok(sameEntry(entry("W1", 1, 11), entry("W1", 1, 11)));
  assert.ok(!sameEntry(entry("W1", 1, 11), entry("W1", 11, 1)));
  assert.ok(!sameEntry(entry("W1", 0, 0), entry("dW1", 0, 0)));
  assert.ok(!sameEntry(entry("W1", 0, 0), null) && !sameEntry(null, entry("W1", 0, 0)) && !sameEntry(null, null));
});
