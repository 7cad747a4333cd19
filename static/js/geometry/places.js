/** Where in the network a quantity stands, for what scrolls. */

/** @import {Layout} from "./columns.js" */

/** The x of what a step is about. @param {Layout} layout @param {string} id */
export function centreOf(layout, id) {
  if (id === "loss") return layout.loss.x;
  const [, , letter, layer] = /^(d?)([aWbz])(\d+)/.exec(id) ?? [];
  if (letter === "W") return (layout.weights[Number(layer) - 1].left + layout.weights[Number(layer) - 1].right) / 2;
  return layout.columns.find((column) => column.quantity === `${letter === "b" ? "z" : letter}${layer}`)?.x;
}
