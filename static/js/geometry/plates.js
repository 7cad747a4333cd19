/** Where the pictures of a wide network stand: a strip a quantity, between the strips each matrix over its gradient, thin strips for biases and targets. */

/** @import {Box, Layout} from "./columns.js" */

/**
 * @typedef {object} Plate one quantity as a picture
 * @property {string} quantity
 * @property {"strip" | "matrix" | "image"} form
 * @property {Box} box
 * @property {string} caption
 * @property {{x: number, y: number}} at middle of the caption's baseline
 */

const ASIDE = 12; // between a strip and a matrix
const CELL = 24; // a row of a matrix is no higher

/** The least width of a matrix of so many columns. @param {number} columns @param {boolean} captions */
export function matrixWidth(columns, captions) {
  return Math.min(captions ? 170 : 220, Math.max(captions ? 84 : 136, 28 + 13 * Math.sqrt(columns)));
}

/** Width of a bias strip and its gradient, with the gap before z. @param {boolean} captions */
export function biasWidth(captions) {
  return captions ? 34 : 60;
}

/** Room that the way between two columns takes. @param {number} columns of its matrix @param {boolean} bias @param {boolean} captions */
export function betweenStrips(columns, bias, captions) {
  return ASIDE * 2 + matrixWidth(columns, captions) + (bias ? biasWidth(captions) : 0);
}

/** Where an image of the inputs stands: its values above the middle of the column, their gradient below. @param {Box} box @param {[number, number]} image @param {"value" | "gradient"} kind @returns {Box} */
export function imageBox(box, [rows, columns], kind) {
  const h = (box.w * rows) / columns;
  const middle = box.y + box.h / 2;
  return { x: box.x, y: kind === "value" ? middle - h - 14 : middle + 14, w: box.w, h };
}

/** @param {Layout} layout @param {number[]} sizes @param {boolean[]} biases @returns {Plate[]} */
export function platesOf(layout, sizes, biases) {
  const { columns, weights, metrics, targets } = layout;
  const drop = metrics.captions ? 15 : 24;
  /** @type {Plate[]} */
  const plates = [];
  /** @param {string} letter @param {string} l @param {[Box, Box]} boxes */
  const strips = (letter, l, boxes) => boxes.forEach((box, k) => plates.push({ quantity: `${k ? "d" : ""}${letter}${l}`, form: "strip", box, caption: `${k ? "∂" : ""}${letter}`, at: { x: box.x + box.w / 2, y: box.y + box.h + drop } }));
  for (const { quantity, layer, kind, units: [box] } of columns) {
    if (layer === 0 && layout.image) {
      for (const half of /** @type {const} */ (["value", "gradient"])) {
        const picture = imageBox(box, layout.image, half);
        const caption = half === "value" ? `a⁰, ${layout.image.join(" × ")}` : "∂a⁰";
        plates.push({ quantity: half === "value" ? quantity : `d${quantity}`, form: "image", box: picture, caption, at: { x: picture.x + picture.w / 2, y: picture.y - 7 } });
      }
      continue;
    }
    const half = (box.w - 1) / 2;
    strips(kind, String(layer), [{ ...box, w: half }, { ...box, x: box.x + half + 1, w: half }]);
  }
  for (const { layer, left, right } of weights) {
    const [z] = columns[2 * layer - 1].units;
    const bias = biases[layer - 1] ? biasWidth(metrics.captions) : 0;
    const x = left + ASIDE;
    const w = right - ASIDE - bias - x;
    const caption = metrics.captions ? 20 : 30;
    const middle = z.y + z.h / 2;
    const h = Math.min((layout.bottom - layout.top - 30) / 2 - caption - 4, sizes[layer] * CELL);
    for (const [k, y] of [middle - 4 - h, middle + caption + 4].entries()) {
      plates.push({ quantity: `${k ? "d" : ""}W${layer}`, form: "matrix", box: { x, y, w, h }, caption: k ? "∂W" : `W ${sizes[layer]} × ${sizes[layer - 1]}`, at: { x: x + w / 2, y: y - 6 } });
    }
    const thin = (bias - 10) / 2;
    if (bias) strips("b", String(layer), [{ ...z, x: right - bias, w: thin }, { ...z, x: right - bias + thin + 1, w: thin }]);
  }
  const [last] = columns[columns.length - 1].units;
  if (targets) plates.push({ quantity: "y", form: "strip", box: { ...last, x: last.x + last.w + 8, w: targets }, caption: "y", at: { x: last.x + last.w + 8 + targets / 2, y: last.y + last.h + drop } });
  return plates;
}
