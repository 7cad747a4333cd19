/** The plates of a wide network: each a canvas of one pixel a number, under lines, captions and marks. One tab stop each; a cursor says which number is meant. */

import { exact, short } from "../geometry/numbers.js";
import { boxOf, gridOf, linesOf, union } from "../geometry/grids.js";
import { paintHeat } from "./heat.js";
import { html, svg } from "./svg.js";

/** @import {Area, Grid, Nested} from "../geometry/grids.js" */
/** @import {Plate} from "../geometry/plates.js" */
/** @import {Palette} from "./heat.js" */

/**
 * @typedef {object} Shown what a plate is to show
 * @property {string} quantity its own or, after an update, the new one
 * @property {number[]} shape
 * @property {boolean} batched
 * @property {Nested | null} source its numbers, or means of blocks of them; null: not computed yet
 * @property {number[]} [cells] of the means, for each axis; absent where the numbers themselves are there
 * @property {boolean} [alone] they are those of the one example alone
 * @property {number} largest what has the full colour
 *
 * @typedef {object} Drawn
 * @property {Plate} plate
 * @property {HTMLCanvasElement} canvas
 * @property {SVGGElement} over lines, frame and caption
 * @property {SVGGElement} marks
 * @property {Shown | null} shown
 * @property {Grid | null} grid
 * @property {unknown[]} painted what the pixels were made of
 * @property {number[]} entry the number that is meant
 *
 * @typedef {{quantity: string, mark: string, entry: (number | null)[]}} Marking
 * @typedef {object} How
 * @property {(quantity: string) => Shown | null} show null: there is no such quantity
 * @property {(quantity: string, entry: number[]) => number | undefined} read
 * @property {(quantity: string, entry: number[]) => string} words
 * @property {number} example
 * @property {[number, number] | null} image
 * @property {Palette} palette
 */

/** @typedef {ReturnType<typeof drawPlates>} Plates */

const LEAST = 8; // design units: a mark is no smaller, however small its cell

/**
 * @param {Plate[]} plates
 * @param {{width: number, height: number}} layout
 * @param {(element: Element, x: number) => void} near told of all that is drawn
 * @param {Map<string, number[]>} cursors the entry meant on each plate, kept when the network is drawn anew
 */
