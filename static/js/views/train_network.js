/** The network while it learns. Whatever is pointed at or has the focus says its number, which goes on changing. */

import { maths } from "../draw/mathml.js";
import { createNetworkPicture } from "../draw/network.js";
import { captionsOf, elementsOf, namesOf } from "../draw/network_elements.js";
import { html, svg } from "../draw/svg.js";
import { edgeNear, ends, placed } from "../geometry/network.js";
import { exact, full, subscript } from "../geometry/numbers.js";
import { folded, imageOf, inputNames, outputNames, parametersOf, pictureOf, sparse, targetScale, valueOf } from "../model/training_looks.js";

/** @import {Element} from "../draw/network_elements.js" */
/** @import {Placed} from "../geometry/network.js" */
/** @import {Store} from "../model/store.js" */
/** @import {Event, Looked, Run, State} from "../model/training.js" */

const CAPTION = 3.26; // above the units, of the size of letters
const NAME = 1.9; // the same where layers have only a name
const FOOT = 1.9; // below the units
const LETTER = 0.56; // how wide one is, of its size
const LEAST = 120; // px: in less there is nothing to be seen
const REACH = 7; // px: an edge this near is meant

/** @param {HTMLElement} root @param {Store<State, Event>} store @param {number} k which run */
export function mountNetwork(root, store, k) {
  const canvas = html("canvas", { "aria-hidden": "true" });
  const drawing = svg("svg", { class: "elements" });
  const tooltip = html("div", { class: "tooltip", id: `tooltip-${k}`, hidden: "" });
  const signs = html("p", { class: "signs" }, [html("i", { class: "dot neg" }), "negative", html("i", { class: "dot pos" }), "positive"]);
  root.replaceChildren(canvas, drawing, signs, tooltip);
  const picture = createNetworkPicture(canvas);
  /** @type {{sizes: number[], placed: Placed, elements: Element[]} | null} */
  let built = null;
  let [wide, high] = [0, 0];

  /** @param {Run} run */
  function build(run) {
    const { start } = run;
    built = null;
    drawing.replaceChildren();
    if (!start || wide < LEAST || high < LEAST) return;
    const sizes = start.layer_sizes;
    const letters = parseFloat(getComputedStyle(root).fontSize);
    const [before, after] = [inputNames(run), outputNames(run)];
    const [left, right] = [before, after].map((names) => Math.max(0, ...names.map(({ length }) => length)) * letters * LETTER);
    const bare = sparse(store.get());
    const [above, below] = bare ? [NAME * letters, 0.4 * letters] : [CAPTION * letters, FOOT * letters];
    const room = { x: 8 + left, y: above, w: wide - 8 - left - Math.max(2 * letters, 12 + right), h: high - above - below };
    const where = placed(sizes, room, imageOf(run));
    const elements = elementsOf(where, sizes, start.problem.layers.map(({ bias }) => bias !== false), tooltip.id);
    const words = bare ? [] : ["input", ...start.problem.layers.map(({ activation }) => activation.name.replace("_", " "))];
    drawing.append(svg("g", { role: "group", "aria-label": "Weights and biases" }, elements.map(({ node }) => node)), svg("g", { "aria-hidden": "true" }, [...captionsOf(where, words, letters), ...namesOf(where, before, after, letters)]));
    built = { sizes, placed: where, elements };
    paint(store.get());
  }

  /** @param {State} state */
  function paint({ runs, looked }) {
    const run = runs[k];
    if (!built || !run.start) return;
    const { sizes, placed: where, elements } = built;
    const parameters = parametersOf(run);
    picture.begin();
    for (let l = 1; l < sizes.length; l += 1) {
      const weights = /** @type {number[][] | null | undefined} */ (parameters[`W${l}`]?.data);
      if (weights) picture.edges(where, l, weights);
    }
    const mine = looked?.run === k && Number(looked.quantity.slice(1)) < sizes.length ? looked : null;
    if (mine) mark(where, mine);
    where.layers.forEach((boxes, l) => boxes.forEach((_, i) => unit(run, l, i)));
    for (const { quantity, entry, node } of elements) {
      const value = valueOf(run, quantity, entry);
      if (value !== undefined) node.dataset.value = exact(value);
    }
    say(run, mine);
  }

  /** @param {Placed} where @param {Looked} looked */
  function mark(where, { quantity, entry }) {
    const l = Number(quantity.slice(1));
    if (quantity[0] === "W") picture.markEdge(ends(where, l, entry[0], entry[1]));
    else picture.markUnit(where.layers[l][entry[0]]);
  }

  /** @param {Run} run @param {number} l @param {number} i */
  function unit(run, l, i) {
    if (!built) return;
    const [box, image, several] = [built.placed.layers[l][i], imageOf(run), l === built.sizes.length - 1 && built.sizes[l] > 1];
    const grid = l ? pictureOf(run, l, i) : null;
    const bias = l ? valueOf(run, `b${l}`, [i]) : undefined;
    const row = l === 1 && image ? /** @type {any} */ (parametersOf(run).W1?.data)?.[i] : null;
    const { middle, reach } = l === built.sizes.length - 1 && !several ? targetScale(run) : { middle: 0, reach: 1 };
    if (l && !grid && !row && bias !== undefined) return picture.coin(box, bias);
    picture.ground(box);
    if (grid && Array.isArray(grid[0])) picture.heat(box, grid, { middle, reach, smooth: true, ...(several ? { of: [i, built.sizes[l]] } : {}) });
    else if (grid) picture.curve(box, grid, middle, reach);
    else if (row && image) picture.heat(box, folded(row, image), { middle: 0, reach: Math.max(...row.map(Math.abs)), smooth: false });
    else if (l === 0 && run.report?.surface) picture.ramp(box, (i ? run.report.surface.y : null) ?? run.report.surface.x, i > 0);
    picture.rim(box, bias);
  }

  /** @param {Run} run @param {Looked | null} looked */
  function say(run, looked) {
    tooltip.hidden = !looked;
    if (!looked || !built) return;
    const { quantity, entry } = looked;
    const name = `${quantity} ${entry}`;
    if (tooltip.dataset.of !== name) {
      tooltip.dataset.of = name;
      const symbol = run.start?.symbols[quantity];
      tooltip.replaceChildren(symbol ? maths(symbol.mathml) : quantity, html("span", {}, [subscript(entry)]), " = ", html("span", { class: "num" }));
    }
    const value = valueOf(run, quantity, entry);
    const number = /** @type {HTMLElement} */ (tooltip.querySelector(".num"));
    number.textContent = value === undefined ? "·" : full(value);
    number.dataset.value = value === undefined ? "" : exact(value);
    const l = Number(quantity.slice(1));
    const [p, q] = quantity[0] === "W" ? ends(built.placed, l, entry[0], entry[1]) : [built.placed.layers[l][entry[0]], built.placed.layers[l][entry[0]]];
    const [x, y] = [(p.x + q.x) / 2, (p.y + q.y) / 2];
    const { offsetWidth: w, offsetHeight: h } = tooltip;
    tooltip.style.left = `${Math.max(4, Math.min(wide - w - 4, x - w / 2))}px`;
    tooltip.style.top = `${y < 2 * h ? y + 26 : y - h - 10}px`;
  }

  /** @param {PointerEvent} event @returns {Looked | null} */
  function under({ clientX, clientY }) {
    if (!built) return null;
    const box = root.getBoundingClientRect();
    const point = { x: clientX - box.left, y: clientY - box.top };
    const unitAt = built.elements.find(({ node }) => node instanceof SVGRectElement && inside(node.getBBox(), point));
    if (unitAt) return { run: k, quantity: unitAt.quantity, entry: unitAt.entry };
    const near = edgeNear(built.placed, point, REACH);
    return near && { run: k, quantity: `W${near.l}`, entry: [near.i, near.j] };
  }

  /** @param {Looked | null} looked */
  function look(looked) {
    if (JSON.stringify(store.get().looked) !== JSON.stringify(looked)) store.send({ type: "look", looked });
  }
  root.addEventListener("pointermove", (event) => event.pointerType !== "touch" && look(under(event)));
  root.addEventListener("pointerdown", (event) => look(under(event)));
  root.addEventListener("pointerleave", () => look(null));
  drawing.addEventListener("focusin", ({ target }) => {
    const found = built?.elements.find(({ node }) => node === target);
    if (found) look({ run: k, quantity: found.quantity, entry: found.entry });
  });
  drawing.addEventListener("focusout", () => look(null));
  drawing.addEventListener("keydown", (event) => {
    const nodes = built?.elements.map(({ node }) => node) ?? [];
    const at = nodes.findIndex((node) => node === document.activeElement);
    if (event.key === "Escape") nodes[at]?.blur();
    const to = { Home: 0, End: nodes.length - 1, ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1 }[event.key] ?? NaN;
    if (!nodes[to]) return;
    event.preventDefault();
    event.stopPropagation(); // inside the network → is the next number, not the next batch
    nodes[at]?.setAttribute("tabindex", "-1");
    nodes[to].setAttribute("tabindex", "0");
    nodes[to].focus();
  });

  const watching = new ResizeObserver(() => {
    [wide, high] = [root.clientWidth, root.clientHeight];
    picture.resize(wide, high);
    build(store.get().runs[k]);
  });
  watching.observe(root);
  return {
    /** @param {State} state @param {State} [before] */
    update(state, before) {
      const [now, was] = [state.runs[k], before?.runs[k]];
      if (!before) root.setAttribute("aria-label", ["The network", ...(state.runs.length > 1 ? [now.label] : [])].join(", "));
      if (before && state.theme !== before.theme) picture.dress();
      else if (was && now.report === was.report && now.start === was.start && state.looked === before?.looked) return;
      if (!built || now.start?.layer_sizes.join() !== was?.start?.layer_sizes.join()) build(now);
      else paint(state);
    },
    destroy: () => watching.disconnect(),
  };
}

/** @param {{x: number, y: number, width: number, height: number}} box @param {{x: number, y: number}} point */
function inside({ x, y, width, height }, point) {
  return point.x >= x - 2 && point.x <= x + width + 2 && point.y >= y - 2 && point.y <= y + height + 2;
}
