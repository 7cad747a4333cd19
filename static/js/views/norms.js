/** How large ∂ℒ/∂z is in every layer: one bar under each, on a logarithmic scale that is the same for the whole trace; all of them in a corner where the network scrolls. */

import { html } from "../draw/svg.js";
import { GRADIENT_DECADES, gradientStrength } from "../geometry/colours.js";
import { short } from "../geometry/numbers.js";
import { isKnown } from "../model/trace.js";

/** @import {Scene} from "./stage.js" */
/** @import {Store} from "../model/store.js" */
/** @import {Event, State} from "../model/reduce.js" */

const WORTH = 4; // fewer layers are seen without an overview

/** @param {HTMLElement} root @param {Store<State, Event>} store @param {() => Scene} scene @param {{go: (step: number) => void}} commands */
export function mountNorms(root, store, scene, commands) {
  const strip = html("div", { class: "norms", role: "group", "aria-label": "Size of the gradient in every layer, on a logarithmic scale" });
  const overview = html("div", { class: "norms-overview", role: "group", "aria-label": "Size of the gradient, all layers", hidden: "" });
  root.append(overview);
  /** @type {{id: string, bar: HTMLElement, text: HTMLElement, holder: HTMLElement, column: HTMLElement, level: HTMLElement, says?: string}[]} */
  let bars = [];

  /** @param {State} state */
  function build(state) {
    const { layout, world, view, scale } = scene();
    world.append(strip);
    const name = html("div", { class: "heading norms-name" }, ["‖∂ℒ/∂z‖"]);
    name.style.top = `${layout.normsY}px`;
    name.style.left = `${view.scrollLeft / scale + 18}px`;
    strip.replaceChildren();
    bars = layout.columns
      .filter(({ kind, quantity }) => kind === "z" && state.trace.stepOf.has(`d${quantity}`))
      .map(({ quantity, lane }) => {
        const id = `d${quantity}`;
        const [bar, text] = [html("i", { class: "level" }), html("span", { class: "num" })];
        const holder = html("div", { class: "norm" }, [html("span", { class: "gauge" }, [bar]), text]);
        holder.style.left = `${lane}px`;
        holder.style.top = `${layout.normsY}px`;
        strip.append(holder);
        const level = html("i", { class: "level" });
        const column = html("button", { type: "button", class: "column" }, [level]);
        column.addEventListener("click", () => commands.go((state.trace.stepOf.get(id) ?? -1) + 1));
        return { id, bar, text, holder, column, level };
      });
    overview.hidden = bars.length < WORTH || layout.width * scale <= view.clientWidth + 1;
    if (layout.metrics.captions && overview.hidden) strip.prepend(name); // where the network scrolls, numbers would move under it; the overview has it
    overview.replaceChildren(html("span", {}, ["‖∂ℒ/∂z‖"]), ...bars.map(({ column }) => column));
    update(state);
  }

  /** @param {State} state */
  function update({ trace, cursor }) {
    const norms = trace.end.gradient_norms;
    const largest = Math.max(0, ...Object.values(norms).filter(Number.isFinite));
    for (const it of bars) {
      const { id, bar, text, holder, column, level } = it;
      const known = isKnown(trace, id, cursor);
      const norm = norms[id] ?? NaN;
      const current = cursor > 0 && trace.steps[cursor - 1].layer === Number(id.slice(2)) && trace.steps[cursor - 1].phase === "backward";
      const says = `${known} ${norm} ${current}`;
      if (it.says === says) continue; // of a deep network nearly all bars stay as they are
      it.says = says;
      const strength = `${known ? 100 * gradientStrength(norm, largest) : 0}%`;
      bar.style.width = strength;
      level.style.height = strength;
      const layer = id.slice(2);
      column.title = `layer ${layer}: ${known ? short(norm) : "not computed yet"}`;
      column.setAttribute("aria-label", column.title);
      column.classList.toggle("now", current);
      text.textContent = known ? short(norm) : "·";
      holder.classList.toggle("known", known);
      holder.title = known ? `Euclidean norm ${norm}; logarithmic over ${GRADIENT_DECADES} decades` : "not computed yet";
    }
  }

  root.addEventListener("relayout", () => build(store.get()));
  return {
    /** @param {State} state @param {State} [before] */
    update(state, before) {
      if (!before || state.trace !== before.trace || state.cursor !== before.cursor) update(state);
    },
    destroy: () => [strip, overview].forEach((element) => element.remove()),
  };
}
