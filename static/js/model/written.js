/** A quantity written down whole, with all its digits: as CSV, in LaTeX, for numpy. An example is a row, as in the API. */

/** @import {Quantity} from "../types.js" */
/** @typedef {Pick<Quantity, "shape" | "data">} Whole */

const WIDEST = 10; // columns that amsmath's matrices have unless told otherwise

/** A row of numbers a line; of a stack of Jacobians one matrix after the other, an empty line between them. @param {Whole} q */
export function csv(q) {
  return `${matrices(q).map((rows) => rows.map((row) => row.map(digits).join(",")).join("\n")).join("\n\n")}\n`;
}

/** A matrix in brackets; a number alone where it is one. @param {Whole} q */
export function latex(q) {
  const [columns] = q.shape.slice(-1);
  const room = q.shape.length && columns > WIDEST ? `\\setcounter{MaxMatrixCols}{${columns}}\n` : "";
  const written = matrices(q).map((rows) => rows.map((row) => row.map(inLatex).join(" & ")));
  return room + (q.shape.length ? written.map((rows) => `\\begin{bmatrix}\n${rows.join(" \\\\\n")}\n\\end{bmatrix}`).join(",\\quad\n") : written[0][0]);
}

/** A statement that makes the array. @param {string} id @param {Whole} q */
export function numpy(id, q) {
  return `${id} = np.array(${nested(q.data, "")})`;
}

/** A quantity's name as plain text: ∂ℒ/∂W[1]. @param {string} id */
export function plain(id) {
  const [, d, letter, layer, rest] = /^(d?)([aWbzg])(\d+)(\w*)$/.exec(id) ?? [];
  if (!letter) return id === "loss" ? "ℒ" : id;
  const name = letter === "g" ? `∂a[${layer}]/∂z[${layer}]` : `${letter}[${layer}]`;
  return `${d ? `∂ℒ/∂${name}` : name}${rest.replaceAll("_", " ")}`;
}

/** What a quantity holds as matrices, one unless it is a stack of them. @param {Whole} q @returns {number[][][]} */
function matrices({ shape, data }) {
  const all = /** @type {any} */ (data);
  return shape.length === 3 ? all : shape.length === 2 ? [all] : shape.length === 1 ? [[all]] : [[[all]]];
}

/** As few digits as read back to the same number. @param {number} x */
function digits(x) {
  return Object.is(x, -0) ? "-0" : String(x);
}

/** @param {number} x */
function inLatex(x) {
  if (Number.isNaN(x)) return "\\text{NaN}";
  if (!Number.isFinite(x)) return x > 0 ? "\\infty" : "-\\infty";
  const [head, exponent] = digits(x).split("e");
  return exponent ? `${head} \\cdot 10^{${Number(exponent)}}` : head;
}

/** Nested lists of floats, a row a line. @param {any} data @param {string} indent @returns {string} */
function nested(data, indent) {
  if (!Array.isArray(data)) return float(data);
  if (!Array.isArray(data[0])) return `[${data.map(float).join(", ")}]`;
  const within = `${indent}    `;
  return `[\n${data.map((item) => `${within}${nested(item, within)},\n`).join("")}${indent}]`;
}

/** Whole numbers too are floats. @param {number} x */
function float(x) {
  const text = Number.isNaN(x) ? "np.nan" : Number.isFinite(x) ? digits(x) : x > 0 ? "np.inf" : "-np.inf";
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}
