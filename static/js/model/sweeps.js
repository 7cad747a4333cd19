/** What moves in a wide network: the step's quantity fills from its first row to its last, and at every row what that is made of lights up, as its rule says. */

import { boxOf, gridOf, union } from "../geometry/grids.js";
import { platesOf } from "../geometry/plates.js";
import { operandsOf } from "./operands.js";

/** @import {Area, Grid} from "../geometry/grids.js" */
/** @import {Box, Layout} from "../geometry/columns.js" */
/** @import {Plate} from "../geometry/plates.js" */
/** @import {State} from "./reduce.js" */
/** @import {Step} from "../types.js" */

/**
 * @typedef {{receiver: Box | null, parts: Box[]}} Lit the row that is being filled (null: ℒ, which has no picture) and what it is made of
 * @param {Step} step @param {Pick<State, "trace" | "example">} state @param {Layout} layout
 * @returns {(t: number) => Lit} what is lit when so much is filled
 */
export function sweepOf(step, { trace, example }, layout) {
  const biases = trace.start.problem.layers.map((layer) => layer.bias !== false);
  /** @type {Map<string, {plate: Plate, grid: Grid}>} */
  const pictures = new Map();
  for (const plate of platesOf(layout, trace.start.layer_sizes, biases)) {
    const q = trace.quantities.get(plate.quantity);
    if (q) pictures.set(plate.quantity, { plate, grid: gridOf({ shape: q.shape, batched: q.axes[0] === "example", example, image: plate.form === "image" ? layout.image : null }) });
  }
  /** What these entries are made of, as far as there are pictures of it. @param {number[][]} entries @returns {Box[]} */
  const partsOf = (entries) => {
    /** @type {Map<string, Area | null>} */
    const areas = new Map();
    for (const entry of entries) {
      for (const part of operandsOf(trace, { quantity: step.id, entry })) areas.set(part.quantity, union(areas.get(part.quantity) ?? null, pictures.get(part.quantity)?.grid.areaOf(part.entry) ?? null));
    }
    return [...areas].flatMap(([id, area]) => {
      const picture = pictures.get(id);
      return area && picture ? [boxOf(picture.plate.box, picture.grid, area)] : [];
    });
  };
  const filled = pictures.get(step.id.replace(/_new$/, ""));
  if (!filled) {
    const parts = partsOf([[]]);
    return () => ({ receiver: null, parts });
  }
  const { plate, grid } = filled;
  let row = -1;
  /** @type {Lit} */
  let lit = { receiver: null, parts: [] };
  return (t) => {
    const now = Math.min(grid.rows - 1, Math.floor(t * grid.rows));
    if (now !== row) {
      row = now;
      // A row's first and last number tell what all of it is made of.
      const ends = [...new Set([0, grid.columns - 1])].map((column) => grid.entryAt(row, column));
      lit = { receiver: boxOf(plate.box, grid, { row, column: 0, rows: 1, columns: grid.columns }), parts: partsOf(ends) };
    }
    return lit;
  };
}
