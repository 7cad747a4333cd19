/** Whole traces as the server sends them, of any network, every number from the definition of its step by plain loops. */
import { filled, quantity, random } from "./making.js";

/** @import {EinsumRule, FunctionRule, Quantity, RawTrace, Rule, Step} from "../../static/js/types.js" */

/**
 * @typedef {object} Options
 * @property {number[]} sizes n_0 … n_L
 * @property {("sigmoid" | "softmax")[]} [activations] of each layer; sigmoid where there is none
 * @property {boolean[]} [biases] whether a layer has one; it has where nothing is said
 * @property {number} [examples] 2
 * @property {"forward" | "backward" | "update"} [until] the last phase; backward
 * @property {"row" | "column"} [convention]
 * @property {number} [seed]
 */

/** An einsum as its definition says it: every letter runs over its size, and the products are added up. @param {string} spec @param {any[]} arrays @returns {any} nested arrays */
export function einsum(spec, arrays) {
  const [left, output] = spec.split("->");
  const inputs = left.split(",");
  /** @type {Record<string, number>} */
  const size = {};
  inputs.forEach((letters, k) => [...letters].reduce((place, letter) => ((size[letter] = place.length), place[0]), arrays[k]));
  const summed = Object.keys(size).filter((letter) => !output.includes(letter));
  /** @param {Record<string, number>} at @param {string[]} rest @returns {number} */
  const sum = (at, [letter, ...rest]) => {
    if (letter) return Array.from({ length: size[letter] }, (_, i) => sum({ ...at, [letter]: i }, rest)).reduce((a, b) => a + b, 0);
    return inputs.reduce((product, letters, k) => product * [...letters].reduce((place, each) => place[at[each]], arrays[k]), 1);
  };
  /** @param {Record<string, number>} at @param {string} rest @returns {any} */
  const fill = (at, rest) => (rest ? Array.from({ length: size[rest[0]] }, (_, i) => fill({ ...at, [rest[0]]: i }, rest.slice(1))) : sum(at, summed));
  return fill({}, output);
}

/** The same function of numbers at the same places. @param {(...x: number[]) => number} f @param {any[]} arrays @returns {any} */
const each = (f, ...arrays) => (Array.isArray(arrays[0]) ? arrays[0].map((/** @type {any} */ _, /** @type {number} */ i) => each(f, ...arrays.map((array) => array[i]))) : f(...arrays));

/** What the functions of these traces are, of whole arrays. @type {Record<string, (...arrays: any[]) => any>} */
const FUNCTIONS = {
  sigmoid: (z) => each((x) => 1 / (1 + Math.exp(-x)), z),
  softmax: (z) => z.map((/** @type {number[]} */ row) => row.map((x) => Math.exp(x) / row.reduce((sum, other) => sum + Math.exp(other), 0))),
  squared_error: (a, y) => each((x, t) => (x - t) ** 2, a, y).flat().reduce((/** @type {number} */ sum, /** @type {number} */ x) => sum + x, 0) * (0.5 / a.length),
  squared_error_gradient: (a, y) => each((x, t) => (0.5 / a.length) * 2 * (x - t), a, y),
  decayed: (w, dw, t) => each((x, dx) => x - (0.5 / t) * dx, w, dw),
};

/** The value of a rule: what a step's quantity is, given its operands. @param {Rule} rule @param {(id: string) => any} read @returns {any} */
export function evaluate(rule, read) {
  const arrays = rule.operands.map(read);
  if ("function" in rule) return FUNCTIONS[rule.function](...arrays);
  const value = einsum(rule.einsum, arrays);
  const bias = rule.add ? read(rule.add) : null;
  return bias ? value.map((/** @type {number[]} */ row) => row.map((x, i) => x + bias[i])) : value;
}

/** @param {any} data @returns {number[]} */
const shapeOf = (data) => (Array.isArray(data) ? [data.length, ...shapeOf(data[0])] : []);

/** @param {number[]} shape @returns {number[][]} every entry of that shape */
export const entries = (shape) => shape.reduce((all, size) => all.flatMap((entry) => Array.from({ length: size }, (_, i) => [...entry, i])), /** @type {number[][]} */ ([[]]));

