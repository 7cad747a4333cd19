import assert from "node:assert/strict";
import { test } from "node:test";

import { braced, display, maths } from "../../../static/js/draw/mathml.js";
import { all, MATHML, one, openPage } from "../page.js";

/** @import {Drawn} from "../page.js" */

openPage();
const FRACTION = "<math><mfrac><mrow><mi>∂</mi><mi>ℒ</mi></mrow><mrow><mi>∂</mi><mi>z</mi></mrow></mfrac></math>";

/** @param {unknown} element @returns {Drawn} */
const drawn = (element) => /** @type {Drawn} */ (element);

test("what the server wrote becomes an element", () => {
  const formula = drawn(maths(FRACTION));
  assert.deepEqual([formula.localName, formula.namespaceURI, formula.textContent], ["math", MATHML, "∂ℒ∂z"]);
  assert.equal(all(formula, "mi").length, 4);
});

test("where there is no markup there is an empty place, not a fault", () => {
  const nothing = drawn(maths(""));
  assert.deepEqual([nothing.localName, nothing.textContent], ["span", ""]);
});

test("a formula on a line of its own has fractions at full size; one in a line has not", () => {
  assert.equal(drawn(display(FRACTION)).getAttribute("displaystyle"), "true");
  assert.equal(drawn(maths(FRACTION)).getAttribute("displaystyle"), null);
});

test("a brace stands under the whole formula and the word under the brace", () => {
  const formula = drawn(braced(FRACTION, "easy", "easy"));
  assert.equal(formula.localName, "math");
  const [outer] = formula.children;
  assert.equal(formula.children.length, 1);
  const [inner, label] = outer.children;
  const [row, brace] = inner.children;
  assert.deepEqual([outer, inner, row, brace, label].map(({ localName, namespaceURI }) => [localName, namespaceURI]), ["munder", "munder", "mrow", "mo", "mtext"].map((name) => [name, MATHML]));
  assert.equal(row.textContent, "∂ℒ∂z");
  assert.equal(one(row, "mfrac").children.length, 2, "the fraction is moved there as it is");
  assert.deepEqual([brace.textContent, brace.getAttribute("stretchy")], ["⏟", "true"]);
  assert.deepEqual([label.textContent, label.getAttribute("class")], ["easy", "easy"]);
  assert.equal(formula.getAttribute("displaystyle"), "true");
});

test("a formula of several parts is braced as one", () => {
  const formula = drawn(braced("<math><mi>a</mi><mo>=</mo><mi>b</mi></math>", "NOT EASY", "hard"));
  assert.equal(one(formula, "mrow").textContent, "a=b");
  assert.equal(formula.textContent, "a=b⏟NOT EASY");
});
