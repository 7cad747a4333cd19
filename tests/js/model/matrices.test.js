/** Matrices beside a step: what is shown of a large one, and that the line is a valid product. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { crop, matricesOf } from "../../../static/js/model/matrices.js";
import { stateOf } from "../making.js";
import { network } from "../networks.js";

/** @import {Matrix} from "../../../static/js/model/matrices.js" */
/** @import {State} from "../../../static/js/model/reduce.js" */
/** @import {Options} from "../networks.js" */

test("a matrix that fits is shown whole", () => {
  for (let n = 1; n <= 5; n += 1) assert.deepEqual(crop(n, 5, 0), Array.from({ length: n }, (_, k) => k));
});

test("a window always holds the focus, never more than there is room for, and marks what it leaves out", () => {
  for (const most of [4, 5, 6]) {
    for (const count of [most + 1, most + 2, 9, 24, 200]) {
      for (let focus = 0; focus < count; focus += 1) {
        const shown = crop(count, most, focus);
        const kept = shown.filter((k) => k >= 0);
        assert.equal(shown.length, most, `${count} ${most} ${focus}`);
        assert.ok(kept.includes(focus), `${count} ${most} ${focus}: ${shown}`);
        assert.deepEqual(kept, kept.map((_, k) => kept[0] + k), "consecutive");
        assert.equal(shown[0] === -1, kept[0] > 0);
        assert.equal(shown.at(-1) === -1, kept[kept.length - 1] < count - 1);
      }
    }
  }
});

/** The line of a step. @param {Options} options @param {string} id @param {Partial<State>} [more] */
function lineOf(options, id, more) {
  const state = stateOf(network(options), more);
  return matricesOf(state.trace.steps[state.trace.stepOf.get(id) ?? -1], state);
}

/** As it is read: signs, names, T where it is transposed, and shapes. @param {Matrix[]} line */
const read = (line) => line.map(({ sign, id, transposed, shape }) => `${sign}${sign ? " " : ""}${id}${transposed ? "ᵀ" : ""} (${shape})`).join(" ");

/** The numbers of a matrix that is shown whole. @param {Matrix} matrix @returns {number[][]} */
function numbers({ rows, shape, id }) {
  assert.ok(rows, id);
  const all = rows.map((row) => row.map((cell) => (typeof cell === "string" ? assert.fail(`${id} is not shown whole`) : cell.value)));
  assert.equal(`${all.length}×${all[0].length}`, shape, `${id}: the shape is that of what is seen`);
  return all;
}

/** @param {number[][]} a @param {number[][]} b */
function multiply(a, b) {
  assert.equal(a[0].length, b.length, "the inner sizes agree");
  return a.map((row) => b[0].map((_, c) => row.reduce((sum, x, k) => sum + x * b[k][c], 0)));
}

/** What a line says that its result is. @param {Matrix[]} line @param {"row" | "column"} convention */
function result(line, convention) {
  const factors = line.slice(0, -1).filter(({ sign }) => sign !== "+").map(numbers);
  const added = line.filter(({ sign }) => sign === "+").map(numbers);
  const signs = line.map(({ sign }) => sign);
  const [left, right] = factors;
  let product;
  if (signs[0] === "Σₙ") product = convention === "row" ? [left[0].map((_, c) => left.reduce((sum, row) => sum + row[c], 0))] : left.map((row) => [row.reduce((sum, x) => sum + x, 0)]);
  else if (!right) product = left;
  else if (signs[1] === "⊙") product = left.map((row, r) => row.map((x, c) => x * right[r][c]));
  else product = multiply(left, right);
  // A bias is a single row, or a single column, that every example gets.
  for (const [first, ...more] of added) product = product.map((row, r) => row.map((x, c) => x + (convention === "row" ? first[c] : [first, ...more][r][0])));
  return product;
}

/** At most five rows and four columns are shown, so these are shown whole both ways round. @type {[string, Options][]} */
const NETWORKS = [
  ["one example", { sizes: [2, 4, 3], examples: 1 }],
  ["a batch, all sizes different", { sizes: [2, 4, 1], examples: 3 }],
  ["a batch, all sizes different, softmax and no bias", { sizes: [1, 4, 2], examples: 3, activations: ["softmax", "softmax"], biases: [true, false] }],
  ["one example, softmax", { sizes: [2, 3, 4], examples: 1, activations: ["softmax", "softmax"] }],
];

