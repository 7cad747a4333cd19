/** The three curves with their tangents: a(θ), f(a), f(a(θ)). */

import { maths } from "../draw/mathml.js";
import { draw } from "../draw/plotly.js";
import { exact, short } from "../geometry/numbers.js";
import { numberAt } from "../model/chain_rule.js";

/** @import {Panel, State} from "../model/chain_rule.js" */

/** Where a panel's argument, value and slope are in the answer. @type {Record<Panel, {x: string, y: string, slope: string, says: string}>} */
const PANELS = {
  inner: { x: "/theta", y: "/a", slope: "/slopes/inner", says: "a as a function of θ" },
  outer: { x: "/a", y: "/f", slope: "/slopes/outer", says: "f as a function of a" },
  composite: { x: "/theta", y: "/f", slope: "/slopes/product", says: "f as a function of θ" },
};

/** @param {HTMLElement} root @param {Promise<void>} ready when the chart library is there @param {(text: string) => void} onMissing */
export function mountPanels(root, ready, onMissing) {
  const panels = /** @type {[Panel, typeof PANELS[Panel], HTMLElement][]} */ (Object.entries(PANELS).map(([name, it]) => [name, it, root.querySelector(`[data-panel="${name}"]`)]));
  /** @type {State} */
  let shown;
  let loaded = false;
  let frame = 0;
  const drawn = ready.then(
    () => {
      loaded = true;
      return charts();
    },
    (error) => onMissing(error.message),
  );

  function charts() {
    frame = 0;
    return Promise.all(panels.map(([name, , panel]) => draw(/** @type {HTMLElement} */ (panel.querySelector(".chart")), shown.answer.figures[name])));
  }

  return {
    /** @param {State} state @param {State} [before] */
    update(state, before) {
      shown = state;
      if (before && state.answer === before.answer && state.theme === before.theme) return;
      for (const [name, { x, y, slope, says }, panel] of panels) {
        const numbers = { x: numberAt(state.answer, x), y: numberAt(state.answer, y), slope: numberAt(state.answer, slope) };
        for (const node of /** @type {NodeListOf<HTMLElement>} */ (panel.querySelectorAll("[data-number]"))) {
          const value = numbers[/** @type {"x" | "y" | "slope"} */ (node.dataset.number)];
          node.textContent = short(value);
          node.dataset.value = exact(value);
          node.classList.toggle("neg", value < 0);
          node.classList.toggle("pos", !(value < 0));
        }
        if (name !== "composite") {
          formula(panel, ".definition", state.answer.equations[name].mathml);
          formula(panel, ".steepness .formula", state.answer.equations[`${name}_slope`].mathml);
        }
        const chart = /** @type {HTMLElement} */ (panel.querySelector(".chart"));
        chart.setAttribute("aria-label", `${says}, with its tangent at ${short(numbers.x)}: value ${short(numbers.y)}, slope ${short(numbers.slope)}`);
      }
      if (loaded) frame ||= requestAnimationFrame(charts); // once a frame, however many answers came
    },
    /** When the first charts stand. */
    drawn,
    destroy() {
      cancelAnimationFrame(frame);
    },
  };
}

/** @param {HTMLElement} panel @param {string} selector @param {string} mathml */
function formula(panel, selector, mathml) {
  const place = /** @type {HTMLElement} */ (panel.querySelector(selector));
  if (place.dataset.shown === mathml) return;
  place.dataset.shown = mathml;
  place.replaceChildren(maths(mathml));
}
