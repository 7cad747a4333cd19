import assert from "node:assert/strict";
import { test } from "node:test";

import { marksOf } from "../../../static/js/model/marks.js";
import { stateOf } from "../making.js";
import { entries, network } from "../networks.js";

/** @import {State} from "../../../static/js/model/reduce.js" */
/** @import {Paths} from "../../../static/js/types.js" */

const raw = network({ sizes: [2, 3, 2], examples: 2 });

/** Every number that wears a mark. @param {Partial<State>} more @param {string} mark */
function wearing(more, mark) {
  const state = stateOf(raw, more);
  const marked = marksOf(state).filter((it) => it.mark === mark);
  return [...state.trace.quantities].flatMap(([quantity, { shape }]) => entries(shape).filter((entry) => marked.some((it) => it.quantity === quantity && it.on(entry))).map((entry) => `${quantity} ${entry}`));
}

const after = (/** @type {string} */ id) => raw.steps.findIndex((step) => step.id === id) + 1;

test("before anything has happened and with nothing looked at nothing is marked", () => assert.deepEqual(marksOf(stateOf(raw)), []));

test("now is all of what the step made, the slopes that came with it too", () => {
  assert.deepEqual(wearing({ cursor: after("z1") }, "now"), entries([2, 3]).map((entry) => `z1 ${entry}`));
  assert.deepEqual(wearing({ cursor: after("dz2") }, "now").map((name) => name.split(" ")[0]), [...Array(4).fill("dz2"), ...Array(4).fill("g2")]);
});

test("a number that is looked at is marked, with what it is made of and where it goes", () => {
  const looked = { cursor: after("da1"), pinned: { quantity: "da1", entry: [1, 2] } };
  assert.deepEqual(wearing(looked, "looked"), ["da1 1,2"]);
  assert.deepEqual(wearing(looked, "operand").sort(), ["W2 0,2", "W2 1,2", "dz2 1,0", "dz2 1,1"]);
  assert.deepEqual(wearing(looked, "feeds"), ["dz1 1,2"]);
  const weight = { cursor: after("loss"), hover: { quantity: "W1", entry: [2, 1] } };
  assert.deepEqual(wearing(weight, "operand"), []);
  assert.deepEqual(wearing(weight, "feeds").sort(), ["da0 0,1", "da0 1,1", "z1 0,2", "z1 1,2"]);
});

test("what is not known yet is not marked as looked at", () => {
  for (const mark of ["looked", "operand", "feeds"]) assert.deepEqual(wearing({ cursor: 1, pinned: { quantity: "da1", entry: [0, 0] } }, mark), []);
});

test("a path that is pointed at is seen alone: its nodes and its factors, and of the pinned number nothing but itself", () => {
  const nodes = [["loss", []], ["a2", [1, 0]], ["z2", [1, 0]], ["a1", [1, 2]], ["z1", [1, 2]], ["b1", [2]]].map(([quantity, entry]) => /** @type {any} */ ({ quantity, entry }));
  const factors = [["da2", [1, 0]], ["g2", [1, 0]], ["W2", [0, 2]], ["g1", [1, 2]], [null, []]].map(([quantity, entry]) => /** @type {any} */ ({ quantity, entry, value: 1 }));
  const paths = /** @type {Paths} */ (/** @type {any} */ ({ paths: [{ example: 0, nodes: [], factors: [], product: 0 }, { example: 1, nodes, factors, product: 1 }] }));
  const state = { cursor: raw.steps.length, pinned: { quantity: "b1", entry: [2] }, paths };
  assert.deepEqual(wearing({ ...state, path: 1 }, "on-path").sort(), ["W2 0,2", "a1 1,2", "a2 1,0", "b1 2", "da2 1,0", "g1 1,2", "g2 1,0", "loss ", "z1 1,2", "z2 1,0"]);
  assert.deepEqual(wearing({ ...state, path: 1 }, "looked"), ["b1 2"]);
  assert.deepEqual(wearing({ ...state, path: 1 }, "feeds"), []);
  assert.deepEqual(wearing({ ...state, path: null }, "on-path"), []);
  assert.deepEqual(wearing({ ...state, path: null }, "feeds"), ["z1 0,2", "z1 1,2"]);
  assert.deepEqual(wearing({ ...state, path: 7 }, "on-path"), [], "a path of other ones");
});
