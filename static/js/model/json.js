/** JSON that loses no number on its way out and takes no nonsense in. */

/** As JSON.stringify, but −0 stays −0, written as Python writes it. @param {unknown} value @returns {string} */
export function exactly(value) {
  if (Object.is(value, -0)) return "-0.0";
  if (Array.isArray(value)) return `[${value.map(exactly).join()}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${exactly(field)}`).join()}}`;
}

/**
 * As JSON.parse, but numbers beyond float64 are refused, and so is nesting without end, before the parser loses itself in it.
 * @param {string} text @param {number} deepest levels @returns {unknown}
 */
export function strictly(text, deepest) {
  if (depthOf(text) > deepest) throw new SyntaxError(`nested deeper than ${deepest} levels`);
  const value = JSON.parse(text);
  if (!finite(value)) throw new SyntaxError("a number beyond float64");
  return value;
}

/** @param {string} text */
function depthOf(text) {
  let [depth, most, quoted] = [0, 0, false];
  for (let k = 0; k < text.length; k += 1) {
    const letter = text[k];
    if (quoted && letter === "\\") k += 1;
    else if (letter === '"') quoted = !quoted;
    else if (!quoted && (letter === "[" || letter === "{")) most = Math.max(most, (depth += 1));
    else if (!quoted && (letter === "]" || letter === "}")) depth -= 1;
  }
  return most;
}

/** 1e999 is read as Infinity. @param {unknown} value @returns {boolean} */
function finite(value) {
  if (typeof value === "number") return Number.isFinite(value);
  return value === null || typeof value !== "object" || Object.values(value).every(finite);
}
