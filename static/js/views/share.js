/** Taking it away: a link to exactly this, a frame for a slide deck, the problem as a file. */

import { addressOf } from "../address.js";
import { button, fill, takeaway } from "../draw/dialog.js";
import { html } from "../draw/svg.js";
import { LONG, LongLink } from "../model/permalink.js";

/** @import {Store} from "../model/store.js" */
/** @import {Event, State} from "../model/reduce.js" */

/** @param {HTMLDialogElement} root @param {Store<State, Event>} store */
export function mountShare(root, store) {
  /** @param {State} state */
  async function draw(state) {
    const heading = html("h3", {}, ["A link to exactly this"]);
    const link = await addressOf(state).then((address) => new URL(address || "?", location.href.split(/[?#]/)[0]).href, said);
    const nodes = typeof link === "string" ? [takeaway("Link", link, { rows: 3 }), html("p", { class: "why" }, [lengthOf(link)])] : [html("p", { class: "note" }, [link.message])];
    fill(root, "Share", [heading, ...nodes]);
    if (!root.open) root.showModal();
  }

  root.addEventListener("close", () => store.send({ type: "dialog", dialog: null }));
  return {
    /** @param {State} state @param {State} [before] */
    update(state, before) {
      if (state.dialog !== "share") return root.open && root.close();
      if (state.dialog !== before?.dialog) draw(state);
    },
    destroy: () => root.replaceChildren(),
  };
}

/** @param {unknown} error */
function said(error) {
  if (error instanceof LongLink) return error;
  throw error;
}

/** @param {string} link */
function lengthOf(link) {
  const words = "Network, numbers, step and everything that is pinned stand in the link itself: no server keeps them, and none sees them before the link is opened.";
  return link.length > LONG ? `${words} It is ${link.length.toLocaleString("en-GB")} characters long: some programs cut such links. A file is safer.` : words;
}
