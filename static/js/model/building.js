/**
 * Another network made from a problem: every operation is a function (problem, start) → problem, `start` being that of the trace on the page.
 * Nothing is computed here: layers that change are given as `units`, with all numbers that were there as `keep`; the server lays over the new network what fits.
 */

/** @import {Choice, Data, Edit, Named, Request, Start} from "../types.js" */

/**
 * @typedef {object} Layer
 * @property {number} units
 * @property {Named} activation
 * @property {Data | null} [weights] as far as they are known here
 * @property {Data | false | null} [bias] false: it has none
 * @property {number} [was] its number in the problem that is changed
 *
 * @typedef {{inputs: number, layers: Layer[], loss: Named, optimizer: Named | null, initializer: Named}} Outline
 * @typedef {(problem: Request, start: Start) => Request} Making
 * @typedef {"loss" | "optimizer" | "initializer" | number} Place of a function; a number: of the layer that has it as its activation
 */

/** What a problem consists of; where it leaves something to its preset, or its arrays were not sent, as the trace has it. @param {Request} problem @param {Start} start @returns {Outline} */
export function outline(problem, { layer_sizes: sizes, problem: resolved }) {
  const { keep = {}, inputs = resolved.inputs } = problem;
  const parameters = /** @type {Record<string, Data>} */ (problem.parameters ?? {});
  const numbers = (/** @type {string} */ id, /** @type {Data | null | undefined} */ own) => parameters[id] ?? own ?? keep[id];
  return {
    inputs: Array.isArray(inputs?.[0]) ? inputs[0].length : sizes[0],
    layers: (problem.layers ?? resolved.layers).map(({ units, weights, bias, activation }, k) => ({
      units: units ?? (Array.isArray(weights) ? weights.length : sizes[k + 1]),
      activation: named(activation),
      weights: numbers(`W${k + 1}`, weights),
      bias: bias === false ? false : numbers(`b${k + 1}`, bias),
      was: k + 1,
    })),
    loss: named(problem.loss ?? resolved.loss),
    optimizer: problem.optimizer === undefined ? resolved.optimizer : problem.optimizer && named(problem.optimizer),
    initializer: named(problem.initializer ?? resolved.initializer),
  };
}

/** The API takes a name in place of an object. @param {Named | string} it @returns {Named} */
function named(it) {
  return typeof it === "string" ? { name: it } : it;
}

/** So many more, as long as one is left. @param {number} by */
export function moved(by) {
  return (/** @type {number} */ n) => Math.max(1, n + by);
}

/** Another number of units in layer l. @param {number} l @param {(now: number) => number} to @returns {Making} */
export function withUnits(l, to) {
  return relaid((now) => ({ ...now, layers: now.layers.map((layer, k) => (k + 1 === l ? { ...layer, units: to(layer.units) } : layer)) }));
}

/** Another number of inputs: columns of the data are cut, or filled with 0. @param {(now: number) => number} to @returns {Making} */
export function withInputs(to) {
  return relaid((now) => ({ ...now, inputs: to(now.inputs) }));
}

/** One layer more after layer l (0: after the input), as wide as what it follows, so that every weight still fits. @param {number} l @returns {Making} */
export function withLayer(l) {
  return relaid(({ inputs, layers, ...rest }) => {
    const units = l ? layers[l - 1].units : inputs;
    return { ...rest, inputs, layers: layers.toSpliced(l, 0, { units, activation: layers[Math.max(0, l - 1)].activation }) };
  });
}

/** The last one stays. @param {number} l @returns {Making} */
export function withoutLayer(l) {
  return relaid(({ layers, ...rest }) => ({ ...rest, layers: layers.length > 1 ? layers.toSpliced(l - 1, 1) : layers }));
}

/** @param {number} l @param {boolean} on @returns {Making} */
export function withBias(l, on) {
  return relaid((now) => ({ ...now, layers: now.layers.map((layer, k) => (k + 1 === l ? { ...layer, bias: on ? null : false } : layer)) }));
}

