/** What a painted network has besides its paint: an element for every number, which can have the focus, captions over the layers, names beside inputs and outputs. */

import { bend } from "../geometry/curves.js";
import { ends } from "../geometry/network.js";
import { svg } from "./svg.js";

/** @import {Placed} from "../geometry/network.js" */

/** @typedef {{quantity: string, entry: number[], node: SVGElement}} Element a number of the network */

const NAMED = 400; // edges that have an element of their own
const NARROW = 76; // px between two layers that leave no room for two words beside each other
const WORD = 13.5; // px of letters for which that is so
const CAPTION = 1.85; // how wide a layer's name is at least, of the size of letters
const APART = 1.05; // names under each other, the same
const FEW = 5; // names that may reach beyond their units

/** @param {Placed} placed @param {number[]} sizes @param {boolean[]} biases which layers have one @param {string} describedBy the id of what says the number in focus @returns {Element[]} */
export function elementsOf(placed, sizes, biases, describedBy) {
  /** @type {Element[]} */
  const elements = [];
  const add = (/** @type {string} */ quantity, /** @type {number[]} */ entry, /** @type {SVGElement} */ node, /** @type {string} */ says) => {
    const attributes = { "data-quantity": quantity, "data-entry": entry.join(), role: "img", tabindex: elements.length ? "-1" : "0", "aria-label": says, "aria-describedby": describedBy };
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    elements.push({ quantity, entry, node });
  };
  const few = sizes.slice(1).reduce((sum, n, l) => sum + n * sizes[l], 0) <= NAMED;
  for (let l = 1; l < sizes.length; l += 1) {
    placed.layers[l].forEach(({ x, y, w, h }, i) => {
      if (few) placed.layers[l - 1].forEach((_, j) => add(`W${l}`, [i, j], svg("path", { d: bend(...ends(placed, l, i, j)).d, fill: "none" }), `weight to unit ${i + 1} of layer ${l} from ${l === 1 ? "input" : "unit"} ${j + 1}`));
      add(biases[l - 1] ? `b${l}` : `a${l}`, [i], svg("rect", { x, y, width: w, height: h, rx: 4, fill: "none" }), `${biases[l - 1] ? "bias of unit" : "unit"} ${i + 1} of layer ${l}`);
    });
  }
  return elements;
}

/** Over every layer its name and its activation; where there is little room, each activation once, and of the names the first and the last. @param {Placed} placed @param {string[]} words none: layers are only named @param {number} letters px */
export function captionsOf({ columns }, words, letters) {
  const by = letters / WORD;
  const apart = columns[1].x - columns[0].x;
  const atEnd = (/** @type {number} */ l) => l === 0 || l === columns.length - 1;
  return columns.flatMap(({ x }, l) => {
    const name = apart < CAPTION * letters && !atEnd(l) ? [] : [svg("text", { x, y: 17 * by, class: "layer" }, ["a", svg("tspan", { dy: -5 * by, class: "index" }, [`[${l}]`])])];
    const left = !words[l] || (apart < NARROW * by && (words[l] === words[l - 1] || atEnd(l)));
    return left ? name : [...name, svg("text", { x, y: 33 * by, class: "activation" }, [words[l]])];
  });
}

/** @param {Placed} placed @param {string[]} inputs @param {string[]} outputs @param {number} letters px */
export function namesOf({ layers }, inputs, outputs, letters) {
  const [first, last] = [layers[0], layers[layers.length - 1]];
  const [left, right] = [first[0].x, last[last.length - 1].x]; // of several columns only the outermost has room beside it
  const before = inputs.flatMap((name, j) => first[j].x > left ? [] : svg("text", { x: first[j].x - 7, y: middleOf(first, j, letters) + letters * 0.34, class: "name before" }, [name]));
  const after = outputs.flatMap((name, i) => last[i].x < right ? [] : svg("text", { x: last[i].x + last[i].w + 8, y: middleOf(last, i, letters) + letters * 0.34, class: "name" }, [name]));
  return [...before, ...after];
}

/** Where the name of a unit stands: beside it; where a few names would touch, they are spread. @param {Placed["layers"][number]} units @param {number} k @param {number} letters px */
function middleOf(units, k, letters) {
  const beside = (/** @type {number} */ at) => units[at].y + units[at].h / 2;
  const end = units.length - 1;
  if (end === 0 || end >= FEW || units[1].y - units[0].y >= APART * letters) return beside(k);
  return (beside(0) + beside(end)) / 2 + (k - end / 2) * APART * letters;
}
