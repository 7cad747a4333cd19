/** Numbers as people type them: 0.5, 0,5, 1/2, 2e-3, with a minus of either kind. */

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** @param {string} text @returns {number | null} null where it is no number */
export function read(text) {
  const parts = text.trim().replaceAll("−", "-").replaceAll(",", ".").split("/").map((part) => part.trim());
  if (parts.length > 2 || !parts.every((part) => NUMBER.test(part))) return null;
  const [over, under = 1] = parts.map(Number);
  const value = over / under;
  return Number.isFinite(value) ? value : null;
}
