/** Large quantities come as thumbnails; their numbers are fetched once somebody looks: points at one, pins it, asks for a matrix, or chooses another example. */

import { missingFor } from "./model/operands.js";
import { lookedAt } from "./model/reduce.js";
import { ServerFault } from "./stream.js";

/** @import {Store} from "./model/store.js" */
/** @import {Event, State} from "./model/reduce.js" */
/** @import {Trace} from "./model/trace.js" */
/** @import {Quantity, Request} from "./types.js" */

const WAITS = 120; // ms: who only passes over a picture wants none of its numbers
const AHEAD = 24_000; // numbers fetched at once for the steps to come
const SMALL = 4096; // numbers: what was left out only because there is so much of it comes with its step

/** @param {Trace} trace @param {string} id */
function countOf({ quantities }, id) {
  return (quantities.get(id)?.shape ?? []).reduce((product, size) => product * size, 1);
}

/**
 * @param {Store<State, Event>} store
 * @param {{more: (problem: Request, which: {quantities: string[], from: number} | {example: number}) => Promise<Record<string, Quantity>>}} client
 */
export function attachFetching(store, client) {
  /** @type {Request | null} whose numbers were asked for */
  let request = null;
  /** @type {Set<string>} what was asked for, also what is on its way */
  const asked = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;

  /** @param {string[]} names what is asked for, each once @param {() => Promise<Record<string, Quantity>>} ask */
  async function once(names, ask) {
    const mine = store.get().request;
    for (const name of names) asked.add(name);
    try {
      const quantities = await ask();
      store.send({ type: "filled", request: mine, quantities });
    } catch (error) {
      if (!(error instanceof ServerFault)) throw error;
      if (mine !== store.get().request) return;
      if (error.passing) for (const name of names) asked.delete(name);
      store.send({ type: "fault", text: error.message, aside: true });
    }
  }

  /** @param {string[]} ids */
  function want(ids) {
    const { trace, request: problem } = store.get();
    const quantities = ids.filter((id) => trace.quantities.get(id)?.data === null && !asked.has(id));
    if (quantities.length === 0) return;
    const born = quantities.map((id) => trace.bornAt.get(id) ?? -1).filter((step) => step >= 0);
    once(quantities, () => client.more(problem, { quantities, from: Math.min(trace.steps.length, ...born) }));
  }

  /** The numbers of the current step and of the next one, which may be about to move; where some are lacking, those of many more steps, so that it is asked rarely. @param {State} state */
  function besides({ trace, cursor }) {
    const small = (/** @type {string} */ id) => countOf(trace, id) <= SMALL && trace.quantities.get(id)?.data === null;
    const [now, ...later] = trace.steps.slice(Math.max(0, cursor - 1)).map(({ values }) => Object.keys(values).filter(small));
    if ([...(now ?? []), ...(later[0] ?? [])].length === 0) return;
    let room = AHEAD;
    want([now, ...later].flat().filter((id) => (room -= countOf(trace, id)) > 0));
  }

  /** @param {State} state */
  function one({ trace, example, request: problem }) {
    const lacking = [...trace.quantities.values()].some((q) => q.data === null && q.axes[0] === "example" && q.example?.index !== example);
    const name = `example ${example}`;
    if (example >= 0 && lacking && !asked.has(name)) once([name], () => client.more(problem, { example }));
  }

  store.subscribe((state, before) => {
    if (state.request !== request) {
      request = state.request;
      asked.clear();
    }
    const fresh = state.trace.steps !== before.trace.steps;
    if (fresh || state.example !== before.example) {
      for (const name of asked) if (name.startsWith("example ")) asked.delete(name); // a row takes the place of another
      one(state);
    }
    if (fresh || state.cursor !== before.cursor) besides(state);
    if (!fresh && state.hover === before.hover && state.pinned === before.pinned && state.trace === before.trace) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const looked = lookedAt(store.get());
      if (looked) want(missingFor(store.get().trace, looked));
    }, WAITS);
  });
  document.addEventListener("click", ({ target }) => {
    const id = /** @type {HTMLElement | null} */ (/** @type {Element} */ (target).closest("[data-fetch]"))?.dataset.fetch;
    if (id) want([id]);
  });
}
