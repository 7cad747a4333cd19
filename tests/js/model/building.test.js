import assert from "node:assert/strict";
import { test } from "node:test";

import { chosen, moved, outline, redrawn, withBias, withFunction, withInputs, withLayer, withoutLayer, withUnits } from "../../../static/js/model/building.js";

/** @import {Making} from "../../../static/js/model/building.js" */
/** @import {Request, Start} from "../../../static/js/types.js" */

const W = [[[1, 2], [3, 4], [5, 6]], [[7, 8, 9]]];
const b = [[0.1, 0.2, 0.3], [0.4]];
const tanh = { name: "tanh" };
const sigmoid = { name: "sigmoid" };

/** 2-3-1 as the server resolves it. */
const resolved = {
  layers: [{ units: 3, weights: W[0], bias: b[0], activation: tanh }, { units: 1, weights: W[1], bias: b[1], activation: sigmoid }],
  loss: { name: "squared_error", scale: 0.5, over_outputs: "sum", over_batch: "mean" },
  inputs: [[10, 20], [30, 40]],
  targets: [[0.5], [0.6]],
  initializer: { name: "xavier_uniform", seed: 7 },
  optimizer: { name: "momentum", learning_rate: 0.5, momentum: 0.9, update_biases: true },
};
const start = /** @type {Start} */ (/** @type {unknown} */ ({ layer_sizes: [2, 3, 1], problem: resolved, omitted: [] }));
/** The same, too large to be sent. */
const cut = /** @type {Start} */ ({ ...start, problem: { ...resolved, inputs: null, targets: null, layers: resolved.layers.map(({ activation }) => ({ weights: null, bias: null, activation })) } });

/** @param {Making} making @param {Request} [problem] */
const made = (making, problem = resolved) => making(problem, start);
const all = { W1: W[0], b1: b[0], W2: W[1], b2: b[1] };

test("what a problem consists of, resolved, by names, by its preset, or too large to be sent", () => {
  const functions = { loss: resolved.loss, optimizer: resolved.optimizer, initializer: resolved.initializer };
  const layers = [{ units: 3, activation: tanh, weights: W[0], bias: b[0], was: 1 }, { units: 1, activation: sigmoid, weights: W[1], bias: b[1], was: 2 }];
  assert.deepEqual(outline(resolved, start), { inputs: 2, layers, ...functions });
  assert.deepEqual(outline({ preset: "p" }, start), { inputs: 2, layers, ...functions });
  assert.deepEqual(outline({ preset: "p" }, cut).layers.map(({ units, weights, bias }) => ({ units, weights, bias })), [{ units: 3, weights: undefined, bias: undefined }, { units: 1, weights: undefined, bias: undefined }]);
  assert.equal(outline({ preset: "p" }, cut).inputs, 2);
  const brief = { layers: /** @type {any} */ ([{ weights: W[0], activation: "relu", bias: false }, { units: 4, activation: { name: "elu", alpha: 2 } }]), loss: /** @type {any} */ ("huber"), optimizer: null, inputs: [[1, 2, 3]] };
  const found = outline(brief, start);
  assert.deepEqual([found.inputs, found.loss, found.optimizer], [3, { name: "huber" }, null]);
  assert.deepEqual(found.layers.map(({ units, activation, bias }) => [units, activation, bias]), [[3, { name: "relu" }, false], [4, { name: "elu", alpha: 2 }, undefined]]);
});

test("other units: every layer is given by them, the old numbers go along for the server to keep", () => {
  const { layers, keep, targets, inputs } = made(withUnits(1, moved(1)));
  assert.deepEqual(layers, [{ units: 4, activation: tanh }, { units: 1, activation: sigmoid }]);
  assert.deepEqual(keep, all);
  assert.deepEqual([inputs, targets], [resolved.inputs, resolved.targets]);
});

