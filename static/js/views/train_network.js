/** The network while it learns: edges by the sign and size of their weights, in every unit a picture of what it computes. Whatever is pointed at says its number, which goes on changing. */

import { createPicture, rampOf } from "../draw/field.js";
import { between, css, hueOf, huesOf } from "../draw/hues.js";
import { maths } from "../draw/mathml.js";
import { html, svg } from "../draw/svg.js";
import { exact, full, subscript } from "../geometry/numbers.js";
import { edgeNear, ends, placed, threshold, thickness } from "../geometry/network.js";
import { bend } from "../geometry/curves.js";
import { classCount, parametersOf, pictureOf, targetScale, valueOf } from "../model/training_looks.js";

/** @import {Box} from "../geometry/columns.js" */
/** @import {Placed} from "../geometry/network.js" */
/** @import {Store} from "../model/store.js" */
/** @import {Event, Looked, Run, State} from "../model/training.js" */

const NAMED = 400; // edges with an element of their own, which has its number and can have the focus
const PAINTED = 500; // edges of one layer: of more only the strongest
const CAPTION = 44; // px above the units
const REACH = 7; // px: an edge this near is meant

/** @typedef {{sizes: number[], placed: Placed, elements: {quantity: string, entry: number[], node: SVGElement}[]}} Built */

