/** ℒ over epochs: of the examples trained on, and of those held out; of two runs beside each other. */

import { createChart, nameLines, strokeLine, unseen } from "../draw/chart.js";
import { html } from "../draw/svg.js";
import { decades, epochAxis, fromZero } from "../geometry/axes.js";
import { full, short } from "../geometry/numbers.js";
import { logged, tooLarge } from "../model/training_looks.js";

/** @import {Point} from "../model/curve.js" */
/** @import {Run, State} from "../model/training.js" */

const COLOURS = ["--ink", "--second"];
const MARGIN = { left: 52, top: 10, bottom: 26 };
const ALONE = "over epochs";
const TESTED = "over epochs; dashed: of what is held out";
const NEVER = " ∞"; // after the name of a line that ends where nothing is finite
const LEFT = " ↑"; // after the name of a line that has left the chart
const LETTER = 8; // px, of 13

/** @typedef {{name: string, colour: string, dash: number[], width: number, points: Point[], of: (point: Point) => number | null}} Line */

/** @param {HTMLElement} root @param {string[]} labels of the runs @param {{log: (on: boolean) => void}} commands @param {Promise<void>} ready */
export function mountLoss(root, labels, commands, ready) {
  const node = html("div", { class: "chart", role: "img" });
  const toggle = /** @type {HTMLElement} */ (root.querySelector("[data-part=log]"));
  const note = /** @type {HTMLElement} */ (root.querySelector(".note"));
  root.querySelector(".charts")?.replaceChildren(node);
  toggle.onclick = () => commands.log(!logged(shown));
  const right = 20 + LETTER * Math.max(5, ...(labels.length > 1 ? labels : []).map((label) => label.length + LEFT.length));
  /** @type {State} */
  let shown;
  const chart = createChart(node, () => ({ ...MARGIN, right }), () => shown && paint(shown, linesOf(shown)), ready);

  /** A run that explodes leaves by the upper edge, or nothing could be seen of the other. @param {State} state @param {Line[]} lines */
  function paint(state, lines) {
    const most = Math.max(...state.runs.map(tooLarge));
    const values = [...valuesOf(lines)].filter((value) => value !== null && value <= most);
    const x = epochAxis(Math.max(...lines.map(({ points }) => points.at(-1)?.x ?? 0)));
    const y = logged(state) ? decades(values) : fromZero(largest(values));
    chart.axes(x, y);
    chart.paint((pen) => {
      for (const { points, of, colour, width, dash } of lines) strokeLine(pen, points, of, { colour: pen.colour(colour), width, dash });
      const names = lines.filter(({ name, points }) => name && points.length).map(({ name, colour, points, of }) => {
        const last = of(points[points.length - 1]);
        const [y, sign] = last === null ? [0, NEVER] : [pen.y(last), ""];
        return { text: name + (y < 0 ? LEFT : sign), colour: pen.colour(colour), y };
      });
      nameLines(pen, names, pen.w + 8);
    });
  }

  return {
    drawn: chart.drawn,
    /** @param {State} state @param {State} [before] */
    update(state, before) {
      shown = state;
      if (before && state.theme !== before.theme) chart.dress();
      else if (before && state.runs === before.runs && state.log === before.log && state.playing === before.playing) return;
      toggle.setAttribute("aria-pressed", String(logged(state)));
      const lines = linesOf(state);
      const words = lines.some(({ dash }) => dash.length) ? TESTED : ALONE;
      if (note.textContent !== words) note.textContent = words;
      paint(state, lines);
      chart.traces(state.playing, () => lines.map(({ name, points, of, colour }) => unseen(points.map(({ x }) => x), points.map(of), points.map((point) => `${name || "held out:"} ${full(of(point) ?? NaN)}<br>epoch ${Number(point.x.toFixed(2))}`), getComputedStyle(node).getPropertyValue(colour))));
      if (!state.playing) chart.say(`Loss: ${state.runs.flatMap((run) => saidOf(run, state.runs.length > 1)).join("; ")}.`);
    },
    destroy: chart.destroy,
  };
}

/** @param {State} state @returns {Line[]} */
function linesOf({ runs }) {
  return runs.flatMap(({ label, history: { points }, start }, k) => {
    const tested = (start?.training.test_examples ?? 0) > 0;
    const two = runs.length > 1;
    const own = { name: two ? label : "train", colour: COLOURS[k], dash: [], width: 2.2, points, of: (/** @type {Point} */ { loss }) => loss };
    return tested ? [own, { name: two ? "" : "test", colour: COLOURS[k], dash: [5, 4], width: 1.6, points, of: (/** @type {Point} */ { test_loss }) => test_loss }] : [own];
  });
}

/** @param {Line[]} lines */
function* valuesOf(lines) {
  for (const { points, of } of lines) for (const point of points) yield of(point);
}

/** Of those that are finite. @param {Iterable<number | null>} values */
function largest(values) {
  let most = 0;
  for (const value of values) if (value !== null && value > most && Number.isFinite(value)) most = value;
  return most;
}

/** @param {Run} run @param {boolean} named */
function saidOf({ label, report, history }, named) {
  if (!report) return [];
  const test = report.test_loss === null ? "" : `, test ${short(report.test_loss)}`;
  return [`${named ? `${label} ` : ""}${report.loss === null ? "not finite" : short(report.loss)}${test} after ${Number((history.points.at(-1)?.x ?? 0).toFixed(2))} epochs`];
}
