/** What several tests make: numbers from a seed, traces without a server. */

import { indexTrace } from "../../static/js/model/trace.js";

/** @import {State} from "../../static/js/model/reduce.js" */
/** @import {Quantity, RawTrace, Step} from "../../static/js/types.js" */

/** Numbers from 0 to 1, the same for the same seed (mulberry32). @param {number} seed */
export function random(seed) {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @param {number[]} shape @param {() => number} number @returns {any} nested arrays; a bare number for no axes */
export function filled(shape, number) {
  return shape.length ? Array.from({ length: shape[0] }, () => filled(shape.slice(1), number)) : number();
}

/** @param {number[]} shape @param {any} data @param {Partial<Quantity>} [more] @returns {Quantity} */
export function quantity(shape, data, more = {}) {
  const flat = [data].flat(Infinity).filter((x) => typeof x === "number").map(Math.abs);
  const axes = [[], ["unit"], ["example", "unit"], ["example", "output", "unit"]][shape.length];
  return { shape, axes, data, norm: Math.hypot(...flat), max_abs: Math.max(0, ...flat), ...more };
}

/** @param {number} index @param {Step["phase"]} phase @param {string} id @param {Record<string, Quantity>} [values] @returns {Step} */
export function step(index, phase, id, values = {}) {
  const symbol = { latex: id, mathml: `<math>${id}</math>` };
  return { index, id, phase, layer: 1, operation: "linear", title: id, explanation: "", symbol, equation: symbol, chain: null, rule: { einsum: "ni->i", operands: [] }, values };
}

/** A trace of one layer with as many steps as there are phases given. @param {Step["phase"][]} phases @param {{examples?: number}} [options] @returns {RawTrace} */
export function rawTrace(phases, { examples = 2 } = {}) {
  return {
    start: {
      layer_sizes: [2, 3],
      problem: { layers: [], loss: { name: "squared_error" }, inputs: null, targets: null, initializer: { name: "xavier_uniform", seed: 0 }, optimizer: null },
      quantities: { a0: quantity([examples, 2], filled([examples, 2], () => 0.5)) },
      symbols: {},
      omitted: [],
      step_count: phases.length,
      words: phases.join(),
    },
    steps: phases.map((phase, k) => step(k, phase, `s${k}`, { [`s${k}`]: quantity([], k) })),
    end: { loss: 0, steps: phases.length, gradient_norms: {}, finite: true, flags: [] },
  };
}

/** The state of a page that was just opened. @param {RawTrace} raw @param {Partial<State>} [more] @returns {State} */
export function stateOf(raw, more = {}) {
  const now = { trace: indexTrace(raw), request: { preset: "p" }, preset: { name: "p", title: "P", description: "", source: null }, cursor: 0, moving: null, playing: false, speed: 1, example: 0 };
  const looked = { hover: null, pinned: null, tool: /** @type {const} */ ("terms"), target: null, more: false, convention: raw.start.convention ?? "row", epsilon: 1e-4, check: null, paths: null, path: null, wide: true, probe: null };
  const changed = { past: [], future: [], session: null, by: null, before: null, delta: false, building: false, editing: null, draft: null, faults: [], catalog: null };
  const page = { theme: /** @type {const} */ ("light"), presenting: false, numbers: true, zoom: 1, shortcuts: true, dialog: null, brought: null, stale: false, lost: null, fault: null, hint: null };
  return { ...now, ...looked, ...changed, ...page, ...more };
}
