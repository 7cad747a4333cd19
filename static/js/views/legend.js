/** The two colour scales, which are never mixed, and what amber means. */

import { html } from "../draw/svg.js";
import { GRADIENT_DECADES } from "../geometry/colours.js";
import { short } from "../geometry/numbers.js";

/** @import {State} from "../model/reduce.js" */

/** @param {HTMLElement} root */
export function mountLegend(root) {
  return {
    /** @param {State} state @param {State} [before] */
    update({ trace }, before) {
      if (before && trace === before.trace) return;
      const { value, gradient } = trace.largest;
      root.replaceChildren(
        scale("value", "values", `−${short(value)}`, `+${short(value)}`),
        ...(gradient > 0 ? [scale("gradient", "gradients", `−${short(gradient)}`, `+${short(gradient)}`, `log scale, ${GRADIENT_DECADES} decades`)] : []),
        html("span", { class: "scale" }, [html("i", { class: "swatch now" }), "now"]),
      );
    },
    destroy: () => root.replaceChildren(),
  };
}

/** @param {string} cls @param {string} name @param {string} low @param {string} high @param {string} [note] */
function scale(cls, name, low, high, note = "") {
  return html("span", { class: "scale", title: note }, [name, html("span", { class: "end" }, [low]), html("i", { class: `ramp ${cls}` }), html("span", { class: "end" }, [high])]);
}
