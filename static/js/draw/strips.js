/** Wider layers: one heat strip per quantity, a cell a unit (with every example: a column an example), drawn on small canvases of one pixel a number. */

import { gradientStrength, sign, valueStrength } from "../geometry/colours.js";
import { imageBox } from "../geometry/columns.js";
import { columnsOf } from "../geometry/edges.js";
import { html, svg } from "./svg.js";

/** @import {Layout} from "../geometry/columns.js" */
/** @import {Cell} from "./cells.js" */

/**
 * @typedef {object} Strip
 * @property {string} quantity
 * @property {HTMLCanvasElement} canvas
 * @property {[number, number] | null} image rows and columns, where the units are pixels
 */

/** @typedef {{paper: number[], pos: number[], neg: number[], gpos: number[], gneg: number[]}} Palette */

/** @param {Layout} layout @param {[number, number] | null} image @returns {{root: HTMLDivElement, strips: Strip[]}} */
export function drawStrips(layout, image) {
  const root = html("div", { class: "strips" });
  /** @type {Strip[]} */
  const strips = [];
  for (const column of layout.columns) {
    const box = column.units[0];
    const picture = column.layer === 0 ? image : null;
    const halves = /** @type {const} */ (["value", "gradient"]);
    halves.forEach((kind, k) => {
      const canvas = html("canvas", { class: `strip ${kind}`, role: "img", "aria-label": `${kind === "gradient" ? "gradient of " : ""}${column.kind}, layer ${column.layer}` });
      const quantity = kind === "gradient" ? `d${column.quantity}` : column.quantity;
      const { x, y, w, h } = picture ? imageBox(box, picture, kind) : { x: box.x + k * (box.w / 2 + 1), y: box.y, w: box.w / 2 - 1, h: box.h };
      place(canvas, x, y, w, h);
      canvas.dataset.strip = quantity;
      root.append(canvas);
      strips.push({ quantity, canvas, image: picture });
    });
  }
  return { root, strips };
}

/** Positions go through the style object: the content security policy forbids style attributes in markup, not this. @param {HTMLElement} element @param {number} x @param {number} y @param {number} w @param {number} h */
function place(element, x, y, w, h) {
  element.style.left = `${x}px`;
  element.style.top = `${y}px`;
  element.style.width = `${w}px`;
  element.style.height = `${h}px`;
}

/**
 * @param {Strip} strip
 * @param {number[][] | null} rows an example a row; null: not computed yet
 * @param {{largest: {value: number, gradient: number}, palette: Palette}} how
 */
export function paintStrip({ canvas, quantity, image }, rows, { largest, palette }) {
  for (const name of ["quantity", "entry", "value"]) delete canvas.dataset[name]; // of the number last pointed at
  canvas.classList.toggle("unknown", rows === null);
  if (!rows) {
    canvas.width = canvas.height = 1;
    return;
  }
  const gradient = quantity.startsWith("d");
  const [height, width] = image && rows.length === 1 ? image : [rows[0].length, rows.length];
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  if (!context) return;
  const brightest = image ? Math.max(...rows.flat().map(Math.abs)) : 0; // a picture has a scale of its own
  const pixels = context.createImageData(width, height);
  for (let n = 0; n < rows.length; n += 1) {
    for (let i = 0; i < rows[n].length; i += 1) {
      const x = rows[n][i];
      const strength = gradient ? gradientStrength(x, largest.gradient) : valueStrength(x, image ? brightest : largest.value);
      const hue = sign(x) === "neg" ? (gradient ? palette.gneg : palette.neg) : gradient ? palette.gpos : palette.pos;
      const at = (image && rows.length === 1 ? i : i * width + n) * 4;
      for (let c = 0; c < 3; c += 1) pixels.data[at + c] = palette.paper[c] + (hue[c] - palette.paper[c]) * strength;
      pixels.data[at + 3] = 255;
    }
  }
  context.putImageData(pixels, 0, 0);
}

/** Bands between strips with the sizes of their weight matrices. @param {Layout} layout @param {number[]} sizes */
export function drawBands(layout, sizes) {
  const group = svg("g");
  for (const { layer, left, right } of layout.weights) {
    const { before, z } = columnsOf(layout, layer);
    const [p, q] = [before.units[0], z.units[0]];
    const middle = (left + right) / 2;
    const d = `M${left + 4} ${p.y}C${middle} ${p.y} ${middle} ${q.y} ${right - 4} ${q.y}V${q.y + q.h}C${middle} ${q.y + q.h} ${middle} ${p.y + p.h} ${left + 4} ${p.y + p.h}Z`;
    const words = `${sizes[layer]} × ${sizes[layer - 1]}`;
    group.append(svg("path", { class: "band", d, "data-band": layer }), svg("text", { class: "size", x: middle, y: (layout.top + layout.bottom) / 2, "text-anchor": "middle" }, [words]));
  }
  for (const { quantity, units } of layout.columns) {
    const box = units[0];
    const picture = quantity === "a0" && layout.image;
    const letter = quantity[0];
    for (const [k, words] of [letter, `∂${letter}`].entries()) {
      if (picture) continue;
      group.append(svg("text", { class: "size", x: box.x + box.w * (0.25 + 0.5 * k), y: box.y + box.h + 17, "text-anchor": "middle" }, [words]));
    }
    group.append(svg("rect", { class: "strip-frame", x: box.x - 3, y: box.y - 3, width: box.w + 6, height: box.h + 6, rx: 7, "data-frame": quantity }));
  }
  return group;
}

/** A narrow last layer's numbers stand beside its strip. @param {Layout} layout @param {number} count @param {string[]} [names] @returns {Cell[]} */
export function drawOutputs({ columns }, count, names) {
  const { quantity, units } = columns[columns.length - 1];
  const box = units[0];
  return Array.from({ length: count }, (_, i) => {
    const y = box.y + (box.h * (i + 0.5)) / count + 4.5;
    const number = svg("text", { class: "number", x: box.x + box.w + 92, y, "text-anchor": "end", "font-size": 12.5 });
    const name = svg("text", { class: "unit-name", x: box.x + box.w + 12, y }, [names?.[i] ?? String(i + 1)]);
    const hit = svg("rect", { class: "hit", x: box.x + box.w + 8, y: y - 13, width: 88, height: 18 });
    const root = svg("g", { class: "cell tag value", role: "button", tabindex: -1, "data-column": quantity }, [hit, name, number]);
    return { quantity, rest: [i], batched: true, root, text: number, fill: number, kind: "value", show: "text" };
  });
}

/** On a strip the pointer's place says which number it is on. @param {Strip} strip @param {{clientX: number, clientY: number}} pointer @param {number} example @returns {number[]} */
export function entryUnder({ canvas, image }, pointer, example) {
  const box = canvas.getBoundingClientRect();
  const column = Math.min(canvas.width - 1, Math.floor(((pointer.clientX - box.left) / box.width) * canvas.width));
  const row = Math.min(canvas.height - 1, Math.floor(((pointer.clientY - box.top) / box.height) * canvas.height));
  return image ? [example, row * image[1] + column] : example < 0 ? [column, row] : [example, row];
}
