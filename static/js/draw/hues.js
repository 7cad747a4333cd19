/** The colours of the style sheet as numbers, for what is painted pixel by pixel. */

const CLASSES = 10;

/** @typedef {{paper: number[], panel: number[], ink: number[], soft: number[], pos: number[], neg: number[], gradient: number[], classes: number[][]}} Hues */

/** @param {Element} root @returns {Hues} */
export function huesOf(root) {
  const style = getComputedStyle(root);
  const css = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const rgb = (/** @type {string} */ name) => (css(name).match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
  return { paper: rgb("--strip"), panel: rgb("--panel"), ink: rgb("--ink"), soft: rgb("--soft"), gradient: rgb("--grad-pos"), pos: rgb("--value-pos"), neg: rgb("--value-neg"), classes: Array.from({ length: CLASSES }, (_, k) => rgb(`--class-${k}`)) };
}

/** The colour of a class where there are so many: two are orange and blue, as the numbers 0 and 1 that stand for them. @param {Hues} hues @param {number} index @param {number} count */
export function hueOf({ neg, pos, classes }, index, count) {
  return count <= 2 ? [neg, pos][index] : classes[index % classes.length];
}

/** @param {number[]} rgb */
export function css(rgb) {
  return `rgb(${rgb.map(Math.round).join()})`;
}

/** @param {number[]} from @param {number[]} to @param {number} t */
export function between(from, to, t) {
  return from.map((c, k) => c + (to[k] - c) * t);
}
