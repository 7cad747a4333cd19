/** Trainings without a server: events as it sends them, the state of a page that was just opened. */

import { reduce, runsOf } from "../../static/js/model/training.js";
import { quantity } from "./making.js";

/** @import {About, DatasetAbout, Ending, Event, Opening, Progress, Report, Scenario, State, Training} from "../../static/js/model/training.js" */

/** @type {DatasetAbout} */
const xor = { name: "xor", title: "XOR", description: "", inputs: 2, input_names: ["x₁", "x₂"], class_names: ["a", "b"], image: null, size: { default: 250, minimum: 4, maximum: 4000 }, noise: { default: 0.2, minimum: 0, maximum: 1 } };

/** @type {Training} */
export const TRAIN = /** @type {any} */ ({ dataset: { name: "xor" }, layers: [{ units: 1, activation: "sigmoid" }], optimizer: { name: "sgd", learning_rate: 0.1 }, batch_size: 2, epochs: 10 });

/** @param {Training[]} trains @returns {State} */
export function opened(trains = [TRAIN]) {
  /** @type {Scenario} */
  const scenario = { name: "s", title: "S", description: "", watch: "surface", runs: trains.map((train, k) => ({ label: `run ${k}`, train })) };
  const datasets = { xor };
  return { datasets, scenario, runs: runsOf(scenario, datasets), playing: false, asking: false, speed: null, log: null, tab: "W", looked: null, theme: "light", presenting: false, dialog: null, fault: null };
}

/** @param {Partial<Report>} [report] @param {Partial<About>} [about] @returns {Opening} */
export function opening(report = {}, about = {}) {
  const training = { examples: 5, test_examples: 0, test: [], updates_per_epoch: 3, epochs: 10, batch_size: 2, dataset: { name: "xor" }, classification: true, ...about };
  const problem = /** @type {any} */ ({ layers: [{ units: 1, weights: [[1, 2]], bias: [0], activation: { name: "sigmoid" } }], loss: { name: "squared_error" }, inputs: [], targets: [], initializer: { name: "xavier_uniform", seed: 4 }, optimizer: { name: "sgd", learning_rate: 0.1 } });
  const start = { layer_sizes: [2, 1], problem, quantities: { W1: quantity([1, 2], [[1, 2]]), b1: quantity([1], [0]) }, symbols: { W1: { latex: "W", mathml: "<math/>" } }, words: "w" };
  return { event: "start", ...start, training, epoch: 0, updates: 0, position: { epoch: 0, batch: 0 }, loss: 0.7, test_loss: null, accuracy: 0.5, test_accuracy: null, ...report };
}

/** After so many updates. @param {number} updates @param {Partial<Report>} [more] @returns {Progress} */
export function progress(updates, more = {}) {
  const position = { epoch: Math.floor(updates / 3), batch: updates % 3 };
  const parameters = { W1: quantity([1, 2], [[updates, 2]]), b1: quantity([1], [1]) };
  return { event: "progress", epoch: position.epoch, updates, position, loss: 0.7 / (1 + updates), test_loss: null, accuracy: 1, test_accuracy: null, gradient_rms: { dz1: 0.1 }, parameters, optimizer_state: {}, ...more };
}

/** @param {number} updates @param {Partial<Ending>} [more] @returns {Ending} */
export function ending(updates, more = {}) {
  return { ...progress(updates), event: "end", reason: "epochs", next_batch: [1, 0], ...more };
}

/** @param {State} state @param {Event[]} events */
export function after(state, ...events) {
  return events.reduce(reduce, state);
}
