/**
 * The edges of a network that has many: a canvas a layer, under the units. As elements they are most of what a deep network costs to build, style and paint.
 * The canvas under the pointer says which weight is meant, as the plates of wide networks do.
 */

import { edge, edgeAt } from "../geometry/edges.js";
import { gradientStrength, sign, thread, valueStrength } from "../geometry/colours.js";
import { exact } from "../geometry/numbers.js";
import { html } from "./svg.js";

/** @import {Layout} from "../geometry/columns.js" */
/** @import {Threads} from "../model/threads.js" */
/** @import {Entry} from "../types.js" */
/** @import {Palette} from "./heat.js" */

/**
 * @typedef {object} Drawn
 * @property {HTMLCanvasElement} canvas
 * @property {{left: number, top: number}} box in design units
 * @property {Path2D[][]} lines to each unit from each input
 * @property {Threads | null} shown
 * @property {unknown[]} made what the pixels were made of
 * @property {[number, number] | null} meant
 */

const PAD = 3; // a thick line, half of it
const REACH = 5; // px that a pointer may be off an edge
const DIM = 0.12; // as the style sheet dims edges

/** @param {HTMLElement} world @param {(entry: Entry) => void} look */
export function createThreads(world, look) {
  const root = html("div", { class: "threads" });
  /** @type {Map<number, Drawn>} */
  const drawn = new Map();
  /** @type {{layout: Layout, sizes: number[]} | null} */
  let network = null;
  let scale = 1;

  root.addEventListener("pointermove", under);
  root.addEventListener("pointerover", under);

  /** A number that is dragged stays the one that is meant. @param {PointerEvent} event */
  function under({ target, buttons, clientX, clientY }) {
    const [layer, it] = [...drawn].find(([, { canvas }]) => canvas === target) ?? [];
    if (buttons || !network || !layer || !it?.shown?.weights) return;
    const { left, top, width, height } = it.canvas.getBoundingClientRect();
    const zoom = width / it.canvas.offsetWidth;
    const at = { x: it.box.left + (clientX - left) / zoom, y: it.box.top + (clientY - top) / zoom };
    it.meant = edgeAt(network.layout, layer, network.sizes[layer], network.sizes[layer - 1], at, REACH / zoom);
    it.canvas.dataset.cell = `${(clientX - left) / width},${(clientY - top) / height}`; // where on the canvas, for the field that changes the number
    say(it);
    const { quantity, entry } = it.canvas.dataset;
    if (quantity && entry) look({ quantity, entry: entry.split(",").map(Number) });
  }

  /** What the canvas tells of the edge that is meant; while gradients are seen they are. @param {Drawn} it */
  function say({ canvas: { dataset }, shown, meant }) {
    const seen = shown?.gradients ?? shown?.weights;
    if (!shown || !seen || !meant) {
      for (const name of ["quantity", "entry", "value"]) delete dataset[name];
      return;
    }
    dataset.quantity = shown.gradients ? shown.quantity.replace(/^W(\d+).*/, "dW$1") : shown.quantity;
    dataset.entry = meant.join();
    dataset.value = exact(seen[meant[0]][meant[1]]);
  }

  return {
    /** Another network, none of it drawn; null: one that needs no canvas. @param {{layout: Layout, sizes: number[]} | null} next */
    of(next) {
      network = next;
      drawn.clear();
      root.replaceChildren();
      if (network) world.prepend(root);
      else root.remove();
    },
    /** These layers and no others, so many pixels a design unit. @param {number[]} layers @param {number} wanted */
    show(layers, wanted) {
      if (wanted !== scale) for (const { canvas } of drawn.values()) canvas.remove();
      if (wanted !== scale) drawn.clear();
      scale = wanted;
      for (const [layer, { canvas }] of drawn) {
        if (layers.includes(layer)) continue;
        canvas.remove();
        drawn.delete(layer);
      }
      for (const layer of layers) {
        if (!network || drawn.has(layer)) continue;
        const it = draw(network.layout, layer, network.sizes[layer], network.sizes[layer - 1], scale);
        drawn.set(layer, it);
        root.append(it.canvas);
      }
    },
    /** @param {(layer: number) => Threads} show @param {Palette} palette */
    paint(show, palette) {
      for (const [layer, it] of drawn) {
        it.shown = show(layer);
        say(it);
        const made = [...it.shown.made, palette];
        if (made.every((part, k) => part === it.made[k])) continue;
        it.made = made;
        paint(it, it.shown, palette, scale);
      }
    },
  };
}