export function drawPlates(plates, { width, height }, near, cursors) {
  const root = html("div", { class: "strips" });
  const over = svg("svg", { class: "plates", width, height, "aria-hidden": "true" });
  /** @type {How | null} */
  let how = null;
  const drawn = plates.map((plate) => {
    const made = draw(plate, cursors.get(plate.quantity) ?? []);
    root.append(made.canvas);
    over.append(made.over);
    for (const element of [made.canvas, made.over]) near(element, plate.box.x);
    return made;
  });
  const byCanvas = new Map(drawn.map((it) => [/** @type {Element} */ (it.canvas), it]));

  /** What the canvas tells about the number that is meant: to keys, to scripts, to those who listen. @param {Drawn} it */
  function say({ plate, canvas, shown, grid, entry }) {
    const quantity = shown?.quantity ?? plate.quantity;
    const x = shown?.source ? how?.read(quantity, entry) : undefined;
    const { dataset } = canvas;
    dataset.quantity = quantity;
    dataset.entry = entry.join(",");
    if (x === undefined) delete dataset.value;
    else dataset.value = exact(x);
    const at = grid?.areaOf(entry);
    if (grid && at) dataset.cell = `${(at.column + 0.5) / grid.columns},${(at.row + 0.5) / grid.rows}`; // its middle, as shares of the canvas
    canvas.setAttribute("aria-label", `${how?.words(quantity, entry)}: ${x !== undefined ? short(x) : shown?.source ? "not sent yet" : "not computed yet"}`);
  }

  /** @param {Drawn} it @param {How} how */
  function paint(it, { show, example, image, palette }) {
    const { plate, canvas, over } = it;
    const shown = (it.shown = show(plate.quantity));
    const source = shown?.source ?? null;
    for (const element of [canvas, over]) element.classList.toggle("unknown", source === null);
    if (!shown) return;
    const { shape, batched, cells, alone = false, largest } = shown;
    const made = [source, largest, palette, batched ? example : 0];
    if (it.grid && made.every((part, k) => part === it.painted[k])) return;
    it.painted = made;
    it.grid = gridOf({ shape, batched, example, image: plate.form === "image" ? image : null, alone, ...(cells ? { cells } : {}) });
    if (source !== null) paintHeat(canvas, it.grid, source, { gradient: plate.quantity.startsWith("d"), largest, palette });
    over.querySelector("path")?.setAttribute("d", linesOf(plate.box, it.grid));
    const means = cells && source !== null && plate.form === "matrix" ? " · means" : "";
    /** @type {SVGTextElement} */ (over.querySelector("text")).textContent = plate.caption + means;
    const kept = it.entry.length === shape.length && it.entry.every((i, axis) => i < shape[axis]);
    it.entry = !kept ? it.grid.entryAt(0, 0) : batched && example >= 0 ? [example, ...it.entry.slice(1)] : it.entry;
  }

  return {
    root,
    over,
    /** @param {How} now */
    paint(now) {
      how = now;
      for (const it of drawn) {
        paint(it, now);
        say(it);
      }
    },
    /** What is looked at and what it is made of. @param {Marking[]} markings @param {Set<string>} now the quantities of the current step @param {boolean} pinned */
    mark(markings, now, pinned) {
      for (const { plate, canvas, over, marks, grid, shown } of drawn) {
        over.classList.toggle("now", now.has(shown?.quantity ?? plate.quantity));
        /** @type {Map<string, Area | null>} */
        const areas = new Map();
        const mine = markings.filter(({ quantity }) => quantity === (shown?.quantity ?? plate.quantity));
        for (const { mark, entry } of shown?.source && grid ? mine : []) areas.set(mark, union(areas.get(mark) ?? null, grid?.areaOf(entry) ?? null));
        marks.replaceChildren(
          ...[...areas].flatMap(([mark, area]) => {
            if (!grid || !area) return [];
            const { x, y, w, h } = boxOf(plate.box, grid, area);
            const [across, down] = [Math.max(1, (LEAST - w) / 2), Math.max(1, (LEAST - h) / 2)];
            return [svg("rect", { class: `mark ${mark}`, x: x - across, y: y - down, width: w + across * 2, height: h + down * 2 })];
          }),
        );
        if (areas.get("looked") && pinned) canvas.setAttribute("aria-pressed", "true");
        else canvas.removeAttribute("aria-pressed");
      }
    },
    /** @param {Set<string> | null} lit what a walk touches */
    dim(lit) {
      for (const { plate, canvas, over } of drawn) for (const element of [canvas, over]) element.classList.toggle("off-walk", lit !== null && !lit.has(plate.quantity));
    },
    /** How much of a quantity is to be seen, from its top. @param {string | null} quantity @param {number} share */
    reveal(quantity, share) {
      for (const { plate, canvas } of drawn) canvas.style.clipPath = plate.quantity === quantity ? `inset(0 0 ${(100 * (1 - share)).toFixed(1)}% 0)` : "";
    },
    /** The plate of a canvas, with what its pixels are; null where nothing is known yet. @param {Element} canvas */
    on(canvas) {
      const it = byCanvas.get(canvas);
      return it?.grid && it.shown?.source ? { grid: it.grid, entry: it.entry, quantity: it.shown.quantity } : null;
    },
    /** Mean another number of a plate. @param {Element} canvas @param {number[]} entry */
    mean(canvas, entry) {
      const it = byCanvas.get(canvas);
      if (!it) return;
      it.entry = entry;
      cursors.set(it.plate.quantity, entry);
      say(it);
    },
  };
}

/** @param {Plate} plate @param {number[]} entry @returns {Drawn} */
function draw(plate, entry) {
  const { x, y, w, h } = plate.box;
  const canvas = html("canvas", { class: `strip ${plate.form}`, role: "button", tabindex: 0, width: 1, height: 1 });
  // Positions go through the style object: the content security policy forbids style attributes in markup, not this.
  Object.assign(canvas.style, { left: `${x}px`, top: `${y}px`, width: `${w}px`, height: `${h}px` });
  canvas.dataset.strip = plate.quantity;
  const marks = svg("g");
  const frame = svg("rect", { class: "plate-frame", x: x - 1.5, y: y - 1.5, width: w + 3, height: h + 3, rx: 3 });
  const caption = svg("text", { class: "size", x: plate.at.x, y: plate.at.y, "text-anchor": "middle" });
  const over = svg("g", { class: "plate" }, [svg("path", { class: "cell-lines" }), frame, caption, marks]);
  return { plate, canvas, over, marks, shown: null, grid: null, painted: [], entry };
}
