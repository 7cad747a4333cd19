import assert from "node:assert/strict";
import { test } from "node:test";

import { BOXES_UP_TO, DOTS_UP_TO, layout, levelOf, metricsFor } from "../../../static/js/geometry/columns.js";
import { random } from "../making.js";

/** @import {Box, Layout, Level} from "../../../static/js/geometry/columns.js" */

const EPSILON = 1e-6;

/** @typedef {Parameters<typeof layout>[0]} Input */

/** @param {() => number} next @param {number} most @param {number} layers */
const sizesUpTo = (next, most, layers) => Array.from({ length: layers + 1 }, () => 1 + Math.floor(next() * most));

/** Networks of every level and depth, wide, narrow and of one unit, in rooms of every size. @returns {Input[]} */
function inputs() {
  const next = random(3);
  const lists = [
    [1, 1], [1, 6], [6, 1], [6, 6], [1, 1, 1], [2, 2, 1], [2, 3, 2], [6, 6, 6], [1, 6, 1, 6],
    [24, 24], [1, 24, 1], [24, 1, 24], [7, 7], [200, 200], [1, 200, 1], [784, 64, 10], [200, 1, 200], [25, 14, 15],
    Array(65).fill(1), Array(65).fill(2), Array(65).fill(6), Array(65).fill(24), Array(65).fill(200),
  ];
  for (const most of [2, 4, 6, 24, 200]) {
    for (let k = 0; k < 25; k += 1) lists.push(sizesUpTo(next, most, 1 + Math.floor(next() ** 3 * 64)));
  }
  return lists.flatMap((sizes) =>
    [false, true].flatMap((presenting) =>
      [[0, 0], [360, 300], [1024, 600], [1280 * next() + 300, 900 * next()], [5000, 2400]].map(([wide, high]) => {
        const biases = sizes.slice(1).map(() => next() < 0.7);
        return { sizes, biases, loss: next() < 0.8, level: levelOf(sizes), presenting, wide, high };
      }),
    ),
  );
}

const INPUTS = inputs();

/** @param {(input: Input, at: Layout) => void} check @param {(input: Input) => boolean} [which] */
function forAll(check, which = () => true) {
  let seen = 0;
  for (const input of INPUTS.filter(which)) {
    seen += 1;
    try {
      check(input, layout(input));
    } catch (error) {
      const { sizes, ...rest } = input;
      throw new Error(`${sizes.length > 20 ? `${sizes.length} layers of up to ${Math.max(...sizes)}` : sizes.join("-")} ${JSON.stringify({ ...rest, biases: input.biases.some(Boolean) })}: ${/** @type {Error} */ (error).message}`);
    }
  }
  assert.ok(seen > 10);
}

/** The level of drawing alone decides nothing that a batch as strips cannot override. @param {Level} level */
const only = (level) => (/** @type {Input} */ input) => input.level === level;

test("the widest layer decides the level", () => {
  /** @type {[number[], Level][]} */
  const rows = [[[1], "boxes"], [[2, 6, 1], "boxes"], [[BOXES_UP_TO + 1, 1], "dots"], [[1, DOTS_UP_TO], "dots"], [[3, DOTS_UP_TO + 1], "strips"], [[784, 10], "strips"]];
  for (const [sizes, level] of rows) assert.equal(levelOf(sizes), level, sizes.join("-"));
});

test("columns are a0, z1, a1 … in this order, with a box for every unit, one for a strip", () => {
  forAll(({ sizes, level }, { columns, weights }) => {
    assert.deepEqual(columns.map(({ quantity }) => quantity), ["a0", ...sizes.slice(1).flatMap((_, k) => [`z${k + 1}`, `a${k + 1}`])]);
    assert.deepEqual(weights.map(({ layer }) => layer), sizes.slice(1).map((_, k) => k + 1));
    for (const column of columns) assert.equal(column.units.length, level === "strips" ? 1 : sizes[column.layer]);
  });
});

