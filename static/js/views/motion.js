/** What moves: each operation as dots that carry their own contribution, in a wide network as rows that light up, drawn on the canvas above the network. */

import { createCanvas } from "../draw/canvas.js";
import { gradientStrength } from "../geometry/colours.js";
import { short } from "../geometry/numbers.js";
import { between, ease, sweepAt } from "../geometry/curves.js";
import { regionOf } from "../geometry/places.js";
import { flightsOf } from "../model/flights.js";
import { sweepOf } from "../model/sweeps.js";

/** @import {Scene} from "./stage.js" */
/** @import {Flight, Pulse, Saying} from "../model/flights.js" */
/** @import {Lit} from "../model/sweeps.js" */
/** @import {Store} from "../model/store.js" */
/** @import {Event, State} from "../model/reduce.js" */
/** @import {Trace} from "../model/trace.js" */
/** @import {Step} from "../types.js" */


/** A stretch of the stage, or all of it where the stretch is larger. @param {number} from @param {number} size @param {number} room @returns {[number, number]} */
function within(from, size, room) {
  return size <= room ? [Math.round(from), size] : [0, room];
}

/** @param {HTMLCanvasElement} element @param {Store<State, Event>} store @param {() => Scene} scene */
export function mountMotion(element, store, scene) {
  const canvas = createCanvas(element);
  /** @type {{flights: Flight[], pulses: Pulse[], sayings: Saying[]}} */
  let plan = { flights: [], pulses: [], sayings: [] };
  /** @type {((t: number) => Lit) | null} */
  let sweep = null;
  /** @type {Step | null} */
  let planned = null;
  let region = { x: 0, y: 0, w: 0, h: 0 };
  /** @type {Record<string, string>} */
  let colours = {};
  const stage = /** @type {HTMLElement} */ (element.parentElement);

  stage.addEventListener("relayout", () => (planned = null));

  function readColours() {
    const style = getComputedStyle(element);
    colours = Object.fromEntries(["value-pos", "value-neg", "grad-pos", "grad-neg", "now", "paper"].map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  }

  return {
    /** @param {State} state @param {State} [before] */
    update(state, before) {
      if (!before || state.theme !== before.theme) readColours();
      if (state.moving === null) canvas.clear();
      planned = null;
    },
    /** @param {number} t @param {boolean} running */
    frame(t, running) {
      const state = store.get();
      if (!running || state.moving === null) return canvas.clear();
      const { layout, scale, world } = scene();
      const step = state.trace.steps[state.moving];
      if (planned !== step) {
        const wide = layout.level === "strips";
        sweep = wide ? sweepOf(step, state, layout) : null;
        plan = wide ? { flights: [], pulses: [], sayings: [] } : flightsOf(step, state, layout);
        planned = step;
        region = regionOf(layout, step.layer, step.operation === "loss" || step.operation === "loss_gradient");
      }
      const [mine, theirs] = [stage.getBoundingClientRect(), world.getBoundingClientRect()];
      const [x, w] = within(theirs.left - mine.left + region.x * scale, region.w * scale, mine.width);
      const [y, h] = within(theirs.top - mine.top + region.y * scale, region.h * scale, mine.height);
      canvas.cover({ x, y, w, h });
      canvas.begin(theirs.left - mine.left - x, theirs.top - mine.top - y, scale);
      if (sweep) return light(sweep(sweepAt(t)), t);
      const grown = layout.metrics.captions ? 1 : 1.5;
      for (const flight of plan.flights) draw(flight, t, state.trace, grown);
      for (const { at, value, gradient, from, to } of plan.sayings) {
        if (t < from || t > to) continue;
        const { weightFont, labelW } = layout.metrics;
        canvas.plate(at.x, at.y - weightFont * 0.36, labelW, weightFont * 1.25, colours.paper);
        canvas.label(short(value, { signed: true }), at.x, at.y, weightFont, hue(value, gradient), colours.paper);
      }
      for (const { at, when, r } of plan.pulses) {
        const age = between(t, when, when + 0.22);
        if (age > 0 && age < 1) canvas.ring(at.x, at.y, r * (0.55 + 0.75 * ease(age)), colours.now, 1 - age, 3);
      }
    },
    destroy: () => canvas.clear(),
  };

  /** @param {number} x @param {boolean} gradient */
  function hue(x, gradient) {
    return colours[`${gradient ? "grad" : "value"}-${x < 0 ? "neg" : "pos"}`];
  }

  /** The row that is being filled, and what it is made of; what is no higher than a cell is tied to it. @param {Lit} lit @param {number} t */
  function light({ receiver, parts }, t) {
    const alpha = Math.min(1, between(t, 0, 0.06), 1 - between(t, 0.9, 1));
    const { loss } = scene().layout;
    const to = receiver ?? { x: loss.x - loss.r, y: loss.y, w: 0, h: 0 };
    for (const part of parts) {
      canvas.frame(part, colours.now, 2.5, alpha);
      if (receiver && part.h > Math.max(30, receiver.h * 2)) continue;
      const before = part.x < to.x;
      canvas.tie({ x: before ? part.x + part.w : part.x, y: part.y + part.h / 2 }, { x: before ? to.x : to.x + to.w, y: to.y + to.h / 2 }, colours.now, 2, alpha * 0.8);
    }
    if (receiver) canvas.frame(receiver, colours.now, 2.5, alpha);
    else canvas.ring(loss.x, loss.y, loss.r * (1 + 0.25 * ease(t)), colours.now, alpha * (1 - t), 3);
  }

  /** @param {Flight} flight @param {number} t @param {Trace} trace @param {number} grown */
  function draw({ curve, from, to, value, gradient, becomes, turnsAt = 0.5 }, t, trace, grown) {
    const way = between(t, from, to);
    if (way <= 0 || way >= 1) return;
    const x = becomes !== undefined && way > turnsAt ? becomes : value;
    const largest = gradient ? trace.largest.gradient : trace.largest.value;
    const r = (2 + 6.5 * gradientStrength(x, largest)) * grown;
    const colour = hue(x, gradient);
    const place = curve.at(ease(way));
    for (const [behind, alpha] of [[0.05, 0.22], [0.025, 0.4]]) {
      const tail = curve.at(ease(Math.max(0, way - behind)));
      canvas.dot(tail.x, tail.y, r * 0.85, colour, alpha);
    }
    canvas.dot(place.x, place.y, r + 1.4, colours.paper, 0.9);
    canvas.dot(place.x, place.y, r, colour);
  }
}