/** @param {HTMLElement} root @param {Store<State, Event>} store @param {number} k which run */
export function mountNetwork(root, store, k) {
  const canvas = html("canvas", { "aria-hidden": "true" });
  const drawing = svg("svg", { class: "elements" });
  const tooltip = html("div", { class: "tooltip", id: `tooltip-${k}`, hidden: "" });
  const signs = html("p", { class: "signs" }, ["weights, biases, activations", html("i", { class: "dot neg" }), "negative", html("i", { class: "dot pos" }), "positive"]);
  root.replaceChildren(canvas, drawing, signs, tooltip);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const picture = createPicture();
  let hues = huesOf(root);
  let ramp = rampOf(hues.neg, hues.paper, hues.pos);
  /** @type {Built | null} */
  let built = null;
  let [wide, high, ratio] = [0, 0, 1];

  const run = () => store.get().runs[k];

  function measure() {
    [wide, high] = [root.clientWidth, root.clientHeight];
    ratio = Math.min(2, devicePixelRatio || 1);
    [canvas.width, canvas.height] = [Math.round(wide * ratio), Math.round(high * ratio)];
    build(run());
  }

  /** @param {Run} of */
  function build({ start, about }) {
    built = null;
    drawing.replaceChildren();
    if (!start || !wide) return;
    const sizes = start.layer_sizes;
    const letters = parseFloat(getComputedStyle(root).fontSize);
    const image = imageOf(sizes[0], about?.image);
    const [before, after] = [image ? "" : longest(inputNames(run())), longest(outputNames(run()))];
    const room = { x: 8 + before.length * letters * 0.56, y: CAPTION, w: 0, h: high - CAPTION - 16 };
    room.w = wide - room.x - 12 - after.length * letters * 0.56;
    const where = placed(sizes, room, image);
    const few = sizes.slice(1).reduce((sum, n, l) => sum + n * sizes[l], 0) <= NAMED;
    /** @type {Built["elements"]} */
    const elements = [];
    const group = svg("g", { role: "group", "aria-label": "Weights and biases" });
    sizes.slice(1).forEach((units, at) => {
      const l = at + 1;
      for (let i = 0; i < units; i += 1) {
        if (few) for (let j = 0; j < sizes[at]; j += 1) elements.push(element(`W${l}`, [i, j], svg("path", { d: bend(...ends(where, l, i, j)).d, fill: "none" }), `weight to unit ${i + 1} of layer ${l} from ${l === 1 ? "input" : "unit"} ${j + 1}`));
        const { x, y, w, h } = where.layers[l][i];
        elements.push(element(`b${l}`, [i], svg("rect", { x, y, width: w, height: h, rx: 4, fill: "none" }), `bias of unit ${i + 1} of layer ${l}`));
      }
    });
    if (elements[0]) elements[0].node.setAttribute("tabindex", "0");
    group.append(...elements.map(({ node }) => node));
    drawing.append(group, captions(where, start), names(where, letters, image !== null));
    built = { sizes, placed: where, elements };
    paint(store.get());
  }

  /** @param {string} quantity @param {number[]} entry @param {SVGElement} node @param {string} says */
  function element(quantity, entry, node, says) {
    Object.assign(node.dataset, { quantity, entry: entry.join() });
    node.setAttribute("role", "img");
    node.setAttribute("tabindex", "-1");
    node.setAttribute("aria-label", says);
    node.setAttribute("aria-describedby", tooltip.id);
    return { quantity, entry, node };
  }

  /** Above every layer its activation and what it is. @param {Placed} where @param {{problem: import("../types.js").Problem}} start */
  function captions({ columns }, { problem }) {
    const activations = ["input", ...problem.layers.map(({ activation }) => activation.name.replace("_", " "))];
    const narrow = columns.length > 1 && columns[1].x - columns[0].x < 76;
    return svg("g", { class: "captions", "aria-hidden": "true" }, columns.flatMap(({ x }, l) => {
      const name = svg("text", { x, y: 17, class: "layer" }, ["a", svg("tspan", { dy: -5, class: "index" }, [`[${l}]`])]);
      const said = activations[l] !== activations[l - 1] && (narrow ? l > 0 && l < columns.length - 1 : true); // each once; what needs no words goes first
      return [name, ...(said || !narrow ? [svg("text", { x, y: 33, class: "activation" }, [activations[l]])] : [])];
    }));
  }

  /** @param {Placed} where @param {number} letters @param {boolean} image */
  function names({ layers }, letters, image) {
    const [first, last] = [layers[0], layers[layers.length - 1]];
    const before = image ? [] : inputNames(run()).map((name, j) => svg("text", { x: first[j].x - 7, y: first[j].y + first[j].h / 2 + letters * 0.34, class: "name before" }, [name]));
    const after = outputNames(run()).map((name, i) => svg("text", { x: last[i].x + last[i].w + 8, y: last[i].y + last[i].h / 2 + letters * 0.34, class: "name" }, [name]));
    return svg("g", { "aria-hidden": "true" }, [...before, ...after]);
  }

  /** @param {State} state */
  function paint({ runs, looked }) {
    const of = runs[k];
    if (!built || !of.start) return;
    const parameters = parametersOf(of);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, wide, high);
    built.sizes.slice(1).forEach((_, at) => edges(at + 1, /** @type {number[][] | null} */ (parameters[`W${at + 1}`]?.data ?? null)));
    if (looked?.run === k) ring(looked);
    built.sizes.forEach((units, l) => {
      for (let i = 0; i < units; i += 1) unit(of, l, i, valueOf(of, `b${l}`, [i]));
    });
    for (const { quantity, entry, node } of built.elements) {
      const value = valueOf(of, quantity, entry);
      if (value !== undefined) node.dataset.value = exact(value);
    }
    say(of, looked);
  }

  /** @param {number} l @param {number[][] | null} weights */
  function edges(l, weights) {
    if (!weights || !built) return;
    const least = threshold(weights, PAINTED);
    const crowded = weights.length * weights[0].length > 80;
    weights.forEach((row, i) => {
      row.forEach((weight, j) => {
        if (Math.abs(weight) < least || weight === 0) return;
        const width = thickness(weight);
        context.globalAlpha = crowded ? Math.min(0.85, 0.06 + 0.2 * width) : Math.min(0.92, 0.25 + 0.22 * width);
        stroke(l, i, j, css(weight > 0 ? hues.pos : hues.neg), width);
      });
    });
    context.globalAlpha = 1;
  }

  /** @param {number} l @param {number} i @param {number} j @param {string} colour @param {number} width */
  function stroke(l, i, j, colour, width) {
    const [p, q] = ends(/** @type {Built} */ (built).placed, l, i, j);
    const middle = (p.x + q.x) / 2;
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(p.x, p.y);
    context.bezierCurveTo(middle, p.y, middle, q.y, q.x, q.y);
    context.stroke();
  }

  /** What is looked at is told by ink. @param {Looked} looked */
  function ring({ quantity, entry }) {
    const l = Number(quantity.slice(1));
    if (!built || l >= built.sizes.length) return;
    if (quantity[0] === "W") return stroke(l, entry[0], entry[1], css(hues.ink), 3);
    const { x, y, w, h } = built.placed.layers[l][entry[0]];
    context.fillStyle = css(hues.ink);
    context.fillRect(x - 3, y - 3, w + 6, h + 6);
  }

  /** @param {Run} of @param {number} l @param {number} i @param {number | undefined} bias */
  function unit(of, l, i, bias) {
    if (!built) return;
    const box = built.placed.layers[l][i];
    const { x, y, w, h } = box;
    context.fillStyle = css(hues.paper);
    context.fillRect(x, y, w, h);
    const grid = l ? pictureOf(of, l, i) : null;
    const row = l === 1 && imageOf(built.sizes[0], of.about?.image) ? /** @type {any} */ (parametersOf(of).W1?.data)?.[i] : null;
    if (grid) filled(of, box, grid, l);
    else if (row) heat(box, folded(row, of), 0, Math.max(...row.map(Math.abs)), false);
    else if (l === 0) ramped(of, box, i);
    else if (bias !== undefined) return coin(box, bias);
    context.lineWidth = 1;
    context.strokeStyle = css(between(hues.panel, hues.ink, 0.34));
    context.strokeRect(x + 0.5, y + 0.5, w - 1, h - 1);
    if (bias !== undefined) tag(box, bias);
  }

  /** @param {Run} of @param {Box} box @param {any[]} grid @param {number} l */
  function filled(of, box, grid, l) {
    const last = built && l === built.sizes.length - 1;
    const { middle, reach } = last && built?.sizes[l] === 1 ? targetScale(of) : { middle: last ? 0.5 : 0, reach: last ? 0.5 : 1 };
    if (Array.isArray(grid[0])) return heat(box, grid, middle, reach, true);
    const most = Math.max(reach, ...grid.map((value) => Math.abs(value - middle)));
    context.strokeStyle = css(hues.pos);
    context.lineWidth = 1.8;
    context.beginPath();
    grid.forEach((value, at) => context.lineTo(box.x + (box.w * at) / (grid.length - 1), box.y + box.h * (0.5 - (0.45 * (value - middle)) / most)));
    context.stroke();
  }

  /** @param {Box} box @param {number[][]} rows @param {number} middle @param {number} reach @param {boolean} smooth a function, not single numbers */
  function heat({ x, y, w, h }, rows, middle, reach, smooth) {
    picture.heat(rows, ramp, middle, reach || 1);
    context.imageSmoothingEnabled = smooth;
    context.drawImage(picture.canvas, x, y, w, h);
  }

  /** What an input is over the inputs: itself. @param {Run} of @param {Box} box @param {number} j */
  function ramped({ report }, { x, y, w, h }, j) {
    if (!report?.surface) return;
    const { x: across, y: up } = report.surface;
    const [low, top] = j ? up ?? across : across;
    const gradient = j ? context.createLinearGradient(0, y + h, 0, y) : context.createLinearGradient(x, 0, x + w, 0);
    const reach = Math.max(Math.abs(low), Math.abs(top));
    for (let t = 0; t <= 8; t += 1) {
      const value = (low + ((top - low) * t) / 8) / reach;
      gradient.addColorStop(t / 8, css(between(hues.paper, value < 0 ? hues.neg : hues.pos, Math.sqrt(Math.abs(value)) * 0.92)));
    }
    context.fillStyle = gradient;
    context.fillRect(x, y, w, h);
  }

  /** A unit of which there is no picture: its bias. @param {Box} box @param {number} bias */
  function coin({ x, y, w, h }, bias) {
    context.fillStyle = css(hues.panel);
    context.fillRect(x - 1, y - 1, w + 2, h + 2);
    context.beginPath();
    context.arc(x + w / 2, y + h / 2, Math.min(w / 2, 15), 0, 2 * Math.PI);
    context.fillStyle = biasColour(bias);
    context.fill();
    context.strokeStyle = css(between(hues.panel, hues.ink, 0.45));
    context.stroke();
  }

  /** @param {number} bias */
  const biasColour = (bias) => css(between(hues.panel, bias > 0 ? hues.pos : hues.neg, bias === 0 ? 0 : 0.2 + 0.8 * Math.min(1, Math.sqrt(Math.abs(bias)))));

  /** The bias, at the corner where what comes in arrives. @param {Box} box @param {number} bias */
  function tag({ x, y, w, h }, bias) {
    const size = Math.max(4, Math.min(9, w * 0.2));
    context.fillStyle = biasColour(bias);
    context.fillRect(x - size / 2, y + h - size / 2, size, size);
    context.strokeStyle = css(between(hues.panel, hues.ink, 0.55));
    context.strokeRect(x - size / 2, y + h - size / 2, size, size);
  }

  /** A row of weights as the image that it looks for, first row at the top. @param {number[]} row @param {Run} of */
  function folded(row, of) {
    const [rows, columns] = /** @type {[number, number]} */ (imageOf(row.length, of.about?.image));
    return Array.from({ length: rows }, (_, at) => row.slice((rows - 1 - at) * columns, (rows - at) * columns));
  }

  /** @param {Run} of @param {Looked | null} looked */
  function say(of, looked) {
    const mine = looked?.run === k ? looked : null;
    tooltip.hidden = !mine;
    if (!mine || !built) return;
    const { quantity, entry } = mine;
    const value = valueOf(of, quantity, entry);
    const name = `${quantity} ${entry}`;
    if (tooltip.dataset.of !== name) {
      tooltip.dataset.of = name;
      const symbol = of.start?.symbols[quantity];
      tooltip.replaceChildren(symbol ? maths(symbol.mathml) : quantity, html("span", {}, [subscript(entry)]), " = ", html("span", { class: "num" }));
    }
    const number = /** @type {HTMLElement} */ (tooltip.querySelector(".num"));
    const text = value === undefined ? "·" : full(value);
    if (number.textContent !== text) number.textContent = text;
    number.dataset.value = value === undefined ? "" : exact(value);
    const l = Number(quantity.slice(1));
    const at = quantity[0] === "W" ? middleOf(built.placed, l, entry) : { x: built.placed.layers[l][entry[0]].x + 20, y: built.placed.layers[l][entry[0]].y };
    tooltip.style.left = `${Math.max(4, Math.min(wide - 250, at.x - 110))}px`;
    tooltip.style.top = `${at.y < 70 ? at.y + 26 : at.y - 42}px`;
  }

  /** @param {PointerEvent} event @returns {Looked | null} */
  function under(event) {
    if (!built) return null;
    const box = root.getBoundingClientRect();
    const point = { x: event.clientX - box.left, y: event.clientY - box.top };
    for (let l = 1; l < built.sizes.length; l += 1) {
      const i = built.placed.layers[l].findIndex(({ x, y, w, h }) => point.x >= x - 2 && point.x <= x + w + 2 && point.y >= y - 2 && point.y <= y + h + 2);
      if (i >= 0) return { run: k, quantity: `b${l}`, entry: [i] };
    }
    const near = edgeNear(built.placed, point, REACH);
    return near && { run: k, quantity: `W${near.l}`, entry: [near.i, near.j] };
  }

  /** @param {Looked | null} looked */
  function look(looked) {
    const before = store.get().looked;
    if (JSON.stringify(before) !== JSON.stringify(looked)) store.send({ type: "look", looked });
  }
  root.addEventListener("pointermove", (event) => event.pointerType !== "touch" && look(under(event)));
  root.addEventListener("pointerdown", (event) => look(under(event)));
  root.addEventListener("pointerleave", () => look(null));
  drawing.addEventListener("focusin", ({ target }) => {
    const { quantity, entry } = /** @type {SVGElement} */ (target).dataset;
    if (quantity && entry) look({ run: k, quantity, entry: entry.split(",").map(Number) });
  });
  drawing.addEventListener("focusout", () => look(null));
  drawing.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const nodes = built?.elements.map(({ node }) => node) ?? [];
    const at = nodes.indexOf(/** @type {SVGElement} */ (document.activeElement));
    if (at < 0) return;
    if (event.key === "Escape") nodes[at].blur();
    const to = event.key === "Home" ? 0 : event.key === "End" ? nodes.length - 1 : by ? at + by : NaN;
    if (!nodes[to]) return;
    event.preventDefault();
    event.stopPropagation();
    nodes[at].setAttribute("tabindex", "-1");
    nodes[to].setAttribute("tabindex", "0");
    nodes[to].focus();
  });

  const watching = new ResizeObserver(measure);
  watching.observe(root);
  return {
    /** @param {State} state @param {State} [before] */
    update(state, before) {
      const [now, was] = [state.runs[k], before?.runs[k]];
      if (before && state.theme !== before.theme) {
        hues = huesOf(root);
        ramp = rampOf(hues.neg, hues.paper, hues.pos);
      } else if (was && now.report === was.report && now.start === was.start && state.looked === before?.looked) return;
      if (!built || now.start?.layer_sizes.join() !== was?.start?.layer_sizes.join() || now.about !== was?.about) build(now);
      else paint(state);
    },
    destroy: () => watching.disconnect(),
  };

  /** @param {Run} of @returns {string[]} */
  function inputNames({ about, start }) {
    return about?.input_names ?? Array.from({ length: start?.layer_sizes[0] ?? 0 }, (_, j) => `x${subscript([j])}`);
  }

  /** Classes, where every one has a unit. @param {Run} of @returns {string[]} */
  function outputNames(of) {
    return classCount(of) > 2 ? (of.about?.class_names ?? []) : [];
  }
}

/** @param {Placed} placed @param {number} l @param {number[]} entry */
function middleOf(placed, l, [i, j]) {
  const [p, q] = ends(placed, l, i, j);
  return { x: (p.x + q.x) / 2, y: (p.y + q.y) / 2 };
}

/** @param {string[]} names */
function longest(names) {
  return names.reduce((most, name) => (name.length > most.length ? name : most), "");
}

/** Rows and columns where the inputs are an image, or fill a square that is large enough to be one. @param {number} inputs @param {[number, number] | null | undefined} image @returns {[number, number] | null} */
function imageOf(inputs, image) {
  const side = Math.sqrt(inputs);
  return image ?? (inputs >= 64 && Number.isInteger(side) ? [side, side] : null);
}
