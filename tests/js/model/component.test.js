import assert from "node:assert/strict";
import { test } from "node:test";

import { arrange, expand, fill, isEinsum, letters, reach } from "../../../static/js/model/component.js";
import { filled, random } from "../making.js";

/** @import {EinsumRule} from "../../../static/js/types.js" */

/** Every einsum that the server sends: its rule and what it says of a network's letters. @type {EinsumRule[]} */
const RULES = [
  { einsum: "nj,ij->ni", operands: ["a1", "W2"], add: "b2" },
  { einsum: "nj,ij->ni", operands: ["a1", "W2"] },
  { einsum: "ni,ni->ni", operands: ["da1", "g1"] },
  { einsum: "nk,nki->ni", operands: ["da2", "g2"] },
  { einsum: "ni,nj->ij", operands: ["dz2", "a1"] },
  { einsum: "ni->i", operands: ["dz2"] },
  { einsum: "nk,kj->nj", operands: ["dz2", "W2"] },
];

const nameOf = (/** @type {EinsumRule} */ rule) => `${rule.einsum}${rule.add ? " plus a bias" : ""}`;

/** Random operands for a rule with these sizes of its letters. @param {EinsumRule} rule @param {Record<string, number>} size @param {() => number} next */
function world(rule, size, next) {
  const [left, output] = rule.einsum.split("->");
  /** @type {Record<string, {shape: number[], data: any}>} */
  const quantities = {};
  left.split(",").forEach((inputs, k) => {
    const shape = [...inputs].map((letter) => size[letter]);
    quantities[rule.operands[k]] = { shape, data: filled(shape, () => next() * 4 - 2) };
  });
  if (rule.add) quantities[rule.add] = { shape: [size[output[1]]], data: filled([size[output[1]]], () => next() * 4 - 2) };
  const shape = (/** @type {string} */ id) => quantities[id].shape;
  const read = (/** @type {string} */ id, /** @type {number[]} */ entry) => entry.reduce((place, i) => place[i], quantities[id].data);
  return { quantities, shape, read };
}

/** An einsum as its definition says it: every letter runs over its size. @param {string} einsum @param {any[]} arrays @param {Record<string, number>} size @returns {Map<string, number>} by entry */
function naive(einsum, arrays, size) {
  const [left, output] = einsum.split("->");
  const all = [...new Set(left.replaceAll(",", ""))];
  const sums = new Map();
  /** @param {number} depth @param {Record<string, number>} at */
  const loop = (depth, at) => {
    if (depth < all.length) {
      for (let i = 0; i < size[all[depth]]; i += 1) loop(depth + 1, { ...at, [all[depth]]: i });
      return;
    }
    let product = 1;
    left.split(",").forEach((inputs, k) => {
      let place = arrays[k];
      for (const letter of inputs) place = place[at[letter]];
      product *= place;
    });
    const entry = [...output].map((letter) => at[letter]).join();
    sums.set(entry, (sums.get(entry) ?? 0) + product);
  };
  loop(0, {});
  return sums;
}

/** Sizes of the letters, ones among them. @param {() => number} next @returns {Record<string, number>} */
const sizes = (next) => Object.fromEntries(["n", "i", "j", "k"].map((letter) => [letter, 1 + Math.floor(next() * 5)]));

