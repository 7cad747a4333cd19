/** How fast a training goes: what happened between the oldest and the newest report of the last second. */

/** @typedef {{at: number, epochs: number, updates: number}} Moment `at` in ms */
/** @typedef {{epochs: number, updates: number}} Pace a second */

const WINDOW = 1000; // ms

/** @param {Moment[]} moments @param {Moment} now @returns {Moment[]} */
export function noted(moments, now) {
  const recent = moments.findIndex(({ at }) => now.at - at <= WINDOW);
  return [...(recent < 0 ? moments.slice(-1) : moments.slice(recent)), now];
}

/** Null while there is too little to tell. @param {Moment[]} moments @returns {Pace | null} */
export function paceOf(moments) {
  const [first, last] = [moments[0], moments.at(-1)];
  if (!first || !last || last.at <= first.at) return null;
  const seconds = (last.at - first.at) / 1000;
  return { epochs: (last.epochs - first.epochs) / seconds, updates: (last.updates - first.updates) / seconds };
}
