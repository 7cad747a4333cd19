/** Pictures of functions over the inputs: one pixel a number, blue and orange as all values are, or a hue a class. */

import { between } from "./hues.js";

/** Colours from one hue through paper to another, as the pixels of a canvas. @param {number[]} negative @param {number[]} paper @param {number[]} positive @param {number} [full] how much of the hue is the most @returns {Uint32Array} */
export function rampOf(negative, paper, positive, full = 0.92) {
  return Uint32Array.from({ length: 255 }, (_, k) => {
    const t = (k - 127) / 127;
    return pixel(between(paper, t < 0 ? negative : positive, Math.sqrt(Math.abs(t)) * full));
  });
}

/** Red, green, blue, opaque; canvases keep the lowest byte first. @param {number[]} rgb */
function pixel([r, g, b]) {
  return ((255 << 24) | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r)) >>> 0;
}

/** A canvas as large as its numbers, which others draw from. */
export function createPicture() {
  const canvas = document.createElement("canvas");
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  /** @type {ImageData | null} */
  let image = null;

  /** @param {number} columns @param {number} rows */
  function pixels(columns, rows) {
    if (!image || image.width !== columns || image.height !== rows) {
      [canvas.width, canvas.height] = [columns, rows];
      image = context.createImageData(columns, rows);
    }
    return new Uint32Array(image.data.buffer);
  }

  return {
    canvas,
    /** Numbers by rows, the first at the bottom. @param {number[][]} rows @param {Uint32Array} ramp @param {number} middle what paper stands for @param {number} reach what has the full hue is so far from it */
    heat(rows, ramp, middle, reach) {
      const [height, width] = [rows.length, rows[0].length];
      const data = pixels(width, height);
      for (let y = 0; y < height; y += 1) {
        const row = rows[height - 1 - y];
        for (let x = 0; x < width; x += 1) data[y * width + x] = ramp[Math.max(0, Math.min(254, Math.round(127 + (127 * (row[x] - middle)) / reach)))];
      }
      context.putImageData(/** @type {ImageData} */ (image), 0, 0);
    },
    /** Outputs by rows and columns: the largest has its hue, the stronger the further it is ahead of the next. @param {number[][][]} rows @param {number[][]} hues @param {number[]} paper */
    classes(rows, hues, paper) {
      const [height, width] = [rows.length, rows[0].length];
      const data = pixels(width, height);
      for (let y = 0; y < height; y += 1) {
        for (let x = 0; x < width; x += 1) {
          const { first, ahead } = leading(rows[height - 1 - y][x]);
          data[y * width + x] = pixel(between(paper, hues[first % hues.length], 0.12 + 0.45 * Math.min(1, ahead)));
        }
      }
      context.putImageData(/** @type {ImageData} */ (image), 0, 0);
    },
  };
}

/** Which of these is the largest, and how far ahead of the next. @param {number[]} outputs */
function leading(outputs) {
  let [first, most, next] = [0, -Infinity, -Infinity];
  outputs.forEach((x, k) => {
    if (x > most) [first, most, next] = [k, x, most];
    else if (x > next) next = x;
  });
  return { first, ahead: most - next };
}
