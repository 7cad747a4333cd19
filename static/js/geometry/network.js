/** Where the units of a small live network stand: a column a layer, wide layers in several columns side by side, an image where the inputs are one. */

/** @import {Box} from "./columns.js" */

/**
 * @typedef {object} Placed
 * @property {Box[][]} layers the units of every layer, inputs first
 * @property {{x: number, left: number, right: number}[]} columns the middle and the sides of each layer
 * @property {number} width of the whole
 */

const LARGEST = 58;
const LEAST = 26; // smaller pictures show nothing
const PIXEL = 11; // of an image

/**
 * @param {number[]} sizes @param {{x: number, y: number, w: number, h: number}} room @param {[number, number] | null} image rows and columns of the inputs
 * @returns {Placed}
 */
export function placed(sizes, room, image) {
  const most = Math.max(...sizes.map((n, l) => (l === 0 && image ? 0 : n)));
  const gapOf = (/** @type {number} */ size) => Math.max(4, size * 0.26);
  const fits = (/** @type {number} */ n) => (room.h + gapOf(room.h / n)) / n / 1.26;
  const unit = Math.max(LEAST, Math.min(LARGEST, fits(most), (room.w / sizes.length) * 0.55));
  const grids = sizes.map((n, l) => {
    if (l === 0 && image) return { rows: image[0], columns: image[1], size: PIXEL, gap: 1.5 };
    const gap = gapOf(unit);
    const columns = Math.ceil(n / Math.max(1, Math.floor((room.h + gap) / (unit + gap))));
    return { rows: Math.ceil(n / columns), columns, size: unit, gap };
  });
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
  return { layers, columns, width: room.w };
}

/** How thick the edge of a weight is: the same weight always the same, up to where it would hide others. @param {number} weight */
export function thickness(weight) {
  return Math.min(8, 0.5 + 1.7 * Math.sqrt(Math.abs(weight)));
}

/** The size from which on an edge is drawn: of very many only the strongest are seen anyway. @param {number[][]} weights @param {number} most */
export function threshold(weights, most) {
  const sizes = weights.flat().map(Math.abs);
  return sizes.length <= most ? 0 : sizes.sort((a, b) => b - a)[most - 1];
}
