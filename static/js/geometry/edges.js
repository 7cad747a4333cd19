/** Where the edges between two columns run and where their numbers stand. */

import { bend, join, line } from "./curves.js";

/** @import {Box, Layout} from "./columns.js" */
/** @import {Curve, Point} from "./curves.js" */

/** @param {Layout} layout @param {number} l */
export function columnsOf(layout, l) {
  return { before: layout.columns[l === 1 ? 0 : 2 * l - 2], z: layout.columns[2 * l - 1], a: layout.columns[2 * l] };
}

/** The middle of a side of a box. @param {Box} box @param {"left" | "right"} side @returns {Point} */
export function port(box, side) {
  return { x: side === "left" ? box.x : box.x + box.w, y: box.y + box.h / 2 };
}

/** The centre of the half of a box that holds the value or the gradient. @param {Box} box @param {"value" | "gradient"} half @returns {Point} */
export function half(box, half) {
  return { x: box.x + box.w / 2, y: box.y + box.h * (half === "value" ? 0.25 : 0.75) };
}

/** The middle of the number on the edge to unit i from unit j of layer l: a unit's labels stand one above the other, as a row of W. @param {Layout} layout @param {number} l @param {number} i @param {number} j @returns {Point} */
export function labelAt(layout, l, i, j) {
  const { before, z } = columnsOf(layout, l);
  const { metrics, weights } = layout;
  const at = port(z.units[i], "left");
  return { x: weights[l - 1].label + metrics.labelW / 2, y: at.y + (j - (before.units.length - 1) / 2) * metrics.labelH };
}

/** The edge to unit i from unit j of layer l, left to right, through its label where there is one. @param {Layout} layout @param {number} l @param {number} i @param {number} j @returns {Curve} */
export function edge(layout, l, i, j) {
  const { before, z } = columnsOf(layout, l);
  const inset = layout.level === "dots" ? 17 : 0;
  const from = port(before.units[j], "right");
  const to = port(z.units[i], "left");
  if (layout.level === "dots") {
    from.x = before.x + (l === 1 ? 17 : inset);
    to.x = z.x - inset;
  }
  const weights = layout.weights[l - 1];
  if (!weights.labels) return bend(from, to);
  const label = labelAt(layout, l, i, j);
  const reach = Math.max(-1, Math.min(1, (label.y - to.y) / (z.units[i].h / 2)));
  const enter = { x: to.x, y: to.y + reach * (z.units[i].h / 2 - 10) };
  const stop = { x: weights.label - 2, y: label.y };
  const pass = { x: weights.label + layout.metrics.labelW, y: label.y };
  return join([bend(from, stop), line(stop, pass), line(pass, enter)], [0.62, 0.24, 0.14]);
}

/**
 * The edge of a layer without numbers on its edges that runs nearest to a point; null where none is within reach. All of them are at the same x at the same time.
 * @param {Layout} layout @param {number} l @param {number} nOut @param {number} nIn @param {Point} point @param {number} reach @returns {[number, number] | null}
 */
export function edgeAt(layout, l, nOut, nIn, { x, y }, reach) {
  const any = edge(layout, l, 0, 0);
  let [from, to] = [0, 1];
  for (let k = 0; k < 16; k += 1) {
    const t = (from + to) / 2;
    if (any.at(t).x < x) from = t;
    else to = t;
  }
  /** @type {[number, number] | null} */
  let nearest = null;
  let least = reach;
  for (let i = 0; i < nOut; i += 1) {
    for (let j = 0; j < nIn; j += 1) {
      const { at } = edge(layout, l, i, j);
      const [p, q] = [at(Math.max(0, from - 0.01)), at(Math.min(1, from + 0.01))];
      const off = Math.abs((x - p.x) * (q.y - p.y) - (y - p.y) * (q.x - p.x)) / Math.hypot(q.x - p.x, q.y - p.y);
      if (off < least) [nearest, least] = [[i, j], off];
    }
  }
  return nearest;
}
