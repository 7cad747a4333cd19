import assert from "node:assert/strict";
import { test } from "node:test";

import { layout } from "../../../static/js/geometry/columns.js";
import { centreOf } from "../../../static/js/geometry/places.js";

const at = layout({ sizes: Array(13).fill(2), biases: Array(12).fill(true), loss: true, level: "boxes", presenting: false, wide: 4000, high: 600 });
const place = (/** @type {string} */ id) => centreOf(at, id) ?? NaN;

test("what is in a column stands there: values, their gradients, biases and what they become at z", () => {
  for (const l of [1, 2, 12]) {
    const z = at.columns.find(({ quantity }) => quantity === `z${l}`)?.x;
    for (const id of [`z${l}`, `dz${l}`, `b${l}`, `db${l}`, `b${l}_new`]) assert.equal(place(id), z, id);
    const a = at.columns.find(({ quantity }) => quantity === `a${l}`)?.x;
    for (const id of [`a${l}`, `da${l}`]) assert.equal(place(id), a, id);
  }
  assert.equal(place("da0"), at.columns[0].x);
  assert.equal(place("loss"), at.loss.x);
});

test("weights stand between the columns that they join", () => {
  for (const l of [1, 2, 12]) {
    for (const id of [`W${l}`, `dW${l}`, `W${l}_new`]) {
      assert.ok(place(id) > place(`a${l - 1}`) && place(id) < place(`z${l}`), id);
      assert.equal(place(id), place(`W${l}`));
    }
  }
});

test("along a walk the places go left without a step back", () => {
  const walk = ["loss", ...Array.from({ length: 12 }, (_, k) => [`da${12 - k}`, `dz${12 - k}`]).flat(), "dW1"].map(place);
  for (const [k, x] of walk.entries()) assert.ok(k === 0 || x < walk[k - 1], `link ${k}`);
});

test("what the network does not show has no place", () => {
  for (const id of ["g1", "t", "nothing", "z13"]) assert.equal(centreOf(at, id), undefined, id);
});
