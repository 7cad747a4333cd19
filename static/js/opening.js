/** Files, dropped anywhere or chosen: a problem opens, a network of another program and a table of examples are asked about first. */

import { ownNetwork } from "./model/bringing.js";
import { ServerFault } from "./stream.js";

/** @import {Model} from "./model/bringing.js" */
/** @import {Store} from "./model/store.js" */
/** @import {Event, State} from "./model/reduce.js" */
/** @import {Preset, Request} from "./types.js" */

const TABLE = /\.(csv|tsv|txt|dat|data)$/i;

/**
 * @param {Store<State, Event>} store @param {{hand: (kind: string, body: Blob | string) => Promise<any>}} client
 * @param {{bring: (problem: Request, about: Preset) => Promise<void>}} commands
 * @returns {(file: File) => Promise<void>} what opens a file
 */
export function attachOpening(store, client, commands) {
  /** @param {File} file */
  async function open(file) {
    if (TABLE.test(file.name)) return store.send({ type: "dialog", dialog: "data", brought: { name: file.name, text: file } });
    try {
      const model = /** @type {Model} */ (await client.hand("import", file));
      if (model.problem) await commands.bring(model.problem, ownNetwork(file.name.replace(/\.json$/i, ""), `Opened from ${file.name}.`));
      else store.send({ type: "dialog", dialog: "import", brought: { name: file.name, model } });
    } catch (error) {
      if (!(error instanceof ServerFault)) throw error;
      const table = /\.json$/i.test(file.name) && (await client.hand("table?inputs=", file).catch(() => null)); // examples, perhaps, and no network
      if (table) store.send({ type: "dialog", dialog: "data", brought: { name: file.name, text: file } });
      else store.send({ type: "fault", text: `${file.name}: ${error.message}`, aside: true });
    }
  }

  const page = document.documentElement;
  const carries = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") ?? false;
  page.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    page.classList.add("dropping");
  });
  page.addEventListener("dragleave", (event) => !event.relatedTarget && page.classList.remove("dropping"));
  page.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    page.classList.remove("dropping");
    const file = event.dataTransfer?.files[0];
    if (file) open(file);
  });
  return open;
}
