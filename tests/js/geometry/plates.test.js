import assert from "node:assert/strict";
import { test } from "node:test";

import { fitted } from "../../../static/js/geometry/columns.js";
import { platesOf } from "../../../static/js/geometry/plates.js";

/** @import {LayoutInput} from "../../../static/js/geometry/columns.js" */

/** @type {{sizes: number[], image?: [number, number], stripW?: number, bias?: boolean, loss?: boolean}[]} */
const NETWORKS = [
  { sizes: [64, 24, 10], image: [8, 8] },
  { sizes: [784, 128, 64, 10], image: [28, 28] },
  { sizes: [25, 25, 1] },
  { sizes: [2, 30, 2], bias: false },
  { sizes: [30, 30], loss: false },
  { sizes: [4, 3, 2], stripW: 64 },
];

for (const { sizes, image, stripW, bias = true, loss = true } of NETWORKS) {
  const biases = sizes.slice(1).map(() => bias);
  for (const presenting of [false, true]) {
    test(`${sizes.join("-")}${presenting ? ", presenting" : ""}: every quantity has its place, inside the network, and none covers another`, () => {
      for (const [wide, high] of [[1008, 740], [714, 600], [390, 480], [1280, 540]]) {
        /** @type {Omit<LayoutInput, "wide" | "high">} */
        const input = { sizes, biases, loss, level: "strips", presenting, named: sizes.at(-1) === 10 ? 1 : 0, ...(image ? { image } : {}), ...(stripW ? { stripW } : {}) };
        const { layout } = fitted(input, wide, high);
        const plates = platesOf(layout, sizes, biases);
        const expected = ["a0", ...biases.flatMap((_, k) => [`z${k + 1}`, `a${k + 1}`, `W${k + 1}`, ...(bias ? [`b${k + 1}`] : [])])].flatMap((id) => [id, `d${id}`]);
        assert.deepEqual(plates.map(({ quantity }) => quantity).sort(), [...expected, ...(loss ? ["y"] : [])].sort());
        for (const [k, { quantity, box }] of plates.entries()) {
          assert.ok(box.w > 0 && box.h > 0 && box.x >= 0 && box.y >= layout.top && box.y + box.h <= layout.bottom + 1 && box.x + box.w <= layout.loss.x - layout.loss.r, `${quantity} at ${wide} × ${high}`);
          for (const other of plates.slice(k + 1)) {
            const apart = box.x + box.w <= other.box.x || other.box.x + other.box.w <= box.x || box.y + box.h <= other.box.y || other.box.y + other.box.h <= box.y;
            assert.ok(apart, `${quantity} covers ${other.quantity} at ${wide} × ${high}`);
          }
        }
      }
    });
  }
}

test("a matrix stands over its gradient, both as wide and as high, between the strips that it joins", () => {
  const { layout } = fitted({ sizes: [30, 20, 10], biases: [true, true], loss: true, level: "strips", presenting: false }, 1000, 700);
  const plates = new Map(platesOf(layout, [30, 20, 10], [true, true]).map((plate) => [plate.quantity, plate.box]));
  const [a1, W2, dW2, b2, z2] = ["a1", "W2", "dW2", "b2", "z2"].map((id) => /** @type {import("../../../static/js/geometry/columns.js").Box} */ (plates.get(id)));
  assert.deepEqual([W2.x, W2.w, W2.h], [dW2.x, dW2.w, dW2.h]);
  assert.ok(W2.y + W2.h < dW2.y && a1.x + a1.w < W2.x && W2.x + W2.w < b2.x && b2.x + b2.w < z2.x);
  assert.deepEqual([b2.y, b2.h], [z2.y, z2.h], "a bias is beside the z that it is added to");
});
