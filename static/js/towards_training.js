/** The ways from the step page to the Train page: back to a training that waits there, on with the network that is here. */

import { settled } from "./model/document.js";
import { LongLink, write } from "./model/permalink.js";
import { nextUpdate, waiting } from "./model/waiting.js";
import { tabStorage } from "./remembering.js";

/** @import {Store} from "./model/store.js" */
/** @import {Event, State} from "./model/reduce.js" */

/** @param {Store<State, Event>} store */
export function attachTraining(store) {
  const [back, on] = ["training", "train"].map((name) => /** @type {HTMLAnchorElement} */ (document.querySelector(`[data-part=${name}]`)));

  function offer() {
    const summary = waiting(tabStorage());
    back.hidden = summary === null;
    if (summary) back.title = `Go on with the training: ${nextUpdate(summary)}`;
  }

  offer();
  addEventListener("pageshow", offer); // a page that a browser had put aside may have been at another update

  on.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    try {
      location.assign(`${on.href}#${await write({}, settled(store.get()))}`);
    } catch (error) {
      if (!(error instanceof LongLink)) throw error;
      store.send({ type: "fault", text: error.message, aside: true });
    }
  });
}
