/** A cell: one number of the network on the screen, whatever it looks like. Drawing makes cells; painting puts a number into one. */

import { gradientStrength, sign, thread, valueStrength } from "../geometry/colours.js";
import { exact, short } from "../geometry/numbers.js";

/**
 * @typedef {object} Cell
 * @property {string} quantity
 * @property {number[]} rest the entry without the example
 * @property {boolean} batched whether an example comes first in the entry
 * @property {Element} root carries the data attributes
 * @property {SVGTextElement | null} text
 * @property {Element | null} fill whose strength shows the number
 * @property {"value" | "gradient" | "weight"} kind
 * @property {"width" | "thread" | "solid" | "tint" | "text"} show how the fill shows strength: width of a stroke, of a stroke that fades when it is weak, a full or a faint colour, or only the sign in the colour of text
 * @property {SVGTextElement} [note] where a change is written beside the number; without one it takes the number's place
 * @property {string} [quantityNow] what is shown now: W1 or, after its update, W1_new
 */

/** @param {Cell} cell @param {number} example */
export function entryOf(cell, example) {
  return cell.batched ? [Math.max(0, example), ...cell.rest] : cell.rest;
}

const ROOM = 8; // characters that fit a box at full size; a label with air around it says so itself

/** Numbers in scientific form are longer than others: they get smaller letters rather than a cut. @param {SVGTextElement} text @param {string} words */
export function write(text, words) {
  if (text.textContent === words) return;
  text.textContent = words;
  const size = Number((text.dataset.size ??= text.getAttribute("font-size") ?? "15"));
  const room = Number(text.dataset.room ?? ROOM);
  text.setAttribute("font-size", String(words.length > room ? (size * room) / words.length : size));
}

/**
 * @param {Cell} cell
 * @param {number | undefined} x undefined: not computed yet, which is never shown as 0
 * @param {{entry: number[], quantity: string, largest: {value: number, gradient: number, weight: number}, pending: boolean, label: string, change?: number}} how change: since before the last one, where it is to be seen
 */
export function paint(cell, x, { entry, quantity, largest, pending, label, change }) {
  const { root, text, note, fill, kind } = cell;
  const data = /** @type {DOMStringMap} */ (/** @type {any} */ (root).dataset);
  cell.quantityNow = quantity;
  data.quantity = quantity;
  data.entry = entry.join(",");
  if (x === undefined) delete data.value;
  else data.value = exact(x);
  const shown = x !== undefined && !pending;
  const changed = shown && change !== undefined && change !== 0 ? `Δ${short(change, { signed: true, digits: 2 })}` : "";
  if (text) write(text, shown ? (changed && !note ? changed : short(x, { signed: kind === "gradient" })) : pending ? "?" : "·");
  if (note) note.textContent = changed;
  root.classList.toggle("changed", changed !== "");
  root.classList.toggle("unknown", !shown);
  root.classList.toggle("pending", pending);
  if (root.hasAttribute("role")) root.setAttribute("aria-label", `${label}: ${shown ? short(x) : "not computed yet"}${changed && `, changed by ${short(change ?? 0)}`}`);
  if (!fill) return;
  for (const name of ["pos", "neg", "zero", "odd"]) fill.classList.toggle(name, shown && sign(x) === name);
  const strength = !shown || sign(x) === "odd" ? 0 : kind === "gradient" ? gradientStrength(x, largest.gradient) : valueStrength(x, largest[kind]);
  if (cell.show === "width") fill.setAttribute("stroke-width", shown ? (0.8 + 3.4 * strength).toFixed(2) : "0");
  else if (cell.show === "thread") {
    const { width, opacity } = thread(strength);
    fill.setAttribute("stroke-width", shown ? width.toFixed(2) : "0");
    fill.setAttribute("stroke-opacity", opacity.toFixed(3));
  }
  else if (cell.show === "solid") fill.setAttribute("fill-opacity", shown ? (0.06 + 0.94 * strength).toFixed(3) : "0");
  else if (cell.show === "tint") fill.setAttribute("fill-opacity", shown ? (0.05 + 0.38 * strength).toFixed(3) : "0");
}

const MARKS = ["now", "looked", "operand", "feeds", "on-path", "carries-gradient", "carries-pos", "carries-neg", "carries-zero", "carries-odd"];

/** The cells of a network by quantity, one tab stop a column (arrow keys reach the others), and what wears a mark, so that only that is undressed. */
export function createRegistry() {
  /** @type {Map<string, Cell[]>} */
  const byQuantity = new Map();
  /** @type {Set<string>} */
  const columns = new Set();
  /** @type {Set<Element>} */
  const dressed = new Set();
  return {
    /** @param {Cell[]} cells */
    add(cells) {
      for (const cell of cells) {
        const same = byQuantity.get(cell.quantity);
        if (same) same.push(cell);
        else byQuantity.set(cell.quantity, [cell]);
        const column = cell.root.getAttribute("data-column");
        if (!column || column.startsWith("W") || columns.has(column)) continue; // arrow keys lead from the columns to the weights
        columns.add(column);
        cell.root.setAttribute("tabindex", "0");
      }
    },
    /** The cells that may show a quantity: an updated parameter stands where the old one stood. @param {string} quantity */
    of: (quantity) => byQuantity.get(quantity) ?? byQuantity.get(quantity.replace(/_new$/, "")) ?? [],
    /** @returns {Iterable<Cell>} */
    *all() {
      for (const cells of byQuantity.values()) yield* cells;
    },
    /** @param {Element} element @param {string} mark */
    dress(element, mark) {
      element.classList.add(mark);
      dressed.add(element);
    },
    undress() {
      for (const element of dressed) {
        element.classList.remove(...MARKS);
        element.removeAttribute("aria-pressed");
      }
      dressed.clear();
    },
  };
}
