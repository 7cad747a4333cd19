/** What somebody brings, as a problem: sizes, activations and loss that go with the examples, and the numbers that can stay. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { oneLess, oneMore, withModel, withTable } from "../../../static/js/model/bringing.js";
import { stateOf } from "../making.js";
import { network } from "../networks.js";

/** @import {Table} from "../../../static/js/model/bringing.js" */

/** @param {Partial<Table>} more @returns {Table} */
const table = (more) => ({ delimiter: ",", decimal: ".", header: true, rows: 2, columns: [], inputs: [[1, 2], [3, 4]], targets: [[0.5], [2]], input_names: ["p", "q"], output_names: ["r"], suggested_loss: "squared_error", notes: [], ...more });

const raw = network({ sizes: [2, 3, 1], until: "backward" });
Object.assign(raw.start.problem, { inputs: raw.start.quantities.a0.data, targets: raw.start.quantities.y.data });
const state = stateOf(raw);
const { problem, quantities } = state.trace.start;

test("a table that fits leaves the layers as they are", () => {
  const now = withTable(state, table({}));
  assert.deepEqual(now.layers, problem.layers);
  assert.deepEqual([now.inputs, now.targets, now.keep], [[[1, 2], [3, 4]], [[0.5], [2]], undefined]);
  assert.deepEqual(now.loss, problem.loss, "the loss that is there fits as well");
});

test("a table of another width draws the layers anew and keeps the numbers that fit", () => {
  const now = withTable(state, table({ inputs: [[1, 2, 3]], targets: [2], output_names: ["a", "b", "c"], suggested_loss: "cross_entropy" }));
  const layers = /** @type {any[]} */ (now.layers);
  assert.deepEqual(layers.map(({ units }) => units), [3, 3]);
  assert.equal(layers[1].activation, "softmax");
  assert.deepEqual(layers[0].activation, problem.layers[0].activation);
  assert.equal(now.loss, "cross_entropy");
  assert.deepEqual(now.keep, Object.fromEntries(["W1", "b1", "W2", "b2"].map((id) => [id, quantities[id].data])));
});

test("zeros and ones get a sigmoid, numbers after classes an identity", () => {
  const binary = withTable(state, table({ targets: [[0], [1]], suggested_loss: "binary_cross_entropy" }));
  assert.deepEqual([binary.loss, /** @type {any} */ (binary.layers)[1].activation], ["binary_cross_entropy", "sigmoid"]);
  const classes = stateOf(network({ sizes: [2, 3, 1], activations: ["sigmoid", "softmax"], until: "backward" }));
  assert.equal(/** @type {any} */ (withTable(classes, table({})).layers)[1].activation, "identity");
});

test("a table without targets leaves the width of the network alone", () => {
  const now = withTable(state, table({ targets: null, output_names: [], suggested_loss: null }));
  assert.deepEqual([now.targets, /** @type {any} */ (now.layers).length], [null, 2]);
});

test("what came with numbers of its own for the old network does not come along", () => {
  const edited = { ...state, request: { preset: "p", edits: [{ quantity: "W1", entry: [0, 0], value: 9 }] } };
  edited.trace.start.omitted = ["W1"];
  const now = withTable(edited, table({ inputs: [[1, 2, 3]] }));
  assert.deepEqual([now.edits, now.optimizer_state, now.parameters], [undefined, undefined, undefined]);
  edited.trace.start.omitted = [];
});

test("a network from a file takes the examples that fit, or zeros", () => {
  const layers = [{ name: "0", weights: [[1, 2]], bias: /** @type {const} */ (false), activation: "identity" }];
  const model = { format: "pytorch", sizes: [2, 1], layers, tensors: [], notes: [], problem: null };
  const fits = withModel(state, model, ["tanh"], problem.loss.name);
  assert.deepEqual([fits.inputs, fits.targets, /** @type {any} */ (fits.layers)[0].activation], [problem.inputs, problem.targets, "tanh"]);
  const wide = withModel(state, { ...model, sizes: [3, 1], layers: [{ ...layers[0], weights: [[1, 2, 3]] }] }, ["sigmoid"], "binary_cross_entropy");
  assert.deepEqual([wide.inputs, wide.targets], [[[0, 0, 0]], [[0]]]);
  assert.deepEqual(withModel(state, model, ["softmax"], "cross_entropy").targets, [0]);
});

test("one example more is like the last; one less is gone from inputs and targets", () => {
  const more = oneMore(state);
  assert.deepEqual(more.inputs, [.../** @type {any[]} */ (problem.inputs), problem.inputs?.at(-1)]);
  assert.equal(more.targets?.length, more.inputs?.length);
  const less = oneLess(state, 0);
  assert.deepEqual([less.inputs, less.targets], [problem.inputs?.slice(1), /** @type {any} */ (problem.targets)?.slice(1)]);
});
