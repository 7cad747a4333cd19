/** Axes of charts that grow: ends that are round numbers, so that they seldom change, and where a number is along them. */

/** @typedef {{low: number, high: number, log: boolean}} Axis on a logarithmic one, low and high are powers of ten */

const SAMPLED = 200; // numbers of a line that tell where it usually is
const LATELY = 20; // of its newest ones
const ROUND = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
const COARSE = [1, 2, 5, 10];

/** The next round number from here on up. @param {number} x positive @param {number[]} [round] those between 1 and 10 */
export function roundUp(x, round = ROUND) {
  const power = 10 ** Math.floor(Math.log10(x));
  const found = round.find((it) => it * power >= x * (1 - 1e-12)) ?? 10;
  return Number((found * power).toPrecision(3));
}

/** From 0 to what holds the largest. @param {number} largest @returns {Axis} */
export function fromZero(largest) {
  return { low: 0, high: largest > 0 && Number.isFinite(largest) ? roundUp(largest) : 1, log: false };
}

/** Epochs from 0 on: they grow fast at first, so their end moves in large steps. @param {number} epochs */
export function epochAxis(epochs) {
  return { low: 0, high: roundUp(Math.max(1, epochs), COARSE), log: false };
}

/** As far to the left as to the right, where there is something on both sides. @param {number} low @param {number} high @returns {Axis} */
export function aroundZero(low, high) {
  const reach = Math.max(Math.abs(low), Math.abs(high));
  const end = reach > 0 && Number.isFinite(reach) ? roundUp(reach) : 1;
  return { low: low < 0 ? -end : 0, high: high > 0 || low >= 0 ? end : 0, log: false };
}

/** Whole powers of ten, at least one of them. @param {Iterable<number | null>} numbers those that are not positive have no place @returns {Axis} */
export function decades(numbers) {
  let [least, most] = [Infinity, -Infinity];
  for (const x of numbers) {
    if (x === null || !(x > 0) || x === Infinity) continue;
    if (x < least) least = x;
    if (x > most) most = x;
  }
  if (least === Infinity) return { low: -1, high: 0, log: true };
  const low = Math.floor(Math.log10(least));
  return { low, high: Math.max(low + 1, Math.ceil(Math.log10(most))), log: true };
}

/** The share of the way from the axis' beginning; NaN where the number has no place on it. @param {Axis} axis @param {number | null} x */
export function along({ low, high, log }, x) {
  return x === null ? NaN : ((log ? Math.log10(x) : x) - low) / (high - low);
}

/** The least of a line but for a tenth of its numbers, unless it has come to stay there: what is over at once needs no room. Infinity where nothing is positive. @param {(number | null)[]} line */
export function usualLeast(line) {
  const every = Math.ceil(line.length / SAMPLED);
  const part = (/** @type {(number | null)[]} */ numbers, /** @type {number} */ share) => {
    const sorted = Float64Array.from(numbers.map(Number).filter((x) => x > 0)).sort();
    return sorted[Math.floor(share * sorted.length)] ?? Infinity;
  };
  return Math.min(part(line.filter((_, k) => k % every === 0), 0.1), part(line.slice(-LATELY), 0.5));
}

/** The axis as it was, while what it has to hold fills at least this share of it: ends that flutter help nobody. @param {Axis | null} before @param {Axis} wanted @param {number} [share] */
export function steady(before, wanted, share = 0.45) {
  if (!before || before.log !== wanted.log) return wanted;
  const holds = (/** @type {number} */ was, /** @type {number} */ now) => Math.abs(now) <= Math.abs(was) && Math.abs(now) >= share * Math.abs(was) && (was === 0) === (now === 0);
  return holds(before.low, wanted.low) && holds(before.high, wanted.high) ? before : wanted;
}
