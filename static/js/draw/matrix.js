/** A step with its numbers: operands and result as matrices with live shapes. */

import { exact, full, short } from "../geometry/numbers.js";
import { arrange, isEinsum } from "../model/component.js";
import { inWords, isGradient, numberAt, symbolOf } from "../model/trace.js";
import { maths } from "./mathml.js";
import { html } from "./svg.js";

/** @import {State} from "../model/reduce.js" */
/** @import {Trace} from "../model/trace.js" */
/** @import {Step} from "../types.js" */

const ROWS = 5; // of a matrix shown at once
const COLUMNS = 4;

/** The classes of a number's colour. @param {string} quantity @param {number | undefined} x */
export function kind(quantity, x) {
  return `num ${isGradient(quantity) ? "gradient" : "value"} ${x !== undefined && x < 0 ? "neg" : "pos"}`;
}

/** @param {Step} step @param {State} state */
export function matrices(step, state) {
  const { rule } = step;
  const { trace } = state;
  const line = html("div", { class: "matrices" });
  if (!isEinsum(rule)) {
    const result = matrix(trace, step.id, state, {});
    rule.operands.forEach((id, k) => line.append(group(k ? "," : "", matrix(trace, id, state, {}))));
    line.append(group("↦", result));
    return line;
  }
  const shapes = arrange(rule);
  if (!shapes) {
    line.append(group(trace.examples > 1 ? "Σₙ" : "", matrix(trace, rule.operands[0], state, {})));
  } else {
    const { left, right, elementwise, stacked } = shapes;
    line.append(group("", matrix(trace, left.operand, state, { transposed: left.transposed, stacked })), group(elementwise ? "⊙" : "·", matrix(trace, right.operand, state, { transposed: right.transposed, stacked })));
  }
  if (rule.add) line.append(group("+", matrix(trace, rule.add, state, {})));
  line.append(group("=", matrix(trace, step.id, state, { stacked: shapes?.stacked })));
  return line;
}

/** An operator stays with the matrix after it. @param {string} sign @param {HTMLElement} operand */
function group(sign, operand) {
  return html("div", { class: "operand" }, [...(sign ? [html("span", { class: "op" }, [sign])] : []), operand]);
}

/** @param {Trace} trace @param {string} id @param {State} state @param {{transposed?: boolean, stacked?: boolean}} how stacked: one example alone, because the other operand is its Jacobian */
function matrix(trace, id, state, { transposed = false, stacked = false }) {
  const q = trace.quantities.get(id);
  const holder = html("figure", { class: `matrix-holder ${isGradient(id) ? "gradient" : "value"}` });
  if (!q) return holder;
  if (q.data === null) {
    holder.append(html("div", { class: "brackets absent" }, ["too large to send"]), caption(trace, id, q.shape.join("×"), transposed));
    return holder;
  }
  const n = Math.max(0, state.example);
  const dims = q.shape.length;
  const stackedHere = stacked && dims >= 2;
  const [rows, columns] = dims === 0 ? [1, 1] : dims === 1 ? [1, q.shape[0]] : stackedHere ? (dims === 3 ? [q.shape[1], q.shape[2]] : [1, q.shape[1]]) : [q.shape[0], q.shape[1]];
  /** @param {number} r @param {number} c */
  const at = (r, c) => (dims === 0 ? [] : dims === 1 ? [c] : dims === 3 ? [n, r, c] : stackedHere ? [n, c] : [r, c]);
  const [high, wide] = transposed ? [columns, rows] : [rows, columns];
  const focus = state.pinned?.quantity === id ? state.pinned.entry : q.axes[0] === "example" && dims === 2 && !stackedHere ? (transposed ? [0, n] : [n, 0]) : [0, 0];
  const [shownRows, shownColumns] = [crop(high, ROWS, focus[focus.length - 2] ?? 0), crop(wide, COLUMNS, focus[focus.length - 1] ?? 0)];
  const table = html("table", { class: "matrix", role: "presentation" });
  for (const r of shownRows) {
    const tr = html("tr");
    for (const c of shownColumns) {
      const entry = transposed ? at(c, r) : at(r, c);
      const x = numberAt(trace, id, entry);
      if (r < 0 || c < 0 || x === undefined) {
        tr.append(html("td", {}, [r < 0 && c < 0 ? "⋱" : r < 0 ? "⋮" : "…"]));
        continue;
      }
      const button = html("button", { type: "button", class: kind(id, x), tabindex: table.querySelector("button") || tr.querySelector("button") ? -1 : 0, "data-quantity": id, "data-entry": entry.join(","), "data-value": exact(x), title: full(x), "aria-label": `${inWords({ quantity: id, entry }, trace)}: ${short(x)}` }, [short(x)]);
      if (dims === 2 && q.axes[0] === "example" && !stackedHere && trace.examples > 1 && entry[0] === n) button.classList.add("mine");
      tr.append(html("td", {}, [button]));
    }
    table.append(tr);
  }
  holder.append(html("div", { class: "brackets" }, [table]), caption(trace, id, `${high}×${wide}`, transposed));
  return holder;
}

/** A matrix's symbol and live shape. @param {Trace} trace @param {string} id @param {string} shape @param {boolean} transposed */
function caption(trace, id, shape, transposed) {
  return html("figcaption", {}, [maths(symbolOf(trace, id).mathml), ...(transposed ? [html("sup", {}, ["T"])] : []), html("span", { class: "shape" }, [shape])]);
}

/** Indices to show of so many: all, or a window around the one in focus with −1 for what is left out. @param {number} count @param {number} most @param {number} focus */
function crop(count, most, focus) {
  if (count <= most) return Array.from({ length: count }, (_, k) => k);
  const from = Math.max(0, Math.min(count - (most - 1), focus - Math.floor((most - 1) / 2)));
  const window = Array.from({ length: most - 1 }, (_, k) => from + k);
  return [...(from > 0 ? [-1] : []), ...(from > 0 ? window.slice(1) : window), ...(from + most - 1 < count ? [-1] : [])];
}
