/** What was before: problems only, for a trace is a function of its problem. */

/** @import {Preset, Request} from "../types.js" */
/** @import {Loaded, State} from "./reduce.js" */

/** @typedef {{request: Request, preset: Preset}} Moment */

const MOST = 200; // changes that can be undone

/**
 * Past and future after a trace has come: a change of the same session as the last belongs to it, any other begins a new one.
 * @param {State} state @param {Loaded} event @returns {Pick<State, "past" | "future" | "session" | "before">}
 */
export function follow(state, { travel = 0, session = null, preset: opened = state.preset }) {
  const { past, future, request, preset, trace } = state;
  const now = { request, preset };
  const before = opened === preset ? trace : null; // of another network there is nothing to compare
  if (travel !== 0) {
    const moments = [...past, now, ...future.toReversed()];
    const at = past.length + travel;
    return { past: moments.slice(0, at), future: moments.slice(at + 1).reverse(), session: null, before };
  }
  if (session !== null && session === state.session) return { past, future: [], session, before: state.before };
  return { past: [...past, now].slice(-MOST), future: [], session, before };
}