test("targets follow the last layer: their columns are cut or filled with 0; class indices stay", () => {
  assert.deepEqual(made(withUnits(2, () => 3)).targets, [[0.5, 0, 0], [0.6, 0, 0]]);
  assert.deepEqual(made(withUnits(2, () => 1), { ...resolved, targets: [[1, 2], [3, 4]] }).targets, [[1], [3]]);
  assert.deepEqual(made(withoutLayer(2)).targets, [[0.5, 0, 0], [0.6, 0, 0]]);
  assert.deepEqual(made(withUnits(2, () => 3), { ...resolved, targets: [0, 1] }).targets, [0, 1]);
  assert.equal(made(withUnits(2, () => 3), { ...resolved, targets: null }).targets, null);
});

test("what was refused is mended by the next: nothing was lost on the way", () => {
  const refused = made(withUnits(1, () => 4000));
  const mended = withUnits(1, () => 3)(refused, start);
  assert.deepEqual([mended.layers?.[0].units, mended.keep], [3, all]);
});

test("other inputs: columns of the data are cut or filled with 0", () => {
  assert.deepEqual(made(withInputs(moved(1))).inputs, [[10, 20, 0], [30, 40, 0]]);
  assert.deepEqual(made(withInputs(moved(-1))).inputs, [[10], [30]]);
  assert.deepEqual(withInputs(moved(-1))(made(withInputs(moved(-1))), start).inputs, [[10], [30]], "one is left");
  assert.deepEqual(made(withInputs(() => 1)).keep, all);
});

test("a layer more is as wide as what it follows, works like it, and moves the numbers of those behind it", () => {
  const middle = made(withLayer(1));
  assert.deepEqual(middle.layers, [{ units: 3, activation: tanh }, { units: 3, activation: tanh }, { units: 1, activation: sigmoid }]);
  assert.deepEqual(middle.keep, { W1: W[0], b1: b[0], W3: W[1], b3: b[1] });
  const first = made(withLayer(0));
  assert.deepEqual(first.layers?.map(({ units }) => units), [2, 3, 1]);
  assert.deepEqual(first.keep, { W2: W[0], b2: b[0], W3: W[1], b3: b[1] });
  const last = made(withLayer(2));
  assert.deepEqual([last.layers?.[2], last.targets], [{ units: 1, activation: sigmoid }, resolved.targets]);
  assert.deepEqual(last.keep, all);
});

test("a layer less moves them back", () => {
  const { layers, keep } = made(withoutLayer(1));
  assert.deepEqual([layers, keep], [[{ units: 1, activation: sigmoid }], { W1: W[1], b1: b[1] }]);
  assert.deepEqual(withoutLayer(1)(made(withoutLayer(1)), start).layers, [{ units: 1, activation: sigmoid }], "the last one stays");
});

test("a bias goes with its numbers, and comes back without them", () => {
  const without = made(withBias(1, false));
  assert.deepEqual([without.layers?.[0], without.keep], [{ units: 3, activation: tanh, bias: false }, { W1: W[0], W2: W[1], b2: b[1] }]);
  const back = withBias(1, true)(without, start);
  assert.deepEqual([back.layers?.[0], Object.keys(back.keep ?? {})], [{ units: 3, activation: tanh }, ["W1", "W2", "b2"]]);
});

test("parameters that stood above the layers are kept in their place; an optimizer's state goes with the shapes", () => {
  const { parameters, optimizer_state, keep } = made(withUnits(1, () => 2), { ...resolved, parameters: { W2: [[-1, -2, -3]] }, optimizer_state: { W1_v: W[0] } });
  assert.deepEqual([parameters, optimizer_state, keep], [undefined, undefined, { ...all, W2: [[-1, -2, -3]] }]);
});

test("edits move with their layer, and go where there is no place for them", () => {
  const edits = /** @type {[string, number[]][]} */ ([["W1", [2, 1]], ["b1", [2]], ["W2", [0, 2]], ["b2", [0]], ["a0", [1, 1]], ["y", [1, 0]]]).map(([quantity, entry]) => ({ quantity, entry, value: 9 }));
  const big = { preset: "p", edits };
  const after = (/** @type {Making} */ making) => making(big, cut).edits?.map(({ quantity, entry }) => `${quantity} ${entry}`);
  assert.deepEqual(after(withLayer(0)), ["W2 2,1", "b2 2", "W3 0,2", "b3 0", "a0 1,1", "y 1,0"]);
  assert.deepEqual(after(withUnits(1, () => 2)), ["b2 0", "a0 1,1", "y 1,0"]);
  assert.deepEqual(after(withInputs(() => 1)), ["b1 2", "W2 0,2", "b2 0", "y 1,0"]);
  assert.deepEqual(after(withoutLayer(1)), ["b1 0", "a0 1,1", "y 1,0"]);
  assert.deepEqual(after(withBias(1, false)), ["W1 2,1", "W2 0,2", "b2 0", "a0 1,1", "y 1,0"]);
});

