/**
 * What a link holds, in the fragment of an address: step=8&target=W1&…&p=…, where p is the problem, deflated, as base64url. `app/wire/links.py` is its twin.
 * Nothing of a fragment is sent to a server before somebody opens it, and then only the problem, which the API judges like any other.
 */

import { exactly, strictly } from "./json.js";

/** @import {Entry} from "../types.js" */
/** @import {Tool} from "./reduce.js" */

/**
 * @typedef {object} View
 * @property {number} step how many steps have happened
 * @property {string | null} target of the walk that is followed
 * @property {boolean} more the walk of one layer more stands beside it
 * @property {Entry | null} pin
 * @property {Tool} tool
 * @property {"row" | "column"} convention
 * @property {number} example from 0; -1: all of them. In a link from 1, as people see it
 * @property {boolean} numbers
 * @property {boolean} delta what changed is shown
 */

/** Longer links are cut by many programs that pass them on. */
export const LONG = 100_000;
/** Longer ones are opened by no browser. */
export const LONGEST = 2_000_000;
const LARGEST = 20_000_000; // bytes of an inflated problem: a few kB of link can be gigabytes
const DEEPEST = 16; // a problem has six levels
const SLICE = 4096; // inflated at a time

/** A link that cannot be read; its message is for people. */
export class DamagedLink extends Error {}

/** A problem too large for a link; its message is for people. */
export class LongLink extends Error {}

/** How each key is written; only what differs from `usual` is. @type {{[K in keyof View]: {usual: View[K], can: RegExp, write: (value: any) => string, read: (text: string) => View[K]}}} */
const KEYS = {
  step: { usual: 0, can: /^\d{1,6}$/, write: String, read: Number },
  target: { usual: null, can: /^(W|b|Theta)[1-9]\d?$/, write: String, read: String },
  more: { usual: false, can: /^[01]$/, write: (on) => (on ? "1" : "0"), read: (text) => text === "1" },
  pin: { usual: null, can: /^[A-Za-z]\w{0,15}(,\d{1,7}){0,3}$/, write: ({ quantity, entry }) => [quantity, ...entry].join(), read: entryOf },
  tool: { usual: "terms", can: /^(terms|all-k|paths|check)$/, write: String, read: (text) => /** @type {Tool} */ (text) },
  convention: { usual: "row", can: /^(row|column)$/, write: String, read: (text) => /** @type {"row" | "column"} */ (text) },
  example: { usual: 0, can: /^(all|[1-9]\d{0,6})$/, write: (n) => (n < 0 ? "all" : String(n + 1)), read: (text) => (text === "all" ? -1 : Number(text) - 1) },
  numbers: { usual: true, can: /^(on|off)$/, write: (on) => (on ? "on" : "off"), read: (text) => text === "on" },
  delta: { usual: false, can: /^(on|off)$/, write: (on) => (on ? "on" : "off"), read: (text) => text === "on" },
};

/** @param {string} text @returns {Entry} */
function entryOf(text) {
  const [quantity, ...entry] = text.split(",");
  return { quantity, entry: entry.map(Number) };
}

/**
 * The fragment, without #. Throws LongLink where no browser would open it.
 * @param {Partial<View>} view @param {object | null} problem null: that of the address, by its ?preset=
 */
export async function write(view, problem) {
  const keys = /** @type {(keyof View)[]} */ (Object.keys(KEYS));
  const said = keys.filter((key) => view[key] !== undefined && view[key] !== KEYS[key].usual).map((key) => `${key}=${KEYS[key].write(view[key])}`);
  const fragment = [...said, ...(problem ? [`p=${await packed(problem)}`] : [])].join("&");
  if (fragment.length <= LONGEST) return fragment;
  throw new LongLink(`This network is too large for a link: it would have ${fragment.length.toLocaleString("en-GB")} characters, and browsers open at most ${LONGEST.toLocaleString("en-GB")}. Save it as a file instead.`);
}

/**
 * What a fragment says, keys that are not known left aside. Throws DamagedLink.
 * @param {string} fragment @returns {Promise<{view: Partial<View>, problem: object | null}>}
 */
export async function read(fragment) {
  /** @type {Record<string, unknown>} */
  const view = {};
  let problem = null;
  for (const pair of fragment.replace(/^#/, "").split("&")) {
    const [key, text] = halves(pair);
    if (key === "p") problem = await unpacked(text);
    else if (Object.hasOwn(KEYS, key)) view[key] = valueOf(/** @type {keyof View} */ (key), text);
  }
  return { view, problem };
}

/** How many steps in a link opens, before anything else of it is read. @param {string} fragment */
export function stepOf(fragment) {
  return Number(/^#?(?:.*&)?step=(\d{1,6})(?:&|$)/.exec(fragment)?.[1] ?? 0);
}

/** @param {string} pair @returns {[string, string]} */
function halves(pair) {
  const at = pair.indexOf("=");
  try {
    return at < 0 ? [pair, ""] : [decodeURIComponent(pair.slice(0, at)), decodeURIComponent(pair.slice(at + 1))];
  } catch {
    throw new DamagedLink(`This link is damaged: “${pair.slice(0, 40)}” has a stray %.`);
  }
}

/** @param {keyof View} key @param {string} text */
function valueOf(key, text) {
  const { can, read } = KEYS[key];
  if (!can.test(text)) throw new DamagedLink(`This link is damaged: “${key}=${text.slice(0, 40)}” is nothing it can say.`);
  return read(text);
}

/** @param {object} problem */
async function packed(problem) {
  const deflated = new Blob([exactly(problem)]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(deflated).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {string} text @returns {Promise<object>} */
async function unpacked(text) {
  let problem;
  try {
    if (!/^[\w-]+$/.test(text)) throw new Error("not base64url");
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (byte) => byte.charCodeAt(0));
    problem = strictly(await inflated(bytes), DEEPEST);
  } catch (error) {
    if (error instanceof DamagedLink) throw error;
    throw new DamagedLink("This link is damaged: the network in it cannot be read. It may have been cut on its way; ask for it again.");
  }
  if (problem === null || typeof problem !== "object" || Array.isArray(problem)) throw new DamagedLink("This link is damaged: what it holds is no network.");
  return problem;
}

/** The text that these bytes are deflated from, slice by slice, so that it ends where it becomes too large. @param {Uint8Array<ArrayBuffer>} bytes */
async function inflated(bytes) {
  let at = 0;
  /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */
  const slices = new ReadableStream({ pull: (controller) => (at < bytes.length ? controller.enqueue(bytes.subarray(at, (at += SLICE))) : controller.close()) });
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let [size, text] = [0, ""];
  for (const reader = slices.pipeThrough(new DecompressionStream("deflate-raw")).getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.length;
    if (size > LARGEST) {
      reader.cancel().catch(() => {});
      throw new DamagedLink("This link is damaged, or made to do harm: what it holds is larger than any network that can be opened.");
    }
    text += decoder.decode(value, { stream: true });
  }
}
