import assert from "node:assert/strict";
import { test } from "node:test";

import { GRADIENT_DECADES, gradientStrength, sign, valueStrength } from "../../../static/js/geometry/colours.js";

const SIZES = Array.from({ length: 640 }, (_, k) => 10 ** (k / 20 - 16));
const LARGEST = [1e-300, 1e-5, 1, 7.5, 1e12, 1e300];

for (const [name, strength] of /** @type {const} */ ([["value", valueStrength], ["gradient", gradientStrength]])) {
  test(`${name}: strength lies between 0 and 1, whatever the number and the largest`, () => {
    for (const largest of [...LARGEST, 0, NaN]) {
      for (const x of [...SIZES, ...SIZES.map((size) => -size), 0, -0, 5e-324, 1.7e308, NaN, Infinity, -Infinity]) {
        const s = strength(x, largest);
        assert.ok(s >= 0 && s <= 1, `${x} of ${largest}: ${s}`);
      }
    }
  });

  test(`${name}: a larger number is never weaker, and its sign does not matter`, () => {
    for (const largest of LARGEST) {
      let last = 0;
      for (const size of SIZES) {
        const s = strength(size * largest, largest);
        assert.ok(s >= last, `${size} of ${largest}: ${s} after ${last}`);
        assert.equal(strength(-size * largest, largest), s);
        last = s;
      }
    }
  });

  test(`${name}: the largest number is full, 0 is nothing, and what is no finite number is full`, () => {
    assert.equal(strength(7.5, 7.5), 1);
    assert.equal(strength(-7.5, 7.5), 1);
    assert.equal(strength(0, 7.5), 0);
    assert.equal(strength(-0, 7.5), 0);
    assert.equal(strength(3, 0), 0);
    for (const odd of [NaN, Infinity, -Infinity]) assert.equal(strength(odd, 7.5), 1);
  });
}

test("gradient: a tenth is one decade weaker, and what is not zero can always be seen", () => {
  assert.ok(Math.abs(gradientStrength(1, 10) - (1 - 1 / GRADIENT_DECADES)) < 1e-12);
  assert.ok(Math.abs(gradientStrength(0.01, 10) - (1 - 3 / GRADIENT_DECADES)) < 1e-12);
  assert.ok(gradientStrength(1e-30, 1) > 0);
  assert.ok(gradientStrength(5e-324, 1e300) > 0);
});

test("a sign is pos, neg, zero or odd", () => {
  assert.deepEqual([1e-300, -1e-300, 0, -0, NaN, Infinity, -Infinity].map(sign), ["pos", "neg", "zero", "zero", "odd", "odd", "odd"]);
});
