/** A cell needs no document: an object with the same few methods will do. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { entryOf, paint } from "../../../static/js/draw/cells.js";

/** @import {Cell} from "../../../static/js/draw/cells.js" */

/** @param {Record<string, string>} [attributes] */
function element(attributes = {}) {
  const classes = new Set();
  return {
    dataset: /** @type {Record<string, string>} */ ({}),
    textContent: "",
    attributes,
    classes,
    classList: { toggle: (/** @type {string} */ name, /** @type {boolean} */ on) => (on ? classes.add(name) : classes.delete(name)) },
    getAttribute: (/** @type {string} */ name) => attributes[name] ?? null,
    hasAttribute: (/** @type {string} */ name) => name in attributes,
    setAttribute: (/** @type {string} */ name, /** @type {string} */ value) => void (attributes[name] = value),
  };
}

/** @param {Partial<Cell>} [more] */
function cellOf(more = {}) {
  const [root, text, fill] = [element({ role: "button" }), element({ "font-size": "16" }), element()];
  const cell = /** @type {Cell} */ (/** @type {any} */ ({ quantity: "z1", rest: [2], batched: true, root, text, fill, kind: "value", show: "tint", ...more }));
  return { cell, root, text, fill };
}

const how = { entry: [1, 2], quantity: "z1", largest: { value: 4, gradient: 4, weight: 4 }, pending: false, label: "z of unit 3" };
const signs = (/** @type {Set<unknown>} */ classes) => ["pos", "neg", "zero", "odd"].filter((name) => classes.has(name));

test("the entry of a cell begins with the example where its quantity has one", () => {
  const { cell } = cellOf();
  assert.deepEqual(entryOf(cell, 3), [3, 2]);
  assert.deepEqual(entryOf(cell, -1), [0, 2]);
  assert.deepEqual(entryOf({ ...cell, batched: false }, 3), [2]);
  assert.deepEqual(entryOf({ ...cell, batched: false, rest: [] }, 3), []);
});

test("a number is shown short and kept exact, with its name and place", () => {
  const { cell, root, text } = cellOf();
  paint(cell, -1 / 3, how);
  assert.equal(text.textContent, "−0.3333");
  assert.deepEqual(root.dataset, { quantity: "z1", entry: "1,2", value: String(-1 / 3) });
  assert.equal(root.attributes["aria-label"], "z of unit 3: −0.3333");
  assert.ok(!root.classes.has("unknown") && !root.classes.has("pending"));
});

test("what is not computed yet is never shown as 0, and leaves no number behind", () => {
  const { cell, root, text, fill } = cellOf();
  paint(cell, 2, how);
  paint(cell, undefined, how);
  assert.equal(text.textContent, "·");
  assert.ok(!("value" in root.dataset) && root.classes.has("unknown"));
  assert.equal(root.attributes["aria-label"], "z of unit 3: not computed yet");
  assert.deepEqual(signs(fill.classes), []);
  assert.equal(fill.attributes["fill-opacity"], "0");
});

test("what is on its way is a question, without colour", () => {
  const { cell, root, text, fill } = cellOf();
  paint(cell, 2, { ...how, pending: true });
  assert.equal(text.textContent, "?");
  assert.ok(root.classes.has("pending") && root.classes.has("unknown"));
  assert.deepEqual(signs(fill.classes), []);
  paint(cell, 2, how);
  assert.equal(text.textContent, "2.000");
  assert.ok(!root.classes.has("pending"));
});

test("the sign is one class at a time", () => {
  const { cell, fill } = cellOf();
  for (const [x, name] of /** @type {[number, string][]} */ ([[1, "pos"], [-1, "neg"], [0, "zero"], [NaN, "odd"], [Infinity, "odd"], [2, "pos"]])) {
    paint(cell, x, how);
    assert.deepEqual(signs(fill.classes), [name], String(x));
  }
});

test("numbers that are not finite are said, and kept as the page's contract writes them", () => {
  const { cell, root, text } = cellOf();
  for (const [x, said, kept] of /** @type {[number, string, string][]} */ ([[NaN, "NaN", "NaN"], [Infinity, "∞", "Infinity"], [-Infinity, "−∞", "-Infinity"]])) {
    paint(cell, x, how);
    assert.deepEqual([text.textContent, root.dataset.value], [said, kept]);
  }
});

test("gradients have a plus when they are positive, values have not", () => {
  const gradient = cellOf({ kind: "gradient" });
  paint(gradient.cell, 0.25, how);
  assert.equal(gradient.text.textContent, "+0.2500");
  const value = cellOf();
  paint(value.cell, 0.25, how);
  assert.equal(value.text.textContent, "0.2500");
});

test("a larger number is shown more strongly, in every way of showing", () => {
  for (const [show, attribute] of /** @type {const} */ ([["width", "stroke-width"], ["thread", "stroke-width"], ["thread", "stroke-opacity"], ["solid", "fill-opacity"], ["tint", "fill-opacity"]])) {
    for (const kind of /** @type {const} */ (["value", "gradient", "weight"])) {
      const { cell, fill } = cellOf({ show, kind });
      let last = -1;
      for (const x of [0, 0.01, -0.1, 1, -4]) {
        paint(cell, x, how);
        const strength = Number(fill.attributes[attribute]);
        assert.ok(strength >= last, `${show} of ${kind} ${x}`);
        last = strength;
      }
      assert.ok(last > 0);
    }
  }
});

test("an updated parameter takes the place of the old one under its own name", () => {
  const { cell, root } = cellOf({ quantity: "W1", batched: false, kind: "weight" });
  paint(cell, 1, { ...how, quantity: "W1_new", entry: [2] });
  assert.deepEqual([cell.quantityNow, root.dataset.quantity, root.dataset.entry], ["W1_new", "W1_new", "2"]);
});

test("the loss has an empty entry", () => {
  const { cell, root } = cellOf({ quantity: "loss", rest: [], batched: false, fill: null, show: "text" });
  paint(cell, 0.5, { ...how, quantity: "loss", entry: [] });
  assert.equal(root.dataset.entry, "");
});

test("a number too long for its place gets smaller letters, never a cut, and a short one its own size again", () => {
  const { cell, text } = cellOf();
  paint(cell, -1.5e-7, how);
  assert.equal(text.textContent, "−1.500·10⁻⁷");
  assert.ok(Number(text.attributes["font-size"]) < 16);
  paint(cell, -1.5, how);
  assert.equal(text.attributes["font-size"], "16");
});
