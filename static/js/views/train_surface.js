/** What the network says all over its inputs, with the data on it: a surface over two inputs, a curve over one. Where a unit is looked at, what that unit computes. */

import { createChart } from "../draw/chart.js";
import { createPicture, rampOf } from "../draw/field.js";
import { css, hueOf, huesOf } from "../draw/hues.js";
import { layPicture, strokeCurve, strokeLevel } from "../draw/surface.js";
import { html } from "../draw/svg.js";
import { full, short } from "../geometry/numbers.js";
import { classCount, classOf, pictureOf, sparse, targetScale } from "../model/training_looks.js";

/** @import {Hues} from "../draw/hues.js" */
/** @import {Looked, Run, State, Surface} from "../model/training.js" */

const MARGIN = { left: 34, right: 8, top: 8, bottom: 26 };
const BARE = { left: 4, right: 4, top: 4, bottom: 4 }; // without numbers at its axes
const FULL = 0.58; // of the hue at most: the dots on it have all of it
const DOTS = 600; // more of them hide what is under them, so they are smaller

/** @param {HTMLElement} root @param {number} k which run @param {Promise<void>} ready */
export function mountSurface(root, k, ready) {
  const node = /** @type {HTMLElement} */ (root.querySelector(".chart"));
  const title = /** @type {HTMLElement} */ (root.querySelector("h3"));
  const key = /** @type {HTMLElement} */ (root.querySelector(".key"));
  const picture = createPicture();
  let hues = huesOf(root);
  let [ramp, bold] = ramps(hues);
  /** @type {State} */
  let shown;
  const chart = createChart(node, () => (shown && sparse(shown) ? BARE : MARGIN), () => shown && paint(shown), ready);

  /** @param {State} state */
  function paint(state) {
    const { runs, looked } = state;
    const run = runs[k];
    const surface = run.report?.surface;
    if (!surface || !run.start) return;
    const last = run.start.layer_sizes.length - 1;
    const unit = looked?.run === k && looked.quantity[0] !== "W" ? unitOf(looked) : null;
    const plain = { showgrid: !surface.y, zeroline: false, showticklabels: !sparse(state) };
    title.textContent = unit && unit.layer < last ? `What unit ${unit.unit + 1} of layer ${unit.layer} computes` : surface.y ? "What the network says" : "The curve it has learnt";
    chart.axes(axisOf(surface.x), surface.y ? axisOf(surface.y) : reachOf(run), { xaxis: plain, yaxis: plain });
    if (surface.y) areas(run, surface, surface.y, unit);
    else curves(run, surface, unit);
  }

  /** Over two inputs: of several outputs the leading one has its hue; of one, or of a unit, blue lies above the middle and orange below. @param {Run} run @param {Surface} surface @param {[number, number]} up @param {{layer: number, unit: number} | null} unit */
  function areas(run, surface, up, unit) {
    const sizes = run.start?.layer_sizes ?? [];
    const last = sizes.length - 1;
    if (!unit && sizes[last] > 1) {
      picture.classes(surface.data, sizes[last] === 2 ? [hues.neg, hues.pos] : hues.classes, hues.paper);
      return chart.paint((pen) => layPicture(pen, picture.canvas, surface.x, up));
    }
    const grid = pictureOf(run, unit?.layer ?? last, unit?.unit ?? 0);
    if (!grid) return;
    const { middle, reach } = unit && unit.layer < last ? { middle: 0, reach: Math.max(1, ...grid.map((row) => Math.max(...row.map(Math.abs)))) } : targetScale(run);
    picture.heat(grid, ramp, middle, reach);
    chart.paint((pen) => {
      layPicture(pen, picture.canvas, surface.x, up);
      strokeLevel(pen, grid, middle);
    });
  }

  /** Over one input: a line for every output, or for the unit. @param {Run} run @param {Surface} surface @param {{layer: number, unit: number} | null} unit */
  function curves(run, surface, unit) {
    const sizes = run.start?.layer_sizes ?? [];
    const [layer, count] = [unit?.layer ?? sizes.length - 1, unit ? 1 : sizes[sizes.length - 1]];
    chart.paint((pen) => {
      for (let output = 0; output < count; output += 1) {
        const values = pictureOf(run, layer, unit?.unit ?? output);
        if (values) strokeCurve(pen, values, surface.x, css(count > 1 ? hueOf(hues, output, count) : hues.pos));
      }
    });
  }

  /** Every example, those held out as rings. @param {Run} run @returns {any[]} */
  function points(run) {
    const { inputs, targets } = run.start?.problem ?? {};
    const surface = run.report?.surface;
    if (!inputs || !targets || !surface) return [];
    const held = new Set(run.start?.training.test);
    const hueCount = huesFor(run);
    const { middle, reach } = targetScale(run);
    const panel = css(hues.panel);
    const size = (inputs.length > DOTS ? 4.5 : 7.5) * Math.max(1, Math.min(1.4, node.clientWidth / 420));
    const valueOf = (/** @type {number} */ row) => /** @type {any} */ (targets[row])[0] ?? targets[row];
    const colourAt = (/** @type {number} */ row) => (hueCount ? css(hueOf(hues, classOf(run, row), hueCount)) : surface.y ? shadeOf(bold, (valueOf(row) - middle) / reach) : css(hues.soft));
    const saidOf = (/** @type {number} */ row) => (classCount(run) ? className(run, classOf(run, row)) : [targets[row]].flat().map((it) => full(Number(it))).join(", "));
    return [false, true].map((test) => {
      const rows = inputs.map((_, row) => row).filter((row) => held.has(row) === test);
      const colours = rows.map(colourAt);
      return {
        type: "scatter",
        mode: "markers",
        x: rows.map((row) => inputs[row][0]),
        y: rows.map((row) => (surface.y ? inputs[row][1] : valueOf(row))),
        text: rows.map((row) => `example ${row + 1}${test ? ", held out" : ""}<br>${inputs[row].map(full).join(", ")} ↦ ${saidOf(row)}`),
        hovertemplate: "%{text}<extra></extra>",
        marker: { size, color: test ? panel : colours, line: { color: test ? colours : panel, width: test ? 2 : 1 }, opacity: surface.y ? 1 : 0.6 },
      };
    });
  }

  /** @param {Run} run */
  function legend(run) {
    const count = huesFor(run);
    const dots = Array.from({ length: count }, (_, index) => item("dot", css(hueOf(hues, index, count)), className(run, index)));
    const data = run.report?.surface?.y ? [] : [item("dot", css(hues.soft), "examples")];
    const held = run.start?.training.test_examples ? [item("dot ring", css(hues.soft), "held out")] : [];
    key.replaceChildren(...dots, ...data, ...held);
  }

  return {
    drawn: chart.drawn,
    /** @param {State} state @param {State} [before] */
    update(state, before) {
      const [run, was] = [state.runs[k], before?.runs[k]];
      const dressed = before && state.theme !== before.theme;
      shown = state;
      root.hidden = !run.report?.surface;
      if (dressed) {
        hues = huesOf(root);
        [ramp, bold] = ramps(hues);
        chart.dress();
      } else if (was && run.report === was.report && run.start === was.start && state.looked === before?.looked && state.playing === before.playing && state.presenting === before.presenting) return;
      if (root.hidden) return;
      paint(state);
      if (dressed || run.start !== was?.start || !was?.report) {
        chart.traces(false, () => points(run));
        legend(run);
      }
      if (!state.playing) chart.say(`${title.textContent}, over ${run.about?.input_names.join(" and ") ?? "its inputs"}: ${saidOf(run)}.`);
    },
    destroy: chart.destroy,
  };
}

