/** What views need to know of a run, read off its last report. */

import { subscript } from "../geometry/numbers.js";
import { squareOf } from "./plates.js";

/** @import {Report, Run, State, Surface} from "./training.js" */
/** @import {Quantity} from "../types.js" */

/** So many times what a run began with is no part of learning. */
export const GROWN = 1000;

/** The loss from which on a run has left what it began with: nothing else is to be seen on an axis that holds it. @param {Run} run */
export function tooLarge({ history: { points } }) {
  return GROWN * (points[0]?.loss || Infinity);
}

/** Whether the loss is drawn on a logarithmic axis: as chosen, or where a linear one shows nothing. @param {State} state */
export function logged({ log, runs }) {
  return log ?? runs.some((run) => run.history.points.some(({ loss }) => loss !== null && loss > tooLarge(run)));
}

/** Whether two runs share what is shown to a hall: then letters are large and only what is compared has room. @param {State} state */
export function sparse({ presenting, runs }) {
  return presenting && runs.length > 1;
}

/** The parameters, those to begin with before there is a report of them. @param {Run} run @returns {Record<string, Quantity>} */
export function parametersOf({ start, report }) {
  return report?.parameters ?? start?.quantities ?? {};
}

/** A number of a quantity; undefined where it was not sent. @param {Run} run @param {string} quantity @param {number[]} entry @returns {number | undefined} */
export function valueOf(run, quantity, entry) {
  return /** @type {any} */ (entry.reduce((/** @type {any} */ at, i) => at?.[i], parametersOf(run)[quantity]?.data));
}

/** What a unit computes over the inputs: rows of numbers, or one row of them where there is one input; null where there is no picture of it. @param {Run} run @param {number} layer @param {number} unit @returns {any[] | null} */
export function pictureOf({ start, report }, layer, unit) {
  const surface = report?.surface;
  if (!surface || !start) return null;
  const last = layer === start.layer_sizes.length - 1;
  if (!last) return surface.units?.[`a${layer}`]?.[unit] ?? null;
  return start.layer_sizes[layer] === 1 ? surface.data : outputOf(surface, unit);
}

/** @param {Surface} surface @param {number} unit */
function outputOf({ data, y }, unit) {
  return y ? data.map((/** @type {number[][]} */ row) => row.map((outputs) => outputs[unit])) : data.map((/** @type {number[]} */ outputs) => outputs[unit]);
}

/** What the targets reach from and to: the middle is neither, blue lies above it and orange below. @param {Run} run @returns {{middle: number, reach: number}} */
export function targetScale({ start }) {
  const targets = /** @type {number[][] | null} */ (start?.problem.targets)?.flat() ?? [0, 1];
  let [low, high] = [Infinity, -Infinity];
  for (const y of targets) [low, high] = [Math.min(low, y), Math.max(high, y)];
  return high > low ? { middle: (low + high) / 2, reach: (high - low) / 2 } : { middle: 0, reach: Math.max(1, Math.abs(high)) };
}

/** How many classes there are; 0: numbers are to be hit. @param {Run} run */
export function classCount({ start }) {
  if (!start?.training.classification) return 0;
  return Math.max(2, start.layer_sizes[start.layer_sizes.length - 1]);
}

/** The class of an example, by its row. @param {Run} run @param {number} row */
export function classOf({ start }, row) {
  const target = /** @type {any} */ (start?.problem.targets)?.[row];
  if (!Array.isArray(target)) return Number(target);
  return target.length > 1 ? target.indexOf(Math.max(...target)) : Number(target[0] > 0);
}

/** Rows and columns where the inputs are an image, or fill a square that is large enough to be one. @param {Run} run @returns {[number, number] | null} */
export function imageOf({ about, start }) {
  return about?.image ?? squareOf(start?.layer_sizes[0] ?? 0);
}

/** A row of weights as the image that it looks for, by rows, the last at the front. @param {number[]} row @param {[number, number]} image */
export function folded(row, [rows, columns]) {
  return Array.from({ length: rows }, (_, at) => row.slice((rows - 1 - at) * columns, (rows - at) * columns));
}

/** What stands beside the inputs, unless they are an image. @param {Run} run @returns {string[]} */
export function inputNames(run) {
  if (imageOf(run)) return [];
  return run.about?.input_names ?? Array.from({ length: run.start?.layer_sizes[0] ?? 0 }, (_, j) => `x${subscript([j])}`);
}

/** What stands beside the outputs: classes, where every one has a unit. @param {Run} run @returns {string[]} */
export function outputNames(run) {
  return classCount(run) > 2 ? (run.about?.class_names ?? []) : [];
}