for (const convention of /** @type {const} */ (["row", "column"])) {
  for (const [what, options] of NETWORKS) {
    test(`examples as ${convention}s: what is shown of every product multiplies to what is shown as its result: ${what}`, () => {
      let products = 0;
      for (let example = 0; example < (options.examples ?? 1); example += 1) {
        const state = stateOf(network({ ...options, convention }), { example });
        for (const step of state.trace.steps.filter(({ rule }) => "einsum" in rule)) {
          const line = matricesOf(step, state);
          const shown = numbers(line[line.length - 1]);
          const made = result(line, convention);
          assert.deepEqual([made.length, made[0].length], [shown.length, shown[0].length], `${step.id}: ${read(line)}`);
          made.forEach((row, r) => row.forEach((x, c) => assert.ok(Math.abs(x - shown[r][c]) < 1e-12, `${step.id} ${r},${c}: ${read(line)}`)));
          assert.equal(line[line.length - 1].sign, "=");
          products += 1;
        }
      }
      assert.ok(products >= 9);
    });
  }
}

test("examples as rows: every equation stands as on the slides", () => {
  const options = { sizes: [2, 4, 1], examples: 3 };
  /** @type {[string, string][]} */
  const lines = [
    ["z1", "a0 (3×2) · W1ᵀ (2×4) + b1 (1×4) = z1 (3×4)"],
    ["dz1", "da1 (3×4) ⊙ g1 (3×4) = dz1 (3×4)"],
    ["dW2", "dz2ᵀ (1×3) · a1 (3×4) = dW2 (1×4)"],
    ["db1", "Σₙ dz1 (3×4) = db1 (1×4)"],
    ["da1", "dz2 (3×1) · W2 (1×4) = da1 (3×4)"],
  ];
  for (const [id, line] of lines) assert.equal(read(lineOf(options, id)), line);
});

test("examples as columns: factors of a batch change places, and z = W a + b", () => {
  /** @type {Options} */
  const options = { sizes: [2, 4, 1], examples: 3, convention: "column" };
  /** @type {[string, string][]} */
  const lines = [
    ["z1", "W1 (4×2) · a0 (2×3) + b1 (4×1) = z1 (4×3)"],
    ["dz1", "da1 (4×3) ⊙ g1 (4×3) = dz1 (4×3)"],
    ["dW2", "dz2 (1×3) · a1ᵀ (3×4) = dW2 (1×4)"],
    ["db1", "Σₙ dz1 (4×3) = db1 (4×1)"],
    ["da1", "W2ᵀ (4×1) · dz2 (1×3) = da1 (4×3)"],
  ];
  for (const [id, line] of lines) assert.equal(read(lineOf(options, id)), line);
});

test("a softmax is shown for one example, its Jacobian whole; with columns the Jacobian stands transposed on the left", () => {
  /** @type {Options} */
  const options = { sizes: [1, 3], examples: 2, activations: ["softmax"] };
  assert.equal(read(lineOf(options, "dz1")), "da1 (1×3) · g1 (3×3) = dz1 (1×3)");
  assert.equal(read(lineOf({ ...options, convention: "column" }, "dz1")), "g1ᵀ (3×3) · da1 (3×1) = dz1 (3×1)");
  for (const convention of /** @type {const} */ (["row", "column"])) {
    for (const example of [0, 1]) {
      const entries = lineOf({ ...options, convention }, "dz1", { example }).flatMap(({ rows }) => rows ?? []).flat().map((cell) => (typeof cell === "string" ? NaN : cell.entry[0]));
      assert.deepEqual([...new Set(entries)], [example], "the numbers are those of the example shown");
    }
  }
});

test("a function stands as its operands and what becomes of them, upright with columns", () => {
  assert.equal(read(lineOf({ sizes: [2, 3], examples: 2, until: "update" }, "a1")), "z1 (2×3) ↦ a1 (2×3)");
  assert.equal(read(lineOf({ sizes: [2, 3], examples: 2, convention: "column" }, "a1")), "z1 (3×2) ↦ a1 (3×2)");
  assert.equal(read(lineOf({ sizes: [2, 3], examples: 2 }, "loss")), "a1 (2×3) , y (2×3) ↦ loss (1×1)");
  assert.equal(read(lineOf({ sizes: [2, 3], until: "update", convention: "column" }, "W1_new")), "W1 (3×2) , dW1 (3×2) , t (1×1) ↦ W1_new (3×2)");
});