/** @param {Layout} layout @param {number} layer @param {number} nOut @param {number} nIn @param {number} scale @returns {Drawn} */
function draw(layout, layer, nOut, nIn, scale) {
  const curves = Array.from({ length: nOut }, (_, i) => Array.from({ length: nIn }, (_, j) => edge(layout, layer, i, j)));
  const ends = curves.flat().flatMap(({ at }) => [at(0), at(1)]);
  const [xs, ys] = [ends.map(({ x }) => x), ends.map(({ y }) => y)];
  // On whole pixels, or lines would be blurred.
  const out = (/** @type {number} */ at, /** @type {(x: number) => number} */ round) => round(at * scale) / scale;
  const [left, top] = [out(Math.min(...xs) - PAD, Math.floor), out(Math.min(...ys) - PAD, Math.floor)];
  const [width, height] = [out(Math.max(...xs) + PAD, Math.ceil) - left, out(Math.max(...ys) + PAD, Math.ceil) - top];
  const ratio = scale * Math.min(2, devicePixelRatio || 1);
  const canvas = html("canvas", { class: "edges", "data-layer": layer, width: Math.round(width * ratio), height: Math.round(height * ratio) });
  Object.assign(canvas.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
  return { canvas, box: { left, top }, lines: curves.map((row) => row.map(({ d }) => new Path2D(d))), shown: null, made: [], meant: null };
}

/** @param {Drawn} it @param {Threads} shown @param {Palette} palette @param {number} scale */
function paint({ canvas, box, lines }, { weights, gradients, carried, backward, dim, path, largest }, palette, scale) {
  const context = canvas.getContext("2d");
  if (!context) return;
  const ratio = scale * Math.min(2, devicePixelRatio || 1);
  const [values, slopes] = [{ pos: palette.pos, neg: palette.neg }, { pos: palette.gpos, neg: palette.gneg }].map(({ pos, neg }) => ({ pos: `rgb(${pos})`, neg: `rgb(${neg})`, zero: null, odd: null }));
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.setTransform(ratio, 0, 0, ratio, -box.left * ratio, -box.top * ratio);
  context.lineCap = "round";
  const each = (/** @type {number[][] | null} */ numbers, /** @type {(x: number, i: number, j: number) => void} */ stroke) => numbers?.forEach((row, i) => row.forEach((x, j) => stroke(x, i, j)));
  const line = (/** @type {number} */ i, /** @type {number} */ j, /** @type {string | null} */ colour, /** @type {number} */ width, /** @type {number} */ opacity) => {
    if (colour === null) return;
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.globalAlpha = opacity;
    context.stroke(lines[i][j]);
  };
  each(weights, (x, i, j) => {
    const { width, opacity } = thread(sign(x) === "odd" ? 0 : valueStrength(x, largest.weight));
    const kept = carried ? (backward ? slopes : values)[sign(carried(i, j))] : null;
    const faint = dim.weights ? DIM : null;
    if (path.has(`${i},${j}`)) line(i, j, `rgb(${palette.odd})`, width, faint ?? 1);
    else if (kept) line(i, j, kept, width, 0.4 * (faint ?? 0.8));
    else line(i, j, values[sign(x)], width, opacity * (faint ?? 1));
  });
  each(gradients, (x, i, j) => {
    const { width, opacity } = thread(sign(x) === "odd" ? 0 : gradientStrength(x, largest.gradient));
    line(i, j, slopes[sign(x)], width, opacity * (dim.gradients ? DIM : 1));
  });
}
