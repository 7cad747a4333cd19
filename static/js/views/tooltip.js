/** Every digit of the number under the pointer. */

import { maths } from "../draw/mathml.js";
import { entryFrom } from "../draw/pointing.js";
import { html } from "../draw/svg.js";
import { full, short, subscript } from "../geometry/numbers.js";
import { changeOf } from "../model/change.js";
import { givenAt } from "../model/document.js";
import { numberAt, symbolOf } from "../model/trace.js";

/** @import {Store} from "../model/store.js" */
/** @import {Event, State} from "../model/reduce.js" */
/** @import {Entry} from "../types.js" */

/** @param {HTMLElement} root @param {Store<State, Event>} store */
export function mountTooltip(root, store) {
  const tooltip = html("div", { class: "tooltip", hidden: "" });
  root.append(tooltip);
  /** @type {Entry | null} */
  let shown = null;

  function hide() {
    shown = null;
    tooltip.hidden = true;
  }

  /** @param {State} state */
  function write(state) {
    const { trace } = state;
    tooltip.hidden = !shown;
    if (!shown) return;
    const x = numberAt(trace, shown.quantity, shown.entry);
    const change = changeOf(state, shown);
    const changed = change ? [html("span", { class: "how" }, [`Δ ${short(change, { signed: true })}`])] : [];
    const how = givenAt(trace, shown) === undefined ? [] : [html("span", { class: "how" }, ["double-click or drag to change"])];
    tooltip.replaceChildren(maths(symbolOf(trace, shown.quantity).mathml), html("span", {}, [`${subscript(shown.entry)} = ${x === undefined ? "·" : full(x)}`]), ...changed, ...how);
  }

  root.addEventListener("pointermove", (event) => {
    shown = event.pointerType === "touch" ? null : entryFrom(/** @type {Element} */ (event.target));
    write(store.get());
    if (!shown) return;
    const box = root.getBoundingClientRect();
    tooltip.style.left = `${Math.max(4, Math.min(box.width - tooltip.offsetWidth - 4, event.clientX - box.left + 14))}px`;
    tooltip.style.top = `${Math.max(4, Math.min(box.height - tooltip.offsetHeight - 4, event.clientY - box.top + 18))}px`;
  });
  root.addEventListener("pointerleave", hide);

  return {
    /** @param {State} state @param {State} [before] */
    update(state, before) {
      if (before && (state.cursor !== before.cursor || state.example !== before.example || state.editing !== before.editing)) hide(); // it would go on showing a number that changed under it, or stand before the field
      else if (before && state.trace !== before.trace) write(state); // while it is dragged
    },
    destroy: () => tooltip.remove(),
  };
}
