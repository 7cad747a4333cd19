/** How large ∂ℒ/∂z is in every layer, over epochs and on a logarithmic axis: where it vanishes, lines lie decades apart. Two runs share their axes. */

import { createChart, nameLines, strokeLine, unseen } from "../draw/chart.js";
import { between, css, huesOf } from "../draw/hues.js";
import { html } from "../draw/svg.js";
import { decades, epochAxis, usualLeast } from "../geometry/axes.js";
import { full, short } from "../geometry/numbers.js";
import { GROWN } from "../model/training_looks.js";

/** @import {Point} from "../model/curve.js" */
/** @import {Run, State} from "../model/training.js" */

const NARROW = 250; // px of a panel in which a line is named by its number alone
const SOUND = 1; // a gradient below it has not exploded, however small it began
/** @param {number} width */
const marginOf = (width) => ({ left: 46, right: width < NARROW ? 36 : 78, top: 10, bottom: 26 });

/** @param {HTMLElement} root @param {number} count of runs @param {Promise<void>} ready */
export function mountNorms(root, count, ready) {
  const panels = Array.from({ length: count }, () => {
    const [title, node] = [html("h3"), html("div", { class: "chart", role: "img" })];
    return { title, node, cell: html("div", { class: "cell" }, [title, node]), chart: createChart(node, marginOf, () => shown && paint(shown), ready) };
  });
  root.querySelector(".charts")?.replaceChildren(...panels.map(({ cell }) => cell));
  /** @type {State} */
  let shown;
  let hues = huesOf(root);

  /** Pale for the first layer, nearly ink for the last; all of them can be read. @param {number} layer @param {number} layers */
  const colourOf = (layer, layers) => css(between(between(hues.gradient, hues.panel, 0.2), hues.ink, (0.85 * layer) / Math.max(1, layers - 1)));

  /** @param {State} state */
  function paint({ runs }) {
    const x = epochAxis(Math.max(...runs.map(({ history }) => history.points.at(-1)?.x ?? 0)));
    const y = decades(windowOf(runs));
    panels.forEach(({ chart }, k) => {
      chart.axes(x, y);
      chart.paint((pen) => {
        if (!runs[k].history.points.some(({ rms }) => "dz1" in rms)) {
          pen.context.fillStyle = pen.colour("--soft");
          pen.context.fillText("after the first update", 10, pen.h / 2);
        }
        const narrow = pen.right < 3 * pen.size;
        const names = linesOf(runs[k]).map(({ layer, points, of }, at, { length }) => {
          const colour = colourOf(at, length);
          strokeLine(pen, points, of, { colour, width: 2 });
          const last = points.length ? of(points[points.length - 1]) : null;
          return { text: `${narrow || (length > 5 && at > 0 && at + 1 < length) ? "" : "layer "}${layer}${last === 0 ? ": 0" : ""}`, colour, y: last === 0 ? pen.h : pen.y(last) };
        });
        nameLines(pen, names, pen.w + 8);
      });
    });
  }

  return {
    drawn: Promise.all(panels.map(({ chart }) => chart.drawn)),
    /** @param {State} state @param {State} [before] */
    update(state, before) {
      shown = state;
      if (before && state.theme !== before.theme) {
        hues = huesOf(root);
        for (const { chart } of panels) chart.dress();
      } else if (before && state.runs === before.runs && state.playing === before.playing) return;
      paint(state);
      panels.forEach(({ chart, title }, k) => {
        const run = state.runs[k];
        title.textContent = count > 1 ? run.label : "";
        const lines = linesOf(run);
        chart.traces(state.playing, () => lines.map(({ layer, points, of }, at) => unseen(points.map((it) => it.x), points.map(of), points.map((it) => `layer ${layer}: ${full(of(it) ?? NaN)}<br>epoch ${Number(it.x.toFixed(2))}`), colourOf(at, lines.length))));
        if (!state.playing) chart.say(`Size of the gradient${count > 1 ? `, ${run.label}` : ""}: ${lines.map(({ layer, points, of }) => `layer ${layer} ${short(of(points[points.length - 1]) ?? NaN)}`).join(", ") || "no update yet"}.`);
      });
    },
    destroy: () => panels.forEach(({ chart }) => chart.destroy()),
  };
}

/** One line a layer, first layer first; the start has no gradients yet. @param {Run} run */
function linesOf({ history, start }) {
  const points = history.points.filter(({ rms }) => "dz1" in rms);
  const layers = points.length ? (start?.layer_sizes.length ?? 1) - 1 : 0;
  return Array.from({ length: layers }, (_, k) => {
    const name = `dz${k + 1}`; // made once, not for each of the points
    return { layer: k + 1, points, of: (/** @type {Point} */ { rms }) => rms[name] ?? null };
  });
}

/** What the axis has to hold: neither single dips nor what explodes, which leave it. @param {Run[]} runs */
function windowOf(runs) {
  const lines = runs.map((run) => linesOf(run).map(({ points, of }) => points.map(of)));
  const begun = lines.map((ofRun) => Math.max(0, ...ofRun.map((line) => line.find((it) => it) ?? 0))).filter((it) => it > 0);
  const most = Math.max(SOUND, GROWN * Math.min(...begun));
  return lines.flat().flatMap((line) => [usualLeast(line), Math.max(...line.map(Number))]).map((it) => Math.min(it, most));
}
