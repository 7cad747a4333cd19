/** Where in the network a quantity stands, for what scrolls. */

/** @import {Box, Layout} from "./columns.js" */

/** The x of what a step is about. @param {Layout} layout @param {string} id */
export function centreOf(layout, id) {
  if (id === "loss") return layout.loss.x;
  const [, , letter, layer] = /^(d?)([aWbz])(\d+)/.exec(id) ?? [];
  if (letter === "W") return (layout.weights[Number(layer) - 1].left + layout.weights[Number(layer) - 1].right) / 2;
  return layout.columns.find((column) => column.quantity === `${letter === "b" ? "z" : letter}${layer}`)?.x;
}

const ROOM = 30; // for what is drawn around a number that moves

/** Where all of a layer's motion is: from the column before it to its own, or as far as ℒ. @param {Layout} layout @param {number} layer @param {boolean} loss @returns {Box} */
export function regionOf({ columns, loss: disc, top, bottom }, layer, loss) {
  const [before, after] = [columns[Math.max(0, 2 * layer - 2)], columns[2 * layer]];
  const left = Math.min(...before.units.map(({ x }) => x));
  const right = loss ? disc.x + disc.r * 1.25 : Math.max(...after.units.map(({ x, w }) => x + w));
  return { x: left - ROOM, y: top - ROOM, w: right - left + ROOM * 2, h: bottom - top + ROOM * 2 };
}
