/** The clock of the page: runs the animation of a step and, while playing, takes the next. */

import { along } from "./walk.js";

/** @import {Store} from "./store.js" */
/** @import {Event, State} from "./reduce.js" */

const STEP_MS = 1500;
const REST_MS = 650;

/**
 * @param {Store<State, Event>} store
 * @param {(t: number, running: boolean) => void} frame called with how far the animation is, 0 to 1, on every frame; once with running = false at its end
 * @param {() => boolean} calm whether motion is to be left out
 */
export function createPlayback(store, frame, calm) {
  let request = 0;
  let began = 0;
  let spent = 0; // of the animation, at speed 1
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let rest;

  /** @param {number} now */
  function tick(now) {
    const { moving, speed } = store.get();
    if (moving === null) return;
    spent += Math.min(100, now - began) * speed;
    began = now;
    if (spent >= STEP_MS) {
      store.send({ type: "landed" });
      return;
    }
    frame(spent / STEP_MS, true);
    request = requestAnimationFrame(tick);
  }

  function next() {
    const { cursor, trace, playing } = store.get();
    if (!playing) return;
    const step = Math.min(along(store.get(), 1), trace.steps.length);
    if (step === cursor) store.send({ type: "pause" });
    else store.send({ type: "go", step, animate: !calm() });
  }

  store.subscribe((state, before) => {
    if (state.moving !== before.moving || (state.moving !== null && state.cursor !== before.cursor)) {
      cancelAnimationFrame(request);
      spent = 0;
      began = performance.now();
      if (state.moving === null) frame(1, false);
      else request = requestAnimationFrame(tick);
    }
    if (state.playing && state.moving === null && (state.cursor !== before.cursor || before.moving !== null || !before.playing)) {
      clearTimeout(rest);
      const pause = before.playing ? (calm() ? STEP_MS : REST_MS) : 0;
      rest = setTimeout(next, pause / state.speed);
    }
    if (!state.playing) clearTimeout(rest);
  });
}
