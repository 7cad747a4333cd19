/** What somebody brings: a table of examples, a network from elsewhere; and how it becomes a problem. What does not fit, the server says. */

import { settled } from "./document.js";

/** @import {Data, Named, Preset, Request} from "../types.js" */
/** @import {State} from "./reduce.js" */
/** @import {Trace} from "./trace.js" */

/**
 * @typedef {{name: string, kind: "number" | "label", labels: string[] | null, minimum: number | null, maximum: number | null, distinct: number, missing: number, use: "input" | "target" | "left out"}} Column
 * @typedef {object} Table what the server has read in a text
 * @property {string | null} delimiter
 * @property {string} decimal
 * @property {boolean} header
 * @property {number} rows
 * @property {Column[]} columns
 * @property {number[][] | null} inputs
 * @property {number[][] | number[] | null} targets
 * @property {string[]} input_names
 * @property {string[]} output_names
 * @property {string | null} suggested_loss
 * @property {string[]} notes
 *
 * @typedef {{name: string, shape: number[], dtype: string, use: string, layer: number | null, transposed: boolean, text: string}} Tensor
 * @typedef {{name?: string, weights: number[][], bias: number[] | false, activation: Named | string}} Layer
 * @typedef {{format: string, sizes: number[], layers: Layer[], tensors: Tensor[], notes: string[], problem: Request | null}} Model what the server has read in a file
 *
 * @typedef {{name: string, text?: string | Blob, model?: Model}} Brought
 */

/** What is known of a network that somebody brings. @param {string} title @param {string} [description] @returns {Preset} */
export function ownNetwork(title, description = "") {
  return { name: "", title, description, source: null };
}

/** A layer of so many units with what is known of it, its numbers aside. @param {Trace} trace @param {number} l @param {number} units */
function drawn(trace, l, units) {
  const { activation, bias } = trace.start.problem.layers[l - 1];
  return { units, activation, ...(bias === false ? { bias } : {}) };
}

/** All weights and biases that were sent, to be laid over those of another size. @param {Trace} trace @returns {Record<string, Data>} */
function keepable({ quantities }) {
  return Object.fromEntries([...quantities].flatMap(([id, { data }]) => (/^[Wb]\d+$/.test(id) && data !== null ? [[id, data]] : [])));
}

/**
 * The network that is there, with other examples: its first and its last layer get the sizes that these need, and for classes a softmax with cross-entropy.
 * @param {Pick<State, "trace" | "request">} state @param {Table} table @returns {Request}
 */
export function withTable(state, { inputs, targets, output_names: outputs, suggested_loss: loss }) {
  const { trace } = state;
  const { optimizer_state, edits, keep, parameters, ...rest } = settled(state);
  const sizes = trace.start.layer_sizes;
  const L = trace.layers;
  const width = targets ? outputs.length : sizes[L];
  const next = { ...rest, inputs, targets, ...(loss && loss !== trace.start.problem.loss.name ? { loss } : {}) };
  const fits = inputs?.[0].length === sizes[0] && width === sizes[L];
  const layers = /** @type {any[]} */ (fits && rest.layers ? [...rest.layers] : sizes.slice(1).map((units, k) => drawn(trace, k + 1, k + 1 === L ? width : units)));
  if (loss === "cross_entropy") layers[L - 1] = { ...layers[L - 1], activation: "softmax" };
  else if (loss === "binary_cross_entropy") layers[L - 1] = { ...layers[L - 1], activation: "sigmoid" };
  else if (loss && layers[L - 1].activation.name === "softmax") layers[L - 1] = { ...layers[L - 1], activation: "identity" };
  return /** @type {Request} */ ({ ...next, layers, ...(fits ? {} : { keep: keepable(trace) }) });
}

/**
 * A network from a file, with the examples that are there as far as they fit; else one of zeros, to be filled in.
 * @param {Pick<State, "trace">} state @param {Model} model @param {(Named | string)[]} activations @param {string} loss @returns {Request}
 */
export function withModel({ trace }, { layers, sizes }, activations, loss) {
  const { problem, layer_sizes: now } = trace.start;
  const data = now[0] === sizes[0] && now[now.length - 1] === sizes[sizes.length - 1] && problem.inputs && problem.targets && loss === problem.loss.name;
  const zeros = (/** @type {number} */ n) => [Array.from({ length: n }, () => 0)];
  const targets = loss === "cross_entropy" ? [0] : zeros(sizes[sizes.length - 1]);
  const named = /** @type {any} */ (layers.map((layer, k) => ({ ...layer, activation: activations[k] })));
  return { layers: named, loss: /** @type {any} */ (loss), inputs: data ? problem.inputs : zeros(sizes[0]), targets: data ? problem.targets : targets, optimizer: problem.optimizer };
}

/** The examples that are there, with one more like the last. @param {Pick<State, "trace" | "request">} state @returns {Request} */
export function oneMore(state) {
  const now = settled(state);
  const again = (/** @type {any[] | null | undefined} */ rows) => (rows ? [...rows, rows[rows.length - 1]] : rows);
  return { ...now, inputs: again(now.inputs), targets: again(now.targets) };
}

/** The examples that are there, without one. @param {Pick<State, "trace" | "request">} state @param {number} n @returns {Request} */
export function oneLess(state, n) {
  const now = settled(state);
  const without = (/** @type {any[] | null | undefined} */ rows) => rows?.filter((_, k) => k !== n) ?? rows;
  return { ...now, inputs: without(now.inputs), targets: without(now.targets) };
}