test("of a network that is too large nothing is kept, and its data stay with its preset", () => {
  const { layers, keep, inputs, preset } = withUnits(1, () => 5)({ preset: "p" }, cut);
  assert.deepEqual([layers?.map(({ units }) => units), keep, inputs, preset], [[5, 1], {}, undefined, "p"]);
});

test("another activation leaves everything else as it is, in any form of a problem", () => {
  const to = () => ({ name: "elu", alpha: 1 });
  assert.deepEqual(made(withFunction(2, to)).layers, [resolved.layers[0], { ...resolved.layers[1], activation: to() }]);
  assert.deepEqual(made(withFunction(2, to), { preset: "p" }).layers?.[1], { ...resolved.layers[1], activation: to() });
  assert.deepEqual(withFunction(1, to)({ preset: "p" }, cut).layers?.map(({ units }) => units), [3, 1]);
  const once = made(withFunction(2, (now) => ({ ...now, slope: 2 })), { ...resolved, layers: /** @type {any} */ ([{ units: 1, activation: "relu" }, { units: 1, activation: "leaky_relu" }]) });
  assert.deepEqual(once.layers?.map(({ activation }) => activation), ["relu", { name: "leaky_relu", slope: 2 }]);
});

test("an optimizer's state stays with its numbers, and goes with another optimizer or other parameters that are updated", () => {
  const problem = { ...resolved, optimizer_state: { W1_v: W[0] } };
  const state = (/** @type {Making} */ making) => made(making, problem).optimizer_state;
  assert.deepEqual(state(withFunction("optimizer", (now) => ({ ...now, learning_rate: 2 }))), { W1_v: W[0] });
  assert.deepEqual(state(withFunction("loss", () => ({ name: "huber" }))), { W1_v: W[0] });
  assert.equal(state(withFunction("optimizer", (now) => ({ ...now, update_biases: false }))), undefined);
  assert.equal(state(withFunction("optimizer", () => null)), undefined);
  assert.equal(made(withFunction("optimizer", () => null)).optimizer, null);
});

test("another initializer or seed draws all weights anew and leaves the data", () => {
  const problem = { ...resolved, keep: all, parameters: { W1: W[0] }, edits: [{ quantity: "W1", entry: [0, 0], value: 1 }, { quantity: "a0", entry: [0, 0], value: 2 }] };
  const initializer = { name: "zeros", seed: 1 };
  for (const after of [redrawn(problem, start, initializer), made(withFunction("initializer", () => initializer), problem)]) {
    assert.deepEqual(after.layers, [{ units: 3, activation: tanh }, { units: 1, activation: sigmoid }]);
    assert.deepEqual([after.keep, after.parameters, after.initializer, after.edits], [undefined, undefined, initializer, [{ quantity: "a0", entry: [0, 0], value: 2 }]]);
  }
});

test("a function that is chosen begins with its own numbers and keeps how it was to be summed", () => {
  const choice = { name: "huber", parameters: /** @type {any[]} */ ([{ name: "scale", default: 1, type: "number" }, { name: "over_outputs", default: "sum", choices: ["sum", "mean"], type: "string" }, { name: "delta", default: 1, type: "number" }]) };
  assert.deepEqual(chosen(choice, { name: "squared_error", scale: 0.5, over_outputs: "mean" }), { name: "huber", scale: 1, over_outputs: "mean", delta: 1 });
  assert.deepEqual(chosen(choice, null), { name: "huber", scale: 1, over_outputs: "sum", delta: 1 });
});
