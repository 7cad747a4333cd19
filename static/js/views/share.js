/** Taking it away: a link to exactly this, a frame for a slide deck, the problem as a file. */

import { addressOf } from "../address.js";
import { button, fill } from "../draw/dialog.js";
import { html } from "../draw/svg.js";
import { LONG, LongLink } from "../model/permalink.js";
import { snippet } from "../model/snippet.js";
import { copied } from "../saving.js";

/** @import {Store} from "../model/store.js" */
/** @import {Event, State} from "../model/reduce.js" */

/** @param {HTMLDialogElement} root @param {Store<State, Event>} store */
export function mountShare(root, store) {
  /** @param {State} state */
  async function draw(state) {
    const here = location.href.split(/[?#]/)[0];
    const address = await addressOf(state).catch((error) => {
      if (error instanceof LongLink) return error;
      throw error;
    });
    if (address instanceof LongLink) fill(root, "Share", [[html("p", { class: "hint" }, [address.message])]]);
    else {
      const link = new URL(address || "?", here).href;
      const frame = snippet(new URL(`embed${address}`, here).href, { width: "100%", height: 480, title: `${state.preset.title}, backpropagation step by step` });
      fill(root, "Share", [
        [html("h3", {}, ["A link to exactly this"]), takeaway("Link", link, 3), html("p", { class: "hint" }, [aboutLength(link)])],
        [html("h3", {}, ["A frame for a page, a notebook or a slide deck"]), takeaway("HTML", frame, 3), html("p", { class: "hint" }, ["It can be driven by messages: see the API page."])],
      ]);
    }
    if (!root.open) root.showModal();
  }

  return {
    /** @param {State} state @param {State} [before] */
    update(state, before) {
      if (state.dialog !== "share") return root.open && root.close();
      if (state.dialog !== before?.dialog) draw(state);
    },
    destroy: () => root.replaceChildren(),
  };
}

/** @param {string} link */
function aboutLength(link) {
  const words = "Network, numbers, step and what is pinned stand in the link itself: no server keeps them, and none sees them before the link is opened.";
  return link.length > LONG ? `${words} It has ${link.length.toLocaleString("en-GB")} characters, and some programs cut such links: a file (Export, JSON) is safer.` : words;
}

/** A text to be taken away: copied where the browser lets a page do that, else selected. @param {string} name @param {string} text @param {number} rows */
function takeaway(name, text, rows) {
  const area = html("textarea", { readonly: "", rows, "aria-label": name, spellcheck: "false", class: "takeaway" });
  area.value = text;
  area.addEventListener("focus", () => area.select());
  const copy = button("Copy", async () => {
    copy.textContent = (await copied(text)) ? "Copied" : "Press Ctrl C";
    area.focus();
  });
  return html("div", { class: "taken" }, [area, copy]);
}
