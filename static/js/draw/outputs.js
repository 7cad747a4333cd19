/** A narrow last layer's numbers stand beside its strip, with the names of the classes. */

import { svg } from "./svg.js";

/** @import {Layout} from "../geometry/columns.js" */
/** @import {Cell} from "./cells.js" */

const LONGEST = 14; // letters of a name

/** How many letters the names need; they are numbers where there are none. @param {number} count @param {string[]} [names] */
export function lettersOf(count, names) {
  return Math.min(LONGEST, Math.max(...Array.from({ length: count }, (_, i) => nameOf(i, names).length)));
}

/** @param {number} i @param {string[]} [names] */
function nameOf(i, names) {
  const name = names?.[i] ?? String(i + 1);
  return name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name;
}

/** @param {Layout} layout @param {number} count @param {string[]} [names] @returns {{cells: Cell[], verdicts: SVGTextElement[], roots: Element[]}} */
export function drawOutputs({ columns, metrics: m, targets = 0 }, count, names) {
  const { quantity, units } = columns[columns.length - 1];
  const box = units[0];
  const size = m.captions ? 12.5 : 24;
  const letter = size * 0.6;
  const left = box.x + box.w + (targets ? targets + 8 : 0) + 12;
  const right = left + lettersOf(count, names) * letter + letter * 9.5;
  /** @type {Cell[]} */
  const cells = [];
  /** @type {SVGTextElement[]} */
  const verdicts = [];
  for (let i = 0; i < count; i += 1) {
    const y = box.y + (box.h * (i + 0.5)) / count + size * 0.36;
    const number = svg("text", { class: "number", x: right, y, "text-anchor": "end", "font-size": size });
    const name = svg("text", { class: "output-name", x: left, y, "font-size": size }, [nameOf(i, names)]);
    const hit = svg("rect", { class: "hit", x: left - 4, y: y - size * 1.04, width: right - left + 8, height: size * 1.44 });
    const root = svg("g", { class: "cell tag value", role: "button", tabindex: -1, "data-column": quantity }, [hit, name, number]);
    cells.push({ quantity, rest: [i], batched: true, root, text: number, fill: number, kind: "value", show: "text" });
    verdicts.push(svg("text", { class: "verdict", x: right + 9, y, "font-size": m.captions ? 11.5 : 20 }));
  }
  return { cells, verdicts, roots: cells.map(({ root }) => root) };
}

/** Which output is the target of its example and which the largest, once it is known. @param {SVGTextElement[]} verdicts @param {number[] | null} outputs @param {number[] | null} targets */
export function writeVerdicts(verdicts, outputs, targets) {
  const chosen = targets && targets.filter((x) => x === 1).length === 1 && targets.every((x) => x === 0 || x === 1) ? targets.indexOf(1) : -1;
  const largest = outputs && chosen >= 0 ? outputs.indexOf(Math.max(...outputs)) : -1;
  for (const [i, verdict] of verdicts.entries()) verdict.textContent = i === chosen && i === largest ? "✓ target" : i === chosen ? "target" : i === largest ? "predicted" : "";
}
