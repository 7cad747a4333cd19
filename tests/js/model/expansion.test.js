import assert from "node:assert/strict";
import { test } from "node:test";

import { expansionOf, inSpeech, sharesOf } from "../../../static/js/model/expansion.js";
import { short } from "../../../static/js/geometry/numbers.js";
import { indexTrace, numberAt } from "../../../static/js/model/trace.js";
import { quantity, rawTrace, step } from "../making.js";
import { entries, network } from "../networks.js";

/** @import {Factor} from "../../../static/js/model/component.js" */
/** @import {Expansion} from "../../../static/js/model/expansion.js" */
/** @import {Options} from "../networks.js" */

/** @type {[string, Options][]} */
const NETWORKS = [
  ["a batch, all sizes different", { sizes: [2, 5, 4], examples: 3, until: "update" }],
  ["softmax, one layer without a bias", { sizes: [4, 3, 2], activations: ["softmax", "softmax"], biases: [false, true], examples: 2 }],
  ["one example, fifteen units", { sizes: [3, 15, 2], examples: 1 }],
];

/** What a person reads: text, and numbers in square brackets. @param {(string | Factor)[]} parts */
const said = (parts) => parts.map((part) => (typeof part === "string" ? part : `[${part.value}]`)).join("");

/** The number that a formula with its numbers in it makes, where it has nothing but arithmetic. @param {(string | Factor)[]} parts */
function calculated(parts) {
  const source = parts.map((part) => (typeof part === "string" ? part.replaceAll("−", "-").replaceAll("·", "*").replaceAll("^", "**").replaceAll("[", "(").replaceAll("]", ")").replaceAll("exp", "Math.exp") : `(${part.value})`)).join("");
  return /** @type {number} */ (new Function(`return ${source}`)());
}

/** @param {number} a @param {number} b */
const near = (a, b) => Math.abs(a - b) < 1e-12 * (1 + Math.abs(b));

for (const [what, options] of NETWORKS) {
  const trace = indexTrace(network(options));

  test(`every number of every einsum step is told as a sum that is this number: ${what}`, () => {
    let told = 0;
    for (const { id, rule } of trace.steps.filter(({ rule }) => "einsum" in rule)) {
      for (const entry of entries(trace.quantities.get(id)?.shape ?? [])) {
        const expansion = expansionOf(trace, { quantity: id, entry });
        assert.ok(expansion.kind === "sum");
        assert.equal(expansion.total, numberAt(trace, id, entry));
        assert.ok(near(expansion.terms.reduce((sum, { value }) => sum + value, 0), expansion.total), `${id} ${entry}`);
        const summed = "einsum" in rule ? { "nj,ij->ni": ["j"], "ni,ni->ni": [], "nk,nki->ni": ["k"], "ni,nj->ij": ["n"], "ni->i": ["n"], "nk,kj->nj": ["k"] }[rule.einsum] : undefined;
        assert.deepEqual(expansion.counted, summed, id);
        told += 1;
      }
    }
    assert.ok(told > 20);
  });

  test(`every number of a function step is told by its formula, which with the numbers put in makes this number: ${what}`, () => {
    let told = 0;
    for (const { id, rule } of trace.steps) {
      if (!("formula" in rule) || rule.formula.includes("_j")) continue;
      for (const entry of entries(trace.quantities.get(id)?.shape ?? [])) {
        const expansion = expansionOf(trace, { quantity: id, entry });
        assert.ok(expansion.kind === "formula");
        assert.equal(expansion.total, numberAt(trace, id, entry));
        if (id !== "loss" || !said(expansion.parts).includes("more")) assert.ok(near(calculated(expansion.parts), expansion.total), `${id} ${entry}: ${said(expansion.parts)}`);
        told += 1;
      }
    }
    assert.ok(told > 0);
  });

  test(`the honest sum over every k makes the entry, and all terms with k ≠ i are 0: ${what}`, () => {
    for (const honest of trace.steps.filter(({ index_form }) => index_form)) {
      const units = trace.start.layer_sizes[honest.layer];
      for (const entry of entries(trace.quantities.get(honest.id)?.shape ?? [])) {
        const shares = sharesOf(trace, honest, entry);
        assert.deepEqual(shares.map(({ k }) => k), Array.from({ length: units }, (_, k) => k));
        assert.deepEqual(shares.filter(({ survives }) => survives).map(({ k }) => k), [entry[0]], "only k = i survives");
        for (const { terms, survives, k } of shares) {
          assert.equal(terms.length, trace.examples, "one term for each example");
          assert.deepEqual(terms.map(({ at }) => [at?.n, at?.k]), terms.map((_, n) => [n, k]));
          if (!survives) for (const { value } of terms) assert.equal(Math.abs(value), 0);
          terms.forEach(({ factors }, n) => assert.deepEqual(factors[0], { quantity: `dz${honest.layer}`, entry: [n, k], value: numberAt(trace, `dz${honest.layer}`, [n, k]) }));
        }
        const sum = shares.flatMap(({ terms }) => terms).reduce((total, { value }) => total + value, 0);
        assert.ok(near(sum, numberAt(trace, honest.id, entry) ?? NaN), `${honest.id} ${entry}`);
      }
    }
  });
}

