/** One entry as the page tells it: a sum of products, a formula with the numbers put in, or why there is neither. */

import { expand, fill, isEinsum } from "./component.js";
import { missingFor } from "./operands.js";
import { numberAt, readersOf } from "./trace.js";

/** @import {Entry, FunctionRule, Step} from "../types.js" */
/** @import {Factor, Term} from "./component.js" */
/** @import {Trace} from "./trace.js" */

/**
 * @typedef {{kind: "given", text: string}
 *   | {kind: "unsent", quantity: string}
 *   | {kind: "slope", total: number}
 *   | {kind: "formula", total: number, parts: (string | Factor)[]}
 *   | {kind: "sum", total: number, terms: Term[], counted: string[]}} Expansion
 * @typedef {{k: number, terms: Term[], survives: boolean}} Share what one z_k has to do with an entry
 */

const LOSS_TERMS = 6; // written out of a batch's loss
/** @type {Record<string, string>} */
const GIVEN = { a: "An input: given.", y: "A target: given.", t: "The number of this update, counted from 1." };

/** @param {Trace} trace @param {Entry} looked @returns {Expansion} */
export function expansionOf(trace, looked) {
  const total = numberAt(trace, looked.quantity, looked.entry);
  const born = trace.bornAt.get(looked.quantity) ?? -1;
  if (/_[mv](_new)?$/.test(looked.quantity)) return { kind: "given", text: born < 0 ? "What the optimizer remembers of earlier updates: given." : "What the optimizer will remember: computed together with the update." };
  if (born < 0) return { kind: "given", text: GIVEN[looked.quantity[0]] ?? "A parameter: given. The update changes it, and so can you: double-click it." };
  if (total === undefined) return { kind: "unsent", quantity: looked.quantity };
  const step = trace.steps[born];
  if (step.id !== looked.quantity) return { kind: "slope", total };
  const [unsent] = missingFor(trace, looked);
  if (unsent) return { kind: "unsent", quantity: unsent };
  const { read, shape } = readersOf(trace);
  if (isEinsum(step.rule)) {
    const terms = expand(step.rule, looked.entry, read, shape);
    return { kind: "sum", total, terms, counted: Object.keys(terms[0]?.at ?? {}) };
  }
  const parts = step.operation === "loss" ? lossTerms(trace, step.rule) : fill(step.rule, looked.entry, read, shape);
  return { kind: "formula", total, parts };
}

/** The loss written out over outputs and examples. @param {Trace} trace @param {FunctionRule} rule @returns {(string | Factor)[]} */
function lossTerms(trace, rule) {
  const [front, inner] = rule.formula.split("Σ ");
  const { read, shape } = readersOf(trace);
  const [rows, columns] = shape(rule.operands[0]);
  const count = rows * columns;
  const written = Array.from({ length: Math.min(LOSS_TERMS, count) }, (_, k) => fill({ ...rule, formula: inner }, [Math.floor(k / columns), k % columns], read, shape));
  return [front, "[", ...written.flatMap((parts, k) => (k ? [" + ", ...parts] : parts)), count > LOSS_TERMS ? ` + … ${count - LOSS_TERMS} more]` : "]"];
}

/** The honest index form of an entry: every k, those included whose local derivative is 0. @param {Trace} trace @param {Step} step @param {number[]} entry @returns {Share[]} */
export function sharesOf(trace, step, entry) {
  if (!step.index_form) return [];
  const { rule } = step.index_form;
  const { read, shape } = readersOf(trace, rule.identity);
  /** @type {Share[]} */
  const shares = [];
  for (const term of expand(rule, entry, read, shape)) {
    const k = term.at?.k ?? 0;
    const survives = term.factors.every((f) => f.quantity !== "identity" || f.value !== 0);
    (shares[k] ??= { k, terms: [], survives }).terms.push(term);
  }
  return shares;
}

const SPOKEN = 4; // terms said aloud

/** An expansion in words, for those who listen. @param {Expansion} expansion @param {(x: number) => string} say */
export function inSpeech(expansion, say) {
  if (expansion.kind === "given") return expansion.text;
  if (expansion.kind === "unsent") return "too large to be sent";
  const loud = (/** @type {number} */ x) => say(x).replace("−", "minus ");
  if (expansion.kind === "slope") return `the local derivative of the activation, ${loud(expansion.total)}`;
  if (expansion.kind === "formula") return `${expansion.parts.map((part) => (typeof part === "string" ? part : loud(part.value))).join("")} equals ${loud(expansion.total)}`;
  const order = expansion.terms.length > SPOKEN ? [...expansion.terms].sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, SPOKEN) : expansion.terms;
  const sum = order.map(({ factors }) => factors.map((f) => loud(f.value)).join(" times ")).join(", plus ");
  const rest = expansion.terms.length - order.length;
  return `${sum}${rest ? `, plus ${rest} smaller ${rest === 1 ? "term" : "terms"}` : ""}, equals ${loud(expansion.total)}`;
}