for (const rule of RULES) {
  test(`${nameOf(rule)}: the terms of every entry add up to the einsum`, () => {
    const next = random(rule.einsum.length);
    for (let round = 0; round < 25; round += 1) {
      const size = sizes(next);
      const { quantities, shape, read } = world(rule, size, next);
      const sums = naive(rule.einsum, rule.operands.map((id) => quantities[id].data), size);
      for (const [key, sum] of sums) {
        const entry = key.split(",").map(Number);
        const wanted = sum + (rule.add ? quantities[rule.add].data[entry[1]] : 0);
        const total = expand(rule, entry, read, shape).reduce((total, { value }) => total + value, 0);
        assert.ok(Math.abs(total - wanted) < 1e-12 * (1 + Math.abs(wanted)), `entry ${key}: ${total} instead of ${wanted}`);
      }
    }
  });

  test(`${nameOf(rule)}: an entry has a term for every value of the summed letters, and one for the bias`, () => {
    const next = random(7);
    const size = { n: 3, i: 4, j: 5, k: 2 };
    const { shape, read } = world(rule, size, next);
    const { output, summed } = letters(rule);
    const terms = expand(rule, [...output].map(() => 0), read, shape);
    const count = summed.reduce((product, letter) => product * size[/** @type {keyof typeof size} */ (letter)], 1);
    assert.equal(terms.length, count + (rule.add ? 1 : 0));
    for (const term of terms.slice(0, count)) assert.deepEqual(term.factors.map(({ quantity }) => quantity), rule.operands);
    if (rule.add) assert.deepEqual(terms[count].factors.map(({ quantity }) => quantity), [rule.add]);
  });

  test(`${nameOf(rule)}: every factor is the number at its entry, and a term the product of its factors`, () => {
    const next = random(8);
    const size = { n: 2, i: 3, j: 4, k: 3 };
    const { shape, read } = world(rule, size, next);
    const { output } = letters(rule);
    const seen = new Set();
    for (const term of expand(rule, [...output].map(() => 1), read, shape)) {
      for (const { quantity, entry, value } of term.factors) {
        assert.equal(entry.length, shape(quantity).length);
        assert.equal(value, read(quantity, entry));
      }
      assert.equal(term.value, term.factors.reduce((product, { value }) => product * value, 1));
      const places = JSON.stringify(term.factors.map(({ quantity, entry }) => [quantity, entry]));
      assert.ok(!seen.has(places), "no term twice");
      seen.add(places);
    }
  });
}

for (const rule of [...RULES, { einsum: "nk,ki,nj->ij", operands: ["dz2", "identity", "a1"] }, { einsum: "nk,ki->i", operands: ["dz2", "identity"] }]) {
  test(`${nameOf(rule)}: a term says where its summed letters stand, and its factors stand there; a bias says nothing`, () => {
    const size = { n: 3, i: 2, j: 4, k: 5 };
    const { shape, read } = world(rule, size, random(12));
    const { inputs, output, summed } = letters(rule);
    const entry = [...output].map((_, axis) => axis);
    const terms = expand(rule, entry, read, shape);
    const bias = rule.add ? terms.pop() : undefined;
    assert.deepEqual(bias?.at, undefined);
    const seen = new Set();
    for (const { factors, at = {} } of terms) {
      assert.deepEqual(Object.keys(at), summed);
      const place = /** @type {Record<string, number>} */ ({ ...at, ...Object.fromEntries([...output].map((letter, axis) => [letter, entry[axis]])) });
      factors.forEach((factor, k) => assert.deepEqual(factor.entry, [...inputs[k]].map((letter) => place[letter])));
      seen.add(summed.map((letter) => at[letter]).join());
    }
    assert.equal(seen.size, summed.reduce((product, letter) => product * size[/** @type {keyof typeof size} */ (letter)], 1), "every place once");
  });

  test(`${nameOf(rule)}: an entry of an operand reaches exactly the entries that change with it`, () => {
    const next = random(13);
    const size = { n: 3, i: 4, j: 2, k: 5 };
    const { quantities } = world(rule, size, next);
    const sums = () => {
      const all = naive(rule.einsum, rule.operands.map((id) => quantities[id].data), size);
      return new Map([...all].map(([key, sum]) => [key, sum + (rule.add ? quantities[rule.add].data[Number(key.split(",")[1])] : 0)]));
    };
    const before = sums();
    const axes = letters(rule).output.length;
    for (const id of Object.keys(quantities)) {
      /** @param {number[]} entry @param {any} place */
      const each = (entry, place) => {
        for (let i = 0; i < place.length; i += 1) {
          if (Array.isArray(place[i])) {
            each([...entry, i], place[i]);
            continue;
          }
          const kept = place[i];
          place[i] = kept + 1;
          const changed = [...sums()].filter(([key, sum]) => sum !== before.get(key)).map(([key]) => key);
          place[i] = kept;
          const patterns = reach(rule, { quantity: id, entry: [...entry, i] }, axes);
          const reached = [...before.keys()].filter((key) => patterns.some((pattern) => pattern.length === axes && key.split(",").every((x, axis) => pattern[axis] === null || pattern[axis] === Number(x))));
          assert.deepEqual(reached, changed, `${id} ${[...entry, i]}`);
          assert.ok(changed.length > 0);
        }
      };
      each([], quantities[id].data);
    }
  });
}

