import assert from "node:assert/strict";
import { test } from "node:test";

import { drawPaths } from "../../../static/js/draw/paths.js";
import { all, classes, holding, numberOf, one, openPage } from "../page.js";

/** @import {Path, Paths} from "../../../static/js/types.js" */

openPage();

/** A path through two layers to W1: units i and k, in the form of the server. @param {number} i @param {number} k @param {number[]} values @param {Partial<Path>} [more] @returns {Path} */
function path(i, k, values, more = {}) {
  const example = more.example ?? 0;
  const nodes = [["loss", []], ["a2", [example, i]], ["z2", [example, i]], ["a1", [example, k]], ["z1", [example, k]], ["W1", [k, 1]]];
  const factors = [["da2", [example, i]], ["g2", [example, i]], ["W2", [i, k]], ["g1", [example, k]], ["a0", [example, 1]]];
  return {
    example,
    nodes: nodes.map(([quantity, entry]) => /** @type {Path["nodes"][number]} */ ({ quantity, entry })),
    factors: factors.map(([quantity, entry], f) => /** @type {Path["factors"][number]} */ ({ quantity, entry, value: values[f] })),
    product: values.reduce((product, x) => product * x, 1),
    ...more,
  };
}

/** @param {Path[]} paths @param {Partial<Paths>} [more] @returns {Paths} */
function found(paths, more = {}) {
  const sum = paths.reduce((total, { product }) => total + (product ?? NaN), 0);
  return { target: { quantity: "W1", entry: [0, 1] }, example: null, gradient: sum, sum, count: paths.length, listed: paths.length, left_out: 0, remainder: 0, paths, ...more };
}

const TWO = [path(0, 2, [0.5, 0.25, -4, 0.5, 2]), path(1, 2, [0.25, 0.25, 2, 0.5, 2])];

test("every path has its way, its factors and its product; the sum stands at the end", () => {
  const root = holding(drawPaths(found(TWO), 1));
  assert.equal(root.children[0].textContent, "all 2 paths from ℒ");
  const lines = all(root, "li");
  assert.deepEqual(lines.map((line) => one(line, ".way").textContent), ["ℒ → a²₁ → z²₁ → a¹₃ → z¹₃ → W¹₃,₂", "ℒ → a²₂ → z²₂ → a¹₃ → z¹₃ → W¹₃,₂"]);
  assert.deepEqual(lines.map((line) => one(line, ".factors").textContent), ["0.5000 · 0.2500 · (−4.000) · 0.5000 · 2.000 = −0.5000", "0.2500 · 0.2500 · 2.000 · 0.5000 · 2.000 = 0.1250"]);
  assert.deepEqual(lines.map((line) => numberOf(line, "data-product")), [-0.5, 0.125]);
  assert.deepEqual(lines.map((line) => numberOf(line, "data-path")), [0, 1]);
  assert.equal(one(root, ".total").textContent, "sum = −0.3750");
  assert.equal(all(root, ".remainder").length, 0);
});

test("the factors wear their kind and sign: only ∂ℒ/∂a is a gradient, the local derivatives are values", () => {
  const [first] = all(holding(drawPaths(found(TWO), 1)), "li");
  assert.deepEqual(all(one(first, ".factors"), "span").map((element) => classes(element).slice(1).join(" ")), ["gradient pos", "value pos", "value neg", "value pos", "value pos"]);
  assert.deepEqual(classes(one(first, "strong")), ["num", "gradient", "neg"]);
});

test("bars compare the products by size, the largest being whole; their side is their sign", () => {
  const bars = all(holding(drawPaths(found(TWO), 1)), "i");
  assert.deepEqual(bars.map((bar) => [bar.style.width, classes(bar)[1]]), [["100%", "neg"], ["25%", "pos"]]);
  const zeros = all(holding(drawPaths(found([path(0, 0, [0, 1, 1, 1, 1])]), 1)), "i");
  assert.equal(zeros[0].style.width, "0%");
});

test("one tab stop for all paths", () => assert.deepEqual(all(holding(drawPaths(found(TWO), 1)), "li").map((line) => line.getAttribute("tabindex")), ["0", "-1"]));

test("a single path is the one path; its bias has a factor of 1 that is no quantity", () => {
  const bias = path(0, 2, [0.5, 0.25, -4, 0.5, 1]);
  bias.nodes[5] = { quantity: "b1", entry: [2] };
  bias.factors[4] = { quantity: null, entry: [], value: 1 };
  const root = holding(drawPaths(found([bias]), 1));
  assert.equal(root.children[0].textContent, "the one path from ℒ");
  assert.match(one(root, ".way").textContent, /→ z¹₃ → b¹₃$/);
  assert.match(one(root, ".factors").textContent, / · 1\.000 = −0\.2500$/);
});

