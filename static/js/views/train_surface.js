/** What the network says all over its inputs, with the data on it: a surface over two inputs, a curve over one. Where a unit is looked at, what that unit computes. */

import { createChart } from "../draw/chart.js";
import { createPicture, rampOf } from "../draw/field.js";
import { css, hueOf, huesOf } from "../draw/hues.js";
import { html } from "../draw/svg.js";
import { contour } from "../geometry/contour.js";
import { full, short } from "../geometry/numbers.js";
import { classCount, classOf, pictureOf, targetScale } from "../model/training_looks.js";

/** @import {Run, State, Surface} from "../model/training.js" */
/** @import {Pen} from "../draw/chart.js" */

const MARGIN = { left: 34, right: 8, top: 8, bottom: 26 };
const FULL = 0.58; // of the hue at most: the dots on it have all of it
const DOTS = 600; // more of them hide what is under them, so they are smaller

/** @param {HTMLElement} root @param {number} k which run @param {Promise<void>} ready */
export function mountSurface(root, k, ready) {
  const node = /** @type {HTMLElement} */ (root.querySelector(".chart"));
  const title = /** @type {HTMLElement} */ (root.querySelector("h3"));
  const key = /** @type {HTMLElement} */ (root.querySelector(".key"));
  const picture = createPicture();
  let hues = huesOf(root);
  let ramp = rampOf(hues.neg, hues.paper, hues.pos, FULL);
  /** @type {State} */
  let shown;
  const chart = createChart(node, MARGIN, () => shown && paint(shown), ready);

  /** @param {State} state */
  function paint({ runs, looked }) {
    const run = runs[k];
    const surface = run.report?.surface;
    if (!surface || !run.start) return;
    const unit = looked?.run === k && /^[ab]\d+$/.test(looked.quantity) ? { layer: Number(looked.quantity.slice(1)), unit: looked.entry.at(-1) ?? 0 } : null;
    const { layer, unit: at } = unit ?? { layer: run.start.layer_sizes.length - 1, unit: 0 };
    const output = layer === run.start.layer_sizes.length - 1;
    title.textContent = unit && !(output && run.start.layer_sizes[layer] === 1) ? `What unit ${at + 1} of layer ${layer} computes` : surface.y ? "What the network says" : "The curve it has learnt";
    chart.axes(axisOf(surface.x), surface.y ? axisOf(surface.y) : reachOf(run), { xaxis: { showgrid: !surface.y, zeroline: false }, yaxis: { showgrid: !surface.y, zeroline: false } });
    const several = output && !unit && run.start.layer_sizes[layer] > 1;
    const grid = several ? surface.data : pictureOf(run, layer, at);
    if (!grid) return;
    chart.paint((pen) => {
      if (!surface.y) return curves(pen, surface, several ? run.start?.layer_sizes.at(-1) ?? 1 : 0, grid);
      const scale = output && !several ? targetScale(run) : { middle: 0, reach: 1 };
      const { middle, reach } = unit ? { middle: scale.middle, reach: Math.max(scale.reach, ...grid.map((row) => Math.max(...row.map((/** @type {number} */ x) => Math.abs(x - scale.middle))))) } : scale;
      if (several) picture.classes(grid, run.start?.layer_sizes.at(-1) === 2 ? [hues.neg, hues.pos] : hues.classes, hues.paper);
      else picture.heat(grid, ramp, middle, reach);
      laid(pen, surface, grid.length);
      if (!several) border(pen, grid, middle);
    });
  }

  /** Pixels are centred on their numbers, so half of the outermost lies outside. @param {Pen} pen @param {Surface} surface @param {number} n */
  function laid({ context, x, y, w, h }, surface, n) {
    const [[left, right], [bottom, top]] = [surface.x, /** @type {[number, number]} */ (surface.y)];
    const [dx, dy] = [(right - left) / (n - 1) / 2, (top - bottom) / (n - 1) / 2];
    context.save();
    context.beginPath();
    context.roundRect(0, 0, w, h, 6);
    context.clip();
    context.drawImage(picture.canvas, x(left - dx), y(top + dy), x(right + dx) - x(left - dx), y(bottom - dy) - y(top + dy));
    context.restore();
  }

  /** Where it says neither. @param {Pen} pen @param {number[][]} grid @param {number} level */
  function border({ context, w, h, colour }, grid, level) {
    const n = grid.length - 1;
    context.strokeStyle = colour("--ink");
    context.lineWidth = 1.4;
    context.beginPath();
    contour(grid, level, (x0, y0, x1, y1) => {
      context.moveTo((x0 / n) * w, h - (y0 / n) * h);
      context.lineTo((x1 / n) * w, h - (y1 / n) * h);
    });
    context.stroke();
  }

  /** One line, or one for each of `count` outputs. @param {Pen} pen @param {Surface} surface @param {number} count @param {any[]} values */
  function curves({ context, x, y }, { x: [low, high] }, count, values) {
    for (let output = 0; output < Math.max(1, count); output += 1) {
      context.strokeStyle = count ? css(hueOf(hues, output, count)) : css(hues.pos);
      context.lineWidth = 3;
      context.beginPath();
      values.forEach((value, at) => context.lineTo(x(low + ((high - low) * at) / (values.length - 1)), y(count ? value[output] : value)));
      context.stroke();
    }
  }

  /** Every example, those held out as rings. @param {Run} run @returns {any[]} */
  function points(run) {
    const { inputs, targets } = run.start?.problem ?? {};
    const surface = run.report?.surface;
    if (!inputs || !targets || !surface) return [];
    const held = new Set(run.start?.training.test);
    const classes = classCount(run);
    const scale = targetScale(run);
    const panel = css(hues.panel);
    const size = (inputs.length > DOTS ? 4.5 : 7.5) * Math.max(1, Math.min(1.4, node.clientWidth / 420));
    const valueOf = (/** @type {number} */ row) => /** @type {any} */ (targets[row])[0] ?? targets[row];
    const colourAt = (/** @type {number} */ row) => (classes ? css(hueOf(hues, classOf(run, row), classes)) : surface.y ? pixelOf(ramp, (valueOf(row) - scale.middle) / scale.reach) : css(hues.ink));
    return [false, true].map((test) => {
      const rows = inputs.map((_, row) => row).filter((row) => held.has(row) === test);
      const colours = rows.map(colourAt);
      const ring = { color: test ? colours : panel, width: test ? 2 : 1 };
      return {
        type: "scatter",
        mode: "markers",
        x: rows.map((row) => inputs[row][0]),
        y: rows.map((row) => (surface.y ? inputs[row][1] : valueOf(row))),
        text: rows.map((row) => `example ${row + 1}${test ? ", held out" : ""}<br>${inputs[row].map(full).join(", ")} ↦ ${classes ? className(run, classOf(run, row)) : full(valueOf(row))}`),
        hovertemplate: "%{text}<extra></extra>",
        marker: { size, color: test ? panel : colours, line: ring, opacity: 1 },
      };
    });
  }

  /** @param {Run} run */
  function legend(run) {
    const classes = classCount(run);
    const dots = Array.from({ length: classes }, (_, index) => item("dot", css(hueOf(hues, index, classes)), className(run, index)));
    const held = run.start?.training.test_examples ? [item("dot ring", css(hues.ink), "held out")] : [];
    key.replaceChildren(...dots, ...held);
  }

  return {
    drawn: chart.drawn,
    /** @param {State} state @param {State} [before] */
    update(state, before) {
      const run = state.runs[k];
      const [was, dressed] = [before?.runs[k], before && state.theme !== before.theme];
      shown = state;
      root.hidden = !run.report?.surface;
      if (dressed) {
        hues = huesOf(root);
        ramp = rampOf(hues.neg, hues.paper, hues.pos, FULL);
        chart.dress();
      } else if (was && run.report === was.report && run.start === was.start && state.looked === before?.looked && state.playing === before.playing) return;
      if (root.hidden) return;
      paint(state);
      if (dressed || run.start?.problem.inputs !== was?.start?.problem.inputs || run.start?.training !== was?.start?.training || !was?.report) {
        chart.traces(false, () => points(run));
        legend(run);
      }
      if (!state.playing) chart.say(`${title.textContent}, over ${run.about?.input_names.join(" and ") ?? "its inputs"}: ${run.report?.accuracy == null ? `loss ${short(run.report?.loss ?? NaN)}` : `${(100 * run.report.accuracy).toFixed(1)} % of ${run.start?.training.examples} examples are on their side`}.`);
    },
    destroy: chart.destroy,
  };
}

/** @param {[number, number]} ends */
function axisOf([low, high]) {
  return { low, high, log: false };
}

/** The targets with a margin. @param {Run} run */
function reachOf(run) {
  const { middle, reach } = targetScale(run);
  return { low: middle - 1.25 * reach, high: middle + 1.25 * reach, log: false };
}

/** @param {Run} run @param {number} index */
function className(run, index) {
  return run.about?.class_names?.[index] ?? `class ${index}`;
}

/** @param {string} cls @param {string} colour @param {string} words */
function item(cls, colour, words) {
  const dot = html("i", { class: cls });
  dot.style.color = colour;
  return html("li", {}, [dot, words]);
}

/** A colour of the ramp as a style. @param {Uint32Array} ramp @param {number} t from −1 to 1 */
function pixelOf(ramp, t) {
  const it = ramp[Math.max(0, Math.min(254, Math.round(127 + 127 * t)))];
  return `rgb(${it & 255},${(it >> 8) & 255},${(it >> 16) & 255})`;
}
