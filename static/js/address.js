/** The address of what is shown: read where a page opens, goes back or forward, written as it changes. */

import { ownNetwork } from "./model/bringing.js";
import { isPlain, settled } from "./model/document.js";
import { DamagedLink, LONG, LongLink, read, write } from "./model/permalink.js";
import { nextUpdate, waiting } from "./model/waiting.js";
import { tabStorage } from "./remembering.js";

/** @import {Boot} from "./assembly.js" */
/** @import {View} from "./model/permalink.js" */
/** @import {Event, Look, State} from "./model/reduce.js" */
/** @import {Store} from "./model/store.js" */
/** @import {Preset, Request} from "./types.js" */

/** @typedef {{show: (name: string, how: How) => Promise<void>, bring: (problem: Request, about: Preset, how: How) => Promise<void>}} Opening */
/** @typedef {{look: Look, convention: string, by: "address"}} How */

const WAITS = 500; // ms: browsers allow only so many changes
/** @type {(keyof State)[]} what an address holds */
const HELD = ["cursor", "request", "preset", "target", "more", "pinned", "tool", "convention", "example", "numbers", "delta"];

/** @param {State} state @returns {View} */
function viewOf({ cursor, pinned, ...state }) {
  return { ...state, step: cursor, pin: pinned };
}

/** What a link says of the view, as the page takes it; what it does not say is as usual. @param {Partial<View>} view @returns {How} */
function howOf({ step = 0, pin = null, target = null, more = false, tool = "terms", example = 0, numbers = true, delta = false, convention = "row" }) {
  return { look: { cursor: step, pinned: pin, target, more, tool, example, numbers, delta }, convention, by: "address" };
}

/** Query and fragment that open a state again. Throws LongLink where there is too much to say. @param {State} state */
export async function addressOf(state) {
  const fragment = await write(viewOf(state), isPlain(state.request) ? null : settled(state));
  return `${state.preset.name ? `?preset=${encodeURIComponent(state.preset.name)}` : ""}${fragment ? `#${fragment}` : ""}`;
}

/** What a network of a link is called: after the update of the training that it comes from. @param {string} fragment */
function nameOf(fragment) {
  const summary = /[#&]from=train(&|$)/.test(fragment) ? waiting(tabStorage()) : null;
  return summary ? nextUpdate(summary) : "A network from a link";
}

/**
 * Opens what the address says, or what the browser remembers of this place in its history. A damaged link is said, and the page stays as it is.
 * @param {Store<State, Event>} store @param {Opening} commands @param {Boot} boot
 */
async function openAddress(store, commands, boot) {
  const name = new URLSearchParams(location.search).get("preset");
  const preset = boot.presets.find((it) => it.name === name);
  try {
    const { view, problem } = await read(location.hash);
    const how = howOf(view);
    const { request, preset: about, stale, convention } = store.get();
    const kept = /** @type {{request: Request, preset: Preset} | null} */ (history.state?.request ? history.state : null);
    if (problem ?? kept) await commands.bring(/** @type {Request} */ (problem ?? kept?.request), kept?.preset ?? preset ?? ownNetwork(nameOf(location.hash)), how);
    else if (stale || !isPlain(request) || about.name !== (preset ?? boot.presets[0]).name || convention !== how.convention) await commands.show((preset ?? boot.presets[0]).name, how);
    else store.send({ type: "look", look: how.look });
  } catch (error) {
    if (!(error instanceof DamagedLink)) throw error;
    store.send({ type: "fault", text: `${error.message} This is ${store.get().preset.title} instead.` });
  }
}

/** Nothing is shown before it is what the address says, unless that is long in coming. @param {Store<State, Event>} store @param {Opening} commands @param {Boot} boot */
export async function arrive(store, commands, boot) {
  const shown = new Promise((seen) => store.subscribe((state, before) => (state.trace !== before.trace || state.lost) && seen(null)));
  await Promise.race([openAddress(store, commands, boot), shown]);
  document.documentElement.dataset.ready = "true";
}

/** @param {Store<State, Event>} store @param {Opening} commands @param {Boot} boot */
export function attachAddress(store, commands, boot) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;

  /** What cannot stand in the address, the browser keeps beside it. @param {State} state */
  const beside = ({ request, preset }) => (isPlain(request) ? null : { request, preset });

  async function replace() {
    const [state, here] = [store.get(), location.href];
    const address = await addressOf(state).catch((error) => {
      if (error instanceof LongLink) return "";
      throw error;
    });
    if (location.href !== here) return; // somebody went back or forward meanwhile: that place is another's
    if (store.get() !== state && HELD.some((key) => store.get()[key] !== state[key])) return; // a later one follows
    history.replaceState(beside(state), "", address.length <= LONG && address ? address : location.pathname);
  }

  store.subscribe((state, before) => {
    if (state.preset !== before.preset && state.by !== "address") {
      history.replaceState(beside(before), "");
      history.pushState(beside(state), "", state.preset.name ? `?preset=${encodeURIComponent(state.preset.name)}` : location.pathname);
    }
    if (HELD.every((key) => state[key] === before[key])) return;
    clearTimeout(waiting);
    waiting = setTimeout(replace, WAITS);
  });

  addEventListener("popstate", () => {
    clearTimeout(waiting);
    openAddress(store, commands, boot);
  });
}
