import assert from "node:assert/strict";
import { test } from "node:test";

import { drawExpansion, drawShares, number } from "../../../static/js/draw/expansion.js";
import { sharesOf } from "../../../static/js/model/expansion.js";
import { indexTrace, numberAt } from "../../../static/js/model/trace.js";
import { random } from "../making.js";
import { network } from "../networks.js";
import { all, classes, holding, numberOf, one, openPage } from "../page.js";

/** @import {Expansion} from "../../../static/js/model/expansion.js" */
/** @import {Drawn} from "../page.js" */

openPage();

/** a · w for each number, w being 1. @param {number[]} values @param {string} [letter] @param {number} [bias] @returns {Expansion & {kind: "sum"}} */
function sumOf(values, letter = "j", bias) {
  /** @type {(Expansion & {kind: "sum"})["terms"]} */
  const terms = values.map((value, k) => ({ value, at: { [letter]: k }, factors: [{ quantity: "a1", entry: [0, k], value }, { quantity: "W2", entry: [0, k], value: 1 }] }));
  if (bias !== undefined) terms.push({ value: bias, factors: [{ quantity: "b2", entry: [0], value: bias }] });
  return { kind: "sum", total: terms.reduce((sum, { value }) => sum + value, 0), terms, counted: [letter] };
}

/** @param {Drawn} root */
const terms = (root) => all(root, "[data-term]").map((element) => numberOf(element, "data-term"));

test("a short sum is one line: products, negative factors in brackets, and the result", () => {
  const root = holding(drawExpansion(sumOf([2, -0.5], "j", 0.25), false));
  assert.equal(root.textContent, "2.000 · 1.000 + (−0.5000) · 1.000 + 0.2500 = 1.750");
  assert.deepEqual(terms(root), [2, -0.5, 0.25]);
  assert.equal(all(root, "details").length, 0);
});

test("a number has the colour of its kind and sign, and all its digits in its title", () => {
  const of = (/** @type {string} */ quantity, /** @type {number} */ value) => one(holding(number({ quantity, entry: [0], value })), ".num");
  assert.deepEqual(["a1", "W2", "g1", "dz2", "dW1"].map((id) => classes(of(id, 1))[1]), ["value", "value", "value", "gradient", "gradient"]);
  assert.deepEqual([1, -1].map((x) => classes(of("a1", x))[2]), ["pos", "neg"]);
  assert.equal(of("a1", -1 / 3).getAttribute("title"), "−0.3333333333333333");
  for (const gradient of [true, false]) assert.deepEqual(classes(one(holding(drawExpansion(sumOf([-1]), gradient)), "strong")), ["num", gradient ? "gradient" : "value", "neg"]);
});

test("a long sum shows its four largest terms, by size whatever their sign, with their index counted from 1", () => {
  const root = holding(drawExpansion(sumOf([1, -8, 3, 5, -7, 0.5]), false));
  const shown = root.children.filter((element) => classes(element).includes("row"));
  assert.deepEqual(shown.map((row) => [one(row, ".index").textContent, numberOf(row, "data-term")]), [["j = 2", -8], ["j = 5", -7], ["j = 4", 5], ["j = 3", 3]]);
  assert.equal(one(root, ".of").textContent, "largest 4 of 6 terms");
  assert.equal(one(shown[0], ".factors").textContent, "(−8.000) · 1.000");
  assert.equal(one(shown[0], ".equals").textContent, "= −8.000");
  assert.equal(one(root, "summary").textContent, "2 smaller terms, together 1.500");
  assert.equal(one(root, "strong").textContent, "−5.500");
});

test("however long a sum, every term is there once, and with the folded ones they make the total", () => {
  const next = random(31);
  for (const count of [1, 2, 4, 5, 9, 64]) {
    const expansion = sumOf(Array.from({ length: count - 1 }, () => next() - 0.5), "j", next());
    const root = holding(drawExpansion(expansion, false));
    assert.equal(terms(root).length, count);
    assert.deepEqual(terms(root).sort(), expansion.terms.map(({ value }) => value).sort(), "to the last digit");
    assert.equal(all(root, "details").length, count > 4 ? 1 : 0);
    if (count <= 4) continue;
    const folded = terms(one(root, "details"));
    assert.equal(folded.length, count - 4);
    const outside = terms(root).filter((x) => !folded.includes(x));
    assert.ok(Math.max(...folded.map(Math.abs)) <= Math.min(...outside.map(Math.abs)), "the smaller ones are folded");
  }
});

test("a bias in a long sum is named; a sum over examples says so", () => {
  const root = holding(drawExpansion(sumOf([1, 2, 3, 4], "j", 9), false));
  assert.equal(one(root.children[1], ".index").textContent, "bias");
  const batch = holding(drawExpansion(sumOf([1, 2, 3, 4, 5, 6], "n"), true));
  assert.equal(one(batch, ".of").textContent, "largest 4 of 6 examples");
  assert.match(one(batch, "summary").textContent, /2 smaller examples/);
  assert.equal(one(batch, ".total").textContent, "Σₙ = 21.00");
});

