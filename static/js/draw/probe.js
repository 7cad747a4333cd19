/** One number moved by ±ε: ℒ on both sides, the quotient beside the gradient, and how their difference depends on ε. */

import { full, short } from "../geometry/numbers.js";
import { html, svg } from "./svg.js";

/** @import {Probe} from "../types.js" */

const W = 320;
const H = 118;
const PAD = { left: 44, right: 10, top: 10, bottom: 30 };

/** @param {Probe} probe @param {string} name of the number, plain @returns {Node[]} */
export function drawProbe(probe, name) {
  const rows = [
    [`ℒ(${name} + ε)`, probe.loss_plus],
    [`ℒ(${name} − ε)`, probe.loss_minus],
    ["(ℒ₊ − ℒ₋) / 2ε", probe.quotient],
    ["gradient", probe.gradient],
    ["difference", probe.difference],
  ];
  const table = html("dl", { class: "probe" }, rows.flatMap(([label, x], k) => [html("dt", { class: k === 4 ? "last" : "" }, [String(label)]), html("dd", { class: `num${k > 1 ? " strong" : ""}`, title: say(x) }, [k === 4 && typeof x === "number" ? short(Math.abs(x)) : say(x)])]));
  return [table, chart(probe)];
}

/** @param {unknown} x */
function say(x) {
  return typeof x === "number" ? full(x) : "not finite";
}

/** |difference| over ε, both by their powers of ten. @param {Probe} probe */
function chart({ sweep, epsilon }) {
  const seen = sweep.filter(({ difference }) => difference !== null && difference !== 0).map((it) => ({ e: Math.log10(it.epsilon), d: Math.log10(Math.abs(it.difference ?? 1)) }));
  const [low, high] = [Math.floor(Math.min(-12, ...seen.map(({ d }) => d))), Math.ceil(Math.max(-4, ...seen.map(({ d }) => d)))];
  const [from, to] = [Math.log10(sweep[sweep.length - 1]?.epsilon ?? 1e-12), Math.log10(sweep[0]?.epsilon ?? 0.1)];
  const x = (/** @type {number} */ e) => PAD.left + ((e - Math.min(from, to)) / Math.max(1e-9, Math.abs(to - from))) * (W - PAD.left - PAD.right);
  const y = (/** @type {number} */ d) => PAD.top + ((high - d) / (high - low)) * (H - PAD.top - PAD.bottom);
  const now = sweep.find((it) => Math.abs(Math.log10(it.epsilon / epsilon)) < 1e-6);
  const picture = svg("svg", { class: "sweep", viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": "How far the quotient is from the gradient, for every ε: large ε errs by truncation, small ε by rounding" });
  for (const power of [low, Math.round((low + high) / 2), high]) picture.append(svg("path", { class: "grid", d: `M${PAD.left} ${y(power)}H${W - PAD.right}` }), svg("text", { x: PAD.left - 6, y: y(power) + 4, "text-anchor": "end" }, [tenTo(power)]));
  for (let power = Math.ceil(Math.min(from, to)); power <= Math.max(from, to); power += 3) picture.append(svg("text", { x: x(power), y: H - 14, "text-anchor": "middle" }, [tenTo(power)]));
  picture.append(svg("path", { class: "line", d: seen.map(({ e, d }, k) => `${k ? "L" : "M"}${x(e).toFixed(1)} ${y(d).toFixed(1)}`).join("") }));
  if (now) picture.append(svg("path", { class: "cursor", d: `M${x(Math.log10(now.epsilon))} ${PAD.top}V${H - PAD.bottom}` }));
  for (const { e, d } of seen) picture.append(svg("circle", { class: now && Math.abs(e - Math.log10(now.epsilon)) < 1e-6 ? "point now" : "point", cx: x(e).toFixed(1), cy: y(d).toFixed(1), r: now && Math.abs(e - Math.log10(now.epsilon)) < 1e-6 ? 4.5 : 2 }));
  picture.append(
    svg("text", { class: "axis", x: PAD.left, y: H - 1 }, ["← rounding"]),
    svg("text", { class: "axis", x: (W + PAD.left - PAD.right) / 2, y: H - 1, "text-anchor": "middle" }, ["ε"]),
    svg("text", { class: "axis", x: W - PAD.right, y: H - 1, "text-anchor": "end" }, ["truncation →"]),
  );
  return picture;
}

/** @param {number} power */
function tenTo(power) {
  return `10${[...String(power)].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)])).join("")}`;
}