test("what is no operand reaches nothing", () => {
  for (const rule of RULES) assert.deepEqual(reach(rule, { quantity: "z9", entry: [0, 0] }, 2), []);
  assert.deepEqual(reach({ function: "sigmoid", operands: ["z1"], parameters: {}, formula: "1 / (1 + exp(−{z1}))" }, { quantity: "a0", entry: [0, 0] }, 2), []);
});

test("a function's operand reaches its own place; all units where the formula runs over them; every place where it has none itself", () => {
  /** @type {[string, string[], {quantity: string, entry: number[]}, number, (number | null)[]][]} */
  const rows = [
    ["1 / (1 + exp(−{z1}))", ["z1"], { quantity: "z1", entry: [2, 1] }, 2, [2, 1]],
    ["exp({z1}) / Σ_j exp({z1}_j)", ["z1"], { quantity: "z1", entry: [2, 1] }, 2, [2, null]],
    ["0.5 · Σ (({a2} − {y})^2)", ["a2", "y"], { quantity: "y", entry: [2, 1] }, 0, []],
    ["{b1} − 0.5 · {db1}", ["b1", "db1"], { quantity: "db1", entry: [3] }, 1, [3]],
    ["{W1} / (1 − 0.9^{t})", ["W1", "t"], { quantity: "t", entry: [] }, 2, [null, null]],
  ];
  for (const [formula, operands, part, axes, wanted] of rows) assert.deepEqual(reach({ function: "f", operands, parameters: {}, formula }, part, axes), [wanted], formula);
});

test("the terms of a sum come in the order of its index", () => {
  const rule = RULES[0];
  const { shape, read } = world(rule, { n: 2, i: 2, j: 4 }, random(9));
  assert.deepEqual(expand(rule, [1, 0], read, shape).map(({ factors }) => factors.map(({ entry }) => entry.join()).join(" ")), ["1,0 0,0", "1,1 0,1", "1,2 0,2", "1,3 0,3", "0"]);
});

test("numbers that were not sent make a term NaN, never 0", () => {
  const rule = RULES[0];
  const { shape } = world(rule, { n: 1, i: 1, j: 2 }, random(10));
  for (const { value } of expand(rule, [0, 0], () => undefined, shape)) assert.ok(Number.isNaN(value));
});

test("a zero factor is kept: 0 · ∞ is NaN as in the trace", () => {
  const rule = RULES[2];
  const [term] = expand(rule, [0, 0], (id) => (id === "da1" ? 0 : Infinity), () => [1, 1]);
  assert.ok(Number.isNaN(term.value));
});

test("the kind of a rule is told by its fields", () => {
  assert.equal(isEinsum(RULES[0]), true);
  assert.equal(isEinsum({ function: "sigmoid", operands: ["z1"], parameters: {}, formula: "1 / (1 + exp(−{z1}))" }), false);
});

/** What a person reads: text, and numbers by name and place. @param {(string | import("../../../static/js/model/component.js").Factor)[]} parts */
const said = (parts) => parts.map((part) => (typeof part === "string" ? part : `[${part.quantity}${part.entry.length ? ` ${part.entry}` : ""} = ${part.value}]`)).join("");

test("fill puts the numbers of an entry where a formula names its operands", () => {
  /** @type {Record<string, {shape: number[], data: any}>} */
  const quantities = { z1: { shape: [2, 2], data: [[1, 2], [3, 4]] }, y: { shape: [2, 2], data: [[0, 1], [1, 0]] }, W1: { shape: [2, 2], data: [[5, 6], [7, 8]] }, dW1: { shape: [2, 2], data: [[0.5, 0.6], [0.7, 0.8]] }, b1: { shape: [2], data: [10, 11] }, W1_m: { shape: [2, 2], data: [[0, 0], [0, 9]] }, t: { shape: [], data: 3 } };
  const shape = (/** @type {string} */ id) => quantities[id].shape;
  const read = (/** @type {string} */ id, /** @type {number[]} */ entry) => entry.reduce((place, i) => place[i], quantities[id].data);
  const rule = (/** @type {string} */ formula) => ({ function: "f", operands: [], parameters: {}, formula });
  /** @type {[string, number[], string][]} */
  const rows = [
    ["1 / (1 + exp(−{z1}))", [1, 0], "1 / (1 + exp(−[z1 1,0 = 3]))"],
    ["{z1}", [0, 1], "[z1 0,1 = 2]"],
    ["{z1}{z1}", [0, 0], "[z1 0,0 = 1][z1 0,0 = 1]"],
    ["−{y} / {z1} + (1 − {y}) / (1 − {z1})", [1, 1], "−[y 1,1 = 0] / [z1 1,1 = 4] + (1 − [y 1,1 = 0]) / (1 − [z1 1,1 = 4])"],
    ["{W1} − 0.5 · {dW1}", [1, 0], "[W1 1,0 = 7] − 0.5 · [dW1 1,0 = 0.7]"],
    ["{W1_m} / (1 − 0.9^{t})", [1, 1], "[W1_m 1,1 = 9] / (1 − 0.9^[t = 3])"],
    ["{z1} + {b1}", [0, 1], "[z1 0,1 = 2] + [b1 1 = 11]"],
    ["exp({z1}) / Σ_j exp({z1}_j)", [0, 1], "exp([z1 0,1 = 2]) / Σ_j exp(z_j)"],
    ["0", [0, 0], "0"],
  ];
  for (const [formula, entry, words] of rows) assert.equal(said(fill(rule(formula), entry, read, shape)), words);
});

