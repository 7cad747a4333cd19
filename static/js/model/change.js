/** What the last change has done to a number. */

import { numberAt } from "./trace.js";

/** @import {Entry} from "../types.js" */
/** @import {State} from "./reduce.js" */

/** How much a number differs from what it was before the last change; undefined where that is not to be shown, or cannot be said. @param {Pick<State, "trace" | "before" | "delta">} state @param {Entry} it */
export function changeOf({ trace, before, delta }, { quantity, entry }) {
  if (!delta || !before) return undefined;
  const [was, is] = [numberAt(before, quantity, entry), numberAt(trace, quantity, entry)];
  const change = Number(is) - Number(was);
  return Number.isFinite(change) ? change : undefined; // beside ∞ or NaN it says nothing
}
