/** Up to six units a layer: a neuron is two boxes, z and a, joined by its activation; value above, gradient below; biases in a drawer under z. */

import { svg, symbol } from "./svg.js";

/** @import {Box, Column, Layout} from "../geometry/columns.js" */
/** @import {Cell} from "./cells.js" */

/**
 * @param {Layout} layout
 * @param {{biases: boolean[], targets: boolean, batch: boolean, glyphs: string[], mixes: boolean[], names: {inputs?: string[], outputs?: string[]}}} net
 * @returns {{group: SVGGElement, cells: Cell[]}}
 */
export function drawBoxes(layout, net) {
  const group = svg("g", { class: "boxes" });
  /** @type {Cell[]} */
  const cells = [];
  const L = layout.columns.at(-1)?.layer ?? 0;
  for (const column of layout.columns) {
    const part = svg("g", { "data-x": column.x });
    group.append(part);
    if (column.kind === "a" && column.layer) gates(column, layout, net, part, cells);
    column.units.forEach((box, i) => {
      neuron(box, column, i, layout, part, cells);
      if (column.kind === "z" && net.biases[column.layer - 1]) bias(box, column.layer, i, layout, net, part, cells);
      if (column.kind === "a" && column.layer === L && net.targets) target(box, i, layout, part, cells);
      const name = column.kind === "a" ? (column.layer === 0 ? net.names.inputs?.[i] : column.layer === L ? net.names.outputs?.[i] : undefined) : undefined;
      if (name && layout.metrics.captions) part.append(svg("text", { class: "unit-name", x: box.x + box.w / 2, y: box.y - 6, "text-anchor": "middle" }, [name]));
    });
  }
  return { group, cells };
}

/** @param {Box} box @param {Column} column @param {number} i @param {Layout} layout @param {SVGGElement} group @param {Cell[]} cells */
function neuron(box, column, i, { metrics: m }, group, cells) {
  const { x, y, w, h } = box;
  const middle = x + w / 2;
  const r = 11;
  const top = `M${x} ${y + h / 2}V${y + r}Q${x} ${y} ${x + r} ${y}H${x + w - r}Q${x + w} ${y} ${x + w} ${y + r}V${y + h / 2}Z`;
  const bottom = `M${x} ${y + h / 2}V${y + h - r}Q${x} ${y + h} ${x + r} ${y + h}H${x + w - r}Q${x + w} ${y + h} ${x + w} ${y + h - r}V${y + h / 2}Z`;
  group.append(svg("rect", { x, y, width: w, height: h, rx: r, class: "frame" }));
  for (const kind of /** @type {const} */ (["value", "gradient"])) {
    const d = kind === "value" ? top : bottom;
    const fill = svg("path", { d, class: `fill ${kind}` });
    const upper = kind === "value";
    const number = svg("text", { x: middle, y: y + (m.captions ? (upper ? h * 0.41 : h * 0.72) : upper ? h * 0.25 + m.font * 0.36 : h * 0.75 + m.font * 0.36), class: "number", "text-anchor": "middle", "font-size": m.font });
    const root = svg("g", { class: `cell half ${kind}`, role: "button", tabindex: -1, "data-column": `${column.quantity}` }, [svg("path", { d, class: "ground" }), fill, number, svg("path", { d, class: "ring" })]);
    const note = m.captions ? svg("text", { class: "delta", x: middle, y: y + (upper ? h * 0.185 : h * 0.9), "text-anchor": "middle", "font-size": 11 }) : undefined; // else no room for both
    if (note) {
      root.append(note);
      const index = { sub: String(i + 1), sup: `[${column.layer}]` };
      const letter = column.kind === "a" ? "𝑎" : "𝑧";
      root.append(upper ? symbol(letter, { ...index, x: middle, y: y + h * 0.185, size: 13 }) : symbol(`∂ℒ/∂${letter}`, { sub: String(i + 1), x: middle, y: y + h * 0.9, size: 11.5 }));
    }
    group.append(root);
    cells.push({ quantity: upper ? column.quantity : `d${column.quantity}`, rest: [i], batched: true, root, text: number, note, fill, kind, show: "tint" });
  }
}

