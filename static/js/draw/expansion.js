/** An entry written out: products in the colours of their kind, long sums folded, every k with its true zeros. */

import { isGradient } from "../geometry/colours.js";
import { exact, factor, full, short } from "../geometry/numbers.js";
import { kind } from "./matrix.js";
import { maths } from "./mathml.js";
import { html } from "./svg.js";

/** @import {Expansion, Share} from "../model/expansion.js" */
/** @import {Factor, Term} from "../model/component.js" */
/** @import {IndexForm} from "../types.js" */

const UNFOLDED = 4; // terms of a long sum
const LISTED = 12; // values of k

/** @param {Factor} f */
export function number(f) {
  return html("span", { class: kind(isGradient(f.quantity), f.value), title: full(f.value) }, [factor(f.value)]);
}

/** @param {Expansion & {kind: "formula" | "sum"}} expansion @param {boolean} gradient @returns {(Node | string)[]} */
export function drawExpansion(expansion, gradient) {
  const result = html("strong", { class: kind(gradient, expansion.total) }, [short(expansion.total)]);
  if (expansion.kind === "formula") {
    const parts = expansion.parts.map((part) => (typeof part === "string" ? part : number(part)));
    return [html("p", { class: "sum", "data-term": exact(expansion.total) }, [...parts, " = ", result])];
  }
  const { terms, counted } = expansion;
  if (terms.length <= UNFOLDED) {
    const line = html("p", { class: "sum" });
    terms.forEach((term, k) => line.append(k ? " + " : "", product(term)));
    line.append(" = ", result);
    return [line];
  }
  const order = [...terms].sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const rows = order.slice(0, UNFOLDED).map((term) => row(term, counted));
  const rest = order.slice(UNFOLDED);
  const together = rest.reduce((sum, term) => sum + term.value, 0);
  const what = counted.includes("n") ? "examples" : "terms";
  const few = rest.length === 1 ? what.slice(0, -1) : what;
  const more = html("details", {}, [html("summary", {}, [`${rest.length} smaller ${few}, together ${short(together)}`]), ...rest.map((term) => row(term, counted))]);
  return [html("p", { class: "of" }, [`largest ${UNFOLDED} of ${terms.length} ${what}`]), ...rows, more, html("p", { class: "sum total" }, [counted.includes("n") ? "Σₙ = " : "sum = ", result])];
}

/** @param {Term} term */
function product(term) {
  const span = html("span", { class: "term", "data-term": exact(term.value) });
  term.factors.forEach((f, k) => span.append(k ? " · " : "", number(f)));
  return span;
}

/** @param {Term} term @param {string[]} counted the letters that are summed over */
function row(term, counted) {
  const label = term.at ? counted.map((letter) => `${letter} = ${(term.at?.[letter] ?? 0) + 1}`).join(", ") : "bias";
  const line = html("div", { class: "row", "data-term": exact(term.value) }, [html("span", { class: "index" }, [label])]);
  const left = html("span", { class: "factors" });
  term.factors.forEach((f, k) => left.append(k ? " · " : "", number(f)));
  line.append(left, html("span", { class: "equals" }, [`= ${short(term.value)}`]));
  return line;
}

/** Every k of the honest sum: the terms that are 0 because z_k does not contain the parameter, and the one that survives. @param {IndexForm} form @param {Share[]} shares @param {number} total @returns {(Node | string)[]} */
export function drawShares(form, shares, total) {
  const rows = shares.map(share);
  const survivor = shares.findIndex(({ survives }) => survives);
  const shown = shares.length <= LISTED ? rows : rows.filter((_, k) => k < LISTED - 1 || k === survivor);
  const rest = rows.filter((line) => !shown.includes(line));
  return [
    html("div", { class: "formula" }, [maths(form.mathml)]),
    ...shown,
    ...(rest.length ? [html("details", {}, [html("summary", {}, [`${rest.length} more ${rest.length === 1 ? "value" : "values"} of k, all 0`]), ...rest])] : []),
    html("p", { class: "sum total" }, ["sum = ", html("strong", { class: kind(true, total) }, [short(total)])]),
    html("div", { class: "formula small" }, [maths(form.local.mathml)]),
    html("p", { class: "why" }, [form.explanation]),
  ];
}

/** @param {Share} share */
function share({ k, terms, survives }) {
  const index = html("span", { class: "index" }, [`k = ${k + 1}`]);
  if (!survives) {
    // In a batch the zeros of every example are alike: one line stands for all.
    const [first] = terms[0].factors;
    const left = terms.length > 1 ? html("span", { class: "factors" }, [`Σₙ ∂ℒ/∂zₙ · 0`]) : html("span", { class: "factors" }, [number(first), " · ", html("span", { class: "num" }, ["0"])]);
    return html("div", { class: "row zero", "data-term": "0" }, [index, left, html("span", { class: "equals" }, ["= 0"])]);
  }
  const lines = terms.map((term, n) => {
    const [known, ...local] = term.factors;
    const rest = local.filter(({ quantity }) => quantity !== "identity");
    const left = html("span", { class: "factors" }, [number(known), ...(rest.length ? rest.flatMap((f) => [" · ", number(f)]) : [" · ", html("span", { class: "num" }, ["1"])])]);
    return html("div", { class: "row survives", "data-term": exact(term.value) }, [n ? html("span", { class: "index" }, [""]) : index, ...(terms.length > 1 ? [html("span", { class: "index" }, [`n = ${n + 1}`])] : []), left, html("span", { class: "equals" }, [`= ${short(term.value)}`])]);
  });
  if (lines.length <= UNFOLDED) return html("div", {}, lines);
  const folded = lines.slice(UNFOLDED);
  return html("div", {}, [...lines.slice(0, UNFOLDED), html("details", {}, [html("summary", {}, [`k = ${k + 1}: ${folded.length} more examples`]), ...folded])]);
}
