/** What the entry card is about: the number that is being changed, the one looked at, else one of the current step; and which weight or bias that is. */

import { lookedAt } from "./reduce.js";
import { firstEntry } from "./trace.js";

/** @import {Entry} from "../types.js" */
/** @import {State} from "./reduce.js" */

/** @param {State} state @returns {Entry | null} */
export function subjectOf(state) {
  const { trace, cursor, example } = state;
  const now = cursor > 0 ? trace.steps[cursor - 1] : null;
  return state.editing ?? lookedAt(state) ?? (now ? { quantity: now.id, entry: firstEntry(trace, now.id, Math.max(0, example)) } : null);
}

/** The parameter that an entry is, or is the gradient of. @param {Entry | null} entry @returns {Entry | null} */
export function parameterOf(entry) {
  const id = /^d?([Wb]\d+)(_new)?$/.exec(entry?.quantity ?? "")?.[1];
  return entry && id ? { quantity: id, entry: entry.entry } : null;
}

/** What can be moved by ε: an input, a parameter, a z or an a; of a gradient what it is the gradient of. @param {Entry | null} entry @returns {Entry | null} */
export function movableOf(entry) {
  const id = /^d?([Wbza]\d+)$/.exec(entry?.quantity ?? "")?.[1];
  return entry && id ? { quantity: id, entry: entry.entry } : null;
}

/** Whether two entries are the same number. @param {Entry | null} a @param {Entry | null} b */
export function sameEntry(a, b) {
  return a !== null && b !== null && a.quantity === b.quantity && a.entry.join() === b.entry.join();
}
