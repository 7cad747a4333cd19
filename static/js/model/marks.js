/** Which numbers wear which mark: what happens now, what is looked at, what it is made of, where it goes, what a path goes through. */

import { feedsOf, fits, operandsOf } from "./operands.js";
import { lookedAt } from "./reduce.js";

/** @import {Entry} from "../types.js" */
/** @import {State} from "./reduce.js" */

/** @typedef {"now" | "looked" | "operand" | "feeds" | "on-path"} Mark */
/** @typedef {{mark: Mark, quantity: string, entry: (number | null)[], on: (entry: number[]) => boolean}} Marked `entry` may have null for every index */

/** @param {State} state @returns {Marked[]} */
export function marksOf(state) {
  const { trace, cursor, paths, path } = state;
  const looked = lookedAt(state);
  const now = cursor > 0 ? Object.keys(trace.steps[cursor - 1].values) : [];
  const followed = paths && path !== null ? paths.paths[path] : undefined;
  const around = looked && !followed; // a path is seen best alone
  return [
    ...now.map((quantity) => /** @type {Marked} */ ({ mark: "now", quantity, entry: (trace.quantities.get(quantity)?.shape ?? []).map(() => null), on: () => true })),
    ...(looked ? [at("looked", looked)] : []),
    ...(around ? operandsOf(trace, looked) : []).map((part) => at("operand", part)),
    ...(around ? feedsOf(trace, looked) : []).map(({ quantity, entry }) => /** @type {Marked} */ ({ mark: "feeds", quantity, entry, on: (other) => fits(entry, other) })),
    ...[...(followed?.nodes ?? []), ...(followed?.factors ?? [])].flatMap(({ quantity, entry }) => (quantity ? [at("on-path", { quantity, entry })] : [])),
  ];
}

/** @param {Mark} mark @param {Entry} entry @returns {Marked} */
function at(mark, { quantity, entry }) {
  const place = entry.join();
  return { mark, quantity, entry, on: (other) => other.join() === place };
}
