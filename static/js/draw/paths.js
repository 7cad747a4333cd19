/** All paths from ℒ to one weight: the product along each, and their sum. */

import { isGradient } from "../geometry/colours.js";
import { factor, full, short, subscript } from "../geometry/numbers.js";
import { kind } from "./matrix.js";
import { html } from "./svg.js";

/** @import {Entry, Path, Paths} from "../types.js" */

const LONG = 12; // factors; more are folded

/** @param {Paths} found @param {number} examples of the batch @returns {Node[]} */
export function drawPaths(found, examples) {
  const { paths, sum, remainder, example } = found;
  const [count, left] = [found.count ?? Infinity, found.left_out ?? Infinity];
  const largest = Math.max(0, ...paths.map(({ product }) => Math.abs(product ?? 0)));
  const where = examples > 1 ? (example === null ? ` through all ${examples} examples` : ` through example ${example + 1}`) : "";
  const total = html("strong", { class: kind(true, sum ?? NaN) }, [short(sum ?? NaN)]);
  return [
    html("p", { class: "of" }, [`${count === 1 ? "the one path" : `${left ? `the ${paths.length} largest of ${many(count)}` : `all ${many(count)}`} paths`} from ℒ${where}`]),
    html("ol", { class: "paths" }, paths.map((path, k) => line(path, k, largest, examples > 1 && example === null))),
    ...(left ? [html("p", { class: "row remainder" }, [html("span", { class: "factors" }, [`the other ${many(left)} paths together`]), html("span", { class: "equals" }, [`= ${short(remainder ?? NaN)}`])])] : []),
    html("p", { class: "sum total" }, ["sum = ", total]),
  ];
}

/** @param {Path} path @param {number} k @param {number} largest @param {boolean} named the example it goes through is said */
function line({ nodes, factors, product, example }, k, largest, named) {
  const bar = html("i", { class: `bar ${(product ?? 0) < 0 ? "neg" : "pos"}` });
  bar.style.width = `${largest > 0 ? (100 * Math.abs(product ?? 0)) / largest : 0}%`;
  const long = factors.length > LONG;
  const told = long ? nodes.filter(({ quantity, entry }, k) => !quantity.startsWith("z") || entry.join() !== nodes[k - 1]?.entry.join()) : nodes; // a unit's z is seen in its a
  const way = `${told.map(node).join(" → ")}${named ? `  (n = ${example + 1})` : ""}`;
  const numbers = factors.flatMap(({ quantity, value }, f) => {
    const x = value ?? NaN;
    return [f ? " · " : "", html("span", { class: kind(isGradient(quantity ?? ""), x), title: full(x) }, [factor(x)])];
  });
  const result = html("strong", { class: kind(true, product ?? NaN) }, [short(product ?? NaN)]);
  return html("li", { class: "path", tabindex: k ? -1 : 0, "data-path": k, "data-product": String(product) }, [
    html("span", { class: "way" }, [way]),
    long ? html("details", {}, [html("summary", {}, [`product of ${factors.length} factors = `, result]), html("span", { class: "factors" }, numbers)]) : html("span", { class: "factors" }, [...numbers, " = ", result]),
    bar,
  ]);
}

/** @param {Entry} node */
function node({ quantity, entry }) {
  const [, letter, layer] = /^([a-zA-Z])(\d+)$/.exec(quantity) ?? [];
  if (!letter) return "ℒ";
  const index = letter === "W" || letter === "b" ? entry : entry.slice(-1);
  return `${letter}${[...layer].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)]).join("")}${subscript(index)}`;
}

/** @param {number} count */
function many(count) {
  return count < 1e6 ? String(count) : count < Infinity ? `about ${short(count)}` : "countless";
}
