/** All keys of the page, in a dialog. */

import { html } from "../draw/svg.js";

/** @import {Store} from "../model/store.js" */
/** @import {Event, State} from "../model/training.js" */

const KEYS = [
  ["Space", "play or pause"],
  ["→ · PageDown", "one batch: a single update"],
  ["Shift →", "to the end of the epoch"],
  ["+ · −", "faster and slower"],
  ["Home", "back to the same weights as at first"],
  ["N", "new weights"],
  ["S", "step through the update that comes next"],
  ["L", "the loss on a logarithmic axis, or not"],
  ["F", "present: everything else hidden"],
  ["D", "dark or light"],
  ["↑ · ↓, in a field", "twice or half as much"],
  ["arrow keys, inside the network", "from number to number"],
  ["Esc", "leave"],
  ["?", "these keys"],
];

/** @param {HTMLDialogElement} root @param {Store<State, Event>} store */
export function mountHelp(root, store) {
  const list = html("dl", {}, KEYS.flatMap(([keys, does]) => [html("dt", {}, keys.split(" · ").map((key) => html("kbd", {}, [key]))), html("dd", {}, [does])]));
  const close = html("button", { type: "button", class: "button" }, ["Close"]);
  close.addEventListener("click", () => root.close());
  root.addEventListener("close", () => store.send({ type: "dialog", dialog: null }));
  root.append(html("h2", {}, ["Keys"]), list, close);
  return {
    /** @param {State} state */
    update({ dialog }) {
      if (dialog === "help" && !root.open) root.showModal();
    },
    destroy: () => root.replaceChildren(),
  };
}
