/** What a painted network has besides its paint: an element for every number, which can have the focus, captions over the layers, names beside inputs and outputs. */

import { bend } from "../geometry/curves.js";
import { ends } from "../geometry/network.js";
import { svg } from "./svg.js";

/** @import {Placed} from "../geometry/network.js" */

/** @typedef {{quantity: string, entry: number[], node: SVGElement}} Element a number of the network */

const NAMED = 400; // edges that have an element of their own
const NARROW = 76; // px between two layers that leave no room for two words beside each other

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

/** Over every layer its name and its activation; where there is little room, each activation once. @param {Placed} placed @param {string[]} words */
export function captionsOf({ columns }, words) {
  const narrow = columns[1].x - columns[0].x < NARROW;
  return columns.flatMap(({ x }, l) => {
    const name = svg("text", { x, y: 17, class: "layer" }, ["a", svg("tspan", { dy: -5, class: "index" }, [`[${l}]`])]);
    const left = narrow && (words[l] === words[l - 1] || l === 0 || l === columns.length - 1);
    return left ? [name] : [name, svg("text", { x, y: 33, class: "activation" }, [words[l]])];
  });
}

/** @param {Placed} placed @param {string[]} inputs @param {string[]} outputs @param {number} letters px */
export function namesOf({ layers }, inputs, outputs, letters) {
  const [first, last] = [layers[0], layers[layers.length - 1]];
  const [left, right] = [first[0].x, last[last.length - 1].x]; // of several columns only the outermost has room beside it
  const before = inputs.flatMap((name, j) => first[j].x > left ? [] : svg("text", { x: first[j].x - 7, y: first[j].y + first[j].h / 2 + letters * 0.34, class: "name before" }, [name]));
  const after = outputs.flatMap((name, i) => last[i].x < right ? [] : svg("text", { x: last[i].x + last[i].w + 8, y: last[i].y + last[i].h / 2 + letters * 0.34, class: "name" }, [name]));
  return [...before, ...after];
}
