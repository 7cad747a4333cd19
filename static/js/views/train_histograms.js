/** How weights, activations or gradients are spread, a row a layer: blue and orange, purple and green are the signs of the numbers that a bar counts. */

import { createChart, unseen } from "../draw/chart.js";
import { html } from "../draw/svg.js";
import { aroundZero, steady } from "../geometry/axes.js";
import { short } from "../geometry/numbers.js";

/** @import {Axis} from "../geometry/axes.js" */
/** @import {Histogram, Run, State, Tab} from "../model/training.js" */

const MARGIN = { left: 54, right: 14, top: 6, bottom: 26 };
const NARROW = { ...MARGIN, left: 24 }; // where there are two: numbers without words
const APART = 6; // times as wide: on the same axis the narrower would be a line
const TALL = 0.86; // of a row's height, where most are

/** @param {HTMLElement} root @param {number} count of runs @param {(tab: Tab) => void} choose @param {Promise<void>} ready */
export function mountHistograms(root, count, choose, ready) {
  const panels = Array.from({ length: count }, () => {
    const [title, node] = [html("h3"), html("div", { class: "chart", role: "img" })];
    return { title, node, cell: html("div", { class: "cell" }, [title, node]), chart: createChart(node, () => (count > 1 ? NARROW : MARGIN), () => shown && paint(shown), ready) };
  });
  root.querySelector(".charts")?.replaceChildren(...panels.map(({ cell }) => cell));
  const tabs = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("[data-tab]")]);
  for (const tab of tabs) tab.onclick = () => choose(/** @type {Tab} */ (tab.dataset.tab));
  /** @type {State} */
  let shown;
  /** @type {(Axis | null)[]} */
  let across = [];

  /** @param {State} state */
  function paint({ runs, tab }) {
    const wanted = comparable(runs.map((run) => rowsOf(run, tab)));
    across = wanted.map((axis, k) => steady(across[k] ?? null, axis));
    panels.forEach(({ chart }, k) => {
      const rows = rowsOf(runs[k], tab);
      const names = rows.map((_, at) => `${count > 1 ? "" : "layer "}${at + 1}`);
      const axis = /** @type {Axis} */ (across[k]);
      chart.axes(axis, { low: Math.max(1, rows.length), high: 0, log: false }, { yaxis: { tickvals: names.map((_, at) => at + 0.62), ticktext: names, showgrid: false, zeroline: false }, ...(count > 1 ? { xaxis: { tickvals: [...new Set([axis.low, 0, axis.high])] } } : {}) });
      chart.paint(({ context, x, y, w, colour }) => {
        const sign = tab === "dz" ? "grad" : "value";
        rows.forEach((histogram, at) => {
          const floor = Math.round(y(at + 1)) - 0.5;
          context.fillStyle = colour("--line");
          context.fillRect(0, floor, w, 1);
          if (!histogram) return;
          const { low, high, counts } = histogram;
          const most = Math.max(...counts);
          const wide = (high - low) / counts.length;
          counts.forEach((many, bin) => {
            if (many === 0) return;
            const from = low + bin * wide;
            const tall = Math.max(1.5, (many / most) * TALL * (y(at + 1) - y(at)));
            context.fillStyle = colour(`--${sign}-${from + wide / 2 < 0 ? "neg" : "pos"}`);
            context.fillRect(x(from), floor - tall, Math.max(1.2, x(from + wide) - x(from) - 0.5), tall);
          });
        });
      });
    });
  }

  return {
    drawn: Promise.all(panels.map(({ chart }) => chart.drawn)),
    /** @param {State} state @param {State} [before] */
    update(state, before) {
      shown = state;
      if (before && state.theme !== before.theme) for (const { chart } of panels) chart.dress();
      else if (before && state.runs === before.runs && state.tab === before.tab && state.playing === before.playing) return;
      if (state.tab !== before?.tab) across = [];
      for (const tab of tabs) tab.setAttribute("aria-pressed", String(tab.dataset.tab === state.tab));
      paint(state);
      panels.forEach(({ chart, title }, k) => {
        const rows = rowsOf(state.runs[k], state.tab);
        title.textContent = count > 1 ? state.runs[k].label : "";
        chart.traces(state.playing, () => rows.flatMap((histogram, at) => (histogram ? [pointedAt(histogram, at, root)] : [])));
        if (!state.playing) chart.say(`${{ W: "Weights", a: "Activations", dz: "Gradients" }[state.tab]}${count > 1 ? `, ${state.runs[k].label}` : ""}: ${rows.flatMap((it, at) => (it ? [`layer ${at + 1} from ${short(it.low)} to ${short(it.high)}`] : [])).join(", ") || "no update yet"}.`);
      });
    },
    destroy: () => panels.forEach(({ chart }) => chart.destroy()),
  };
}

/** Around zero, and the same for all runs where they can be compared on it. @param {(Histogram | null)[][]} runs a row a layer @returns {Axis[]} */
function comparable(runs) {
  const own = runs.map((rows) => aroundZero(Math.min(0, ...rows.map((it) => it?.low ?? 0)), Math.max(0, ...rows.map((it) => it?.high ?? 0))));
  const reaches = own.map(({ low, high }) => high - low);
  if (Math.max(...reaches) > APART * Math.min(...reaches)) return own;
  const shared = aroundZero(Math.min(...own.map(({ low }) => low)), Math.max(...own.map(({ high }) => high)));
  return own.map(() => shared);
}

/** A histogram a layer, first layer first. @param {Run} run @param {Tab} tab @returns {(Histogram | null)[]} */
function rowsOf({ start, report }, tab) {
  return Array.from({ length: (start?.layer_sizes.length ?? 1) - 1 }, (_, k) => {
    const it = report?.histograms?.[`${tab}${k + 1}`];
    return it && it.low !== null ? it : null;
  });
}

/** What is said of each bar. @param {Histogram} histogram @param {number} row @param {Element} root */
function pointedAt({ low, high, counts }, row, root) {
  const wide = (high - low) / counts.length;
  const total = counts.reduce((sum, n) => sum + n, 0);
  const from = counts.map((_, bin) => low + bin * wide);
  return unseen(from.map((it) => it + wide / 2), counts.map(() => row + 0.6), counts.map((n, bin) => `layer ${row + 1}: ${n} of ${total}<br>${short(from[bin])} to ${short(from[bin] + wide)}`), getComputedStyle(root).getPropertyValue("--frame"));
}
