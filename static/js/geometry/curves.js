/** Curves as path strings, and where one is along them. */

/**
 * @typedef {{x: number, y: number}} Point
 * @typedef {{d: string, at: (t: number) => Point}} Curve
 */

/** A smooth way from p to q, level at both ends. @param {Point} p @param {Point} q @returns {Curve} */
export function bend(p, q) {
  const middle = (p.x + q.x) / 2;
  return {
    d: `M${p.x} ${p.y}C${middle} ${p.y} ${middle} ${q.y} ${q.x} ${q.y}`,
    at: (t) => {
      const s = 1 - t;
      const [b0, b1, b2, b3] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
      return { x: b0 * p.x + (b1 + b2) * middle + b3 * q.x, y: (b0 + b1) * p.y + (b2 + b3) * q.y };
    },
  };
}

/** @param {Point} p @param {Point} q @returns {Curve} */
export function line(p, q) {
  return { d: `M${p.x} ${p.y}L${q.x} ${q.y}`, at: (t) => ({ x: p.x + (q.x - p.x) * t, y: p.y + (q.y - p.y) * t }) };
}

/** Curves one after the other; each takes its share of the time. @param {Curve[]} curves @param {number[]} shares @returns {Curve} */
export function join(curves, shares) {
  return {
    d: curves.map((curve, k) => (k ? curve.d.replace(/^M[^CL]*/, "") : curve.d)).join(""),
    at: (t) => {
      let from = 0;
      for (let k = 0; k < curves.length; k += 1) {
        if (t <= from + shares[k] || k === curves.length - 1) return curves[k].at(Math.min(1, Math.max(0, (t - from) / shares[k])));
        from += shares[k];
      }
      return curves[0].at(0);
    },
  };
}

/** Slow at both ends. @param {number} t */
export function ease(t) {
  return t < 0.5 ? 4 * t * t * t : 1 - (-2 * t + 2) ** 3 / 2;
}

/** Where t lies between two moments, from 0 to 1. @param {number} t @param {number} from @param {number} to */
export function between(t, from, to) {
  return Math.min(1, Math.max(0, (t - from) / (to - from)));
}

/** How much of a picture is filled at a moment of its step's animation; its numbers have landed before the end. @param {number} t */
export function sweepAt(t) {
  return between(t, 0.06, 0.8);
}
