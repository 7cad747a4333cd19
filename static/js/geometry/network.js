/** Where the units of a small live network stand: a column a layer, wide layers in several columns side by side, an image where the inputs are one. */

import { bend } from "./curves.js";

/** @import {Box} from "./columns.js" */
/** @import {Point} from "./curves.js" */

/**
 * @typedef {object} Placed
 * @property {Box[][]} layers the units of every layer, inputs first
 * @property {{x: number, left: number, right: number}[]} columns the middle and the sides of each layer
 * @property {boolean} image whether the inputs are one
 */

const LARGEST = 58;
const LEAST = 24; // smaller pictures show nothing
const GAP = 0.26; // between two units, as a share of one
const WIDE = 12; // units from which on a layer may stand in several columns
const PART = 0.24; // of the whole width, at most, for one layer

/**
 * @param {number[]} sizes @param {{x: number, y: number, w: number, h: number}} room @param {[number, number] | null} image rows and columns of the inputs
 * @returns {Placed}
 */
export function placed(sizes, room, image) {
  const alike = Math.min(LARGEST, (room.w / sizes.length) * 0.42, ...sizes.filter((n) => n <= WIDE).map((n) => heightOf(room.h, n)));
  const grids = sizes.map((n, l) => (l === 0 && image ? imageGrid(image, room) : gridOf(n, room, Math.max(LEAST / 2, alike))));
  const widths = grids.map(({ columns, size, gap }) => columns * size + (columns - 1) * gap);
  const taken = widths.reduce((sum, w) => sum + w, 0);
  const shrink = Math.min(1, (room.w * 0.7) / taken);
  const space = (room.w - taken * shrink) / Math.max(1, sizes.length - 1);
  let x = room.x;
  const columns = widths.map((w) => {
    const left = x;
    x += w * shrink + space;
    return { x: left + (w * shrink) / 2, left, right: left + w * shrink };
  });
  const layers = sizes.map((n, l) => {
    const { rows, columns: across, size, gap } = grids[l];
    const [s, pitch] = [size * shrink, (size + gap) * shrink];
    const top = room.y + (room.h - (rows * pitch - gap * shrink)) / 2;
    return Array.from({ length: n }, (_, k) => {
      const [row, column] = l === 0 && image ? [Math.floor(k / across), k % across] : [k % rows, Math.floor(k / rows)];
      return { x: columns[l].left + column * pitch, y: top + row * pitch, w: s, h: s };
    });
  });
  return { layers, columns, image: image !== null };
}

/** How high each of so many units under each other can be. @param {number} room @param {number} n */
function heightOf(room, n) {
  return room / (n + GAP * (n - 1));
}

/** Units as large as those of other layers; where so many of them find no room in one column, in as many as make them largest. @param {number} n @param {{w: number, h: number}} room @param {number} alike */
function gridOf(n, room, alike) {
  let best = { columns: 1, rows: n, size: Math.min(alike, heightOf(room.h, n)) };
  for (let columns = 2; n > WIDE && best.size < LEAST * 1.6 && columns <= n; columns += 1) {
    const rows = Math.ceil(n / columns);
    const size = Math.min(LARGEST, heightOf(room.h, rows), heightOf(room.w * PART, columns));
    if (size > best.size) best = { columns, rows, size };
  }
  return { ...best, gap: best.size * GAP };
}

/** @param {[number, number]} image @param {{w: number, h: number}} room */
function imageGrid([rows, columns], room) {
  return { rows, columns, size: Math.min(22, (room.h * 0.7) / rows - 1.5, (room.w * PART) / columns - 1.5), gap: 1.5 };
}

/** How thick the edge of a weight is: the same weight always the same, up to where it would hide others. @param {number} weight */
export function thickness(weight) {
  return Math.min(7, 0.4 + 1.25 * Math.sqrt(Math.abs(weight)));
}

/** The size from which on an edge is drawn: of very many only the strongest are seen anyway. @param {number[][]} weights @param {number} most */
export function threshold(weights, most) {
  const sizes = Float64Array.from(weights.flat(), Math.abs);
  return sizes.length <= most ? 0 : sizes.sort()[sizes.length - most];
}

/** Where the edge to unit i of layer l from unit j begins and ends; those of an image leave at its side. @param {Placed} placed @param {number} l @param {number} i @param {number} j @returns {[Point, Point]} */
export function ends({ layers, columns, image }, l, i, j) {
  const [from, to] = [layers[l - 1][j], layers[l][i]];
  return [
    { x: image && l === 1 ? columns[0].right : from.x + from.w, y: from.y + from.h / 2 },
    { x: to.x, y: to.y + to.h / 2 },
  ];
}

/** The edge that runs nearest to a point, if it is within reach. @param {Placed} placed @param {Point} point @param {number} reach @returns {{l: number, i: number, j: number} | null} */
export function edgeNear(placed, { x, y }, reach) {
  const { layers } = placed;
  let [nearest, least] = [/** @type {{l: number, i: number, j: number} | null} */ (null), reach];
  for (let l = 1; l < layers.length; l += 1) {
    for (let i = 0; i < layers[l].length; i += 1) {
      for (let j = 0; j < layers[l - 1].length; j += 1) {
        const [p, q] = ends(placed, l, i, j);
        if (x < p.x || x > q.x) continue;
        const curve = bend(p, q);
        const t = crossing(curve, x);
        const [a, b] = [curve.at(Math.max(0, t - 0.01)), curve.at(Math.min(1, t + 0.01))];
        const off = Math.abs((x - a.x) * (b.y - a.y) - (y - a.y) * (b.x - a.x)) / Math.hypot(b.x - a.x, b.y - a.y);
        if (off < least) [nearest, least] = [{ l, i, j }, off];
      }
    }
  }
  return nearest;
}

/** When a curve that goes to the right is at x. @param {import("./curves.js").Curve} curve @param {number} x */
function crossing(curve, x) {
  let [from, to] = [0, 1];
  for (let k = 0; k < 12; k += 1) {
    const t = (from + to) / 2;
    if (curve.at(t).x < x) from = t;
    else to = t;
  }
  return from;
}