/** @param {Run} run */
function saidOf({ report, start }) {
  if (report?.accuracy == null) return `loss ${short(report?.loss ?? NaN)}`;
  return `${(100 * report.accuracy).toFixed(1)} % of ${start?.training.examples} examples are on their side`;
}

/** @param {Looked} looked */
function unitOf({ quantity, entry }) {
  return { layer: Number(quantity.slice(1)), unit: entry[0] };
}

/** For the surface, and for the dots on it. @param {Hues} hues */
function ramps({ neg, paper, pos }) {
  return [rampOf(neg, paper, pos, FULL), rampOf(neg, paper, pos, 1)];
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

/** How many hues the examples have: one a class; over two inputs, where the leading output has its hue, one an output; 0: they are shaded by their number. @param {Run} run */
function huesFor(run) {
  const outputs = run.start?.layer_sizes.at(-1) ?? 0;
  return classCount(run) || (run.report?.surface?.y && outputs > 1 ? outputs : 0);
}

/** @param {Run} run @param {number} index */
function className(run, index) {
  if (!classCount(run)) return `output ${index + 1} leads`;
  return run.about?.class_names?.[index] ?? `class ${index}`;
}

/** @param {string} cls @param {string} colour @param {string} words */
function item(cls, colour, words) {
  const dot = html("i", { class: cls });
  dot.style.color = colour;
  return html("li", {}, [dot, words]);
}

/** A colour of a ramp as a style. @param {Uint32Array} ramp @param {number} t from −1 to 1 */
function shadeOf(ramp, t) {
  const it = ramp[Math.max(0, Math.min(254, Math.round(127 + 127 * t)))];
  return `rgb(${it & 255},${(it >> 8) & 255},${(it >> 16) & 255})`;
}
