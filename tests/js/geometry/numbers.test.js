import assert from "node:assert/strict";
import { test } from "node:test";

import { exact, factor, full, short, subscript } from "../../../static/js/geometry/numbers.js";
import { random } from "../making.js";

/** @type {[number, string][]} */
const ROWS = [
  [0, "0"],
  [-0, "0"],
  [1, "1.000"],
  [-1, "−1.000"],
  [0.5, "0.5000"],
  [0.041347, "0.04135"],
  [-0.041347, "−0.04135"],
  [3.14159265, "3.142"],
  [12.3456, "12.35"],
  [123.456, "123.5"],
  [999.94, "999.9"],
  [999.96, "1000"],
  [1234.4, "1234"],
  [9999.4, "9999"],
  [9999.96, "10000"],
  [10000, "10000"],
  [12344.6, "12340"],
  [-54321, "−54320"],
  [99940, "99940"],
  [99949.9, "99950"],
  [99999.6, "1.000·10⁵"],
  [-99999.6, "−1.000·10⁵"],
  [1e5, "1.000·10⁵"],
  [123456, "1.235·10⁵"],
  [-1e10, "−1.000·10¹⁰"],
  [9.999e20, "9.999·10²⁰"],
  [1.7976931348623157e308, "1.798·10³⁰⁸"],
  [0.001, "0.001000"],
  [0.0012345, "0.001234"],
  [0.00099999, "1.000·10⁻³"],
  [0.0009994, "9.994·10⁻⁴"],
  [-1.5e-7, "−1.500·10⁻⁷"],
  [5e-324, "4.941·10⁻³²⁴"],
  [NaN, "NaN"],
  [Infinity, "∞"],
  [-Infinity, "−∞"],
];

for (const [x, said] of ROWS) test(`${Object.is(x, -0) ? "-0" : x} is written ${said}`, () => assert.equal(short(x), said));

test("a signed number has a plus when it is positive, and zero and NaN have no sign", () => {
  assert.equal(short(0.25, { signed: true }), "+0.2500");
  assert.equal(short(-0.25, { signed: true }), "−0.2500");
  assert.equal(short(2e-9, { signed: true }), "+2.000·10⁻⁹");
  assert.equal(short(Infinity, { signed: true }), "+∞");
  assert.equal(short(0, { signed: true }), "0");
  assert.equal(short(-0, { signed: true }), "0");
  assert.equal(short(NaN, { signed: true }), "NaN");
});

/** @param {string} text */
function read(text) {
  const plain = text.replace("−", "-").replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]/g, (c) => String("⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(c))).replace("⁻", "-");
  return Number(plain.replace("·10", "e"));
}

test("what is written is the number to four significant digits", () => {
  const next = random(1);
  for (let k = 0; k < 20_000; k += 1) {
    const x = (next() < 0.5 ? -1 : 1) * 10 ** (next() * 24 - 12);
    const said = short(x);
    const scientific = said.includes("·10");
    assert.ok(Math.abs(read(said) - x) <= Math.abs(x) * 5.01e-4, `${x} is written ${said}`);
    assert.doesNotMatch(said, /[e+-]/, `${x} is written ${said}`);
    if (scientific) assert.ok(Math.abs(x) < 1e-3 || Math.abs(x) >= 99_995, `${x} is written ${said}`);
    else assert.ok(Math.abs(x) >= 1e-3 && Math.abs(x) < 99_995.01, `${x} is written ${said}`);
  }
});

test("powers of ten and their neighbours are never written with an e", () => {
  for (let power = -320; power <= 308; power += 1) {
    for (const x of [1, 9.9994, 9.9996, 9.996].map((m) => Number(`${m}e${power}`))) assert.match(short(x), /^(\d+(\.\d+)?(·10⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)?|∞|0)$/, String(x));
  }
});

test("the exact number can be read back, whatever it is", () => {
  for (const x of [0.1, 1 / 3, -2e-7, 123456789.125, 5e-324, Infinity, -Infinity, NaN]) assert.equal(Number(exact(x)), x);
  assert.equal(exact(-Infinity), "-Infinity");
  assert.equal(exact(-0), "0");
});

test("the full number has true minus signs only, in front and in its exponent", () => {
  assert.equal(full(-0.1), "−0.1");
  assert.equal(full(-Infinity), "−∞");
  assert.equal(full(Infinity), "∞");
  assert.equal(full(NaN), "NaN");
  assert.equal(full(1.5e-7), "1.5e−7");
  assert.equal(full(-1.5e-7), "−1.5e−7");
});

test("a negative factor is bracketed", () => {
  assert.equal(factor(-2), "(−2.000)");
  assert.equal(factor(2), "2.000");
  assert.equal(factor(-0), "0");
  assert.equal(factor(-Infinity), "(−∞)");
  assert.equal(factor(NaN), "NaN");
});

test("subscripts count from 1 and are separated by commas", () => {
  assert.equal(subscript([]), "");
  assert.equal(subscript([0]), "₁");
  assert.equal(subscript([0, 1]), "₁,₂");
  assert.equal(subscript([8, 9, 1233]), "₉,₁₀,₁₂₃₄");
});
