/** Where a grid of numbers crosses a level: one short line in every cell that it passes (marching squares). */

/**
 * @param {number[][]} rows @param {number} level
 * @param {(x0: number, y0: number, x1: number, y1: number) => void} line in columns and rows of the grid
 */
export function contour(rows, level, line) {
  const between = (/** @type {number} */ a, /** @type {number} */ b) => (level - a) / (b - a);
  for (let y = 0; y + 1 < rows.length; y += 1) {
    const [lower, upper] = [rows[y], rows[y + 1]];
    for (let x = 0; x + 1 < lower.length; x += 1) {
      const [a, b, c, d] = [lower[x], lower[x + 1], upper[x + 1], upper[x]]; // around the cell
      const sides = Number(a > level !== b > level) + 2 * Number(b > level !== c > level) + 4 * Number(c > level !== d > level) + 8 * Number(d > level !== a > level);
      if (sides === 0) continue;
      const [bottom, right, top, left] = [
        [x + between(a, b), y],
        [x + 1, y + between(b, c)],
        [x + between(d, c), y + 1],
        [x, y + between(a, d)],
      ];
      const crossed = [bottom, right, top, left].filter((_, k) => sides & (1 << k));
      const pairs = crossed.length === 2 ? [crossed] : (a > level) === ((a + b + c + d) / 4 > level) ? [[bottom, right], [left, top]] : [[bottom, left], [right, top]];
      for (const [[x0, y0], [x1, y1]] of pairs) line(x0, y0, x1, y1);
    }
  }
}