test("every number is finite and every size positive", () => {
  forAll((_, { width, height, top, bottom, columns, loss, forwardY, backwardY }) => {
    for (const x of [width, height, top, bottom, loss.x, loss.y, loss.r, forwardY, backwardY, ...columns.flatMap(({ x, lane }) => [x, lane])]) assert.ok(Number.isFinite(x));
    for (const { x, y, w, h } of columns.flatMap(({ units }) => units)) assert.ok(Number.isFinite(x + y) && w > 0 && h > 0);
  });
});

test("no two boxes of a column overlap", () => {
  forAll((_, { columns }) => {
    for (const { quantity, units } of columns) {
      for (let i = 1; i < units.length; i += 1) assert.ok(units[i].y >= units[i - 1].y + units[i - 1].h, `${quantity}: unit ${i + 1} begins above the end of the one before`);
    }
  });
});

test("columns stand strictly left to right, and so do their entries in the lanes", () => {
  forAll(({ level }, { columns, loss }) => {
    for (let k = 1; k < columns.length; k += 1) {
      const [left, right] = [columns[k - 1], columns[k]];
      assert.ok(left.lane < right.lane, `the lanes' ${left.quantity} and ${right.quantity}`);
      if (level === "dots" && right.kind === "a") assert.equal(left.x, right.x); // the two halves of one dot
      else assert.ok(left.units[0].x + left.units[0].w < right.units[0].x + EPSILON && left.x < right.x, `${left.quantity} and ${right.quantity}`);
    }
    assert.ok(loss.x - loss.r > columns[columns.length - 1].units[0].x + columns[columns.length - 1].units[0].w, "ℒ stands right of the last column");
  });
});

test("entries of the lanes stand under their columns", () => {
  forAll((_, { columns }) => {
    for (const { quantity, lane, x, units } of columns) {
      assert.ok(lane >= units[0].x && lane <= units[0].x + units[0].w, quantity);
      assert.ok(Math.abs(x - (units[0].x + units[0].w / 2)) < EPSILON, `${quantity}: x is the centre of its boxes`);
    }
  });
});

test("everything lies inside the drawing, and the lanes outside the network", () => {
  forAll(({ loss }, at) => {
    for (const { quantity, units } of at.columns) {
      for (const { x, y, w, h } of units) {
        assert.ok(x >= 0 && x + w <= at.width + EPSILON, `${quantity} from ${x} to ${x + w} of ${at.width}`);
        assert.ok(y >= at.top - EPSILON && y + h <= at.bottom + EPSILON, `${quantity} from ${y} to ${y + h} between ${at.top} and ${at.bottom}`);
      }
    }
    if (loss) {
      assert.ok(at.loss.x + at.loss.r <= at.width + EPSILON, "ℒ sticks out on the right");
      assert.ok(at.loss.y - at.loss.r >= at.top && at.loss.y + at.loss.r <= at.bottom, "ℒ sticks out above or below");
    }
    assert.ok(at.forwardY > 0 && at.forwardY < at.top && at.backwardY > at.bottom && at.backwardY < at.height && at.bottom < at.height);
  });
});

test("biases and targets hang in drawers that end before the next box and inside the network", () => {
  forAll(({ biases, loss, sizes }, { columns, metrics, bottom }) => {
    for (const { quantity, kind, layer, units } of columns) {
      const bias = kind === "z" && biases[layer - 1];
      const target = kind === "a" && layer === sizes.length - 1 && loss;
      if (!bias && !target) continue;
      const drawer = bias ? metrics.tagH - 4 : metrics.captions ? 22 : 34;
      units.forEach(({ y, h }, i) => assert.ok(y + h + drawer <= (units[i + 1]?.y ?? bottom) + EPSILON, `${quantity}, unit ${i + 1}`));
    }
  }, only("boxes"));
});