/** @param {Column} a @param {Layout} layout @param {{glyphs: string[], mixes: boolean[]}} net @param {SVGGElement} group @param {Cell[]} cells */
function gates(a, { columns, metrics: m }, net, group, cells) {
  const z = columns[2 * a.layer - 1];
  const x = (z.x + a.x) / 2;
  const glyph = net.glyphs[a.layer - 1];
  const small = glyph.length > 1;
  const size = small ? Math.min(m.smallFont + 1, 18, (m.gate - 2) / (glyph.length * 0.52)) : m.font;
  if (net.mixes[a.layer - 1]) {
    const [first, last] = [a.units[0], a.units[a.units.length - 1]];
    const [from, to] = [first.y + 6, last.y + last.h - 6];
    for (const [k, box] of a.units.entries()) group.append(svg("path", { class: "wire", d: `M${z.units[k].x + z.units[k].w} ${box.y + box.h / 2}H${box.x}` }));
    group.append(svg("rect", { class: "gate", x: x - 13, y: from, width: 26, height: to - from, rx: 13, "data-gate": a.layer }));
    group.append(svg("text", { class: "gate-name", transform: `translate(${x + 4.5} ${(from + to) / 2}) rotate(-90)`, "text-anchor": "middle", "font-size": m.captions ? 13 : 18 }, [glyph]));
    return;
  }
  a.units.forEach((box, i) => {
    const y = box.y + box.h / 2;
    const r = m.captions ? 15 : 20;
    group.append(svg("path", { class: "wire", d: `M${box.x - m.gate} ${y}H${box.x}` }));
    group.append(svg("rect", { class: "gate", x: x - (small ? m.gate / 2 - 2 : r), y: y - r, width: small ? m.gate - 4 : r * 2, height: r * 2, rx: r, "data-gate": `${a.layer},${i}` }));
    group.append(svg("text", { class: `gate-name${small ? "" : " glyph"}`, x, y: y + size * 0.34, "text-anchor": "middle", "font-size": size }, [glyph]));
    const slope = svg("text", { class: "number slope", x, y: y + r + m.smallFont + 2, "text-anchor": "middle", "font-size": m.captions ? 11 : m.font, "data-room": 6 });
    const root = svg("g", { class: "cell slope", role: "button", tabindex: -1, "data-column": `g${a.layer}` }, [slope]);
    group.append(root);
    cells.push({ quantity: `g${a.layer}`, rest: [i], batched: true, root, text: slope, fill: null, kind: "value", show: "text" });
  });
}

/** @param {Box} box @param {number} layer @param {number} i @param {Layout} layout @param {{batch: boolean}} net @param {SVGGElement} group @param {Cell[]} cells */
function bias({ x, y, w, h }, layer, i, { metrics: m }, net, group, cells) {
  const top = y + h;
  const [left, width, high] = [x + 2, w - 4, m.tagH - 4];
  const d = `M${left} ${top}V${top + high - 8}Q${left} ${top + high} ${left + 8} ${top + high}H${left + width - 8}Q${left + width} ${top + high} ${left + width} ${top + high - 8}V${top}`;
  group.append(svg("path", { d, class: "drawer" }));
  const at = m.captions ? { x: left + width - 4, anchor: "end" } : { x: x + w / 2, anchor: "middle" };
  const step = m.captions ? 14 : 27;
  for (const [k, quantity] of [`b${layer}`, `db${layer}`].entries()) {
    const number = svg("text", { class: "number", x: at.x, y: top + step * (k + 1) - (m.captions ? 0 : 3), "text-anchor": at.anchor, "font-size": m.captions ? 12.5 : m.weightFont });
    const hit = svg("rect", { class: "hit", x: left, y: top + (high / 2) * k, width, height: high / 2 });
    const root = svg("g", { class: `cell tag ${k ? "gradient" : "value"}`, role: "button", tabindex: -1, "data-column": `b${layer}` }, [hit, number]);
    group.append(root);
    cells.push({ quantity, rest: [i], batched: false, root, text: number, fill: number, kind: k ? "gradient" : "weight", show: "text" });
  }
  if (m.captions) {
    group.append(symbol("𝑏", { sub: String(i + 1), x: left + 4, y: top + 14, size: 12, anchor: "start" }));
    group.append(symbol(net.batch ? "Σ∂" : "∂", { x: left + 4, y: top + 28, size: 11.5, anchor: "start" }));
  }
}

/** @param {Box} box @param {number} i @param {Layout} layout @param {SVGGElement} group @param {Cell[]} cells */
function target({ x, y, w, h }, i, { metrics: m }, group, cells) {
  const [top, left, width, high] = [y + h, x + 2, w - 4, m.captions ? 22 : 34];
  group.append(svg("path", { d: `M${left} ${top}V${top + high - 8}Q${left} ${top + high} ${left + 8} ${top + high}H${left + width - 8}Q${left + width} ${top + high} ${left + width} ${top + high - 8}V${top}`, class: "drawer" }));
  const number = svg("text", { class: "number", x: m.captions ? left + width - 4 : x + w / 2, y: top + (m.captions ? 15 : 25), "text-anchor": m.captions ? "end" : "middle", "font-size": m.captions ? 12.5 : m.weightFont });
  const root = svg("g", { class: "cell tag value", role: "button", tabindex: -1, "data-column": "y" }, [svg("rect", { class: "hit", x: left, y: top, width, height: high }), number]);
  group.append(root);
  cells.push({ quantity: "y", rest: [i], batched: true, root, text: number, fill: number, kind: "weight", show: "text" });
  if (m.captions) group.append(symbol("𝑦", { sub: String(i + 1), x: left + 4, y: top + 15, size: 12, anchor: "start" }));
}
