/** Which functions, and θ: by slider, by typing, by keys. */

import { read } from "../geometry/reading.js";

/** @import {Store} from "../model/store.js" */
/** @import {Asked, Event, State} from "../model/chain_rule.js" */

/**
 * @param {HTMLElement} root @param {Store<State, Event>} store
 * @param {{ask: (asked: Partial<Asked>) => void, theme: () => void}} commands @param {{minimum: number, maximum: number}} limits
 */
export function mountControls(root, store, commands, limits) {
  const find = (/** @type {string} */ name) => /** @type {any} */ (root.querySelector(`[data-part="${name}"]`));
  const outer = /** @type {HTMLSelectElement} */ (find("outer"));
  const inner = /** @type {HTMLSelectElement} */ (find("inner"));
  const slider = /** @type {HTMLInputElement} */ (find("slider"));
  const typed = /** @type {HTMLInputElement} */ (find("typed"));
  const theme = /** @type {HTMLElement} */ (find("theme"));
  const complaint = /** @type {HTMLElement} */ (find("complaint"));

  outer.addEventListener("change", () => commands.ask({ outer: outer.value }));
  inner.addEventListener("change", () => commands.ask({ inner: inner.value }));
  slider.addEventListener("input", () => commands.ask({ theta: Number(slider.value) }));
  theme.addEventListener("click", commands.theme);
  typed.addEventListener("input", () => {
    const theta = read(typed.value);
    const fits = theta !== null && theta >= limits.minimum && theta <= limits.maximum;
    typed.setAttribute("aria-invalid", String(!fits));
    complaint.textContent = fits ? "" : `a number from ${limits.minimum} to ${limits.maximum}`.replaceAll("-", "−");
    if (fits) commands.ask({ theta });
  });
  typed.addEventListener("blur", () => settle(store.get()));

  /** @param {State} state */
  function settle({ asked }) {
    typed.value = String(asked.theta).replace("-", "−");
    typed.setAttribute("aria-invalid", "false");
    complaint.textContent = "";
  }

  return {
    /** @param {State} state */
    update(state) {
      const { asked, answer } = state;
      outer.value = asked.outer;
      inner.value = asked.inner;
      const [low, high] = answer.inner.window;
      if (answer.inner.name === asked.inner) Object.assign(slider, { min: String(low), max: String(high) });
      slider.value = String(asked.theta);
      slider.setAttribute("aria-valuetext", `θ = ${asked.theta}`);
      slider.style.setProperty("--at", String(Math.min(1, Math.max(0, (asked.theta - low) / (high - low)))));
      if (document.activeElement !== typed) settle(state);
      theme.setAttribute("aria-label", state.theme === "dark" ? "Light colours" : "Dark colours");
    },
    destroy() {},
  };
}
