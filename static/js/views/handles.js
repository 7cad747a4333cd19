/** Handles on the stage while building: units more or less, a layer added or removed, where the forward lane is otherwise. */

import { signButton } from "../draw/fields.js";
import { html } from "../draw/svg.js";
import { moved, withInputs, withLayer, withoutLayer, withUnits } from "../model/building.js";

/** @import {Making} from "../model/building.js" */
/** @import {Scene} from "./stage.js" */
/** @import {Store} from "../model/store.js" */
/** @import {Event, State} from "../model/reduce.js" */

const ROW = 150; // px that a layer and the gap before it need for all handles in one row

/** @param {HTMLElement} root @param {Store<State, Event>} store @param {() => Scene} scene @param {{make: (making: Making) => void}} commands */
export function mountHandles(root, store, scene, commands) {
  const handles = html("div", { class: "handles", "data-view": "handles", role: "group", "aria-label": "Change the network" });

  /** @param {string} sign @param {string} name @param {string | false} forbidden @param {Making} making */
  function handle(sign, name, forbidden, making) {
    const made = signButton(sign, () => commands.make(making));
    made.name(name, forbidden);
    return made.button;
  }

  /** @param {number} n @param {string} what @param {(to: (now: number) => number) => Making} making @param {number} most */
  function steps(n, what, making, most) {
    const less = handle("−", `One ${what} less`, n <= 1 && "At least one is needed", making(moved(-1)));
    const more = handle("+", `One ${what} more`, n >= most && `At most ${most}`, making(moved(1)));
    return html("span", { class: "steps" }, [less, html("span", { class: "num" }, [String(n)]), more]);
  }

  /** @param {number} x @param {string} cls @param {HTMLElement[]} parts */
  function put(x, cls, parts) {
    const { layout, scale } = scene();
    const holder = html("div", { class: `handle ${cls}` }, parts);
    holder.style.left = `${x}px`;
    holder.style.top = `${layout.top}px`;
    handles.append(holder);
    const beyond = holder.offsetWidth / 2 + 4 - x * scale; // of the input's, which is narrower than they are
    if (beyond > 0) holder.style.left = `${x + beyond / scale}px`;
  }

  /** @param {State} state */
  function build({ trace, building, catalog }) {
    const focused = [...handles.querySelectorAll("button")].indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const name = document.activeElement?.getAttribute("aria-label");
    root.classList.toggle("building", building);
    handles.replaceChildren();
    if (!building || !catalog) return handles.remove();
    const { layout, scale, world } = scene();
    world.append(handles);
    const { layer_sizes: sizes } = trace.start;
    const { units, layers } = catalog.limits;
    const middles = sizes.map((_, l) => centre(layout.columns.filter(({ layer }) => layer === l).map(({ x }) => x)));
    handles.style.setProperty("--unscale", String(1 / scale));
    handles.classList.toggle("stacked", Math.min(...middles.slice(1).map((x, k) => x - middles[k])) * scale < ROW);
    middles.forEach((x, l) => {
      const parts = [steps(sizes[l], l ? `unit of layer ${l}` : "input", l ? (to) => withUnits(l, to) : withInputs, units)];
      if (l) parts.push(handle("×", `Remove layer ${l}`, sizes.length === 2 && "A network has at least one layer", withoutLayer(l)));
      put(x, l ? "layer" : "inputs", parts);
      const weights = layout.weights[l];
      const last = Math.max(...layout.columns.map(({ units: [{ x, w }] }) => x + w));
      const gap = weights ? (weights.left + weights.right) / 2 : trace.quantities.has("y") ? (last + layout.loss.x - layout.loss.r) / 2 : last;
      put(gap, "gap", [handle("+", l ? `Add a layer after layer ${l}` : "Add a layer after the inputs", sizes.length > layers && `At most ${layers} layers`, withLayer(l))]);
    });
    if (focused < 0) return;
    const all = [...handles.querySelectorAll("button")];
    (all.find((it) => it.getAttribute("aria-label") === name) ?? all[Math.min(focused, all.length - 1)]).focus({ preventScroll: true });
  }

  root.addEventListener("click", ({ target }) => {
    const gate = store.get().building ? /** @type {HTMLElement | null} */ (/** @type {Element} */ (target).closest("[data-gate]"))?.dataset.gate : undefined;
    if (gate) /** @type {HTMLElement | null} */ (document.querySelector(`[data-pointer="/layers/${parseInt(gate) - 1}/activation"]`))?.focus();
  });
  root.addEventListener("relayout", () => build(store.get()));
  return {
    /** @param {State} state @param {State} [before] */
    update(state, before) {
      if (state.building !== (before?.building ?? false) || state.catalog !== before?.catalog) build(state);
    },
    destroy: () => handles.remove(),
  };
}

/** @param {number[]} xs */
function centre(xs) {
  return (Math.min(...xs) + Math.max(...xs)) / 2;
}
