/** What a number is made of. */

import { expand, isEinsum } from "./component.js";
import { numberAt } from "./trace.js";

/** @import {Trace} from "./trace.js" */
/** @import {Entry} from "../types.js" */

/** The numbers an entry is made of. @param {Trace} trace @param {Entry} looked @returns {Entry[]} */
export function operandsOf(trace, looked) {
  const index = trace.stepOf.get(looked.quantity);
  if (index === undefined) return [];
  const { rule } = trace.steps[index];
  const shape = (/** @type {string} */ id) => trace.quantities.get(id)?.shape ?? [];
  const read = (/** @type {string} */ id, /** @type {number[]} */ entry) => numberAt(trace, id, entry);
  if (isEinsum(rule)) return expand(rule, looked.entry, read, shape).flatMap((term) => term.factors);
  return rule.operands.map((id) => ({ quantity: id, entry: shape(id).length ? looked.entry.slice(looked.entry.length - shape(id).length) : [] }));
}
