/** Numbers as people type them: 0.5, 0,5, 1/2, 2e-3, with a minus of either kind. */

export const ACCEPTED = "A number: 0.5, 0,5, 1/2 or 2e-3.";
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** @param {string} text @returns {number | null} null where it is no number */
export function read(text) {
  const parts = text.trim().replaceAll("−", "-").replaceAll(",", ".").split("/").map((part) => part.trim());
  if (parts.length > 2 || !parts.every((part) => NUMBER.test(part))) return null;
  const [over, under = 1] = parts.map(Number);
  const value = over / under;
  return Number.isFinite(value) ? value : null;
}

/** A number as it stands in a field: every digit, with the minus that keyboards have. @param {number} x */
export function typed(x) {
  return String(x);
}

/**
 * A number moved by so many steps, on the grid of the step: a hundredth of its power of ten or of 1, ten times that with Shift, a tenth with Alt.
 * @param {number} x @param {number} by @param {{shiftKey: boolean, altKey: boolean}} keys
 */
export function nudged(x, by, { shiftKey, altKey }) {
  if (by === 0) return x;
  const power = Math.max(0, Math.floor(Math.log10(Math.abs(x) || 1)));
  const exponent = power - 2 + (shiftKey ? 1 : 0) - (altKey ? 1 : 0);
  const steps = Math.round(x * 10 ** -exponent) + by;
  return Number(`${steps}e${exponent}`);
}
