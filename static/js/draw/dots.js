/** Up to 24 units a layer: a dot for a neuron, z on the left half and a on the right, gradients as a ring around it, its bias a small dot. */

import { svg } from "./svg.js";

/** @import {Layout} from "../geometry/columns.js" */
/** @import {Cell} from "./cells.js" */

/** Half a disc, or half a ring. @param {number} x @param {number} y @param {number} r @param {"left" | "right"} side @param {number} [inner] */
function arc(x, y, r, side, inner = 0) {
  const sweep = side === "left" ? 0 : 1;
  return inner
    ? `M${x} ${y - r}A${r} ${r} 0 0 ${sweep} ${x} ${y + r}V${y + inner}A${inner} ${inner} 0 0 ${1 - sweep} ${x} ${y - inner}Z`
    : `M${x} ${y - r}A${r} ${r} 0 0 ${sweep} ${x} ${y + r}Z`;
}

/**
 * @param {Layout} layout
 * @param {{biases: boolean[]}} net
 * @returns {{group: SVGGElement, cells: Cell[]}}
 */
export function drawDots(layout, net) {
  const group = svg("g", { class: "dots" });
  /** @type {Cell[]} */
  const cells = [];
  for (const column of layout.columns) {
    const side = column.kind === "z" ? "left" : "right";
    const alone = column.layer === 0;
    const part = svg("svg", { "data-x": column.x, overflow: "visible" }); // hidden, a g would still be styled with all that is in it, in case somebody refers to it
    group.append(part);
    column.units.forEach((unit, i) => {
      const [x, y] = [column.x, unit.y + unit.h / 2];
      const r = unit.h / 2 - 3;
      const disc = alone ? arc(x, y, r, "left") + arc(x, y, r, "right") : arc(x, y, r, side);
      const ring = alone ? arc(x, y, r + 5, "left", r + 1.5) + arc(x, y, r + 5, "right", r + 1.5) : arc(x, y, r + 5, side, r + 1.5);
      for (const [kind, d, quantity] of /** @type {const} */ ([
        ["value", disc, column.quantity],
        ["gradient", ring, `d${column.quantity}`],
      ])) {
        const fill = svg("path", { d, class: `fill ${kind} solid` });
        const root = svg("g", { class: `cell dot ${kind}`, role: "button", tabindex: -1, "data-column": column.quantity }, [svg("path", { d, class: "ground" }), fill, svg("path", { d, class: "ring" })]);
        part.append(root);
        cells.push({ quantity, rest: [i], batched: true, root, text: null, fill, kind, show: "solid" });
      }
      if (column.kind === "z" && net.biases[column.layer - 1]) {
        const [bx, by] = [x - r - 8, y + r * 0.75];
        for (const [kind, d, quantity] of /** @type {const} */ ([
          ["weight", arc(bx, by, 4, "left"), `b${column.layer}`],
          ["gradient", arc(bx, by, 4, "right"), `db${column.layer}`],
        ])) {
          const fill = svg("path", { d, class: `fill ${kind === "weight" ? "value" : kind} solid` });
          const root = svg("g", { class: `cell dot ${kind === "weight" ? "value" : kind}`, role: "button", tabindex: -1, "data-column": `b${column.layer}` }, [svg("path", { d, class: "ground" }), fill, svg("path", { d, class: "ring" })]);
          part.append(root);
          cells.push({ quantity, rest: [i], batched: false, root, text: null, fill, kind, show: "solid" });
        }
      }
    });
  }
  return { group, cells };
}
