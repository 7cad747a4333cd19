/** Numbers as pixels: one a cell, coloured on the two scales of the page. The style sheet scales the canvas up without blurring it. */

import { gradientStrength, sign, valueStrength } from "../geometry/colours.js";

/** @import {Grid, Nested} from "../geometry/grids.js" */

/** @typedef {{paper: number[], pos: number[], neg: number[], gpos: number[], gneg: number[], odd: number[]}} Palette */

/** The colours of the style sheet as numbers. @param {Element} root @returns {Palette} */
export function paletteOf(root) {
  const style = getComputedStyle(root);
  const rgb = (/** @type {string} */ name) => (style.getPropertyValue(name).match(/\d+/g) ?? []).slice(0, 3).map(Number);
  return { paper: rgb("--strip"), pos: rgb("--value-pos"), neg: rgb("--value-neg"), gpos: rgb("--grad-pos"), gneg: rgb("--grad-neg"), odd: rgb("--odd") };
}

/**
 * @param {HTMLCanvasElement} canvas @param {Grid} grid @param {Nested} source
 * @param {{gradient: boolean, largest: number, palette: Palette}} how `largest` is what has the full colour
 */
export function paintHeat(canvas, grid, source, { gradient, largest, palette }) {
  const { rows, columns } = grid;
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext("2d");
  if (!context) return;
  const pixels = context.createImageData(columns, rows);
  const strengthOf = gradient ? gradientStrength : valueStrength;
  const hues = { pos: gradient ? palette.gpos : palette.pos, neg: gradient ? palette.gneg : palette.neg, zero: palette.paper, odd: palette.odd };
  let at = 0;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const x = grid.read(source, row, column);
      const hue = hues[sign(x)];
      const strength = strengthOf(x, largest);
      for (let c = 0; c < 3; c += 1) pixels.data[at + c] = palette.paper[c] + (hue[c] - palette.paper[c]) * strength;
      pixels.data[at + 3] = 255;
      at += 4;
    }
  }
  context.putImageData(pixels, 0, 0);
}
