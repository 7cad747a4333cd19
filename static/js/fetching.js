/** Large quantities come as thumbnails; their numbers are fetched once somebody looks: points at one, pins it, asks for a matrix, or chooses another example. */

import { missingFor } from "./model/operands.js";
import { lookedAt } from "./model/reduce.js";
import { ServerFault } from "./stream.js";

/** @import {Store} from "./model/store.js" */
/** @import {Event, State} from "./model/reduce.js" */
/** @import {Quantity, Request} from "./types.js" */

const WAITS = 120; // ms: who only passes over a picture wants none of its numbers
const SMALL = 4096; // numbers: what was left out only because there is so much of it comes with its step

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

  /** The current step's numbers, and the next one's, which may be about to move. @param {State} state */
  function besides({ trace, cursor }) {
    const ids = trace.steps.slice(Math.max(0, cursor - 1), cursor + 1).flatMap(({ values }) => Object.keys(values));
    want(ids.filter((id) => (trace.quantities.get(id)?.shape ?? []).reduce((product, size) => product * size, 1) <= SMALL));
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
