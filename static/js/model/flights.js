/** What moves in a step of boxes or dots: dots along curves, each with the number it carries, and rings where they land. */

import { bend, join, line } from "../geometry/curves.js";
import { columnsOf, edge, half, labelAt, port } from "../geometry/edges.js";
import { expand, isEinsum } from "./component.js";
import { carriedIn } from "./operands.js";
import { mixes, readersOf } from "./trace.js";

/** @import {Curve, Point} from "../geometry/curves.js" */
/** @import {Box, Column, Layout} from "../geometry/columns.js" */
/** @import {State} from "./reduce.js" */
/** @import {Step} from "../types.js" */

/**
 * @typedef {{at: Point, value: number, gradient: boolean, from: number, to: number}} Saying a contribution written where its dot was multiplied
 * @typedef {{curve: Pick<Curve, "at">, from: number, to: number, value: number, gradient: boolean, becomes?: number, turnsAt?: number}} Flight
 * @typedef {{at: Point, when: number, r: number}} Pulse
 */

/** @param {Step} step @param {Pick<State, "trace" | "example">} state @param {Layout} layout @returns {{flights: Flight[], pulses: Pulse[], sayings: Saying[]}} */
export function flightsOf(step, { trace, example }, layout) {
  const n = Math.max(0, example);
  const l = step.layer;
  const { before, z, a } = columnsOf(layout, l);
  const sizes = trace.start.layer_sizes;
  /** @type {Flight[]} */
  const flights = [];
  /** @type {Pulse[]} */
  const pulses = [];
  /** @type {Saying[]} */
  const sayings = [];
  const { read: known, shape } = readersOf(trace);
  const read = (/** @type {string} */ id, /** @type {number[]} */ entry) => known(id, entry) ?? NaN;
  const carried = carriedIn(trace, step, n) ?? (() => NaN);
  const dots = layout.level === "dots";
  /** Where unit i of a column is. @param {Column} column @param {number} i @param {"left" | "right" | "value" | "gradient"} where @returns {Point} */
  const spot = (column, i, where) => {
    if (dots) return { x: column.x + (where === "left" ? -15 : where === "right" ? 15 : 0), y: column.units[i].y + column.units[i].h / 2 };
    return where === "left" || where === "right" ? port(column.units[i], where) : half(column.units[i], where);
  };
  /** @param {number} i @param {number} j */
  const way = (i, j) => edge(layout, l, i, j);
  const back = (/** @type {Curve} */ curve) => ({ d: curve.d, at: (/** @type {number} */ t) => curve.at(1 - t) });
  const all = (/** @type {number} */ count) => Array.from({ length: count }, (_, k) => k);
  const ring = (/** @type {Point} */ at, /** @type {number} */ when) => pulses.push({ at, when, r: dots ? 20 : 34 });
  const tag = (/** @type {number} */ i) => {
    const box = /** @type {Box} */ (z.units[i]);
    return dots ? { x: z.x - 22, y: box.y + box.h * 0.85 } : { x: box.x + box.w / 2, y: box.y + box.h + layout.metrics.tagH / 2 };
  };

  /**
   * A number sets out, is multiplied by the weight on its way and arrives as the contribution; one after the other, so that the adding up is seen.
   * @param {Curve} curve @param {number} i @param {number} j @param {number} value @param {number} becomes @param {boolean} gradient @param {number} turn its place among those that arrive @param {boolean} backwards
   */
  const carry = (curve, i, j, value, becomes, gradient, turn, backwards) => {
    const [from, to] = [0.14 * turn, 0.6 + 0.2 * turn];
    const labelled = layout.weights[l - 1].labels;
    const turnsAt = !labelled ? 0.5 : backwards ? 0.22 : 0.63;
    flights.push({ curve, from, to, value, becomes, turnsAt, gradient });
    if (!labelled) return;
    const at = labelAt(layout, l, i, j);
    const when = from + (to - from) * easeBack(turnsAt);
    sayings.push({ at: { x: at.x, y: at.y + layout.metrics.labelH * 0.36 }, value: becomes, gradient, from: when, to: 0.86 });
  };

  switch (step.operation) {
    case "linear":
      for (const i of all(sizes[l])) {
        for (const j of all(sizes[l - 1])) {
          const curve = join([way(i, j), line(spot(z, i, "left"), spot(z, i, "value"))], [0.85, 0.15]);
          carry(curve, i, j, read(`a${l - 1}`, [n, j]), carried(i, j), false, j / sizes[l - 1], false);
        }
        if ("add" in step.rule && step.rule.add) flights.push({ curve: line(tag(i), spot(z, i, "value")), from: 0.45, to: 0.8, value: read(step.rule.add, [i]), gradient: false });
        ring(spot(z, i, "value"), 0.76);
      }
      break;
    case "activation": {
      for (const i of all(sizes[l])) {
        for (const k of mixes(trace, l) ? all(sizes[l]) : [i]) {
          flights.push({ curve: bend(spot(z, k, "value"), spot(a, i, "value")), from: 0.05, to: 0.8, value: read(`z${l}`, [n, k]), becomes: read(`a${l}`, [n, i]), gradient: false });
        }
        ring(spot(a, i, "value"), 0.76);
      }
      break;
    }
    case "loss":
      for (const i of all(sizes[l])) {
        flights.push({ curve: bend(spot(a, i, "right"), { x: layout.loss.x - layout.loss.r * 0.4, y: layout.loss.y }), from: 0, to: 0.78, value: read(`a${l}`, [n, i]), gradient: false });
      }
      if (layout.level === "boxes") {
        for (const [i, box] of a.units.entries()) {
          const from = { x: box.x + box.w, y: box.y + box.h + 11 };
          flights.push({ curve: bend(from, { x: layout.loss.x - layout.loss.r * 0.4, y: layout.loss.y }), from: 0.08, to: 0.8, value: read("y", [n, i]), gradient: false });
        }
      }
      pulses.push({ at: layout.loss, when: 0.72, r: layout.loss.r * 1.2 });
      break;
    case "loss_gradient":
      for (const i of all(sizes[l])) {
        const target = spot(a, i, "right");
        const inside = spot(a, i, "gradient");
        flights.push({ curve: join([bend({ x: layout.loss.x - layout.loss.r, y: layout.loss.y }, target), line(target, inside)], [0.8, 0.2]), from: 0.05, to: 0.8, value: read(step.id, [n, i]), gradient: true });
        ring(inside, 0.76);
      }
      break;
    case "activation_gradient": {
      const jacobian = shape(`g${l}`).length === 3;
      for (const i of all(sizes[l])) {
        const sources = jacobian ? all(sizes[l]) : [i];
        const terms = isEinsum(step.rule) ? expand(step.rule, [n, i], read, shape) : [];
        for (const k of sources) {
          const value = read(`da${l}`, [n, k]);
          const becomes = jacobian ? terms[k].value : read(step.id, [n, i]);
          const [from, to] = [spot(a, k, "gradient"), spot(z, i, "gradient")];
          const gate = { x: (from.x + to.x) / 2, y: jacobian || dots ? (from.y + to.y) / 2 : z.units[i].y + z.units[i].h / 2 };
          flights.push({ curve: join([bend(from, gate), bend(gate, to)], [0.5, 0.5]), from: 0.05, to: 0.8, value, becomes, gradient: true });
        }
        ring(spot(z, i, "gradient"), 0.76);
      }
      break;
    }
    case "weight_gradient":
      for (const i of all(sizes[l])) {
        for (const j of all(sizes[l - 1])) {
          const path = way(i, j);
          const { labels: labelled } = layout.weights[l - 1];
          const meet = labelled ? 0.74 : 0.5;
          flights.push({ curve: { at: (t) => path.at(t * meet) }, from: 0.02, to: 0.7, value: read(`a${l - 1}`, [n, j]), gradient: false });
          flights.push({ curve: { at: (t) => path.at(1 - t * (1 - meet)) }, from: 0.02, to: 0.7, value: read(`dz${l}`, [n, i]), gradient: true });
          const at = labelled ? labelAt(layout, l, i, j) : path.at(meet);
          pulses.push({ at, when: 0.68, r: labelled ? 22 : 5 });
          flights.push({ curve: line(at, { x: at.x, y: at.y + (labelled ? layout.metrics.labelH * 0.25 : 0.01) }), from: 0.69, to: 0.9, value: read(step.id, [i, j]), gradient: true });
        }
      }
      break;
    case "bias_gradient":
      for (const i of all(sizes[l])) {
        flights.push({ curve: line(spot(z, i, "gradient"), tag(i)), from: 0.1, to: 0.75, value: read(`dz${l}`, [n, i]), gradient: true });
        pulses.push({ at: tag(i), when: 0.7, r: dots ? 10 : 26 });
      }
      break;
    case "input_gradient":
      for (const j of all(sizes[l - 1])) {
        for (const i of all(sizes[l])) {
          const curve = join([back(way(i, j)), line(spot(before, j, "right"), spot(before, j, "gradient"))], [0.85, 0.15]);
          carry(curve, i, j, read(`dz${l}`, [n, i]), carried(i, j), true, i / sizes[l], true);
        }
        ring(spot(before, j, "gradient"), 0.76);
      }
      break;
    case "parameter_update":
      for (const i of all(sizes[l])) {
        if (step.id.startsWith("b")) pulses.push({ at: tag(i), when: 0.05, r: dots ? 10 : 28 });
        else if (layout.weights[l - 1].labels) for (const j of all(sizes[l - 1])) pulses.push({ at: labelAt(layout, l, i, j), when: 0.05, r: 26 });
      }
      break;
  }
  return { flights, pulses, sayings };
}

/** When a dot that moves by `ease` has come so far. @param {number} way */
function easeBack(way) {
  return way < 0.5 ? Math.cbrt(way / 4) : 1 - Math.cbrt(2 * (1 - way)) / 2;
}
