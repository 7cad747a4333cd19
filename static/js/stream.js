/** What talks to the server, with training_stream.js beside it for what only the Train page asks: fetches a trace line by line, goes on where a connection broke, and drops answers that came too late. */

import { exactly } from "./model/json.js";

/** @import {End, Fault, Quantity, RawTrace, Request, Start, Step} from "./types.js" */

const BUDGET = 24_000; // numbers in full that a trace comes with: about 200 kB; the rest when it is looked at
const RETRY_MS = [300, 1000, 2000, 4000];
export const LOST = "The server cannot be reached. Trying again; nothing is lost.";

export class ServerFault extends Error {
  /** @param {string} message @param {{passing?: boolean, after?: number, faults?: Fault[]}} [kind] passing: it may be over in a moment; after: in so many seconds, where the server says so; faults: what is wrong, place by place */
  constructor(message, { passing = false, after = 0, faults = [] } = {}) {
    super(message);
    this.passing = passing;
    this.after = after;
    this.faults = faults;
  }
}

/** Before asking again: longer the more often it was in vain. @param {number} attempt from 0 @param {number} [least] seconds */
export const pause = (attempt, least = 0) => new Promise((resolve) => setTimeout(resolve, Math.max(1000 * least, RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)])));

/**
 * @param {string} api base path of the API
 * @param {(text: string | null) => void} onLost told when the server cannot be reached and what is being tried; null when it is back
 */
export function createClient(api, onLost) {
  /** @type {AbortController | undefined} */
  let current;

  /**
   * One trace. A newer call ends an older one, which then never resolves.
   * @param {Request} problem
   * @param {string} [convention] of its symbols: row or column
   * @param {Pick<RawTrace, "start" | "steps">} [known] the trace that is there: where only numbers are new, only numbers are sent
   * @returns {Promise<RawTrace>}
   */
  async function trace(problem, convention = "row", known) {
    current?.abort();
    const mine = (current = new AbortController());
    /** @type {{start?: Start, steps: Step[], end?: End}} */
    const got = { steps: [] };
    for (let attempt = 0; ; attempt += 1) {
      try {
        const query = new URLSearchParams({ from_step: String(got.steps.length), budget: String(BUDGET), example: "0", ...(convention === "row" ? {} : { convention }), ...(known ? { words: known.start.words } : {}) });
        const response = await fetch(`${api}/trace?${query}`, {
          method: "POST",
          headers: { "Content-Type": "application/json", Accept: "application/x-ndjson" },
          body: exactly(problem),
          signal: mine.signal,
        });
        if (!response.ok) throw await faultOf(response);
        await readLines(response, (event) => take(event, got));
        if (mine.signal.aborted) return new Promise(() => {});
        if (got.start && got.end) {
          onLost(null);
          return worded({ start: got.start, steps: got.steps, end: got.end }, known);
        }
      } catch (error) {
        if (error instanceof ServerFault && !error.passing && !mine.signal.aborted) throw error;
      }
      if (mine.signal.aborted) return new Promise(() => {});
      onLost(LOST);
      await pause(attempt);
      if (mine.signal.aborted) return new Promise(() => {});
    }
  }

  /** One question about a problem: gradient-check or paths. @param {string} kind @param {object} body @returns {Promise<any>} */
  const ask = async (kind, body) => (await post(kind, body)).json();

  /** A file or a text of somebody's own, to be read: import or table. @param {string} kind with its query @param {Blob | string} body @returns {Promise<any>} */
  const hand = async (kind, body) => (await once(kind, { method: "POST", headers: { "Content-Type": typeof body === "string" ? "text/plain" : "application/octet-stream" }, body })).json();

  /** What does not change while the page is open: the catalog. @param {string} what @returns {Promise<any>} */
  const look = (what) => (kept[what] ??= once(what, {}).then((response) => response.json()).catch((error) => {
    delete kept[what];
    throw error;
  }));
  /** @type {Record<string, Promise<any>>} */
  const kept = {};

  /** A file made of a problem, and the name that the server gives it. @param {string} kind @param {Request} problem @param {string} convention */
  async function download(kind, problem, convention) {
    const response = await post(`export/${kind}?${new URLSearchParams({ convention })}`, problem);
    const name = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? kind;
    return { name, content: await response.blob() };
  }

  /** @param {string} path @param {object} body */
  const post = (path, body) => once(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: exactly(body) });

  /** An answer, or a refusal in the server's words; asked once. @param {string} what @param {RequestInit} how */
  async function once(what, how) {
    let response;
    try {
      response = await fetch(`${api}/${what}`, how);
    } catch {
      throw new ServerFault("The server cannot be reached; try again in a moment.", { passing: true });
    }
    if (!response.ok) throw await faultOf(response);
    return response;
  }

  /**
   * More numbers of a trace: quantities in full, from a step on at which one of them is defined, or one example of every quantity.
   * @param {Request} problem @param {{quantities: string[], from: number} | {example: number}} which @returns {Promise<Record<string, Quantity>>}
   */
  async function more(problem, which) {
    const how = "example" in which ? { budget: BUDGET, example: which.example } : { budget: 0, max_values: 0, quantities: which.quantities.join(), from_step: which.from };
    const query = new URLSearchParams(Object.entries(how).map(([name, value]) => [name, String(value)]));
    const response = await once(`trace?${query}`, { method: "POST", headers: { "Content-Type": "application/json", Accept: "application/x-ndjson" }, body: exactly(problem) });
    /** @type {{start?: Start, steps: Step[], end?: End}} */
    const got = { steps: [] };
    await readLines(response, (event) => take(event, got));
    const all = { ...got.start?.quantities };
    for (const step of got.steps) Object.assign(all, step?.values);
    return "example" in which ? all : Object.fromEntries(which.quantities.filter((id) => all[id]).map((id) => [id, all[id]]));
  }

  /** The trace that is on its way is not wanted any more. */
  const drop = () => current?.abort();

  return { trace, drop, ask, hand, look, download, more };
}

