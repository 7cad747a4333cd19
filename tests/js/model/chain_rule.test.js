import assert from "node:assert/strict";
import { test } from "node:test";

import { askedBy, linkTo, moved, numberAt, reduce } from "../../../static/js/model/chain_rule.js";

/** @import {Answer, State} from "../../../static/js/model/chain_rule.js" */

const answer = /** @type {Answer} */ (
  /** @type {unknown} */ ({
    outer: { name: "square" },
    inner: { name: "relu" },
    theta: -1,
    a: 0,
    f: null,
    slopes: { inner: 0, outer: null, product: null },
    non_finite: { "/f": "inf", "/slopes/outer": "-inf", "/slopes/product": "nan" },
  })
);
/** @type {State} */
const state = { answer, asked: askedBy(answer), theme: "light", lost: null, fault: "wrong" };

test("numbers are found by their pointers, those without a sign in JSON too", () => {
  assert.equal(numberAt(answer, "/theta"), -1);
  assert.equal(numberAt(answer, "/slopes/inner"), 0);
  assert.equal(numberAt(answer, "/f"), Infinity);
  assert.equal(numberAt(answer, "/slopes/outer"), -Infinity);
  assert.ok(Number.isNaN(numberAt(answer, "/slopes/product")));
});

test("what is asked keeps what is not asked anew, and clears a fault", () => {
  const next = reduce(state, { type: "ask", asked: { theta: 2 } });
  assert.deepEqual(next.asked, { outer: "square", inner: "relu", theta: 2 });
  assert.equal(next.fault, null);
  assert.equal(next.answer, answer, "the last answer stands until there is a newer one");
});

test("every event changes its own part and leaves the old state alone", () => {
  const before = structuredClone(state);
  const other = { ...answer, theta: 3 };
  assert.equal(reduce(state, { type: "answer", answer: other }).answer, other);
  assert.equal(reduce(state, { type: "fault", text: null }).fault, null);
  assert.equal(reduce(state, { type: "theme", theme: "dark" }).theme, "dark");
  assert.equal(reduce(state, { type: "lost", text: "gone" }).lost, "gone");
  assert.equal(reduce(state, { type: "lost", text: null }), state, "no news, no change");
  assert.deepEqual(state, before);
});

test("a link holds what is asked", () => {
  assert.equal(linkTo({ outer: "log_loss", inner: "affine", theta: -2.5 }), "?outer=log_loss&inner=affine&theta=-2.5");
  assert.equal(linkTo({ outer: "a&b", inner: "=", theta: 1e-7 }), "?outer=a%26b&inner=%3D&theta=1e-7");
});

const LIMITS = { minimum: -100, maximum: 100 };
/** @type {[number, number, number][]} */
const MOVES = [
  [0.5, 0.05, 0.55],
  [0.55, 0.05, 0.6],
  [0.1, 0.2, 0.4],
  [0.3, -0.05, 0.25],
  [0.52, 0.05, 0.55],
  [0.05, -0.05, 0],
  [99.98, 0.05, 100],
  [-100, -0.5, -100],
];
for (const [theta, by, to] of MOVES) test(`from ${theta} by ${by} to ${to}`, () => assert.equal(moved(theta, by, LIMITS), to));
