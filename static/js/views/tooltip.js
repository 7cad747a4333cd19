/** Every digit of the number under the pointer. */

import { maths } from "../draw/mathml.js";
import { entryFrom } from "../draw/pointing.js";
import { html } from "../draw/svg.js";
import { full, subscript } from "../geometry/numbers.js";
import { numberAt, symbolOf } from "../model/trace.js";

/** @import {Store} from "../model/store.js" */
/** @import {Event, State} from "../model/reduce.js" */

/** @param {HTMLElement} root @param {Store<State, Event>} store */
export function mountTooltip(root, store) {
  const tooltip = html("div", { class: "tooltip", hidden: "" });
  root.append(tooltip);
  const hide = () => (tooltip.hidden = true);

  root.addEventListener("pointermove", (event) => {
    const { trace } = store.get();
    const entry = event.pointerType === "touch" ? null : entryFrom(/** @type {Element} */ (event.target));
    tooltip.hidden = !entry;
    if (!entry) return;
    const x = numberAt(trace, entry.quantity, entry.entry);
    tooltip.replaceChildren(maths(symbolOf(trace, entry.quantity).mathml), html("span", {}, [`${subscript(entry.entry)} = ${x === undefined ? "·" : full(x)}`]));
    const box = root.getBoundingClientRect();
    tooltip.style.left = `${Math.max(4, Math.min(box.width - tooltip.offsetWidth - 4, event.clientX - box.left + 14))}px`;
    tooltip.style.top = `${Math.max(4, Math.min(box.height - tooltip.offsetHeight - 4, event.clientY - box.top + 18))}px`;
  });
  root.addEventListener("pointerleave", hide);

  return {
    /** @param {State} state @param {State} [before] */
    update(state, before) {
      if (before && (state.cursor !== before.cursor || state.example !== before.example)) hide(); // it would go on showing a number that changed under it
    },
    destroy: () => tooltip.remove(),
  };
}
