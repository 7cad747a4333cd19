/** What a number is made of, what it goes into next, and what each edge carries. */

import { expand, isEinsum, reach } from "./component.js";
import { readersOf } from "./trace.js";

/** @import {Trace} from "./trace.js" */
/** @import {Entry, Step} from "../types.js" */

/** The numbers an entry is made of. @param {Trace} trace @param {Entry} looked @returns {Entry[]} */
export function operandsOf(trace, looked) {
  const index = trace.stepOf.get(looked.quantity);
  if (index === undefined) return [];
  const { rule } = trace.steps[index];
  const { read, shape } = readersOf(trace);
  if (isEinsum(rule)) return expand(rule, looked.entry, read, shape).flatMap((term) => term.factors);
  // A function takes the entry in the same place; a sum over j a whole row; ℒ, which has no axes, everything.
  const rows = rule.formula.includes("}_j");
  return rule.operands.flatMap((id) => {
    const place = shape(id).map((_, axis, all) => (rows && axis === all.length - 1 ? undefined : looked.entry[looked.entry.length - all.length + axis]));
    return placesOf(shape(id), place).map((entry) => ({ quantity: id, entry }));
  });
}

/** The quantities of which numbers are missing before an entry can be shown with all it is made of. @param {Trace} trace @param {Entry} looked @returns {string[]} */
export function missingFor(trace, looked) {
  const { read } = readersOf(trace);
  return [...new Set([looked, ...operandsOf(trace, looked)].filter(({ quantity, entry }) => read(quantity, entry) === undefined).map(({ quantity }) => quantity))];
}

/** Every entry of a shape that has these indices, where there are any. @param {number[]} shape @param {(number | undefined)[]} fixed @returns {number[][]} */
function placesOf(shape, fixed) {
  return shape.reduce((/** @type {number[][]} */ places, size, axis) => {
    const i = fixed[axis];
    return places.flatMap((place) => (i === undefined ? Array.from({ length: size }, (_, k) => [...place, k]) : [[...place, i]]));
  }, [[]]);
}

/**
 * Where a number goes: the entries of the steps that have it as an operand; null stands for every index.
 * @param {Trace} trace @param {Entry} looked @returns {{quantity: string, entry: (number | null)[]}[]}
 */
export function feedsOf(trace, looked) {
  return trace.steps.flatMap(({ id, rule }) => reach(rule, looked, trace.quantities.get(id)?.shape.length ?? 0).map((entry) => ({ quantity: id, entry })));
}

/** Whether an entry is one of those a pattern stands for. @param {(number | null)[]} pattern @param {number[]} entry */
export function fits(pattern, entry) {
  return pattern.length === entry.length && pattern.every((i, k) => i === null || i === entry[k]);
}

/**
 * What the edge to unit i from unit j carries in a step that goes along the edges; null for other steps.
 * @param {Trace} trace @param {Step} step @param {number} example
 * @returns {((i: number, j: number) => number) | null}
 */
export function carriedIn(trace, { operation, rule }, example) {
  const backwards = operation === "input_gradient";
  if (!isEinsum(rule) || !(backwards || operation === "linear")) return null;
  const { read, shape } = readersOf(trace);
  /** @type {Map<number, number[]>} the terms of each unit that receives */
  const terms = new Map();
  return (i, j) => {
    const [receiver, sender] = backwards ? [j, i] : [i, j];
    if (!terms.has(receiver)) terms.set(receiver, expand(rule, [example, receiver], read, shape).map(({ value }) => value));
    return terms.get(receiver)?.[sender] ?? NaN;
  };
}