/** A file of the page's own as a data: address, to be put into another. @param {string} address @returns {Promise<string>} */
export async function asData(address) {
  const content = await (await fetch(address)).blob();
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(content);
  });
}

/**
 * Answers about f(a(θ)) while θ moves: one question is under way at a time, and of those that wait only the newest is asked.
 * So answers come in order, and as many as the connection carries. Where it breaks, the newest question is asked again.
 * @param {string} api base path of the API
 * @param {{answer: (answer: any) => void, fault: (text: string) => void, lost: (text: string | null) => void}} tell
 * @returns {(asked: {outer: string, inner: string, theta: number}) => void}
 */
export function askChainRule(api, tell) {
  /** @type {{outer: string, inner: string, theta: number} | null} */
  let waiting = null;
  let busy = false;

  async function work() {
    busy = true;
    for (let attempt = 0; waiting; ) {
      const { outer, inner, theta } = waiting;
      const asked = waiting;
      try {
        const response = await fetch(`${api}/chain-rule?${new URLSearchParams({ outer, inner, theta: String(theta) })}`);
        if (response.status >= 500) throw new Error("busy");
        const told = response.ok ? await response.json() : (await faultOf(response)).message;
        if (waiting === asked) waiting = null;
        attempt = 0;
        tell.lost(null);
        if (response.ok) tell.answer(told);
        else tell.fault(told);
      } catch {
        tell.lost(LOST);
        await pause(attempt++);
      }
    }
    busy = false;
  }

  return (asked) => {
    waiting = asked;
    if (!busy) work();
  };
}

/** Every line as it comes; whoever takes its time lets the server wait. @param {Response} response @param {(event: any) => void | Promise<void>} take */
export async function readLines(response, take) {
  if (!response.body) return;
  const reader = response.body.getReader();
  const decoder = new TextDecoder(); // by hand: a pipe costs a turn of the event loop for every piece
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    const lines = (rest + decoder.decode(value, { stream: !done })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line) await take(JSON.parse(line));
    if (done) return;
  }
}

/** A trace with the words that it shares with another; they came with that one. @param {RawTrace} trace @param {Pick<RawTrace, "start" | "steps">} [known] @returns {RawTrace} */
function worded(trace, known) {
  if (!known || trace.start.symbols || trace.start.words !== known.start.words) return trace;
  const { symbols, theta } = known.start;
  const steps = trace.steps.map((step, k) => {
    const { values, note, ...words } = known.steps[k];
    return { ...words, ...step };
  });
  return { ...trace, start: { ...trace.start, symbols, ...(theta ? { theta } : {}) }, steps };
}

/** @param {any} event @param {{start?: Start, steps: Step[], end?: End}} got */
function take(event, got) {
  if (event.event === "start") got.start = event;
  else if (event.event === "step") got.steps[event.index] = event;
  else if (event.event === "end") got.end = event;
  else if (event.event === "error") throw new ServerFault(event.detail);
}

/** What a refusal says. @param {Response} response */
export async function faultOf(response) {
  const kind = { passing: [429, 502, 503, 504].includes(response.status), after: Number(response.headers.get("Retry-After")) || 0 };
  try {
    const { detail, errors } = await response.json();
    if (typeof detail === "string") return new ServerFault(detail, { ...kind, faults: Array.isArray(errors) ? errors : [] });
  } catch {
    // No problem document: a proxy's page, perhaps.
  }
  return new ServerFault(`the server answered ${response.status}`, kind);
}
