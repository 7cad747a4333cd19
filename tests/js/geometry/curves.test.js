import assert from "node:assert/strict";
import { test } from "node:test";

import { bend, between, ease, join, line } from "../../../static/js/geometry/curves.js";
import { random } from "../making.js";

/** @import {Curve, Point} from "../../../static/js/geometry/curves.js" */

const next = random(2);
const point = () => ({ x: next() * 2000 - 1000, y: next() * 2000 - 1000 });

/** @param {Point} p @param {Point} q */
const apart = (p, q) => Math.hypot(p.x - q.x, p.y - q.y);

/** @param {Point} p @param {Point} q @param {string} [said] */
const close = (p, q, said) => assert.ok(apart(p, q) < 1e-9 * (1 + Math.abs(q.x) + Math.abs(q.y)), `${said ?? ""} ${JSON.stringify(p)} is not ${JSON.stringify(q)}`);

/** The first and the last point that a path string names, and how often it lifts the pen. @param {Curve} curve */
function ends({ d }) {
  const numbers = d.match(/-?\d+(?:\.\d+)?(?:e[-+]?\d+)?/g)?.map(Number) ?? [];
  return { first: { x: numbers[0], y: numbers[1] }, last: { x: numbers[numbers.length - 2], y: numbers[numbers.length - 1] }, moves: (d.match(/M/g) ?? []).length };
}

for (const [name, make] of /** @type {const} */ ([["bend", bend], ["line", line]])) {
  test(`${name}: begins and ends at its points, and so does its path`, () => {
    for (let k = 0; k < 200; k += 1) {
      const [p, q] = [point(), point()];
      const curve = make(p, q);
      close(curve.at(0), p);
      close(curve.at(1), q);
      const { first, last, moves } = ends(curve);
      close(first, p);
      close(last, q);
      assert.equal(moves, 1);
    }
  });
}

test("bend: level at both ends, and never further left or right than its points", () => {
  for (let k = 0; k < 100; k += 1) {
    const [p, q] = [point(), point()];
    const { at } = bend(p, q);
    const [early, late] = [at(1e-5), at(1 - 1e-5)];
    assert.ok(Math.abs(early.y - p.y) <= 1e-3 * Math.abs(early.x - p.x) + 1e-6);
    assert.ok(Math.abs(late.y - q.y) <= 1e-3 * Math.abs(late.x - q.x) + 1e-6);
    for (let t = 0; t <= 1; t += 0.05) {
      assert.ok(at(t).x >= Math.min(p.x, q.x) - 1e-9 && at(t).x <= Math.max(p.x, q.x) + 1e-9);
      assert.ok(at(t).y >= Math.min(p.y, q.y) - 1e-9 && at(t).y <= Math.max(p.y, q.y) + 1e-9);
    }
  }
});

test("bend: the path's control points are those that at() follows", () => {
  const [p, q] = [{ x: 0, y: 10 }, { x: 100, y: 50 }];
  assert.equal(bend(p, q).d, "M0 10C50 10 50 50 100 50");
  close(bend(p, q).at(0.5), { x: 50, y: 30 });
});

test("joined curves have no gap where one ends and the next begins, and the seams lie at their shares", () => {
  for (let k = 0; k < 100; k += 1) {
    const [p, q, r, s] = [point(), point(), point(), point()];
    const shares = [0.62, 0.24, 0.14];
    const joined = join([bend(p, q), line(q, r), bend(r, s)], shares);
    close(joined.at(0), p);
    close(joined.at(0.62), q);
    close(joined.at(0.62 + 0.24), r);
    close(joined.at(1), s);
    for (const seam of [0.62, 0.86]) assert.ok(apart(joined.at(seam - 1e-9), joined.at(seam + 1e-9)) < 1e-3, `a jump at ${seam}`);
    for (let t = 0; t < 1; t += 1e-3) assert.ok(apart(joined.at(t), joined.at(t + 1e-3)) < 60, `a jump at ${t}`);
  }
});

test("a joined path is one stroke whose ends are those of at()", () => {
  for (const [p, q, r, s] of [[point(), point(), point(), point()], [{ x: 1e-7, y: -1e-9 }, { x: 3e-8, y: 2 }, { x: 0, y: 0 }, { x: -1e-8, y: 1e-7 }]]) {
    const joined = join([line(p, q), bend(q, r), line(r, s)], [0.2, 0.5, 0.3]);
    const { first, last, moves } = ends(joined);
    close(first, joined.at(0));
    close(last, joined.at(1));
    assert.equal(moves, 1);
    assert.match(joined.d, /^M[^MCL]+L[^MCL]+C[^MCL]+L[^MCL]+$/);
  }
});

test("a join of joins is still one curve", () => {
  const [p, q, r, s] = [point(), point(), point(), point()];
  const joined = join([join([bend(p, q), line(q, r)], [0.5, 0.5]), line(r, s)], [0.8, 0.2]);
  close(joined.at(0.4), q);
  close(joined.at(0.8), r);
  close(joined.at(1), s);
  assert.equal(ends(joined).moves, 1);
});

test("shares that do not quite add up to 1 still end at the end", () => {
  const [p, q, r] = [point(), point(), point()];
  close(join([line(p, q), line(q, r)], [0.1 + 0.2, 0.7]).at(1), r);
  close(join([line(p, q), line(q, r)], [0.7, 0.2999999999]).at(1), r);
});

test("easing goes from 0 to 1, never back, slow at both ends", () => {
  assert.equal(ease(0), 0);
  assert.equal(ease(1), 1);
  assert.ok(Math.abs(ease(0.5) - 0.5) < 1e-12);
  for (let k = 0; k < 1000; k += 1) assert.ok(ease((k + 1) / 1000) >= ease(k / 1000));
  assert.ok(ease(0.01) < 0.001 && ease(0.99) > 0.999);
});

test("between is 0 before, 1 after and even in the middle", () => {
  assert.deepEqual([0, 0.2, 0.4, 0.6, 1].map((t) => Number(between(t, 0.2, 0.6).toFixed(9))), [0, 0, 0.5, 1, 1]);
});
