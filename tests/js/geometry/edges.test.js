import assert from "node:assert/strict";
import { test } from "node:test";

import { layout, levelOf } from "../../../static/js/geometry/columns.js";
import { columnsOf, edge, edgeAt, half, labelAt, port } from "../../../static/js/geometry/edges.js";

/** @import {Layout} from "../../../static/js/geometry/columns.js" */

const SIZES = [[1, 1], [2, 2, 1], [2, 3, 2], [3, 4, 2], [6, 6, 6], [1, 6, 1], [6, 1, 6], [2, 24, 7, 1], [12, 12]];

/** @param {(at: Layout, l: number, i: number, j: number, sizes: number[]) => void} check @param {(at: Layout, l: number) => boolean} [which] */
function forEveryEdge(check, which = () => true) {
  let seen = 0;
  for (const sizes of SIZES) {
    for (const presenting of [false, true]) {
      for (const [wide, high] of [[0, 0], [1280, 720]]) {
        const at = layout({ sizes, biases: sizes.slice(1).map(() => true), loss: true, level: levelOf(sizes), presenting, wide, high });
        for (let l = 1; l < sizes.length; l += 1) {
          if (!which(at, l)) continue;
          for (let i = 0; i < sizes[l]; i += 1) for (let j = 0; j < sizes[l - 1]; j += 1, seen += 1) check(at, l, i, j, sizes);
        }
      }
    }
  }
  assert.ok(seen > 0);
}

const labelled = (/** @type {Layout} */ at, /** @type {number} */ l) => at.weights[l - 1].labels;
const near = (/** @type {number} */ a, /** @type {number} */ b) => Math.abs(a - b) < 1e-6;

test("the columns of a layer are those of its input, its z and its a", () => {
  const at = layout({ sizes: [2, 3, 1], biases: [true, true], loss: true, level: "boxes", presenting: false, wide: 0, high: 0 });
  for (const [l, names] of /** @type {[number, string[]][]} */ ([[1, ["a0", "z1", "a1"]], [2, ["a1", "z2", "a2"]]])) {
    const { before, z, a } = columnsOf(at, l);
    assert.deepEqual([before, z, a].map(({ quantity }) => quantity), names);
  }
});

test("ports are the middles of the sides; the halves are value above, gradient below", () => {
  const box = { x: 10, y: 20, w: 40, h: 80 };
  assert.deepEqual(port(box, "left"), { x: 10, y: 60 });
  assert.deepEqual(port(box, "right"), { x: 50, y: 60 });
  assert.deepEqual(half(box, "value"), { x: 30, y: 40 });
  assert.deepEqual(half(box, "gradient"), { x: 30, y: 80 });
});

test("an edge leaves the port of its unit and arrives at the side of the next", () => {
  forEveryEdge((at, l, i, j) => {
    const { before, z } = columnsOf(at, l);
    const [from, to] = [edge(at, l, i, j).at(0), edge(at, l, i, j).at(1)];
    const [start, end] = [port(before.units[j], "right"), port(z.units[i], "left")];
    assert.ok(near(from.y, start.y), "leaves at the height of its unit");
    if (at.level === "boxes") {
      assert.ok(near(from.x, start.x), "leaves at the port");
      assert.ok(near(to.x, end.x), "arrives at the side");
      assert.ok(Math.abs(to.y - end.y) <= z.units[i].h / 2, "arrives on the box");
      if (!at.weights[l - 1].labels) assert.ok(near(to.y, end.y), "arrives at the port");
    } else {
      assert.ok(from.x > before.x && from.x < to.x && to.x < z.x, "runs between the dots");
      assert.ok(near(to.y, end.y), "arrives at the height of its unit");
    }
  });
});

test("an edge never runs backwards, and its path begins and ends where it does", () => {
  forEveryEdge((at, l, i, j) => {
    const { d, at: along } = edge(at, l, i, j);
    for (let k = 0; k < 50; k += 1) assert.ok(along((k + 1) / 50).x >= along(k / 50).x - 1e-6, `edge ${i},${j} of layer ${l}`);
    const numbers = d.match(/-?\d+(?:\.\d+)?(?:e[-+]?\d+)?/g)?.map(Number) ?? [];
    const [from, to] = [along(0), along(1)];
    assert.ok(near(numbers[0], from.x) && near(numbers[1], from.y) && near(numbers[numbers.length - 2], to.x) && near(numbers[numbers.length - 1], to.y), d);
  });
});

test("the numbers of a unit's weights stand one above the other, in the order of its row of W", () => {
  forEveryEdge((at, l, i, j) => {
    const here = labelAt(at, l, i, j);
    if (j) {
      const above = labelAt(at, l, i, j - 1);
      assert.equal(here.x, above.x);
      assert.ok(here.y - above.y >= at.metrics.labelH - 1e-6);
    } else if (i) {
      const last = columnsOf(at, l).before.units.length - 1;
      assert.ok(here.y > labelAt(at, l, i - 1, last).y, "the next unit's row is further down");
    }
  }, labelled);
});

test("a unit's numbers are centred on its port", () => {
  forEveryEdge((at, l, i, j, sizes) => {
    const last = sizes[l - 1] - 1;
    assert.ok(near((labelAt(at, l, i, 0).y + labelAt(at, l, i, last).y) / 2, port(columnsOf(at, l).z.units[i], "left").y), `${l} ${i} ${j}`);
  }, labelled);
});

test("an edge with a number runs through it", () => {
  forEveryEdge((at, l, i, j) => {
    const label = labelAt(at, l, i, j);
    const on = edge(at, l, i, j).at(0.62 + 0.12);
    assert.ok(near(on.y, label.y) && Math.abs(on.x - label.x) < at.metrics.labelW / 2, `${l} ${i} ${j}`);
  }, labelled);
});

test("edges with numbers arrive in the order of their units, spread along the side of the box", () => {
  forEveryEdge((at, l, i, j) => {
    if (j) assert.ok(edge(at, l, i, j).at(1).y >= edge(at, l, i, j - 1).at(1).y, `${l} ${i} ${j}`);
  }, labelled);
});

test("the edge nearest to a point is found wherever it runs, and none where none is near", () => {
  const sizes = [16, 12, 24];
  const at = layout({ sizes, biases: [true, true], loss: true, level: "dots", presenting: false, wide: 1280, high: 720 });
  for (const l of [1, 2]) {
    for (const [i, j] of [[0, 0], [11, 3], [5, 15 % sizes[l - 1]], [7, 11]]) {
      for (const t of [0.02, 0.3, 0.62, 0.97]) {
        const point = edge(at, l, i, j).at(t);
        const [ni, nj] = edgeAt(at, l, sizes[l], sizes[l - 1], point, 4) ?? [NaN, NaN];
        const found = edge(at, l, ni, nj).at(t);
        assert.ok(Math.hypot(found.x - point.x, found.y - point.y) < 0.3, `${l}: ${i},${j} at ${t}`); // itself, or one that is there too
      }
    }
    const middle = edge(at, l, 0, 0).at(0.5);
    assert.deepEqual(edgeAt(at, l, sizes[l], sizes[l - 1], { x: middle.x, y: at.top - 40 }, 4), null);
  }
  const lowest = edge(at, 1, 11, 15).at(0.98);
  assert.deepEqual(edgeAt(at, 1, 12, 16, { x: lowest.x, y: lowest.y + 3 }, 4), [11, 15]);
});
