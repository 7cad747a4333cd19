import assert from "node:assert/strict";
import { test } from "node:test";

import { asked, ownScenario, resumed, withData, withNewWeights, withSettings } from "../../../static/js/model/training_request.js";
import { after, ending, opened, opening, progress, TRAIN } from "../training.js";

const begun = after(opened(), { type: "start", run: 0, start: opening() });
const played = after(begun, { type: "progress", run: 0, report: progress(4), at: 1 });

test("a run that has not begun asks for itself, with pictures", () => {
  const { layers, parameters, position, surface, epochs, include } = /** @type {any} */ (asked(opened().runs[0]));
  assert.deepEqual([layers, parameters, position, epochs], [TRAIN.layers, undefined, undefined, 10]);
  assert.ok(surface.resolution > 2 && surface.units > 0);
  assert.deepEqual(include, ["parameters", "optimizer_state"]);
});

test("one that has goes on from its last report, exactly", () => {
  const request = asked(played.runs[0], { max_updates: 1 });
  const { report } = played.runs[0];
  assert.deepEqual([request.parameters, request.optimizer_state, request.position], [report?.parameters, report?.optimizer_state, { epoch: 1, batch: 1 }]);
  assert.equal(request.max_updates, 1);
});

test("another batch size takes over at the next epoch's beginning", () => {
  /** @param {number} batch_size @param {number} updates */
  const wanting = (batch_size, updates) => after(begun, { type: "progress", run: 0, report: progress(updates), at: 1 }, { type: "want", run: 0, request: { ...TRAIN, batch_size }, anew: false }).runs[0];
  assert.deepEqual(asked(wanting(1, 4)).position, { epoch: 2, batch: 0 });
  assert.deepEqual(asked(wanting(1, 6)).position, { epoch: 2, batch: 0 }, "it stands at one already");
  assert.deepEqual(asked(wanting(2, 4)).position, { epoch: 1, batch: 1 }, "the same size goes on");
});

test("anew nothing is gone on from", () => {
  const [run] = after(played, { type: "want", run: 0, request: { ...TRAIN, batch_size: 1 }, anew: true }).runs;
  const request = asked(run);
  assert.deepEqual([request.batch_size, request.parameters, request.position], [1, undefined, undefined]);
  const goal = { ...TRAIN, stop: { loss: 0.2 } };
  const through = after(opened([goal]), { type: "start", run: 0, start: opening() }, { type: "progress", run: 0, report: progress(45), at: 1 }, { type: "want", run: 0, request: goal, anew: true });
  const { stop, epochs } = asked(through.runs[0]);
  assert.deepEqual([stop, epochs], [goal.stop, 10], "nor are goals those of a run that was through");
});

test("what broke off goes on from what was told last, towards the goals it had, with the updates that are lacking", () => {
  const goal = { ...TRAIN, stop: { loss: 0.2 } };
  const from = after(opened([goal]), { type: "start", run: 0, start: opening() }, { type: "progress", run: 0, report: progress(29), at: 1 });
  const first = asked(from.runs[0], { max_updates: 3 });
  assert.deepEqual(resumed(first, from.runs[0]), first, "nothing was told yet");
  const [run] = after(from, { type: "progress", run: 0, report: progress(30), at: 2 }).runs;
  const { parameters, position, epochs, max_updates } = resumed(first, run);
  assert.deepEqual([parameters, position, max_updates], [run.report?.parameters, { epoch: 10, batch: 0 }, 2]);
  assert.deepEqual([epochs, asked(run).epochs], [10, 20], "only whoever plays again wants as many epochs again");
  const played = resumed({ ...first, stop: goal.stop, max_updates: undefined }, run);
  assert.deepEqual([played.stop, played.max_updates, asked(run).stop], [goal.stop, undefined, undefined], "a goal that was reached ends what goes on, too");
});