test("weights stand between their columns, and their numbers where edges run", () => {
  forAll(({ level }, { columns, weights, metrics }) => {
    for (const { layer, labels, left, label, right } of weights) {
      const [before, z] = [columns[2 * layer - 2], columns[2 * layer - 1]];
      assert.ok(Math.abs(left - (before.units[0].x + before.units[0].w)) < EPSILON || level === "dots", `layer ${layer}: edges start at the column before`);
      assert.ok(Math.abs(right - z.units[0].x) < EPSILON, `layer ${layer}: edges end at z`);
      assert.ok(right - left >= 20, `layer ${layer}: there is room for edges`);
      if (labels) assert.ok(label > left && label + metrics.labelW < right, `layer ${layer}: labels lie between`);
      if (level !== "boxes") assert.equal(labels, false);
    }
  });
});

test("the numbers of one unit's weights end before those of the next begin, and inside the network", () => {
  let labelled = 0;
  forAll(({ sizes }, { columns, weights, metrics, top, bottom }) => {
    for (const { layer, labels } of weights) {
      if (!labels) continue;
      labelled += 1;
      const half = (sizes[layer - 1] * metrics.labelH) / 2;
      const centres = columns[2 * layer - 1].units.map(({ y, h }) => y + h / 2);
      centres.forEach((y, i) => {
        if (i) assert.ok(y - half > centres[i - 1] + half, `layer ${layer}, unit ${i + 1}`);
        assert.ok(y - half >= top - EPSILON && y + half <= bottom + EPSILON, `layer ${layer}, unit ${i + 1}: ${y - half} to ${y + half} between ${top} and ${bottom}`);
      });
    }
  }, only("boxes"));
  assert.ok(labelled > 100);
});

test("the layers of a small network are all labelled", () => {
  for (const sizes of [[1, 1], [2, 2, 1], [2, 3, 2], [3, 4, 2]]) {
    const { weights } = layout({ sizes, biases: sizes.slice(1).map(() => true), loss: true, level: "boxes", presenting: false, wide: 1000, high: 700 });
    assert.ok(weights.every(({ labels }) => labels), sizes.join("-"));
  }
});

test("room to spare is used and never exceeded; a network without room keeps its natural width", () => {
  forAll((input, at) => {
    const natural = layout({ ...input, wide: 0 }).width;
    assert.ok(at.width >= natural - EPSILON);
    assert.ok(at.width <= Math.max(natural, input.wide) + EPSILON);
    if (input.wide <= natural) assert.ok(Math.abs(at.width - natural) < EPSILON);
  });
});

test("a batch as strips and inputs as an image keep inside the network too", () => {
  /** @type {[number[], number | undefined, [number, number] | undefined][]} */
  const rows = [[[64, 16, 10], undefined, [8, 8]], [[784, 64, 10], undefined, [28, 28]], [[60, 30], undefined, [6, 10]], [[2, 3, 1], 64, undefined], [[1, 1], 20, undefined], [[200, 200], 64, undefined]];
  for (const [sizes, stripW, image] of rows) {
    for (const presenting of [false, true]) {
      for (const high of [200, 700, 2000]) {
        const at = layout({ sizes, biases: sizes.slice(1).map(() => true), loss: true, level: "strips", presenting, wide: 1000, high, ...(stripW ? { stripW } : {}), ...(image ? { image } : {}) });
        let right = 0;
        for (const { quantity, units: [box] } of at.columns) {
          assert.ok(box.x >= right - EPSILON && box.y >= at.top && box.y + box.h <= at.bottom, `${sizes.join("-")} ${quantity}`);
          right = box.x + box.w;
        }
        assert.ok(right < at.loss.x - at.loss.r && at.loss.x + at.loss.r <= at.width);
        if (!image) continue;
        const [box] = at.columns[0].units;
        const picture = (box.w * image[0]) / image[1];
        assert.ok(picture * 2 + 28 <= at.bottom - at.top, "the image and its gradient stand one above the other");
      }
    }
  }
});

test("text is at least 24 units high when presenting", () => {
  const m = metricsFor(true);
  for (const size of [m.font, m.weightFont, m.smallFont]) assert.ok(size >= 24);
});

test("a box is wide enough for its widest plain number", () => {
  for (const m of [metricsFor(false), metricsFor(true)]) assert.ok(m.boxW >= "−0.04135".length * 0.6 * m.font && m.labelW >= "−0.4135".length * 0.6 * m.weightFont);
});