test("the survivor of the honest sum is the sum that the step itself is told by", () => {
  const trace = indexTrace(network({ sizes: [2, 5, 4], examples: 3 }));
  for (const [id, entry] of /** @type {[string, number[]][]} */ ([["dW1", [3, 1]], ["dW2", [0, 4]], ["db2", [2]]])) {
    const survivor = sharesOf(trace, trace.steps[trace.stepOf.get(id) ?? -1], entry).find(({ survives }) => survives);
    const plain = expansionOf(trace, { quantity: id, entry });
    assert.ok(survivor && plain.kind === "sum");
    assert.deepEqual(survivor.terms.map(({ value }) => value), plain.terms.map(({ value }) => value));
  }
});

test("steps without an index form have no shares", () => {
  const trace = indexTrace(network({ sizes: [2, 3] }));
  for (const id of ["z1", "a1", "loss", "da1", "dz1", "da0"]) assert.deepEqual(sharesOf(trace, trace.steps[trace.stepOf.get(id) ?? -1], [0, 0]), [], id);
});

test("softmax keeps all k: an entry of ∂ℒ/∂z is the sum over every output, off the diagonal too", () => {
  const trace = indexTrace(network({ sizes: [2, 3], activations: ["softmax"], examples: 2 }));
  const expansion = expansionOf(trace, { quantity: "dz1", entry: [1, 2] });
  assert.ok(expansion.kind === "sum");
  assert.deepEqual(expansion.terms.map(({ at, factors }) => [at, factors.map(({ quantity, entry }) => `${quantity} ${entry}`).join(" · ")]), [[{ k: 0 }, "da1 1,0 · g1 1,0,2"], [{ k: 1 }, "da1 1,1 · g1 1,1,2"], [{ k: 2 }, "da1 1,2 · g1 1,2,2"]]);
  assert.ok(expansion.terms.every(({ value }) => value !== 0));
});

test("what is given says so: inputs, targets, the count of updates, parameters", () => {
  const trace = indexTrace(network({ sizes: [2, 3], until: "update" }));
  const text = (/** @type {string} */ quantity) => {
    const expansion = expansionOf(trace, { quantity, entry: [0, 0] });
    assert.ok(expansion.kind === "given", quantity);
    return expansion.text;
  };
  assert.match(text("a0"), /input/);
  assert.match(text("y"), /target/);
  assert.match(text("t"), /update/);
  assert.match(text("W1"), /parameter/);
  assert.equal(text("b1"), text("W1"));
});

test("a slope that came along with a step is told as what it is", () => {
  const trace = indexTrace(network({ sizes: [2, 3], activations: ["softmax"] }));
  assert.deepEqual(expansionOf(trace, { quantity: "g1", entry: [1, 2, 0] }), { kind: "slope", total: numberAt(trace, "g1", [1, 2, 0]) });
});

test("a number that was too large to be sent is named; so is an operand without which the sum cannot be told", () => {
  const raw = rawTrace([]);
  raw.start.quantities.W1 = { ...quantity([2, 2], []), data: null };
  raw.steps = [
    { ...step(0, "forward", "z1", { z1: quantity([2, 2], [[1, 2], [3, 4]]) }), rule: { einsum: "nj,ij->ni", operands: ["a0", "W1"] } },
    { ...step(1, "forward", "a1", { a1: { ...quantity([2, 2], []), data: null } }), rule: { function: "tanh", operands: ["z1"], parameters: {}, formula: "tanh({z1})" } },
  ];
  const trace = indexTrace(raw);
  assert.deepEqual(expansionOf(trace, { quantity: "a1", entry: [0, 0] }), { kind: "unsent", quantity: "a1" });
  assert.deepEqual(expansionOf(trace, { quantity: "z1", entry: [0, 0] }), { kind: "unsent", quantity: "W1" });
  assert.equal(expansionOf(trace, { quantity: "W1", entry: [0, 0] }).kind, "given");
});

