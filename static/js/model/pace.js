/** How fast a training goes: how fast it is to go, and what happened between the oldest and the newest report of the last second. */

/** @typedef {{at: number, epochs: number, updates: number}} Moment `at` in ms */
/** @typedef {{epochs: number, updates: number}} Pace a second */

/** Epochs a second that can be chosen; null: as many as there can be. @type {(number | null)[]} */
export const SPEEDS = [1, 3, 10, 30, 100, 300, null];
const WATCHED = 20; // seconds in which the epochs of a scenario are worth watching
const SEEN = 30; // reports a second
const WINDOW = 1000; // ms

/** The speed at which so many epochs take about as long as one likes to watch. @param {number} epochs @returns {number | null} */
export function usualSpeed(epochs) {
  const wanted = epochs / WATCHED;
  return SPEEDS.find((speed) => speed === null || wanted <= speed * Math.sqrt(10 / 3)) ?? null;
}

/** Which epochs are to be told of, and ms from one to the next. @param {number | null} speed */
export function pacing(speed) {
  if (speed === null) return { every: null, wait: 0 };
  const every = Math.ceil(speed / SEEN);
  return { every, wait: (1000 * every) / speed };
}

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
