/** What a training has said of itself over time, kept short: at most so many points, evenly apart, and the newest always. */

/**
 * @typedef {object} Point
 * @property {number} x epochs, the running one by its share
 * @property {number | null} loss
 * @property {number | null} test_loss
 * @property {Record<string, number | null>} rms of ∂ℒ/∂z of every layer
 *
 * @typedef {{points: Point[], gap: number}} Curve `gap`: how far apart they are at least
 */

export const MOST = 2000;

/** @type {Curve} */
export const EMPTY = { points: [], gap: 0 };

/** The curve with one more point at its end; one at the same place is told again, as by an end, and gives way. @param {Curve} curve @param {Point} point @returns {Curve} */
export function extended({ points, gap }, point) {
  const next = [...(points.at(-1)?.x === point.x ? points.slice(0, -1) : thinned(points, gap)), point];
  if (next.length <= MOST) return { points: next, gap };
  const wider = (2 * (point.x - points[0].x)) / MOST;
  const spread = next.filter(spaced(wider));
  return { points: spread.at(-1) === point ? spread : [...spread, point], gap: wider };
}

/** All but the last where that came too soon after the one before it: it was there for being the newest. @param {Point[]} points @param {number} gap */
function thinned(points, gap) {
  const n = points.length;
  return n > 1 && points[n - 1].x - points[n - 2].x < gap ? points.slice(0, -1) : points;
}

/** @param {number} gap */
function spaced(gap) {
  let from = -Infinity;
  return (/** @type {Point} */ { x }) => {
    if (x - from < gap) return false;
    from = x;
    return true;
  };
}

/** Epochs with the share of the running one. @param {{position: {epoch: number, batch: number}}} report @param {number} updatesPerEpoch */
export function epochsOf({ position }, updatesPerEpoch) {
  return position.epoch + position.batch / updatesPerEpoch;
}
