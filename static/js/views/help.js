/** All keys, in a dialog. */

import { html } from "../draw/svg.js";

/** @import {Store} from "../model/store.js" */
/** @import {Event, State} from "../model/reduce.js" */

const KEYS = [
  ["→ · PageDown", "one step on"],
  ["← · PageUp", "one step back"],
  ["Home · End", "first and last step"],
  ["Space", "play or pause"],
  ["[ · ]", "previous and next phase"],
  ["+ · −", "faster and slower"],
  ["F", "present: everything else hidden"],
  ["D", "dark or light"],
  ["N", "numbers on or off"],
  ["Z", "zoom: the whole network, or as large as before; Ctrl and the wheel, or two fingers, for any size"],
  ["W · Shift W", "walk to the next or previous W, b, Θ"],
  ["L", "one layer more"],
  ["K", "all k: the index form"],
  ["P", "all paths to the weight"],
  ["V", "verify the number with ±ε"],
  ["R", "rows or columns"],
  ["F2 · double-click · typing", "change an input, target, weight or bias"],
  ["↑ · ↓, while changing", "a little more or less; Shift ten times, Alt a tenth"],
  ["Ctrl Z · Ctrl Shift Z", "undo, redo"],
  ["C", "what the last change has changed"],
  ["B", "build: layers, activations, loss, weights"],
  ["Tab", "from column to column"],
  ["arrow keys, inside the network", "from number to number"],
  ["Enter", "pin the number in focus"],
  ["Esc", "let go of it, leave"],
  ["?", "these keys"],
];

/** @param {HTMLDialogElement} root @param {Store<State, Event>} store */
export function mountHelp(root, store) {
  const list = html("dl", {}, KEYS.flatMap(([keys, does]) => [html("dt", {}, keys.split(" · ").map((key) => html("kbd", {}, [key]))), html("dd", {}, [does])]));
  const single = html("input", { type: "checkbox", id: "single-keys" });
  single.addEventListener("change", () => store.send({ type: "shortcuts", on: single.checked }));
  const close = html("button", { type: "button", class: "button" }, ["Close"]);
  close.addEventListener("click", () => root.close());
  root.append(html("h2", {}, ["Keys"]), list, html("p", {}, [single, html("label", { for: "single-keys" }, [" single-key shortcuts (letters, +, −, [, ], ?)"])]), close);
  return {
    /** @param {State} state */
    update(state) {
      single.checked = state.shortcuts;
      if (state.dialog !== "help") return root.open && root.close();
      if (!root.open) root.showModal();
    },
    destroy: () => root.replaceChildren(),
  };
}
