/** ℒ: one disc at the right end, wired to every output. */

import { port } from "../geometry/edges.js";
import { svg } from "./svg.js";

/** @import {Layout} from "../geometry/columns.js" */
/** @import {Cell} from "./cells.js" */

/** @param {Layout} layout @returns {{wires: SVGGElement, cell: Cell}} */
export function drawLoss({ columns, loss, metrics: m, level }) {
  const wires = svg("g", { class: "wires" });
  const last = columns[columns.length - 1];
  for (const box of last.units) {
    const from = port(box, "right");
    if (level === "dots") from.x = last.x + 17;
    if (level === "strips") from.x = Math.max(from.x, loss.x - loss.r - 36);
    const middle = (from.x + loss.x - loss.r) / 2;
    wires.append(svg("path", { class: "wire", d: `M${from.x} ${from.y}C${middle} ${from.y} ${middle} ${loss.y} ${loss.x - loss.r} ${loss.y}` }));
  }
  const number = svg("text", { class: "number", x: loss.x, y: loss.y + (m.captions ? 17 : 24), "text-anchor": "middle", "font-size": m.captions ? 14 : 24 });
  const name = svg("text", { class: "caption", x: loss.x, y: loss.y - (m.captions ? 3 : 8), "text-anchor": "middle", "font-size": m.captions ? 24 : 32, "aria-hidden": "true" }, ["ℒ"]);
  const disc = svg("circle", { class: "disc", cx: loss.x, cy: loss.y, r: loss.r });
  const ring = svg("circle", { class: "ring", cx: loss.x, cy: loss.y, r: loss.r });
  const note = svg("text", { class: "delta", x: loss.x, y: loss.y + loss.r * 0.7, "text-anchor": "middle", "font-size": m.captions ? 8.5 : 14 });
  const root = svg("g", { class: "cell loss", role: "button", tabindex: -1, "data-column": "loss" }, [disc, name, number, note, ring]);
  return { wires, cell: { quantity: "loss", rest: [], batched: false, root, text: number, note, fill: null, kind: "value", show: "text" } };
}