/** @param {Expansion} expansion */
const formula = (expansion) => (expansion.kind === "formula" ? expansion.parts : []);

test("a loss is written out over outputs and examples, in their order; of many the first six", () => {
  const small = indexTrace(network({ sizes: [2, 2], examples: 2 }));
  const numbers = (/** @type {string} */ id) => /** @type {number[][]} */ (small.quantities.get(id)?.data).flat();
  const [a, y] = [numbers("a1"), numbers("y")];
  const terms = a.map((x, k) => `(([${x}] − [${y[k]}])^2)`);
  assert.equal(said(formula(expansionOf(small, { quantity: "loss", entry: [] }))), `0.5 / 2 · [${terms.join(" + ")}]`);
  const large = formula(expansionOf(indexTrace(network({ sizes: [2, 3], examples: 4 })), { quantity: "loss", entry: [] }));
  assert.equal(large.filter((part) => typeof part !== "string").length, 12, "two numbers for each of six terms");
  assert.ok(said(large).endsWith(" + … 6 more]"));
});

test("a formula that runs over all units says z_j for them, and has the one number at this place", () => {
  const trace = indexTrace(network({ sizes: [2, 3], activations: ["softmax"] }));
  const parts = formula(expansionOf(trace, { quantity: "a1", entry: [1, 2] }));
  assert.equal(said(parts), `exp([${numberAt(trace, "z1", [1, 2])}]) / Σ_j exp(z_j)`);
});

/** @param {number[]} values @returns {Expansion} */
const sumOf = (values) => ({ kind: "sum", total: values.reduce((a, b) => a + b, 0), counted: ["j"], terms: values.map((value, j) => ({ value, at: { j }, factors: [{ quantity: "a1", entry: [0, j], value }, { quantity: "W2", entry: [0, j], value: 1 }] })) });

test("aloud: sums with times, plus and minus in words; of a long one the four largest, and how many more there are", () => {
  assert.equal(inSpeech(sumOf([2, -0.5]), short), "2.000 times 1.000, plus minus 0.5000 times 1.000, equals 1.500");
  assert.equal(inSpeech(sumOf([1, -8, 3, 5, -7, 0.5]), short), "minus 8.000 times 1.000, plus minus 7.000 times 1.000, plus 5.000 times 1.000, plus 3.000 times 1.000, plus 2 smaller terms, equals minus 5.500");
  assert.equal(inSpeech(sumOf([1, 2, 3, 4]), short).includes("smaller"), false);
});

test("aloud: a formula with its numbers in it, and what has none in a few words", () => {
  const z = { quantity: "z1", entry: [0, 0], value: -2 };
  assert.equal(inSpeech({ kind: "formula", total: -1, parts: ["tanh(", z, ")"] }, short), "tanh(minus 2.000) equals minus 1.000");
  assert.equal(inSpeech({ kind: "given", text: "An input: given." }, short), "An input: given.");
  assert.match(inSpeech({ kind: "unsent", quantity: "W1" }, short), /too large/);
  assert.match(inSpeech({ kind: "slope", total: 0.25 }, short), /local derivative.*0\.2500/);
});

test("what an optimizer remembers is no parameter and no slope", () => {
  const raw = network({ sizes: [2, 3], until: "update" });
  const zeros = [[0, 0], [0, 0], [0, 0]];
  raw.start.quantities.W1_m = quantity([3, 2], zeros);
  raw.steps[raw.steps.length - 1].values.W1_m_new = quantity([3, 2], zeros);
  const trace = indexTrace(raw);
  for (const [id, words] of /** @type {[string, RegExp][]} */ ([["W1_m", /remembers.*given/], ["W1_m_new", /will remember/]])) {
    const told = expansionOf(trace, { quantity: id, entry: [0, 0] });
    assert.equal(told.kind, "given");
    assert.match(told.kind === "given" ? told.text : "", words);
  }
});

test("in speech a negative slope has its minus, and one term is no terms", () => {
  assert.match(inSpeech({ kind: "slope", total: -0.25 }, short), /minus 0\.25/);
  assert.match(inSpeech(sumOf([5, 4, 3, 2, 1]), short), /plus 1 smaller term,/);
  assert.match(inSpeech(sumOf([6, 5, 4, 3, 2, 1]), short), /plus 2 smaller terms,/);
});
