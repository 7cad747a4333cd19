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
  /** @type {{now: S, before: S}[]} what listeners have not all heard of */
  const news = [];
  return {
    get: () => state,
    send(event) {
      const before = state;
      state = reduce(state, event);
      if (state === before) return;
      news.push({ now: state, before });
      if (news.length > 1) return; // sent by a listener: told when everybody has heard of the change that is being told
      while (news.length > 0) {
        for (const listener of [...listeners]) {
          try {
            listener(news[0].now, news[0].before);
          } catch (error) {
            reportError(error); // one view's fault must not freeze the others
          }
        }
        news.shift();
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
