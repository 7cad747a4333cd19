/** What the page asks beside traces: what there is to choose from, whether the gradients are right, the paths to the pinned weight, the pinned number moved by ±ε. The latest question wins. */

import { movableOf, parameterOf } from "./model/subject.js";
import { ServerFault } from "./stream.js";

/** @import {Store} from "./model/store.js" */
/** @import {Event, State} from "./model/reduce.js" */

const CHECK = "gradient-check"; // of the whole trace, whatever is looked at
const PROBE_WAITS = 60; // ms: who drags ε asks for where it stops
const SETTLES = 250; // ms without another change: who drags a weight asks for where it stops

/**
 * @param {Store<State, Event>} store
 * @param {{ask: (kind: string, body: object) => Promise<any>, look: (what: string) => Promise<any>}} client
 */
export function attachAsking(store, client) {
  /** @type {Map<string, number>} how often each kind was asked */
  const asked = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  /** @type {unknown} the trace whose gradients are being checked, or were */
  let checking = null;

  /**
   * Ask, and hand on the answer unless another question came after it.
   * @param {string} kind @param {State} state @param {object} more @param {(answer: any) => Event} event @param {(fault: ServerFault) => Event | null} [refused]
   */
  async function ask(kind, { request, pinned }, more, event, refused = (fault) => ({ type: "fault", text: fault.message, aside: true })) {
    const mine = (asked.get(kind) ?? 0) + 1;
    asked.set(kind, mine);
    const wanted = () => {
      const now = store.get();
      return asked.get(kind) === mine && now.request === request && (kind === CHECK || now.pinned === pinned);
    };
    try {
      const answer = await client.ask(kind.split(" ")[0], { ...request, ...more });
      if (wanted()) store.send(event(answer));
    } catch (error) {
      if (!(error instanceof ServerFault)) throw error;
      const said = wanted() ? refused(error) : null;
      if (said) store.send(said);
    }
  }

  /** Nothing is verified before there is a gradient to be seen. @param {State} state */
  function check(state) {
    const first = state.trace.steps.findIndex(({ phase }) => phase === "backward");
    if (first < 0 || state.cursor <= first || state.check || checking === state.request) return;
    checking = state.request;
    // Nobody asked for it, so a refusal is no fault: it is said where the badge would be. What passes is asked again at the next step.
    ask(CHECK, state, {}, (answer) => ({ type: "checked", check: answer }), (fault) => {
      if (fault.passing) checking = null;
      return fault.passing ? null : { type: "checked", check: { agrees: false, epsilon: 0, quantities: {}, refused: fault.message } };
    });
  }

  /** @param {State} state */
  function paths(state) {
    const target = parameterOf(state.pinned);
    if (state.tool !== "paths" || !target) return;
    const example = state.wide || state.example < 0 || state.trace.examples === 1 ? null : state.example;
    ask("paths", state, { target, ...(example === null ? {} : { example }) }, (answer) => ({ type: "paths", paths: answer }));
  }

  /** @param {State} state */
  function probe(state) {
    const target = movableOf(state.pinned);
    if (state.tool !== "check" || !target) return;
    ask("gradient-check probe", state, { quantities: [], probe: { ...target, epsilon: state.epsilon } }, (answer) => ({ type: "probed", probe: answer.probe }));
  }

  /** Nobody needs it before building. */
  async function catalog() {
    try {
      store.send({ type: "catalog", catalog: await client.look("catalog") });
    } catch (error) {
      if (!(error instanceof ServerFault)) throw error;
      store.send({ type: "fault", text: error.message, aside: true });
      store.send({ type: "build", on: false });
    }
  }

  /** @type {ReturnType<typeof setTimeout> | null} */
  let settling = null;

  /** @param {State} state */
  function all(state) {
    settling = null;
    check(state);
    paths(state);
    probe(state);
  }

  store.subscribe((state, before) => {
    if (state.building && !before.building && !state.catalog) catalog();
    if (state.request !== before.request) {
      clearTimeout(settling ?? undefined);
      if (state.session === null) all(state);
      else settling = setTimeout(() => all(store.get()), SETTLES);
      return;
    }
    const other = state.tool !== before.tool || state.pinned !== before.pinned;
    if (settling === null) check(state);
    if (other || state.wide !== before.wide || state.example !== before.example) paths(state);
    if (other) probe(state);
    else if (state.epsilon !== before.epsilon) {
      clearTimeout(waiting);
      waiting = setTimeout(() => probe(store.get()), PROBE_WAITS);
    }
  });
  check(store.get());
}
