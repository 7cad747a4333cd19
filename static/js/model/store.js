/**
 * One state, one writer: views send events, the reducer makes the next state, every listener is told.
 * @template S, E
 * @typedef {{get: () => S, send: (event: E) => void, subscribe: (listener: (state: S, before: S) => void) => () => void}} Store
 */

/**
 * @template S, E
 * @param {(state: S, event: E) => S} reduce
 * @param {S} initial
 * @returns {Store<S, E>}
 */
export function createStore(reduce, initial) {
  let state = initial;
  /** @type {Set<(state: S, before: S) => void>} */
  const listeners = new Set();
  return {
    get: () => state,
    send(event) {
      const before = state;
      state = reduce(state, event);
      if (state === before) return;
      const now = state;
      for (const listener of [...listeners]) {
        try {
          listener(now, before);
        } catch (error) {
          reportError(error); // one view's fault must not freeze the others
        }
        if (state !== now) return; // the listener sent an event itself: everybody has heard of the newer state
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