test("a number that was not sent fills a formula as NaN", () => {
  const parts = fill({ function: "tanh", operands: ["z1"], parameters: {}, formula: "tanh({z1})" }, [0, 0], () => undefined, () => [1, 1]);
  assert.equal(said(parts), "tanh([z1 0,0 = NaN])");
});

/** @param {number[][]} m */
const transpose = (m) => m[0].map((_, c) => m.map((row) => row[c]));
/** @param {number[][]} a @param {number[][]} b */
function multiply(a, b) {
  assert.equal(a[0].length, b.length, "the inner sizes agree");
  return a.map((row) => b[0].map((_, c) => row.reduce((sum, x, k) => sum + x * b[k][c], 0)));
}

for (const rule of RULES.filter(({ operands }) => operands.length === 2)) {
  test(`${nameOf(rule)}: arranged as a product of matrices it gives the einsum`, () => {
    const next = random(11);
    for (const size of [{ n: 3, i: 4, j: 5, k: 2 }, { n: 1, i: 2, j: 3, k: 4 }, { n: 2, i: 1, j: 1, k: 1 }, { n: 3, i: 3, j: 3, k: 3 }, ...Array.from({ length: 10 }, () => sizes(next))]) {
      // A Jacobian has as many rows as columns, but a product that holds for every shape holds for these.
      const { quantities } = world(rule, size, next);
      const how = arrange(rule);
      assert.ok(how);
      assert.deepEqual([how.left.operand, how.right.operand].sort(), [...rule.operands].sort());
      const sums = naive(rule.einsum, rule.operands.map((id) => quantities[id].data), size);
      /** @param {{operand: string, transposed: boolean}} side @param {number} n @returns {number[][]} */
      const of = ({ operand, transposed }, n) => {
        const { shape, data } = quantities[operand];
        const matrix = how.stacked ? (shape.length === 3 ? data[n] : [data[n]]) : data;
        return transposed ? transpose(matrix) : matrix;
      };
      for (let n = 0; n < (how.stacked ? size.n : 1); n += 1) {
        const [left, right] = [of(how.left, n), of(how.right, n)];
        /** @type {number[][]} */
        const product = how.elementwise ? left.map((row, r) => row.map((x, c) => x * right[r][c])) : multiply(left, right);
        /** @type {number} */
        const rows = how.stacked ? 1 : Number([...sums.keys()].at(-1)?.split(",")[0]) + 1;
        assert.equal(product.length, rows);
        assert.equal(product.length * product[0].length * (how.stacked ? size.n : 1), sums.size, "as many entries as the einsum has");
        product.forEach((row, r) => row.forEach((x, c) => assert.ok(Math.abs(x - (sums.get(`${how.stacked ? n : r},${c}`) ?? NaN)) < 1e-12, `entry ${r},${c}`)));
      }
    }
  });
}

test("only the product of two numbers each is elementwise, and only a stack of Jacobians is stacked", () => {
  for (const rule of RULES) {
    const how = arrange(rule);
    assert.equal(how?.elementwise ?? false, rule.einsum === "ni,ni->ni", rule.einsum);
    assert.equal(how?.stacked ?? false, rule.einsum === "nk,nki->ni", rule.einsum);
  }
});

test("a sum over one operand is no product of matrices", () => assert.equal(arrange({ einsum: "ni->i", operands: ["dz1"] }), null));