for (const [count, left, some, others] of /** @type {[number | null, number | null, string, string][]} */ ([
  [12, 10, "the 2 largest of 12 paths from ℒ", "the other 10 paths together= 0.06250"],
  [2e7, 2e7 - 2, "the 2 largest of about 2.000·10⁷ paths from ℒ", "the other about 2.000·10⁷ paths together= 0.06250"],
  [null, null, "the 2 largest of countless paths from ℒ", "the other countless paths together= 0.06250"],
])) {
  test(`of ${count ?? "countless"} paths the largest are listed, and the remainder is said`, () => {
    const root = holding(drawPaths(found(TWO, { count, left_out: left, remainder: 0.0625, sum: -0.3125 }), 1));
    assert.equal(root.children[0].textContent, some);
    assert.equal(one(root, ".remainder").textContent, others);
    assert.equal(one(root, ".total").textContent, "sum = −0.3125");
  });
}

test("in a batch it says through which examples; through all of them each path names its own", () => {
  const batch = [path(0, 2, [1, 1, 1, 1, 1]), path(0, 2, [1, 1, 1, 1, 0.5], { example: 2 })];
  const whole = holding(drawPaths(found(batch), 3));
  assert.equal(whole.children[0].textContent, "all 2 paths from ℒ through all 3 examples");
  assert.deepEqual(all(whole, ".way").map(({ textContent }) => textContent.slice(-8)), [" (n = 1)", " (n = 3)"]);
  assert.ok(all(whole, ".way")[1].textContent.startsWith("ℒ → a²₁ →"), "units without their example");
  const single = holding(drawPaths(found([batch[1]], { example: 2 }), 3));
  assert.equal(single.children[0].textContent, "the one path from ℒ through example 3");
  assert.doesNotMatch(one(single, ".way").textContent, /n =/);
  assert.doesNotMatch(holding(drawPaths(found(TWO), 1)).children[0].textContent, /example/);
});

test("numbers that are not finite are said in their places", () => {
  const root = holding(drawPaths(found([{ ...TWO[0], product: null, factors: [{ quantity: "da2", entry: [0, 0], value: null }] }], { sum: null }), 1));
  assert.equal(one(root, ".factors").textContent, "NaN = NaN");
  assert.equal(one(root, ".total").textContent, "sum = NaN");
});

test("a long path is folded: its way in units, each once, and its product in sight", () => {
  const layers = [8, 7, 6, 5, 4, 3, 2, 1];
  /** @type {Path} */
  const long = {
    example: 0,
    nodes: [{ quantity: "loss", entry: [] }, ...layers.flatMap((l) => [`a${l}`, `z${l}`].map((quantity) => ({ quantity, entry: [0, l % 2] }))), { quantity: "W1", entry: [1, 0] }],
    factors: [...layers.flatMap((l) => [`g${l}`, `W${l}`]), "a0"].map((quantity) => ({ quantity, entry: [0, 0], value: 2 })),
    product: 2 ** 17,
  };
  const root = holding(drawPaths(found([long]), 1));
  assert.equal(one(root, ".way").textContent, "ℒ → a⁸₁ → a⁷₂ → a⁶₁ → a⁵₂ → a⁴₁ → a³₂ → a²₁ → a¹₂ → W¹₂,₁");
  const fold = one(root, "details");
  assert.equal(one(fold, "summary").textContent, "product of 17 factors = 1.311·10⁵");
  assert.equal(one(fold, ".factors").children.length, 17);
  assert.equal(numberOf(one(root, "li"), "data-product"), 2 ** 17);
});

test("where a softmax leads from one unit to another a long way says so", () => {
  const layers = [7, 6, 5, 4, 3, 2, 1];
  /** @type {Path} */
  const long = {
    example: 0,
    nodes: [{ quantity: "loss", entry: [] }, ...layers.flatMap((l) => [{ quantity: `a${l}`, entry: [0, 0] }, { quantity: `z${l}`, entry: [0, l === 7 ? 2 : 0] }]), { quantity: "b1", entry: [0] }],
    factors: Array.from({ length: 15 }, () => ({ quantity: "g1", entry: [0, 0], value: 1 })),
    product: 1,
  };
  assert.equal(one(holding(drawPaths(found([long]), 1)), ".way").textContent, "ℒ → a⁷₁ → z⁷₃ → a⁶₁ → a⁵₁ → a⁴₁ → a³₁ → a²₁ → a¹₁ → b¹₁");
});
