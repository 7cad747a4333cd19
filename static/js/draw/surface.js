/** A function over one or two inputs, painted in a chart. */

import { contour } from "../geometry/contour.js";

/** @import {Pen} from "./chart.js" */

/** @typedef {[number, number]} Ends of an axis */

/** A picture laid over the plot: its pixels are centred on their numbers, so half of the outermost lies outside. @param {Pen} pen @param {HTMLCanvasElement} picture @param {Ends} across @param {Ends} up */
export function layPicture({ context, x, y, w, h }, picture, [left, right], [bottom, top]) {
  const [dx, dy] = [(right - left) / (picture.width - 1) / 2, (top - bottom) / (picture.height - 1) / 2];
  context.save();
  context.beginPath();
  context.roundRect(0, 0, w, h, 6);
  context.clip();
  context.drawImage(picture, x(left - dx), y(top + dy), x(right + dx) - x(left - dx), y(bottom - dy) - y(top + dy));
  context.restore();
}

/** Where numbers by rows, the first at the bottom, cross a level. @param {Pen} pen @param {number[][]} rows @param {number} level */
export function strokeLevel({ context, w, h, colour }, rows, level) {
  const [across, up] = [w / (rows[0].length - 1), h / (rows.length - 1)];
  context.strokeStyle = colour("--ink");
  context.lineWidth = 1.4;
  context.beginPath();
  contour(rows, level, (x0, y0, x1, y1) => {
    context.moveTo(x0 * across, h - y0 * up);
    context.lineTo(x1 * across, h - y1 * up);
  });
  context.stroke();
}

/** A curve over one input. @param {Pen} pen @param {number[]} values @param {Ends} across @param {string} colour */
export function strokeCurve({ context, x, y }, values, [low, high], colour) {
  context.strokeStyle = colour;
  context.lineWidth = 3;
  context.beginPath();
  values.forEach((value, at) => context.lineTo(x(low + ((high - low) * at) / (values.length - 1)), y(value)));
  context.stroke();
}
