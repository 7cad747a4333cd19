/** What feeds what, against what really changes: every number of a trace is moved, and every step that builds upon it computed again. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { carriedIn, feedsOf, fits, operandsOf } from "../../../static/js/model/operands.js";
import { indexTrace, numberAt } from "../../../static/js/model/trace.js";
import { entries, evaluate, network } from "../networks.js";

/** @import {Options} from "../networks.js" */

/** @type {[string, Options][]} */
const NETWORKS = [
  ["two layers and an update, a batch, all sizes different", { sizes: [2, 4, 3], examples: 5, until: "update" }],
  ["softmax in both layers, one without a bias", { sizes: [3, 2, 4], activations: ["softmax", "softmax"], biases: [true, false], examples: 2 }],
  ["one example", { sizes: [2, 3, 2], examples: 1 }],
];

for (const [what, options] of NETWORKS) {
  const trace = indexTrace(network(options));
  const all = [...trace.quantities].flatMap(([quantity, { shape }]) => entries(shape).map((entry) => ({ quantity, entry })));
  const read = (/** @type {string} */ id) => /** @type {any} */ (trace.quantities.get(id)?.data);

  /** What changes in the next step when one number is another. @param {{quantity: string, entry: number[]}} part */
  function moved({ quantity, entry }) {
    const other = structuredClone(read(quantity));
    const place = entry.slice(0, -1).reduce((array, i) => array[i], other);
    if (entry.length) place[entry[entry.length - 1]] += 0.5;
    const value = entry.length ? other : other + 0.5;
    return trace.steps.flatMap(({ id, rule }) => {
      if (![...rule.operands, "add" in rule ? rule.add : ""].includes(quantity)) return [];
      const after = evaluate(rule, (name) => (name === quantity ? value : read(name)));
      return entries(trace.quantities.get(id)?.shape ?? []).filter((at) => at.reduce((array, i) => array[i], after) !== numberAt(trace, id, at)).map((at) => `${id} ${at}`);
    });
  }

  test(`a number feeds exactly the numbers of the next steps that change with it: ${what}`, () => {
    for (const part of all) {
      const feeds = feedsOf(trace, part);
      const said = trace.steps.flatMap(({ id }) => entries(trace.quantities.get(id)?.shape ?? []).filter((at) => feeds.some((it) => it.quantity === id && fits(it.entry, at))).map((at) => `${id} ${at}`));
      assert.deepEqual(said, moved(part), `${part.quantity} ${part.entry}`);
    }
  });

  test(`the numbers an entry is made of are exactly those that feed it: ${what}`, () => {
    for (const step of trace.steps) {
      for (const entry of entries(trace.quantities.get(step.id)?.shape ?? [])) {
        const made = new Set(operandsOf(trace, { quantity: step.id, entry }).map((part) => `${part.quantity} ${part.entry}`));
        const feeding = all.filter((part) => feedsOf(trace, part).some((it) => it.quantity === step.id && fits(it.entry, entry))).map((part) => `${part.quantity} ${part.entry}`);
        assert.deepEqual([...made].sort(), feeding.sort(), `${step.id} ${entry}`);
      }
    }
  });
}

test("a softmax is made of all z of its example, and ℒ of every output and target", () => {
  const trace = indexTrace(network({ sizes: [2, 3], activations: ["softmax"], examples: 2 }));
  const places = (/** @type {string} */ quantity, /** @type {number[]} */ entry) => operandsOf(trace, { quantity, entry }).map((part) => `${part.quantity} ${part.entry}`);
  assert.deepEqual(places("a1", [1, 2]), ["z1 1,0", "z1 1,1", "z1 1,2"]);
  assert.deepEqual(places("loss", []), ["a1", "y"].flatMap((id) => entries([2, 3]).map((entry) => `${id} ${entry}`)));
});

test("the operands of a function stand at the same place; one with fewer axes at the last of it", () => {
  const trace = indexTrace(network({ sizes: [2, 3], until: "update" }));
  assert.deepEqual(operandsOf(trace, { quantity: "a1", entry: [1, 2] }), [{ quantity: "z1", entry: [1, 2] }]);
  assert.deepEqual(operandsOf(trace, { quantity: "W1_new", entry: [2, 1] }), [{ quantity: "W1", entry: [2, 1] }, { quantity: "dW1", entry: [2, 1] }, { quantity: "t", entry: [] }]);
});

test("what is given, and what came along with a step, is made of nothing that could be lit", () => {
  const trace = indexTrace(network({ sizes: [2, 3] }));
  for (const [quantity, entry] of /** @type {[string, number[]][]} */ ([["W1", [0, 0]], ["a0", [0, 0]], ["g1", [0, 0]], ["nothing", []]])) assert.deepEqual(operandsOf(trace, { quantity, entry }), [], quantity);
});

test("the last gradients and the loss go nowhere", () => {
  const trace = indexTrace(network({ sizes: [2, 3] }));
  for (const [quantity, entry] of /** @type {[string, number[]][]} */ ([["da0", [0, 0]], ["dW1", [0, 0]], ["db1", [0]], ["loss", []], ["nothing", [0]]])) assert.deepEqual(feedsOf(trace, { quantity, entry }), [], quantity);
});

test("a pattern fits an entry of as many axes, at every index or at its own", () => {
  /** @type {[(number | null)[], number[], boolean][]} */
  const rows = [[[], [], true], [[1, 2], [1, 2], true], [[1, 2], [2, 1], false], [[null, 2], [7, 2], true], [[null, 2], [2, 7], false], [[null, null], [0, 0], true], [[0], [0, 0], false], [[null], [], false], [[0, 1], [0], false]];
  for (const [pattern, entry, wanted] of rows) assert.equal(fits(pattern, entry), wanted, `${JSON.stringify(pattern)} ${entry}`);
});

test("an edge carries its own product, forwards and backwards", () => {
  const trace = indexTrace(network({ sizes: [2, 3, 4], examples: 2 }));
  const at = (/** @type {string} */ id, /** @type {number[]} */ entry) => numberAt(trace, id, entry) ?? NaN;
  const forwards = carriedIn(trace, trace.steps[trace.stepOf.get("z2") ?? -1], 1);
  const backwards = carriedIn(trace, trace.steps[trace.stepOf.get("da1") ?? -1], 1);
  assert.ok(forwards && backwards);
  for (const [i, j] of entries([4, 3])) {
    assert.equal(forwards(i, j), at("a1", [1, j]) * at("W2", [i, j]));
    assert.equal(backwards(i, j), at("dz2", [1, i]) * at("W2", [i, j]));
  }
  assert.ok(Number.isNaN(forwards(0, 9)));
  for (const id of ["a1", "loss", "da2", "dz2", "dW2", "db2"]) assert.equal(carriedIn(trace, trace.steps[trace.stepOf.get(id) ?? -1], 0), null, id);
});
