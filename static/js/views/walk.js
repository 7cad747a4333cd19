/** The walk to one parameter, written out as on the slides: … → … using … → …, each link a button; beside it the walk of one layer more. */

import { braced, display } from "../draw/mathml.js";
import { html } from "../draw/svg.js";
import { followed, layerOf, walkTo } from "../model/walk.js";

/** @import {Store} from "../model/store.js" */
/** @import {Event, State} from "../model/reduce.js" */
/** @import {Formula} from "../types.js" */

const FOLDED = 3; // more shared links are written only once

/** @typedef {{layers: number, with_reuse: number, from_scratch: number}} Count of local derivatives */
/** @typedef {{ids: string[], symbol: Formula, using: Formula | null}} Link one step of a walk, or for Θ two */

/**
 * @param {HTMLElement} root
 * @param {Store<State, Event>} store
 * @param {Count[]} counts for L = 1 … 8, the server's
 * @param {{go: (step: number) => void, walk: (target: string | null) => void, more: () => void}} commands
 */
export function mountWalk(root, store, counts, commands) {
  /** @param {State} state */
  function build(state) {
    const { target, trace, more, presenting } = state;
    root.hidden = !target;
    root.replaceChildren();
    if (!target) return;
    const shown = followed(state);
    const shared = shown.length > 1 ? linksOf(state, shown[0]).length - 1 : 0;
    const close = html("button", { type: "button", class: "button quiet icon-only", "aria-label": "The whole trace again", title: "The whole trace again (Esc)" }, ["×"]);
    close.addEventListener("click", () => commands.walk(null));
    const further = html("button", { type: "button", class: "button", "aria-pressed": String(more), title: "The walk for the layer before is this one, continued (L)" }, ["One layer more"]);
    further.addEventListener("click", commands.more);
    const folded = shown.length > 1 && (presenting || shared > FOLDED);
    const rows = shown.map((name, row) => line(state, name, shared, row, folded && row === 1));
    const words = shown.length > 1 ? html("p", { class: "shared-words" }, [`${shared} of ${rows[1].length} links are shared: the walk to layer ${layerOf(shown[1])} is the walk to layer ${layerOf(shown[0])}, continued by one layer.`]) : null;
    root.classList.toggle("counted", words !== null);
    root.append(
      html("div", { class: "ways" }, rows.map(({ element }) => element)),
      ...(words ? [html("div", { class: "aside" }, [words, table(trace.layers)])] : []),
      html("div", { class: "walk-tools" }, [...(trace.layers > 1 ? [further] : []), close]),
    );
    update(state);
  }

  /** @param {State} state @param {string} target @param {number} shared how many links the walk beside it has too @param {number} row @param {boolean} folded the shared links stand in the row above and are not written again */
  function line(state, target, shared, row, folded) {
    const links = linksOf(state, target);
    const items = links.map(({ ids, symbol, using }, k) => {
      const index = state.trace.stepOf.get(ids[0]) ?? 0;
      const button = html("button", { type: "button", class: "link", "data-ids": ids.join(" "), title: state.trace.steps[index].title, "aria-label": `${state.trace.steps[index].title}${using ? ", using an easy local derivative" : ""}` }, [
        html("span", { class: "symbol" }, [display(symbol.mathml)]),
        ...(using ? [html("span", { class: "using" }, ["using"]), braced(using.mathml, "easy", "easy")] : []),
      ]);
      button.addEventListener("click", () => commands.go(index + 1));
      return html("li", { class: k < shared ? "shared" : shared && row === 1 ? "added" : "" }, [...(k ? [html("span", { class: "to", "aria-hidden": "true" }, ["→"])] : []), button]);
    });
    const same = html("li", { class: "shared same" }, [`the same ${shared} links`]);
    const written = folded ? [same, ...items.slice(shared)] : items;
    return { length: links.length, element: html("ol", { class: "way", "data-walk": target, "aria-label": `The walk to ${target.replace("Theta", "Θ")}` }, written) };
  }

  /** How many local derivatives it takes, reused or each walk from scratch. @param {number} layers */
  function table(layers) {
    const row = (/** @type {string} */ name, /** @type {(count: Count) => number} */ pick) =>
      html("tr", {}, [html("th", { scope: "row" }, [name]), ...counts.map((count) => html("td", { class: count.layers === layers ? "here" : "" }, [String(pick(count))]))]);
    return html("table", { class: "counts" }, [
      html("caption", {}, ["local derivatives for all Θ"]),
      row("layers L", (count) => count.layers),
      row("with reuse, 3L − 1", (count) => count.with_reuse),
      row("from scratch, L(L + 1)", (count) => count.from_scratch),
    ]);
  }

  /** @param {State} state */
  function update({ trace, cursor }) {
    const current = cursor > 0 ? trace.steps[cursor - 1].id : "";
    for (const known of root.querySelectorAll(".known")) known.classList.remove("known");
    for (const link of root.querySelectorAll(".link")) {
      const ids = (/** @type {HTMLElement} */ (link).dataset.ids ?? "").split(" ");
      const now = ids.includes(current);
      link.classList.toggle("now", now);
      link.classList.toggle("done", ids.every((id) => (trace.bornAt.get(id) ?? Infinity) < cursor));
      if (now) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
      if (!now || !link.parentElement) continue;
      keepInSight(link.parentElement);
      link.parentElement.previousElementSibling?.querySelector(".symbol")?.classList.add("known"); // NOT EASY, and known already
    }
  }

  return {
    /** @param {State} state @param {State} [before] */
    update(state, before) {
      if (!before || state.target !== before.target || state.more !== before.more || state.trace.structure !== before.trace.structure || state.presenting !== before.presenting) build(state);
      else if (state.cursor !== before.cursor) update(state);
    },
    destroy: () => root.replaceChildren(),
  };
}

/** @param {Element} link */
function keepInSight(link) {
  const way = link.closest(".ways");
  if (!way) return;
  const [mine, theirs] = [link.getBoundingClientRect(), way.getBoundingClientRect()];
  if (mine.left < theirs.left || mine.right > theirs.right) way.scrollLeft += mine.left - theirs.left - theirs.width / 3;
  if (mine.top < theirs.top || mine.bottom > theirs.bottom) way.scrollTop += mine.top - theirs.top - (theirs.height - mine.height) / 2;
}

/** @param {State} state @param {string} target @returns {Link[]} */
function linksOf({ trace }, target) {
  const theta = target.startsWith("Theta") ? trace.start.theta?.find(({ layer }) => layer === layerOf(target)) : undefined;
  const ids = walkTo(trace, target);
  const single = theta ? ids.slice(0, -2) : ids;
  const links = single.map((id) => {
    const step = trace.steps[trace.stepOf.get(id) ?? 0];
    return { ids: [id], symbol: step.symbol, using: step.chain?.local.written ?? step.chain?.local ?? null };
  });
  return theta ? [...links, { ids: ids.slice(-2), symbol: theta.gradient, using: theta.local }] : links;
}
