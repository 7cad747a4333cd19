/**
 * How strongly a number is coloured, from 0 to 1. Two scales that are never mixed: values by size, gradients by order of magnitude.
 * The hue is the style sheet's: positive and negative, value and gradient are classes.
 */

export const GRADIENT_DECADES = 5;

/** @param {number} x @param {number} largest of the whole trace */
export function valueStrength(x, largest) {
  if (!Number.isFinite(x)) return 1;
  return largest > 0 ? Math.sqrt(Math.min(1, Math.abs(x) / largest)) : 0;
}

/** Logarithmic over five decades, the same for a whole trace, so that steps can be compared. @param {number} x @param {number} largest */
export function gradientStrength(x, largest) {
  if (!Number.isFinite(x)) return 1;
  const size = Math.abs(x);
  if (!(size > 0) || !(largest > 0)) return 0;
  return Math.max(0.04, Math.min(1, 1 + Math.log10(size / largest) / GRADIENT_DECADES));
}

/** How an edge among many is drawn: only the strong ones are to be seen. @param {number} strength */
export function thread(strength) {
  return { width: 0.4 + 2.4 * strength * strength, opacity: 0.05 + 0.5 * strength ** 3 };
}

/** pos, neg, zero, or odd for what is no finite number. @param {number} x */
export function sign(x) {
  if (!Number.isFinite(x)) return "odd";
  return x > 0 ? "pos" : x < 0 ? "neg" : "zero";
}

/** Gradients have a scale of their own: whether a quantity is one. @param {string} id */
export function isGradient(id) {
  return /^d[azWb]\d/.test(id);
}
