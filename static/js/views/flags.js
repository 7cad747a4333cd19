/** What is noteworthy in this trace, as soon as its step has happened: each a button to that step. */

import { html } from "../draw/svg.js";

/** @import {Store} from "../model/store.js" */
/** @import {Event, State} from "../model/reduce.js" */

/** @type {Record<string, string>} */
const NAMES = { saturated: "saturated", dead: "dead units", vanishing: "vanishing gradient", exploding: "exploding gradient", zero: "gradient is 0", non_finite: "∞ or NaN" };

/** @param {HTMLElement} root @param {Store<State, Event>} store @param {{go: (step: number) => void}} commands */
export function mountFlags(root, store, commands) {
  return {
    /** @param {State} state @param {State} [before] */
    update({ trace, cursor }, before) {
      if (before && cursor === before.cursor && (trace === before.trace || JSON.stringify(trace.end.flags) === JSON.stringify(before.trace.end.flags))) return;
      const happened = trace.end.flags.filter(({ step }) => step < cursor);
      const layers = new Map();
      for (const { kind } of happened) layers.set(kind, (layers.get(kind) ?? 0) + 1);
      root.hidden = happened.length === 0;
      root.replaceChildren(
        ...happened.map(({ kind, step, text, layer }) => {
          const name = `${NAMES[kind] ?? kind}${(layers.get(kind) ?? 0) > 1 ? ` · layer ${layer}` : ""}`;
          const button = html("button", { type: "button", class: `flag${step === cursor - 1 ? " now" : ""}`, "data-kind": kind, title: text, "aria-label": `${name}: ${text} Go to step ${step + 1}.` }, [name]);
          button.addEventListener("click", () => commands.go(step + 1));
          return button;
        }),
      );
    },
    destroy: () => root.replaceChildren(),
  };
}
