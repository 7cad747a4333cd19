import assert from "node:assert/strict";
import { test } from "node:test";

import { nameLines } from "../../../static/js/draw/chart.js";

/** What is written, where, and in letters of what size. @param {number} size @param {number} h @param {number} count of lines, the first at the bottom */
function written(size, h, count) {
  /** @type {{text: string, y: number, size: number}[]} */
  const found = [];
  let letters = size;
  const context = { fillText: (/** @type {string} */ text, /** @type {number} */ _, /** @type {number} */ y) => void found.push({ text, y, size: letters }) };
  const pen = /** @type {any} */ ({ context, h, size, letters: (/** @type {number} */ to) => (letters = to) });
  const names = Array.from({ length: count }, (_, k) => ({ text: `layer ${k + 1}`, y: h * (1 - (k + 0.5) / count), colour: "" }));
  nameLines(pen, names, 0);
  return found;
}

for (const [size, h, count] of [[13, 120, 3], [13, 120, 12], [24, 200, 3], [24, 200, 9], [24, 60, 9]]) {
  test(`${count} names in letters of ${size} px over ${h} px: none on another; those for a hall are no smaller, and some are left out`, () => {
    const found = written(size, h, count);
    const apart = found.slice(1).map(({ y }, k) => y - found[k].y);
    assert.ok(apart.every((gap) => gap >= found[0].size * 1.1), String(apart));
    if (size === 24) assert.ok(found.every((it) => it.size === 24));
    else assert.equal(found.length, count);
    assert.deepEqual([found[0].text, found.at(-1)?.text], [`layer ${count}`, "layer 1"]);
  });
}