/** Another function, or the same one with other parameters; null: none. @param {Place} place @param {(now: any) => Named | null} to @returns {Making} */
export function withFunction(place, to) {
  return (problem, start) => {
    const now = outline(problem, start);
    if (typeof place === "number") {
      const layers = problem.layers ?? start.problem.layers.map((layer, k) => ({ ...layer, units: start.layer_sizes[k + 1] }));
      return { ...problem, layers: layers.map((layer, k) => (k + 1 === place ? { ...layer, activation: /** @type {Named} */ (to(now.layers[k].activation)) } : layer)) };
    }
    const then = to(now[place]);
    if (place === "initializer") return redrawn(problem, start, /** @type {Named} */ (then));
    const { optimizer_state: state, ...rest } = problem;
    const goesOn = state && (place === "loss" || (then?.name === now.optimizer?.name && then?.update_biases === now.optimizer?.update_biases));
    return { ...rest, ...(goesOn ? { optimizer_state: state } : {}), [place]: then };
  };
}

/** A function of the catalog with the parameters it begins with: its own numbers, but what was chosen of its kind (sums or means) stays. @param {Choice} choice @param {Named | null} before @returns {Named} */
export function chosen({ name, parameters }, before) {
  const kept = parameters.filter((it) => it.type !== "number" && before?.[it.name] !== undefined);
  return { name, ...Object.fromEntries([...parameters.map((it) => [it.name, it.default]), ...kept.map((it) => [it.name, before?.[it.name]])]) };
}

/** All weights drawn anew. @param {Request} problem @param {Start} start @param {Named} initializer @returns {Request} */
export function redrawn(problem, start, initializer) {
  const { parameters, optimizer_state, keep, edits = [], ...rest } = problem;
  return { ...rest, layers: outline(problem, start).layers.map(drawn), initializer, edits: edits.filter(({ quantity }) => /^(a0|y)$/.test(quantity)) };
}

/** A layer whose numbers come from the initializer. @param {Layer} layer @returns {any} */
function drawn({ units, activation, bias }) {
  return { units, activation, ...(bias === false ? { bias } : {}) };
}

/** Layers and inputs of other sizes. @param {(now: Outline) => Outline} to @returns {Making} */
function relaid(to) {
  return (problem, start) => {
    const { parameters, optimizer_state, keep, edits = [], ...rest } = problem;
    const { inputs: examples = start.problem.inputs, targets = start.problem.targets } = problem;
    const { inputs, layers } = to(outline(problem, start));
    const sizes = [inputs, ...layers.map(({ units }) => units)];
    /** @type {Record<string, Data>} */
    const kept = {};
    layers.forEach(({ weights, bias }, k) => {
      if (weights) kept[`W${k + 1}`] = weights;
      if (bias) kept[`b${k + 1}`] = bias;
    });
    return { ...rest, ...resized("inputs", examples, inputs), ...resized("targets", targets, sizes[layers.length]), layers: layers.map(drawn), keep: kept, edits: edits.flatMap((edit) => placed(edit, layers, sizes)) };
  };
}

/** A field of the problem with so many columns; no field where it is no rows, or has as many. @param {"inputs" | "targets"} field @param {any} rows @param {number} n @returns {Request} */
function resized(field, rows, n) {
  if (!Array.isArray(rows?.[0]) || rows[0].length === n) return {};
  return { [field]: rows.map((/** @type {number[]} */ row) => Array.from({ length: n }, (_, j) => row[j] ?? 0)) };
}

/** An edit at its layer's new number, as long as there is a place for it. @param {Edit} edit @param {Layer[]} layers @param {number[]} sizes @returns {Edit[]} */
function placed(edit, layers, sizes) {
  const [, letter, was] = /^([ayWb])(\d*)$/.exec(edit.quantity) ?? [];
  const [row, column] = edit.entry;
  if (letter === "a" || letter === "y") return column < sizes[letter === "a" ? 0 : layers.length] ? [edit] : [];
  const l = layers.findIndex((layer) => layer.was === Number(was)) + 1;
  const fits = l > 0 && row < sizes[l] && (letter === "W" ? column < sizes[l - 1] : layers[l - 1].bias !== false);
  return fits ? [{ ...edit, quantity: `${letter}${l}` }] : [];
}
