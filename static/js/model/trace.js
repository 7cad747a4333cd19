/** A trace with its quantities by name: what is known after how many steps, and every number in place. */

/** @import {Data, End, Entry, Formula, Quantity, RawTrace, Start, Step} from "../types.js" */

/**
 * @typedef {object} Trace
 * @property {Start} start
 * @property {Step[]} steps
 * @property {End} end
 * @property {Map<string, Quantity>} quantities
 * @property {Map<string, number>} bornAt the index of the step that defines a quantity; -1 for what is given
 * @property {Map<string, number>} stepOf the index of the step with an id
 * @property {number} layers L
 * @property {number} examples N
 * @property {string} structure what is drawn and said alike: the same for traces that differ in numbers only
 * @property {{value: number, gradient: number, weight: number}} largest finite absolute values of the trace, by kind
 */

/** @param {RawTrace} raw @returns {Trace} */
export function indexTrace({ start, steps, end }) {
  const quantities = new Map(Object.entries(start.quantities));
  const bornAt = new Map([...quantities.keys()].map((id) => /** @type {[string, number]} */ ([id, -1])));
  const stepOf = new Map();
  for (const step of steps) {
    stepOf.set(step.id, step.index);
    for (const [id, q] of Object.entries(step.values)) {
      quantities.set(id, q);
      bornAt.set(id, step.index);
    }
  }
  for (const q of quantities.values()) restoreNonFinite(q);
  return {
    start,
    steps,
    end,
    quantities,
    bornAt,
    stepOf,
    layers: start.layer_sizes.length - 1,
    examples: start.quantities.a0.shape[0],
    structure: JSON.stringify([start.layer_sizes, start.quantities.a0.shape, start.omitted, start.words]),
    largest: { value: largest(quantities, /^[az]\d/), gradient: largest(quantities, /^d[azWb]\d/), weight: largest(quantities, /^[Wb]\d+$/) },
  };
}

/** @param {Map<string, Quantity>} quantities @param {RegExp} which */
function largest(quantities, which) {
  let most = 0;
  for (const [id, q] of quantities) if (which.test(id) && Number.isFinite(q.max_abs) && q.max_abs > most) most = q.max_abs;
  return most;
}

/** JSON has no NaN and no infinity: they come as null, with a list of where and what. @param {Quantity} q */
function restoreNonFinite(q) {
  q.norm ??= NaN;
  q.max_abs ??= NaN;
  restoreIn(q, q.shape);
  if (q.example) restoreIn(q.example, q.shape.slice(1));
}

/** @param {{data: Data | null, non_finite?: Quantity["non_finite"]}} it @param {number[]} shape */
function restoreIn(it, shape) {
  for (const [flat, what] of it.non_finite ?? []) {
    const number = { nan: NaN, inf: Infinity, "-inf": -Infinity }[what];
    if (shape.length === 0) {
      it.data = number;
      continue;
    }
    let place = /** @type {any} */ (it.data);
    let rest = flat;
    for (let axis = 0; axis < shape.length - 1; axis += 1) {
      const size = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
      place = place[Math.floor(rest / size)];
      rest %= size;
    }
    place[rest] = number;
  }
}

/** The same trace with more of its numbers; what it has in full it keeps. @param {Trace} trace @param {Record<string, Quantity>} more @returns {Trace} */
export function filledWith(trace, more) {
  const quantities = new Map(trace.quantities);
  for (const [id, q] of Object.entries(more)) {
    if (quantities.get(id)?.data !== null) continue;
    restoreNonFinite(q);
    quantities.set(id, q);
  }
  return { ...trace, quantities };
}

/** Whether a quantity is known after so many steps. @param {Trace} trace @param {string} id @param {number} cursor */
export function isKnown(trace, id, cursor) {
  const born = trace.bornAt.get(id);
  return born !== undefined && born < cursor;
}

/** One number of a quantity; undefined where the trace holds none. @param {Trace} trace @param {string} id @param {number[]} entry @returns {number | undefined} */
export function numberAt(trace, id, entry) {
  const q = trace.quantities.get(id);
  const alone = q?.data === null && q.example?.index === entry[0] ? q.example : null;
  let place = /** @type {any} */ (alone ? alone.data : q?.data);
  for (const i of alone ? entry.slice(1) : entry) place = place?.[i];
  return typeof place === "number" ? place : undefined;
}

/**
 * What `component.js` reads a trace by: one number of a quantity, and a quantity's shape.
 * @param {Trace} trace @param {number} [identity] size of δ, where a rule has it among its operands
 */
export function readersOf(trace, identity = 0) {
  return {
    read: (/** @type {string} */ id, /** @type {number[]} */ entry) => (id === "identity" ? Number(entry[0] === entry[1]) : numberAt(trace, id, entry)),
    shape: (/** @type {string} */ id) => (id === "identity" ? [identity, identity] : (trace.quantities.get(id)?.shape ?? [])),
  };
}

/** Whether every activation of a layer depends on all of its z, as its formula says. @param {Trace} trace @param {number} layer */
export function mixes(trace, layer) {
  const rule = trace.steps[trace.stepOf.get(`a${layer}`) ?? 0].rule;
  return "formula" in rule && rule.formula.includes("}_j");
}

/** The entry of a quantity that belongs to an example: quantities without an example axis have the same for all. @param {Trace} trace @param {string} id @param {number} example */
export function firstEntry(trace, id, example) {
  const q = trace.quantities.get(id);
  if (!q) return [];
  return q.axes.map((axis, k) => (axis === "example" && k === 0 ? Math.min(example, q.shape[0] - 1) : 0));
}

/** The symbol of a quantity, whoever defines it. @param {Trace} trace @param {string} id @returns {Formula} */
export function symbolOf(trace, id) {
  const index = trace.stepOf.get(id);
  return index === undefined ? (trace.start.symbols[id] ?? { latex: id, mathml: id }) : trace.steps[index].symbol;
}

/** In words, for screen readers and titles: gradient of a, layer 1, unit 2. @param {Entry} entry @param {Trace} trace */
export function inWords({ quantity, entry }, trace) {
  if (quantity === "loss") return "the loss";
  const match = /^(d?)([aWbzgy])(\d*)(_new|_m|_v)?/.exec(quantity);
  if (!match) return quantity;
  const [, d, letter, layer, suffix] = match;
  const units = trace.quantities.get(quantity)?.axes[0] === "example" ? entry.slice(1) : entry;
  const which = { W: `weight from unit ${(units[1] ?? 0) + 1} to unit ${units[0] + 1}`, g: `slope of the activation of unit ${units[units.length - 1] + 1}`, b: `bias of unit ${units[0] + 1}`, y: `target ${units[0] + 1}` }[letter] ?? `${letter} of unit ${units[0] + 1}`;
  return `${d ? "gradient of " : ""}${which}${layer ? `, layer ${layer}` : ""}${suffix === "_new" ? ", after the update" : ""}${trace.examples > 1 && units !== entry ? `, example ${entry[0] + 1}` : ""}`;
}
