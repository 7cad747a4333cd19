/** The edges of one layer: width and colour are the weight; where there is room its number stands on it and its gradient below. */

import { edge, labelAt } from "../geometry/edges.js";
import { svg } from "./svg.js";

/** @import {Layout} from "../geometry/columns.js" */
/** @import {Cell} from "./cells.js" */

/**
 * @param {Layout} layout @param {number} l
 * @param {number} nOut @param {number} nIn
 * @returns {{group: SVGGElement, cells: Cell[]}}
 */
export function drawEdges(layout, l, nOut, nIn) {
  const group = svg("g", { class: "edges", "data-layer": l });
  const lines = svg("g");
  const gradients = svg("svg", { class: "gradients", overflow: "visible" }); // seen while ∂ℒ/∂W is what happens; hidden as a whole, its lines cost no styling (those of a hidden g would)
  const labels = svg("g");
  /** @type {Cell[]} */
  const cells = [];
  const m = layout.metrics;
  const withLabels = layout.weights[l - 1].labels;
  for (let i = 0; i < nOut; i += 1) {
    for (let j = 0; j < nIn; j += 1) {
      const { d } = edge(layout, l, i, j);
      const path = svg("path", { d, class: `edge value${withLabels ? " labelled" : ""}` });
      lines.append(path);
      if (!withLabels) {
        const over = svg("path", { d, class: "edge gradient" });
        gradients.append(over);
        cells.push({ quantity: `W${l}`, rest: [i, j], batched: false, root: path, text: null, fill: path, kind: "weight", show: "thread" });
        cells.push({ quantity: `dW${l}`, rest: [i, j], batched: false, root: over, text: null, fill: over, kind: "gradient", show: "thread" });
        continue;
      }
      const at = labelAt(layout, l, i, j);
      const ground = svg("rect", { class: "label-ground", x: at.x - m.labelW / 2 + 4, y: at.y - m.labelH / 2 + 1, width: m.labelW - 8, height: m.labelH - 2, rx: 5 });
      labels.append(ground);
      for (const [k, quantity] of [`W${l}`, `dW${l}`].entries()) {
        const size = k ? Math.min(m.weightFont, m.captions ? 12 : 24) : m.weightFont;
        const text = svg("text", { class: "number", x: at.x, y: at.y + (k ? m.labelH * 0.36 : -m.labelH * 0.08), "text-anchor": "middle", "font-size": size, "data-room": 9.5 });
        const hit = svg("rect", { class: "hit", x: at.x - m.labelW / 2, y: at.y - (k ? 0 : m.labelH / 2), width: m.labelW, height: m.labelH / 2 });
        const root = svg("g", { class: `cell label ${k ? "gradient" : "value"}`, role: "button", tabindex: -1, "data-column": `W${l}` }, [hit, text]);
        labels.append(root);
        cells.push({ quantity, rest: [i, j], batched: false, root, text, fill: text, kind: k ? "gradient" : "weight", show: "text" });
      }
      cells.push({ quantity: `W${l}`, rest: [i, j], batched: false, root: svg("g"), text: null, fill: path, kind: "weight", show: "width" });
    }
  }
  group.append(lines, gradients, labels);
  return { group, cells };
}
