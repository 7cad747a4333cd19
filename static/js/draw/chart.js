/**
 * A chart that lives: Plotly draws its axes, its points and what is said on hover; what moves is painted on a canvas under it.
 * A canvas takes a fraction of a millisecond, `Plotly.react` 11 to 18 and a change of ends 5, so Plotly is called when axes change or somebody looks, not for every report.
 */

import { along } from "../geometry/axes.js";
import { CONFIG, dressed } from "./plotly.js";
import { html } from "./svg.js";

/** @import {Axis} from "../geometry/axes.js" */

/**
 * @typedef {{left: number, right: number, top: number, bottom: number}} Margin
 * @typedef {object} Pen what a chart is painted with, in CSS pixels of the plot
 * @property {CanvasRenderingContext2D} context
 * @property {number} w
 * @property {number} h
 * @property {number} right how much room there is beside it
 * @property {number} size of letters
 * @property {(size: number) => void} letters of that size from now on; to set a font is dear, so only where it is another
 * @property {(x: number) => number} x
 * @property {(y: number | null) => number} y NaN where it has no place
 * @property {(name: string) => string} colour of the style sheet
 */

const CLEAR = "rgba(0,0,0,0)";
const EDGE = 4; // px around the plot that a line at its edge needs
const CROWD = 0.85; // of the height at most is full of names: those between which there is room stay at their lines
const HALL = 24; // px: letters as large as these are for a hall, and do not shrink
const LOOKED_MS = 400; // between two changes of what hovering says, while a training runs

/** @param {HTMLElement} node @param {(width: number) => Margin} marginOf for letters of 13 px @param {() => void} repaint asked for where the size has changed @param {Promise<void>} ready when Plotly is there */
export function createChart(node, marginOf, repaint, ready) {
  const canvas = html("canvas", { "aria-hidden": "true" });
  const plot = html("div", { class: "plot" });
  node.replaceChildren(canvas, plot);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  /** @type {Map<string, string>} */
  const colours = new Map();
  let [w, h, ratio, letters, family] = [0, 0, 1, 13, "sans-serif"];
  /** @type {{x: Axis, y: Axis, more: any} | null} */
  let shown = null;
  /** @type {any[]} */
  let traces = [];
  let loaded = false;
  let font = "";
  let there = false; // Plotly has drawn it, so it can be changed
  let pointed = false;
  let last = 0;

  const colour = (/** @type {string} */ name) => {
    if (!colours.has(name)) colours.set(name, getComputedStyle(node).getPropertyValue(name).trim());
    return /** @type {string} */ (colours.get(name));
  };
  const margins = () => {
    const by = letters / 13;
    const margin = marginOf(w / by);
    return { l: margin.left * by, r: margin.right * by, t: margin.top * by, b: margin.bottom * by, pad: 0 };
  };
  const axisOf = (/** @type {Axis} */ { low, high, log }) => ({ type: log ? "log" : "linear", range: [low, high], ...(log ? { dtick: Math.ceil((high - low) / 5), tickfont: { size: letters / 1.25 } } : { dtick: null, tickfont: { size: letters } }) }); // Plotly writes powers a quarter larger

  /** @returns {Promise<unknown>} */
  function draw() {
    if (!loaded || !shown || !w) return Promise.resolve();
    const { x, y, more } = shown;
    const { l: left, r: right } = margins();
    const base = { fixedrange: true, exponentformat: "power", automargin: false, tickangle: 0 };
    const layout = { width: w, height: h, margin: margins(), showlegend: false, hovermode: "closest", dragmode: false, ...more, xaxis: { ...base, nticks: Math.max(2, Math.round((w - left - right) / (3.4 * letters))), ...axisOf(x), ...more.xaxis }, yaxis: { ...base, nticks: Math.max(4, Math.round(h / 48)), ...axisOf(y), ...more.yaxis } };
    const style = getComputedStyle(node);
    there = true;
    return /** @type {any} */ (globalThis).Plotly.react(plot, traces, dressed(layout, style, colour), CONFIG);
  }

  function measure() {
    const { fontSize, fontFamily } = getComputedStyle(node);
    [w, h, letters, family] = [node.clientWidth, node.clientHeight, parseFloat(fontSize), fontFamily];
    ratio = Math.min(2, devicePixelRatio || 1);
    canvas.width = Math.round(w * ratio);
    canvas.height = Math.round(h * ratio);
    font = ""; // a canvas of another size has forgotten it
    draw();
    repaint();
  }

  const watching = new ResizeObserver(measure);
  watching.observe(node);
  node.addEventListener("pointerenter", () => (pointed = true));
  node.addEventListener("pointerleave", () => (pointed = false));
  const drawn = ready.then(() => {
    loaded = true;
    return draw();
  });

  return {
    /** When there is something to be seen. */
    drawn,
    /** The axes, and what else Plotly is to know of its layout. @param {Axis} x @param {Axis} y @param {any} [more] */
    axes(x, y, more = {}) {
      const before = shown;
      shown = { x, y, more };
      if (!before || JSON.stringify(before.more) !== JSON.stringify(more) || before.x.log !== x.log || before.y.log !== y.log) return draw();
      if (JSON.stringify([before.x, before.y]) === JSON.stringify([x, y]) || !there) return;
      const ends = { "xaxis.range": [x.low, x.high], "yaxis.range": [y.low, y.high], ...(y.log ? { "yaxis.dtick": axisOf(y).dtick } : {}) };
      return /** @type {any} */ (globalThis).Plotly.relayout(plot, ends);
    },
    /** What Plotly has: points, and lines that nobody sees but that answer when pointed at. While a training runs, only where somebody points. @param {boolean} playing @param {() => any[]} make */
    traces(playing, make) {
      const now = performance.now();
      if (playing && (!pointed || now - last < LOOKED_MS)) return;
      last = now;
      traces = make();
      return draw();
    },
    /** Colours are other ones. */
    dress() {
      colours.clear();
      family = getComputedStyle(node).fontFamily;
      draw();
    },
    /** @param {(pen: Pen) => void} picture */
    paint(picture) {
      if (!shown || !w) return;
      const { x, y } = shown;
      const { l, r, t, b } = margins();
      const [wide, high] = [w - l - r, h - t - b];
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, canvas.width, canvas.height);
      context.setTransform(ratio, 0, 0, ratio, l * ratio, t * ratio);
      context.lineJoin = "round";
      /** @param {number} size */
      const setLetters = (size) => {
        const wanted = `${size}px ${family}`;
        if (wanted !== font) context.font = font = wanted;
      };
      setLetters(letters);
      picture({ context, w: wide, h: high, right: r, size: letters, letters: setLetters, colour, x: (it) => wide * along(x, it), y: (it) => high * (1 - along(y, it)) });
    },
    /** @param {string} words */
    say(words) {
      if (node.getAttribute("aria-label") !== words) node.setAttribute("aria-label", words);
    },
    destroy() {
      watching.disconnect();
      w = 0; // nothing is drawn any more, also where Plotly only comes now
      if (there) /** @type {any} */ (globalThis).Plotly.purge(plot);
      node.replaceChildren();
    },
  };
}

