/** Numbers as the page writes them: four significant digits, scientific outside 10⁻³ … 10⁵, a true minus sign. */

const MINUS = "−";
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * @param {number} x
 * @param {{signed?: boolean, digits?: number}} [options] signed: a plus before positive numbers
 */
export function short(x, { signed = false, digits: significant = 4 } = {}) {
  if (Number.isNaN(x)) return "NaN";
  const sign = x < 0 ? MINUS : signed && x > 0 ? "+" : "";
  const size = Math.abs(x);
  if (size === Infinity) return `${sign}∞`;
  if (size === 0) return "0";
  const digits = size.toPrecision(significant);
  if (Number(digits) >= 1e5 || size < 1e-3) return sign + scientific(size, significant);
  return sign + (digits.includes("e") ? String(Number(digits)) : digits); // from 10⁴ on toPrecision turns scientific
}

/** @param {number} size @param {number} significant */
function scientific(size, significant) {
  const [mantissa, exponent] = size.toExponential(significant - 1).split("e");
  const power = [...exponent.replace("+", "")].map((c) => (c === "-" ? "⁻" : SUPERSCRIPTS[Number(c)])).join("");
  return `${mantissa}·10${power}`;
}

/** Full precision, for hovering, copying and data attributes. @param {number} x */
export function exact(x) {
  return String(x);
}

/** Full precision with a true minus sign, to be read. @param {number} x */
export function full(x) {
  return String(x).replaceAll("-", MINUS).replace("Infinity", "∞");
}

/** A factor inside a sum or product: negative numbers in brackets. @param {number} x */
export function factor(x) {
  return x < 0 ? `(${short(x)})` : short(x);
}

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";

/** Indices as people count them, from 1, in subscript digits. @param {number[]} entry */
export function subscript(entry) {
  return entry.map((i) => [...String(i + 1)].map((c) => SUBSCRIPTS[Number(c)]).join("")).join(",");
}
