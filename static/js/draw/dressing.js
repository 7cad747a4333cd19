/** What cells wear: marks, the light of a walk, and the colour of what an edge has carried. */

import { sign } from "../geometry/colours.js";
import { entryOf } from "./cells.js";

/** @import {Cell, createRegistry} from "./cells.js" */

/** @typedef {ReturnType<typeof createRegistry>} Registry */

/** The line of an edge, which is no text. @param {Cell} cell */
const lineOf = ({ fill, show }) => (fill && (show === "thread" || show === "width") ? fill : null);

/** @param {Registry} cells @param {{mark: string, quantity: string, on: (entry: number[]) => boolean}[]} marks @param {{example: number, pinned: boolean}} how */
export function dressMarked(cells, marks, { example, pinned }) {
  cells.undress();
  for (const { mark, quantity, on } of marks) {
    for (const cell of cells.of(quantity)) {
      if (!on(entryOf(cell, example)) || (mark === "now" && cell.show === "thread")) continue; // a layer's lines are now together
      const line = lineOf(cell);
      cells.dress(cell.root, mark);
      if (line && mark === "on-path") cells.dress(line, mark);
      if (mark === "looked" && pinned && cell.root.hasAttribute("role")) cell.root.setAttribute("aria-pressed", "true");
    }
  }
}

/** Edges keep the colour of what they carried. @param {Registry} cells @param {string} weights @param {(i: number, j: number) => number} carried @param {boolean} backward */
export function dressCarriers(cells, weights, carried, backward) {
  for (const cell of cells.of(weights)) {
    const [line, [i, j]] = [lineOf(cell), cell.rest];
    if (!line) continue;
    cells.dress(line, `carries-${sign(carried(i, j))}`);
    if (backward) cells.dress(line, "carries-gradient");
  }
}

/** What a walk touches is lit; the style sheet dims the rest. @param {Registry} cells @param {Set<string> | null} lit */
export function light(cells, lit) {
  for (const cell of cells.all()) {
    const on = lit?.has(cell.quantity) ?? false;
    cell.root.classList.toggle("on-walk", on);
    lineOf(cell)?.classList.toggle("on-walk", on);
  }
}
