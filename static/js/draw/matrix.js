/** Matrices with brackets, live shapes and a button for every number. */

import { exact, full, short } from "../geometry/numbers.js";
import { maths } from "./mathml.js";
import { html } from "./svg.js";

/** @import {Matrix} from "../model/matrices.js" */

/** The classes of a number's colour. @param {boolean} gradient @param {number} x */
export function kind(gradient, x) {
  return `num ${gradient ? "gradient" : "value"} ${x < 0 ? "neg" : "pos"}`;
}

/** @param {Matrix[]} matrices */
export function drawMatrices(matrices) {
  return html("div", { class: "matrices" }, matrices.map(operand));
}

/** An operator stays with the matrix after it. @param {Matrix} matrix */
function operand(matrix) {
  const { sign, symbol, transposed, shape, rows } = matrix;
  const caption = html("figcaption", {}, [maths(symbol), ...(transposed ? [html("sup", {}, ["T"])] : []), html("span", { class: "shape" }, [shape])]);
  const body = rows ? html("div", { class: "brackets" }, [table(matrix, rows)]) : html("div", { class: "brackets absent" }, [html("button", { type: "button", class: "tab", "data-fetch": matrix.id }, [`fetch ${shape}`])]);
  return html("div", { class: "operand" }, [...(sign ? [html("span", { class: "op" }, [sign])] : []), html("figure", { class: "matrix-holder" }, [body, caption])]);
}

/** @param {Matrix} matrix @param {NonNullable<Matrix["rows"]>} rows */
function table({ id, gradient }, rows) {
  let first = true; // the one tab stop of a matrix
  const cells = rows.map((row) =>
    html("tr", {}, row.map((cell) => {
      if (typeof cell === "string") return html("td", {}, [cell]);
      const { entry, value, words, mine } = cell;
      const data = { "data-quantity": id, "data-entry": entry.join(","), "data-value": exact(value) };
      const button = html("button", { type: "button", class: kind(gradient, value) + (mine ? " mine" : ""), tabindex: first ? 0 : -1, ...data, title: full(value), "aria-label": `${words}: ${short(value)}` }, [short(value)]);
      first = false;
      return html("td", {}, [button]);
    })),
  );
  return html("table", { class: "matrix", role: "presentation" }, cells);
}
