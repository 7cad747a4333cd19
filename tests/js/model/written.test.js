/** Quantities written down: every digit, readable by what they are written for. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { csv, latex, numpy, plain } from "../../../static/js/model/written.js";
import { quantity, random, filled } from "../making.js";

const W = quantity([2, 3], [[0.1 + 0.2, -1e-7, 3], [-0, 5e-324, 1.7976931348623157e308]]);
const odd = quantity([1, 3], [[NaN, Infinity, -Infinity]]);
const J = quantity([2, 2, 2], [[[1, 2], [3, 4]], [[5, 6], [7, 8.5]]]);

test("CSV: a row a line, and reading it gives the same numbers", () => {
  assert.equal(csv(W), "0.30000000000000004,-1e-7,3\n-0,5e-324,1.7976931348623157e+308\n");
  assert.equal(csv(quantity([3], [1, 2, 3])), "1,2,3\n");
  assert.equal(csv(quantity([], 0.25)), "0.25\n");
  assert.equal(csv(J), "1,2\n3,4\n\n5,6\n7,8.5\n");
  assert.equal(csv(odd), "NaN,Infinity,-Infinity\n");
  const next = random(3);
  const many = filled([5, 4], () => (next() - 0.5) * 10 ** Math.round(40 * next() - 20));
  assert.deepEqual(csv(quantity([5, 4], many)).trim().split("\n").map((line) => line.split(",").map(Number)), many);
});

test("LaTeX: brackets, powers of ten, room for wide matrices", () => {
  assert.equal(latex(quantity([2, 2], [[0.5, -1e-7], [1e21, 2]])), "\\begin{bmatrix}\n0.5 & -1 \\cdot 10^{-7} \\\\\n1 \\cdot 10^{21} & 2\n\\end{bmatrix}");
  assert.equal(latex(quantity([2], [1, 2])), "\\begin{bmatrix}\n1 & 2\n\\end{bmatrix}");
  assert.equal(latex(quantity([], -0.25)), "-0.25");
  assert.equal(latex(odd), "\\begin{bmatrix}\n\\text{NaN} & \\infty & -\\infty\n\\end{bmatrix}");
  assert.equal(latex(J).split("\\begin{bmatrix}").length, 3);
  assert.match(latex(quantity([1, 11], [Array(11).fill(0)])), /^\\setcounter\{MaxMatrixCols\}\{11\}\n/);
  assert.doesNotMatch(latex(quantity([1, 10], [Array(10).fill(0)])), /setcounter/);
});

test("numpy: a statement, floats also where they are whole", () => {
  assert.equal(numpy("W1", W), "W1 = np.array([\n    [0.30000000000000004, -1e-7, 3.0],\n    [-0.0, 5e-324, 1.7976931348623157e+308],\n])");
  assert.equal(numpy("b1", quantity([2], [1, 2.5])), "b1 = np.array([1.0, 2.5])");
  assert.equal(numpy("loss", quantity([], 2)), "loss = np.array(2.0)");
  assert.equal(numpy("z1", odd), "z1 = np.array([\n    [np.nan, np.inf, -np.inf],\n])");
  assert.match(numpy("g1", J), /\[\n {8}\[1\.0, 2\.0\],\n {8}\[3\.0, 4\.0\],\n {4}\],/);
});

test("names as people read them", () => {
  const names = ["a0", "y", "t", "loss", "dW12", "W1_new", "b2_m", "W1_v_new", "g2"].map(plain);
  assert.deepEqual(names, ["a[0]", "y", "t", "ℒ", "∂ℒ/∂W[12]", "W[1] new", "b[2] m", "W[1] v new", "∂a[2]/∂z[2]"]);
});
