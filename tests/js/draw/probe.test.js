import assert from "node:assert/strict";
import { test } from "node:test";

import { drawProbe } from "../../../static/js/draw/probe.js";
import { all, classes, holding, numberOf, one, openPage, SVG } from "../page.js";

/** @import {Probe} from "../../../static/js/types.js" */

openPage();

/** A sweep that errs by ε² above 10⁻⁵ and by 10⁻¹⁶/ε below, as central differences do. */
const SWEEP = Array.from({ length: 12 }, (_, k) => 10 ** -(k + 1)).map((epsilon) => ({ epsilon, quotient: 0.5, difference: epsilon > 1e-5 ? epsilon ** 2 : -1e-16 / epsilon }));

/** @param {Partial<Probe>} [more] @returns {Probe} */
const probe = (more = {}) => ({ quantity: "W1", entry: [0, 1], value: 0.2, epsilon: 1e-4, loss: 0.3, loss_plus: 0.30005, loss_minus: 0.29995, quotient: 0.5000000001, gradient: 0.5, difference: -1e-10, sweep: SWEEP, ...more });

/** @param {Partial<Probe>} [more] */
const drawn = (more) => holding(drawProbe(probe(more), "W₁,₂"));

/** @param {ReturnType<typeof drawn>} root */
const points = (root) => all(root, "circle").map((circle) => ({ x: numberOf(circle, "cx"), y: numberOf(circle, "cy"), now: classes(circle).includes("now") }));

test("both losses, the quotient and the gradient stand side by side with all their digits, and how far they are apart", () => {
  const root = drawn();
  assert.deepEqual(all(root, "dt").map(({ textContent }) => textContent), ["ℒ(W₁,₂ + ε)", "ℒ(W₁,₂ − ε)", "(ℒ₊ − ℒ₋) / 2ε", "gradient", "difference"]);
  assert.deepEqual(all(root, "dd").map(({ textContent }) => textContent), ["0.30005", "0.29995", "0.5000000001", "0.5", "1.000·10⁻¹⁰"]);
  assert.equal(all(root, "dd")[4].getAttribute("title"), "−1e−10");
});

test("a number that is not finite says so, and is never shown as 0", () => {
  const root = drawn({ loss_plus: null, quotient: null, difference: null, sweep: [] });
  assert.deepEqual(all(root, "dd").map(({ textContent }) => textContent), ["not finite", "0.29995", "not finite", "0.5", "not finite"]);
});

test("the picture has a point for every ε that was tried, larger ε further right, larger differences higher, all inside", () => {
  const root = drawn();
  const picture = one(root, "svg");
  assert.equal(picture.namespaceURI, SVG);
  const [, , width, height] = (picture.getAttribute("viewBox") ?? "").split(" ").map(Number);
  const seen = points(root);
  assert.equal(seen.length, SWEEP.length);
  SWEEP.forEach(({ difference }, k) => {
    const { x, y } = seen[k];
    assert.ok(x >= 0 && x <= width && y >= 0 && y <= height, `point ${k}`);
    if (k === 0) return;
    assert.ok(x < seen[k - 1].x, "ε falls to the left");
    assert.equal(Math.sign(y - seen[k - 1].y), Math.abs(difference) < Math.abs(SWEEP[k - 1].difference) ? 1 : -1, `point ${k}`);
  });
  const steps = seen.slice(1).map(({ x }, k) => seen[k].x - x);
  assert.ok(Math.max(...steps) - Math.min(...steps) < 0.2, "powers of ten are equally far apart");
  assert.match(picture.getAttribute("aria-label") ?? "", /truncation.*rounding/);
});

test("the ε that is looked at is marked, however it was written; one between those tried is not", () => {
  for (const [epsilon, at] of [[1e-4, 3], [0.1, 0], [1e-12, 11], [1.0000000001e-4, 3]]) {
    const seen = points(drawn({ epsilon }));
    assert.deepEqual(seen.map(({ now }, k) => (now ? k : -1)).filter((k) => k >= 0), [at], String(epsilon));
    const [, x] = /^M([\d.]+) /.exec(one(drawn({ epsilon }), ".cursor").getAttribute("d") ?? "") ?? [];
    assert.ok(Math.abs(Number(x) - seen[at].x) < 0.1);
  }
  const between = drawn({ epsilon: 3e-4 });
  assert.ok(points(between).every(({ now }) => !now));
  assert.equal(all(between, ".cursor").length, 0);
});

test("a difference of 0 and one that is not finite have no place on a scale of powers, and leave no broken line", () => {
  const sweep = SWEEP.map((it, k) => ({ ...it, difference: k === 2 ? 0 : k === 5 ? null : it.difference }));
  const root = drawn({ sweep });
  assert.equal(points(root).length, 10);
  assert.doesNotMatch(one(root, ".line").getAttribute("d") ?? "", /NaN|Infinity/);
});

test("where every difference is 0, or nothing was tried, the picture is empty and sound", () => {
  for (const sweep of [SWEEP.map((it) => ({ ...it, difference: 0 })), []]) {
    const root = drawn({ sweep });
    assert.equal(points(root).length, 0);
    for (const element of all(root, "[d]")) assert.doesNotMatch(element.getAttribute("d") ?? "", /NaN|Infinity|undefined/);
    for (const text of all(root, "text")) assert.ok(Number.isFinite(numberOf(text, "x")) && Number.isFinite(numberOf(text, "y")), text.textContent);
  }
});

test("both axes have powers of ten, in order", () => {
  const texts = all(one(drawn(), "svg"), "text").map((text) => ({ said: text.textContent, x: numberOf(text, "x"), y: numberOf(text, "y"), end: text.getAttribute("text-anchor") }));
  const power = (/** @type {string} */ said) => Number([...said.slice(2)].map((c) => (c === "⁻" ? "-" : String("⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(c)))).join(""));
  const scale = texts.filter(({ said }) => said.startsWith("10"));
  const down = scale.filter(({ end }) => end === "end").sort((a, b) => a.y - b.y).map(({ said }) => power(said));
  const across = scale.filter(({ end }) => end === "middle").sort((a, b) => a.x - b.x).map(({ said }) => power(said));
  assert.equal(down.length, 3);
  assert.deepEqual(down, [...down].sort((a, b) => b - a));
  assert.deepEqual(across, [-12, -9, -6, -3]);
});
