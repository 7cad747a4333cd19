/** Presenting: full screen, and the screen kept awake. */

/** @import {Store} from "./model/store.js" */
/** @import {Event, State} from "./model/reduce.js" */

/** @param {Store<State, Event>} store */
export function attachPresenting(store) {
  /** @type {WakeLockSentinel | null} */
  let lock = null;

  /** @param {boolean} on */
  async function keepAwake(on) {
    await lock?.release().catch(() => {});
    lock = on ? ((await navigator.wakeLock?.request("screen").catch(() => null)) ?? null) : null;
  }

  store.subscribe(async ({ presenting }, before) => {
    if (presenting === before.presenting) return;
    if (document.fullscreenElement && !presenting) await document.exitFullscreen().catch(() => {});
    if (presenting) await document.documentElement.requestFullscreen?.().catch(() => {});
    await keepAwake(presenting);
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && store.get().presenting) keepAwake(true); // the lock ends whenever the page is hidden
  });
  document.addEventListener("fullscreenchange", () => {
    if (!document.fullscreenElement && store.get().presenting) store.send({ type: "present", on: false });
  });
}