test("one example needs no sum over examples", () => assert.equal(read(lineOf({ sizes: [2, 3], examples: 1 }, "db1")), "dz1 (1×3) = db1 (1×3)"));

for (const convention of /** @type {const} */ (["row", "column"])) {
  test(`examples as ${convention}s: every number in a matrix says which entry it is, and its value is that entry's`, () => {
    const state = stateOf(network({ sizes: [3, 4, 2], activations: ["sigmoid", "softmax"], examples: 3, until: "update", convention }), { example: 1 });
    for (const step of state.trace.steps) {
      for (const { id, rows } of matricesOf(step, state)) {
        const cells = (rows ?? []).flat().filter((cell) => typeof cell !== "string");
        assert.ok(cells.length > 0, id);
        for (const { entry, value } of cells) assert.equal(value, entry.reduce((place, i) => place[i], /** @type {any} */ (state.trace.quantities.get(id)?.data)), `${id} ${entry}`);
        assert.equal(new Set(cells.map(({ entry }) => entry.join())).size, cells.length, `${id}: no number twice`);
      }
    }
  });

  test(`examples as ${convention}s: the numbers of the example on the stage are marked in a batch, and only they`, () => {
    const options = { sizes: [2, 3], examples: 3, convention };
    const [a, W, b, z] = lineOf(options, "z1", { example: 2 }).sort((x, y) => "aWbz".indexOf(x.id[0]) - "aWbz".indexOf(y.id[0]));
    for (const { rows } of [a, z]) for (const cell of (rows ?? []).flat()) assert.ok(typeof cell !== "string" && cell.mine === (cell.entry[0] === 2));
    for (const { rows } of [W, b]) for (const cell of (rows ?? []).flat()) assert.ok(typeof cell !== "string" && !cell.mine);
    for (const { rows } of lineOf({ ...options, examples: 1 }, "z1")) for (const cell of (rows ?? []).flat()) assert.ok(typeof cell !== "string" && !cell.mine, "one example is all there is");
  });
}

for (const units of [2, 5, 12, 13]) {
  test(`the Jacobian of ${units} units is shown ${units <= 12 ? "whole" : "in part"}`, () => {
    for (const convention of /** @type {const} */ (["row", "column"])) {
      const jacobian = lineOf({ sizes: [1, units], activations: ["softmax"], examples: 1, convention }, "dz1").find(({ id }) => id === "g1");
      const cells = (jacobian?.rows ?? []).flat();
      assert.equal(cells.every((cell) => typeof cell !== "string"), units <= 12);
      if (units <= 12) assert.equal(cells.length, units * units);
      else assert.ok(cells.includes("…") && cells.includes("⋮") && cells.includes("⋱"));
      assert.equal(jacobian?.shape, `${units}×${units}`);
    }
  });
}

test("of a large matrix a part around the pinned number is shown, both ways round", () => {
  for (const convention of /** @type {const} */ (["row", "column"])) {
    for (const pinned of [{ quantity: "W1", entry: [17, 8] }, { quantity: "z1", entry: [6, 11] }, { quantity: "b1", entry: [19] }, { quantity: "a0", entry: [0, 9] }]) {
      const line = lineOf({ sizes: [10, 20], examples: 8, convention }, "z1", { pinned });
      const rows = line.find(({ id }) => id === pinned.quantity)?.rows ?? [];
      assert.ok(rows.flat().some((cell) => typeof cell !== "string" && cell.entry.join() === pinned.entry.join()), `${convention} ${pinned.quantity}`);
      assert.ok(rows.length <= 5 && rows.every((row) => row.length <= 4));
    }
  }
});

test("a batch too large to be shown keeps the example on the stage in sight", () => {
  for (const convention of /** @type {const} */ (["row", "column"])) {
    const z = lineOf({ sizes: [2, 3], examples: 30, convention }, "z1", { example: 21 }).find(({ id }) => id === "z1");
    assert.ok((z?.rows ?? []).flat().some((cell) => typeof cell !== "string" && cell.mine && cell.entry[0] === 21), convention);
  }
});

test("a matrix that was too large to be sent has a shape but no numbers", () => {
  const raw = network({ sizes: [3, 2], examples: 1 });
  raw.start.quantities.W1.data = null;
  const state = stateOf(raw);
  const W = matricesOf(state.trace.steps[0], state).find(({ id }) => id === "W1");
  assert.deepEqual([W?.rows, W?.shape, W?.transposed], [null, "3×2", true]);
});