/** @param {Options} options @returns {RawTrace} */
export function network({ sizes, activations = [], biases = [], examples = 2, until = "backward", convention = "row", seed = 1 }) {
  const next = random(seed);
  const number = () => next() * 2 - 1;
  const L = sizes.length - 1;
  const layers = Array.from({ length: L }, (_, k) => k + 1);
  const batch = { axes: ["example", "unit"] };
  const weights = { axes: ["unit", "input"] };
  const update = until === "update";
  /** @type {Record<string, Quantity>} */
  const given = { a0: quantity([examples, sizes[0]], filled([examples, sizes[0]], number), batch), y: quantity([examples, sizes[L]], filled([examples, sizes[L]], next), batch) };
  for (const l of layers) {
    given[`W${l}`] = quantity([sizes[l], sizes[l - 1]], filled([sizes[l], sizes[l - 1]], number), weights);
    if (biases[l - 1] !== false) given[`b${l}`] = quantity([sizes[l]], filled([sizes[l]], number), { axes: ["unit"] });
  }
  if (update) given.t = quantity([], 3, { axes: [] });
  if (until === "forward") delete given.y;
  const known = { ...given };
  /** @type {Step[]} */
  const steps = [];
  const formula = (/** @type {string} */ id) => ({ latex: id, mathml: `<math><mi>${id}</mi></math>` });
  /** @param {Step["phase"]} phase @param {number} layer @param {string} operation @param {string} id @param {string[]} axes @param {Rule} rule @param {Partial<Step>} [more] @param {Record<string, Quantity>} [beside] */
  const take = (phase, layer, operation, id, axes, rule, more = {}, beside = {}) => {
    Object.assign(known, beside);
    const data = evaluate(rule, (name) => known[name].data);
    known[id] = quantity(shapeOf(data), data, { axes });
    steps.push({ index: steps.length, id, phase, layer, operation, title: `${id}: ${operation}`, explanation: `How ${id} comes about.`, symbol: formula(id), equation: formula(`${id} = …`), chain: null, rule, values: { [id]: known[id], ...beside }, ...more });
  };
  /** @param {string} upstream @param {string | null} local @param {string} is @returns {{chain: Step["chain"]}} */
  const chain = (upstream, local, is) => ({ chain: { ...formula("chain"), upstream: { id: upstream, ...formula(upstream), label: "NOT EASY" }, local: { id: local, ...formula(is), label: "easy", is: formula(is) } } });
  /** @param {EinsumRule & {identity: number}} rule @returns {Partial<Step>} */
  const honest = (rule) => ({ index_form: { ...formula("Σ"), rule, local: formula("δ"), explanation: "Only k = i survives." } });

  for (const l of layers) {
    const bias = given[`b${l}`] ? { add: `b${l}` } : {};
    take("forward", l, "linear", `z${l}`, batch.axes, { einsum: "nj,ij->ni", operands: [`a${l - 1}`, `W${l}`], ...bias });
    const name = activations[l - 1] ?? "sigmoid";
    const text = { sigmoid: `1 / (1 + exp(−{z${l}}))`, softmax: `exp({z${l}}) / Σ_j exp({z${l}}_j)` }[name];
    take("forward", l, "activation", `a${l}`, batch.axes, { function: name, operands: [`z${l}`], parameters: {}, formula: text });
  }
  if (until !== "forward") {
    const rule = (/** @type {string} */ name, /** @type {string} */ text) => ({ function: name, operands: [`a${L}`, "y"], parameters: { scale: 0.5 }, formula: `0.5 / ${examples} · ${text}` });
    take("loss", L, "loss", "loss", [], rule("squared_error", `Σ (({a${L}} − {y})^2)`));
    take("backward", L, "loss_gradient", `da${L}`, batch.axes, rule("squared_error_gradient", `(2 · ({a${L}} − {y}))`));
    for (const l of [...layers].reverse()) {
      const a = /** @type {number[][]} */ (known[`a${l}`].data);
      const soft = activations[l - 1] === "softmax";
      const slopes = soft
        ? quantity([examples, sizes[l], sizes[l]], a.map((row) => row.map((x, k) => row.map((_, i) => x * (Number(k === i) - row[i])))), { axes: ["example", "output", "unit"] })
        : quantity([examples, sizes[l]], each((x) => x * (1 - x), a), batch);
      take("backward", l, "activation_gradient", `dz${l}`, batch.axes, { einsum: soft ? "nk,nki->ni" : "ni,ni->ni", operands: [`da${l}`, `g${l}`] }, chain(`da${l}`, `g${l}`, `∂a${l}/∂z${l}`), { [`g${l}`]: slopes });
      take("backward", l, "weight_gradient", `dW${l}`, weights.axes, { einsum: "ni,nj->ij", operands: [`dz${l}`, `a${l - 1}`] }, { ...chain(`dz${l}`, `a${l - 1}`, `∂z${l}/∂W${l}`), ...honest({ einsum: "nk,ki,nj->ij", operands: [`dz${l}`, "identity", `a${l - 1}`], identity: sizes[l] }) });
      if (given[`b${l}`]) take("backward", l, "bias_gradient", `db${l}`, ["unit"], { einsum: "ni->i", operands: [`dz${l}`] }, { ...chain(`dz${l}`, null, `∂z${l}/∂b${l}`), ...honest({ einsum: "nk,ki->i", operands: [`dz${l}`, "identity"], identity: sizes[l] }) });
      take("backward", l, "input_gradient", `da${l - 1}`, batch.axes, { einsum: "nk,kj->nj", operands: [`dz${l}`, `W${l}`] }, chain(`dz${l}`, `W${l}`, `∂z${l}/∂a${l - 1}`));
    }
  }
  const parameters = layers.flatMap((l) => [`W${l}`, `b${l}`]).filter((id) => update && given[id]);
  for (const id of parameters) {
    /** @type {FunctionRule} */
    const rule = { function: "decayed", operands: [id, `d${id}`, "t"], parameters: {}, formula: `{${id}} − (0.5 / {t}) · {d${id}}` };
    take("update", Number(id.slice(1)), "parameter_update", `${id}_new`, given[id].axes, rule);
  }
  return {
    start: {
      layer_sizes: sizes,
      problem: { layers: layers.map((l) => ({ weights: null, bias: null, activation: { name: activations[l - 1] ?? "sigmoid" } })), loss: { name: "squared_error" }, inputs: null, targets: null, initializer: { name: "xavier_uniform", seed: 0 }, optimizer: update ? { name: "decayed" } : null },
      quantities: given,
      symbols: Object.fromEntries(Object.keys(given).map((id) => [id, formula(id)])),
      omitted: [],
      convention,
      ...(until === "forward" ? {} : { theta: layers.map((layer) => ({ layer, symbol: formula(`Θ${layer}`), gradient: formula(`dΘ${layer}`), local: formula(`∂z${layer}/∂Θ${layer}`) })) }),
      step_count: steps.length,
      words: JSON.stringify(steps.map(({ values, ...said }) => said)),
    },
    steps,
    end: { loss: /** @type {number | null} */ (known.loss?.data ?? null), steps: steps.length, gradient_norms: {}, finite: true, flags: [] },
  };
}
