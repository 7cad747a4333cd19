import assert from "node:assert/strict";
import { test } from "node:test";

import { boxOf, gridOf } from "../../../static/js/geometry/grids.js";
import { fitted } from "../../../static/js/geometry/columns.js";
import { platesOf } from "../../../static/js/geometry/plates.js";
import { sweepOf } from "../../../static/js/model/sweeps.js";
import { indexTrace } from "../../../static/js/model/trace.js";
import { network } from "../networks.js";

const SIZES = [30, 26, 3];
const trace = indexTrace(network({ sizes: SIZES, activations: ["sigmoid", "softmax"], examples: 3 }));
const { layout } = fitted({ sizes: SIZES, biases: [true, true], loss: true, level: "strips", presenting: false }, 1000, 700);
const boxes = new Map(platesOf(layout, SIZES, [true, true]).map(({ quantity, box }) => [quantity, box]));

/** Where rows of a plate are. @param {string} id @param {(number | null)[]} pattern */
function at(id, pattern) {
  const q = /** @type {import("../../../static/js/types.js").Quantity} */ (trace.quantities.get(id));
  const grid = gridOf({ shape: q.shape, batched: q.axes[0] === "example", example: 1 });
  return boxOf(/** @type {import("../../../static/js/geometry/columns.js").Box} */ (boxes.get(id)), grid, /** @type {import("../../../static/js/geometry/grids.js").Area} */ (grid.areaOf(pattern)));
}

/** What is lit when so much of a step is done. @param {string} id @param {number} t */
function lit(id, t) {
  const sweep = sweepOf(trace.steps[trace.stepOf.get(id) ?? 0], { trace, example: 1 }, layout);
  const { receiver, parts } = sweep(t);
  const order = (/** @type {{x: number, y: number}} */ a, /** @type {{x: number, y: number}} */ b) => a.x - b.x || a.y - b.y;
  return { receiver, parts: [...parts].sort(order) };
}

test("a step fills from its first row to its last, and what a row is made of lights up", () => {
  const rows = /** @type {[string, number, [string, (number | null)[]], [string, (number | null)[]][]][]} */ ([
    ["z1", 0, ["z1", [1, 0]], [["a0", [1, null]], ["W1", [0, null]], ["b1", [0]]]],
    ["z1", 1, ["z1", [1, 25]], [["a0", [1, null]], ["W1", [25, null]], ["b1", [25]]]],
    ["a1", 0.5, ["a1", [1, 13]], [["z1", [1, 13]]]],
    ["a2", 0, ["a2", [1, 0]], [["z2", [1, null]]]],
    ["dW1", 0.5, ["dW1", [13, null]], [["a0", [1, null]], ["dz1", [1, 13]]]],
    ["db1", 0, ["db1", [0]], [["dz1", [1, 0]]]],
    ["da1", 0, ["da1", [1, 0]], [["W2", [null, 0]], ["dz2", [1, null]]]],
    ["da2", 0, ["da2", [1, 0]], [["a2", [1, 0]], ["y", [1, 0]]]],
  ]);
  for (const [id, t, receiver, parts] of rows) {
    const found = lit(id, t);
    assert.deepEqual(found.receiver, at(...receiver), `${id} at ${t}`);
    assert.deepEqual(found.parts, parts.map(([part, pattern]) => at(part, pattern)).sort((a, b) => a.x - b.x || a.y - b.y), `${id} at ${t}`);
  }
});

test("ℒ has no picture to fill: all it is made of is lit", () => {
  const { receiver, parts } = lit("loss", 0.5);
  assert.equal(receiver, null);
  assert.deepEqual(parts, [at("a2", [1, null]), at("y", [1, null])]);
});