test("terms that are not finite are said, none is lost", () => {
  const root = holding(drawExpansion(sumOf([1, NaN, Infinity]), false));
  assert.equal(root.textContent, "1.000 · 1.000 + NaN · 1.000 + ∞ · 1.000 = NaN");
  assert.deepEqual(all(root, "[data-term]").map((element) => element.getAttribute("data-term")), ["1", "NaN", "Infinity"]);
});

test("a formula has its numbers in it, in their colours, and is one term", () => {
  const parts = ["1 / (1 + exp(−", { quantity: "z1", entry: [0, 0], value: -2 }, "))"];
  const root = holding(drawExpansion({ kind: "formula", total: 0.25, parts }, false));
  assert.equal(root.textContent, "1 / (1 + exp(−(−2.000))) = 0.2500");
  assert.deepEqual(terms(root), [0.25]);
  assert.equal(all(root, ".num").length, 2);
});

/** The honest sum of an entry, drawn. @param {import("../networks.js").Options} options @param {string} id @param {number[]} entry */
function shares(options, id, entry) {
  const trace = indexTrace(network(options));
  const step = trace.steps[trace.stepOf.get(id) ?? -1];
  assert.ok(step.index_form);
  const total = numberAt(trace, id, entry) ?? NaN;
  return { root: holding(drawShares(step.index_form, sharesOf(trace, step, entry), total)), total, form: step.index_form, read: (/** @type {string} */ name, /** @type {number[]} */ at) => numberAt(trace, name, at) ?? NaN };
}

for (const [id, entry] of /** @type {[string, number[]][]} */ ([["dW1", [2, 1]], ["db1", [2]]])) {
  test(`all k of ${id}, one example: the terms that are 0 are there, greyed, and the one that survives has its numbers`, () => {
    const { root, total, form, read } = shares({ sizes: [2, 4, 3], examples: 1 }, id, entry);
    assert.deepEqual(all(root, ".row").map((row) => [one(row, ".index").textContent, classes(row)[1]]), [["k = 1", "zero"], ["k = 2", "zero"], ["k = 3", "survives"], ["k = 4", "zero"]]);
    for (const row of all(root, ".zero")) assert.match(row.textContent, / · 0= 0$/);
    assert.deepEqual(terms(root), [0, 0, total, 0]);
    const known = one(all(root, ".row")[2], ".factors");
    const digits = (/** @type {number} */ x) => String(x).replaceAll("-", "−");
    assert.deepEqual(all(known, ".num").map((element) => element.getAttribute("title")), [digits(read("dz1", [0, 2])), id === "dW1" ? digits(read("a0", [0, 1])) : null]);
    if (id === "db1") assert.ok(known.textContent.endsWith(" · 1"), "∂z/∂b is 1");
    assert.deepEqual(classes(all(known, ".num")[0]).slice(0, 2), ["num", "gradient"]);
    assert.equal(one(root, ".why").textContent, form.explanation);
    assert.deepEqual(all(root, "math").map(({ textContent }) => textContent), ["Σ", "δ"], "the sum, and the local derivative");
    assert.equal(all(root, "details").length, 0);
  });
}

test("all k in a batch: one line of zeros for all examples, one line for each example of the k that survives", () => {
  const { root, total } = shares({ sizes: [2, 3, 2], examples: 3 }, "dW1", [1, 0]);
  assert.deepEqual(all(root, ".zero").map((row) => row.textContent), ["k = 1Σₙ ∂ℒ/∂zₙ · 0= 0", "k = 3Σₙ ∂ℒ/∂zₙ · 0= 0"]);
  const lines = all(root, ".survives");
  assert.deepEqual(lines.map((line) => all(line, ".index").map(({ textContent }) => textContent).join(" ")), ["k = 2 n = 1", " n = 2", " n = 3"]);
  assert.ok(Math.abs(terms(root).reduce((a, b) => a + b, 0) - total) < 1e-12);
});

test("all k of a large batch: examples beyond the fourth are folded, none is lost", () => {
  const { root, total } = shares({ sizes: [1, 2], examples: 9 }, "db1", [1]);
  assert.equal(all(root, ".survives").length, 9);
  const fold = one(root, "details");
  assert.equal(all(fold, ".survives").length, 5);
  assert.equal(one(fold, "summary").textContent, "k = 2: 5 more examples");
  assert.ok(Math.abs(terms(root).reduce((a, b) => a + b, 0) - total) < 1e-12);
});

for (const k of [0, 5, 11, 12, 29]) {
  test(`all k of thirty units, the weight being unit ${k + 1}'s: twelve are listed, the survivor among them, and the rest is folded zeros`, () => {
    const { root, total } = shares({ sizes: [1, 30], examples: 1 }, "db1", [k]);
    assert.equal(all(root, ".row").length, 30);
    const fold = one(root, "details");
    assert.equal(all(fold, ".zero").length, all(fold, ".row").length, "nothing but zeros is folded");
    const listed = all(root, ".row").filter((row) => !all(fold, ".row").includes(row)).map((row) => one(row, ".index").textContent);
    assert.ok(listed.length <= 12 && listed.includes(`k = ${k + 1}`), listed.join());
    assert.equal(one(fold, "summary").textContent, `${30 - listed.length} more values of k, all 0`);
    assert.deepEqual(all(root, ".survives").map((row) => numberOf(row, "data-term")), [total]);
  });
}