/** A line that nobody sees, for Plotly to tell of. @param {number[]} x @param {(number | null)[]} y @param {string[]} text @param {string} colour */
export function unseen(x, y, text, colour) {
  return { type: "scatter", mode: "lines", x, y, text, hovertemplate: "%{text}<extra></extra>", line: { color: CLEAR }, hoverlabel: { bordercolor: colour } };
}

/**
 * A line through points; those less than a pixel apart are one.
 * @template {{x: number}} P
 * @param {Pen} pen @param {P[]} points @param {(point: P) => number | null} of @param {{colour: string, width: number, dash?: number[]}} how
 */
export function strokeLine({ context, x, y, w, h }, points, of, { colour, width, dash = [] }) {
  context.save();
  context.beginPath();
  context.rect(-EDGE, -EDGE, w + 2 * EDGE, h + 2 * EDGE); // what leaves the axes is not seen beside them
  context.clip();
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.setLineDash(dash);
  context.beginPath();
  let [before, down] = [-Infinity, false];
  points.forEach((point, k) => {
    const px = x(point.x);
    if (down && px - before < 0.7 && k + 1 < points.length) return;
    const at = y(of(point));
    if (!Number.isFinite(at) || !Number.isFinite(px)) {
      down = false;
      return;
    }
    const py = Math.min(3 * h, Math.max(-2 * h, at));
    if (down) context.lineTo(px, py);
    else context.moveTo(px, py);
    [before, down] = [px, true];
  });
  context.stroke();
  const last = points[points.length - 1];
  if (last) {
    context.fillStyle = colour;
    context.beginPath();
    context.arc(x(last.x), y(of(last)), width + 0.8, 0, 2 * Math.PI);
    context.fill();
  }
  context.restore();
}

/** Names at the ends of lines, none on another: many of them are small ones, and where letters may not be small some are left out, neither the first nor the last. @param {Pen} pen @param {{text: string, y: number, colour: string}[]} names @param {number} x */
export function nameLines({ context, h, size, letters: set }, names, x) {
  const room = (CROWD * (h + size / 2)) / 1.12;
  const placed = names.filter(({ y }) => Number.isFinite(y));
  const seen = (size < HALL ? placed : evenly(placed, Math.floor(room / size))).sort((a, b) => a.y - b.y);
  const letters = Math.min(size, room / seen.length);
  const step = letters * 1.12;
  let from = letters / 2 - step;
  const places = seen.map(({ y }) => (from = Math.max(y, from + step)));
  let to = h - size / 2 + step; // what stands below is the axis
  for (let k = places.length - 1; k >= 0; k -= 1) places[k] = to = Math.min(places[k], to - step);
  set(letters);
  context.textBaseline = "middle";
  seen.forEach(({ text, colour }, k) => {
    context.fillStyle = colour;
    context.fillText(text, x, places[k]);
  });
}

/** So many of a list at most, evenly apart, the first and the last among them. @template T @param {T[]} list @param {number} most @returns {T[]} */
function evenly(list, most) {
  const count = Math.max(2, most);
  return list.length <= count ? list : Array.from({ length: count }, (_, k) => list[Math.round((k * (list.length - 1)) / (count - 1))]);
}
