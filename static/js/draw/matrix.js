/** Matrices with brackets, live shapes and a button for every number. */

import { exact, full, short } from "../geometry/numbers.js";
import { maths } from "./mathml.js";
import { html } from "./svg.js";

/** @import {Cell, Matrix} from "../model/matrices.js" */

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
      const button = html("button", { type: "button", class: kind(gradient, cell.value) + (cell.mine ? " mine" : ""), tabindex: first ? 0 : -1, "data-quantity": id });
      fill(button, cell);
      first = false;
      return html("td", {}, [button]);
    })),
  );
  return html("table", { class: "matrix", role: "presentation" }, cells);
}

/** @param {HTMLElement} button @param {Cell} cell */
function fill(button, { entry, value, words }) {
  button.dataset.entry = entry.join(",");
  button.dataset.value = exact(value);
  button.title = full(value);
  button.setAttribute("aria-label", `${words}: ${short(value)}`);
  button.textContent = short(value);
}

/** Other numbers in matrices that are drawn, so that focus, scroll and pointer stay where they are; false where they are not the same matrices. @param {Element} root @param {Matrix[]} matrices */
export function refill(root, matrices) {
  const buttons = [.../** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(".matrix button"))];
  const cells = matrices.flatMap(({ id, rows }) => (rows ?? []).flat().flatMap((cell) => (typeof cell === "string" ? [] : [{ id, cell }])));
  if (buttons.length !== cells.length || buttons.some((button, k) => button.dataset.quantity !== cells[k].id)) return false;
  for (const [k, { cell }] of cells.entries()) {
    if (buttons[k].dataset.value === exact(cell.value) && buttons[k].dataset.entry === cell.entry.join(",")) continue;
    fill(buttons[k], cell);
    buttons[k].classList.toggle("neg", cell.value < 0);
    buttons[k].classList.toggle("pos", !(cell.value < 0));
  }
  return true;
}