test("what broke off before the server took it is asked as it was", () => {
  const wanting = after(played, { type: "want", run: 0, request: { ...TRAIN, batch_size: 1 }, anew: false });
  const first = asked(wanting.runs[0]);
  assert.equal(resumed(first, wanting.runs[0]), first);
  assert.equal(resumed(asked(opened().runs[0]), opened().runs[0]).position, undefined);
  const taken = after(wanting, { type: "start", run: 0, start: opening({ epoch: 2, updates: 10, position: { epoch: 2, batch: 0 } }, { updates_per_epoch: 5 }) });
  assert.deepEqual(resumed(first, taken.runs[0]), first, "then it goes on where the other batches begin");
});

test("where the epochs are over, as many again are asked for", () => {
  /** @type {[number, number][]} updates, and until which epoch */
  const rows = [[0, 10], [29, 10], [30, 20], [31, 20], [60, 30]];
  for (const [updates, epochs] of rows) assert.equal(asked(after(begun, { type: "end", run: 0, end: ending(updates), at: 1 }).runs[0]).epochs, epochs);
});

test("a goal that is reached is a goal no more", () => {
  const [run] = after(opened([{ ...TRAIN, stop: { loss: 0.2 } }]), { type: "start", run: 0, start: opening() }).runs;
  assert.deepEqual(asked(run).stop, { loss: 0.2 });
  const [reached] = after({ ...begun, runs: [run] }, { type: "progress", run: 0, report: progress(6), at: 1 }).runs;
  assert.equal(asked(reached).stop, undefined);
});

test("only one or two inputs have pictures", () => {
  const request = /** @type {any} */ ({ ...TRAIN, dataset: undefined, inputs: [[1, 2, 3]], targets: [[1]] });
  assert.equal(asked(opened([request]).runs[0]).surface, undefined);
});

test("settings keep the rest of the optimizer and of the data set", () => {
  assert.deepEqual(withSettings(played.runs[0], { learning_rate: 0.5 }).optimizer, { name: "sgd", learning_rate: 0.5 });
  assert.deepEqual(withSettings(played.runs[0], { batch_size: 5 }), { ...TRAIN, batch_size: 5 });
  assert.deepEqual(withData(played.runs[0], { noise: 0.5 }).dataset, { name: "xor", noise: 0.5 });
  assert.equal(withData(played.runs[0], { test_fraction: 0.5 }).test_fraction, 0.5);
  const own = { ...played.runs[0], request: { ...TRAIN, dataset: undefined } };
  assert.equal(withData(own, { test_fraction: 0.5 }).dataset, undefined, "data of one's own stay");
});

test("new weights are drawn with the next seed, also in place of those that were given", () => {
  assert.deepEqual(withNewWeights(played.runs[0]).initializer, { name: "xavier_uniform", seed: 5 });
  const given = { ...played.runs[0], request: /** @type {any} */ ({ ...TRAIN, layers: [{ weights: [[3, 4]], bias: [1], activation: "sigmoid" }] }) };
  const [layer] = withNewWeights(given).layers ?? [];
  assert.deepEqual([layer.units, layer.weights, layer.bias], [1, undefined, undefined]);
});

test("a problem of one's own is a scenario of one run, with an optimizer of ours where it has none", () => {
  const { runs: [{ train }] } = ownScenario(/** @type {any} */ ({ layers: [], inputs: [[1]], targets: [[1]], optimizer_state: { t: 3 } }));
  assert.deepEqual(train.optimizer, { name: "sgd", learning_rate: 0.1 });
  assert.equal(train.optimizer_state, undefined);
  assert.deepEqual(ownScenario(/** @type {any} */ ({ optimizer: { name: "adam" }, epochs: 7 })).runs[0].train, { optimizer: { name: "adam" }, epochs: 7 });
});

test("where nothing is trained yet, parameters that somebody brought are asked for again", () => {
  const own = { ...TRAIN, parameters: { W1: [[7, 8]], b1: [0] } };
  const [run] = after(opened([own]), { type: "start", run: 0, start: opening() }).runs;
  assert.deepEqual(asked(run).parameters, own.parameters);
  assert.deepEqual(resumed(asked(run), run).parameters, own.parameters);
});
