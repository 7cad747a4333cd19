import assert from "node:assert/strict";
import { test } from "node:test";

import { changeOf } from "../../../static/js/model/change.js";
import { indexTrace } from "../../../static/js/model/trace.js";
import { network } from "../networks.js";

const [now, before, narrow] = [network({ sizes: [2, 3, 2] }), network({ sizes: [2, 3, 2], seed: 2 }), network({ sizes: [2, 2, 2], seed: 3 })].map((raw) => indexTrace(raw));

test("a change is what is, less what was, of the same number", () => {
  for (const [quantity, entry] of /** @type {[string, number[]][]} */ ([["W1", [2, 1]], ["dz2", [1, 0]], ["loss", []], ["b2", [1]]])) {
    const read = (/** @type {typeof now} */ trace) => entry.reduce((place, k) => place[k], /** @type {any} */ (trace.quantities.get(quantity)?.data));
    assert.equal(changeOf({ trace: now, before, delta: true }, { quantity, entry }), read(now) - read(before));
    assert.equal(changeOf({ trace: now, before: now, delta: true }, { quantity, entry }), 0);
  }
});

test("nothing is said beside an infinity", () => {
  const W = { quantity: "W1", entry: [2, 1] };
  const [far, farther] = [1e308, -1e308].map((value) => {
    const trace = indexTrace(network({ sizes: [2, 3, 2] }));
    /** @type {any} */ (trace.quantities.get("W1")).data[2][1] = value;
    return trace;
  });
  assert.equal(changeOf({ trace: farther, before: far, delta: true }, W), undefined);
});

test("nothing is said where it is not to be shown, where nothing was before, and of a number that was not there", () => {
  const W = { quantity: "W1", entry: [2, 1] };
  assert.equal(changeOf({ trace: now, before, delta: false }, W), undefined);
  assert.equal(changeOf({ trace: now, before: null, delta: true }, W), undefined);
  assert.equal(changeOf({ trace: now, before: narrow, delta: true }, W), undefined);
  assert.equal(changeOf({ trace: narrow, before: now, delta: true }, W), undefined);
  assert.equal(changeOf({ trace: now, before, delta: true }, { quantity: "W7", entry: [0, 0] }), undefined);
});
