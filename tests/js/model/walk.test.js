import assert from "node:assert/strict";
import { test } from "node:test";

import { indexTrace } from "../../../static/js/model/trace.js";
import { along, followed, layerOf, litBy, stepsOf, targetsOf, walkTo } from "../../../static/js/model/walk.js";
import { network } from "../networks.js";

/** @import {Options} from "../networks.js" */

/** A network of L layers. @param {number} L @param {Partial<Options>} [more] */
const deep = (L, more = {}) => indexTrace(network({ sizes: Array.from({ length: L + 1 }, (_, l) => 1 + ((l + 1) % 3)), ...more }));

/** What is followed. @param {import("../../../static/js/model/trace.js").Trace} trace @param {string | null} target @param {boolean} [more] @param {number} [cursor] */
const state = (trace, target, more = false, cursor = 0) => ({ trace, target, more, cursor });

/** Every walk, by hand, as the slides have them. @type {Record<number, Record<string, string>>} */
const BY_HAND = {
  1: {
    W1: "da1 dz1 dW1",
    b1: "da1 dz1 db1",
    Theta1: "da1 dz1 dW1 db1",
  },
  2: {
    W1: "da2 dz2 da1 dz1 dW1",
    b1: "da2 dz2 da1 dz1 db1",
    Theta1: "da2 dz2 da1 dz1 dW1 db1",
    W2: "da2 dz2 dW2",
    b2: "da2 dz2 db2",
    Theta2: "da2 dz2 dW2 db2",
  },
  4: {
    W1: "da4 dz4 da3 dz3 da2 dz2 da1 dz1 dW1",
    b1: "da4 dz4 da3 dz3 da2 dz2 da1 dz1 db1",
    Theta1: "da4 dz4 da3 dz3 da2 dz2 da1 dz1 dW1 db1",
    W2: "da4 dz4 da3 dz3 da2 dz2 dW2",
    b2: "da4 dz4 da3 dz3 da2 dz2 db2",
    Theta2: "da4 dz4 da3 dz3 da2 dz2 dW2 db2",
    W3: "da4 dz4 da3 dz3 dW3",
    b3: "da4 dz4 da3 dz3 db3",
    Theta3: "da4 dz4 da3 dz3 dW3 db3",
    W4: "da4 dz4 dW4",
    b4: "da4 dz4 db4",
    Theta4: "da4 dz4 dW4 db4",
  },
};

for (const [L, walks] of Object.entries(BY_HAND)) {
  test(`${L} layers: every walk as it is written on paper`, () => {
    const trace = deep(Number(L));
    assert.deepEqual(targetsOf(trace), Object.keys(walks));
    for (const [target, walk] of Object.entries(walks)) assert.equal(walkTo(trace, target).join(" "), walk, target);
  });
}

/** "One layer more": the trunk to layer l is that to layer l + 1 and one layer. @param {number} L @param {number} l @returns {string[]} */
const trunk = (L, l) => (l === L ? [`da${L}`, `dz${L}`] : [...trunk(L, l + 1), `da${l}`, `dz${l}`]);

for (let L = 1; L <= 8; L += 1) {
  test(`${L} layers: the targets, layer by layer, and the walk to each`, () => {
    const trace = deep(L);
    const layers = Array.from({ length: L }, (_, k) => k + 1);
    assert.deepEqual(targetsOf(trace), layers.flatMap((l) => [`W${l}`, `b${l}`, `Theta${l}`]));
    for (const l of layers) {
      assert.deepEqual(walkTo(trace, `W${l}`), [...trunk(L, l), `dW${l}`]);
      assert.deepEqual(walkTo(trace, `b${l}`), [...trunk(L, l), `db${l}`]);
      assert.deepEqual(walkTo(trace, `Theta${l}`), [...trunk(L, l), `dW${l}`, `db${l}`]);
    }
  });

  test(`${L} layers: ${3 * L - 1} local derivatives with reuse, ${L * (L + 1)} from scratch`, () => {
    const trace = deep(L);
    // ∂ℒ/∂a of the last layer uses none; ∂ℒ/∂W and ∂ℒ/∂b together use the one of Θ.
    const locals = targetsOf(trace).filter((target) => target.startsWith("Theta")).map((target) => [...new Set(walkTo(trace, target).slice(1).map((id) => id.replace(/^d[Wb]/, "dTheta")))]);
    assert.equal(locals.length, L);
    assert.equal(new Set(locals.flat()).size, 3 * L - 1);
    assert.equal(locals.flat().length, L * (L + 1));
  });
}

test("a layer without a bias has a walk to its weights alone; the others keep all three", () => {
  const trace = deep(3, { biases: [true, false, true] });
  assert.deepEqual(targetsOf(trace), ["W1", "b1", "Theta1", "W2", "W3", "b3", "Theta3"]);
  assert.deepEqual(walkTo(trace, "W2"), ["da3", "dz3", "da2", "dz2", "dW2"]);
  assert.deepEqual(walkTo(trace, "b2"), []);
  assert.deepEqual(walkTo(trace, "b1"), ["da3", "dz3", "da2", "dz2", "da1", "dz1", "db1"]);
});

test("softmax changes nothing in a walk", () => {
  const trace = deep(2, { activations: ["softmax", "softmax"] });
  assert.deepEqual(walkTo(trace, "Theta1"), BY_HAND[2].Theta1.split(" "));
});

test("a forward pass alone has nothing to walk to", () => {
  const trace = deep(3, { until: "forward" });
  assert.deepEqual(targetsOf(trace), []);
  for (const target of ["W1", "b1", "Theta1"]) {
    assert.deepEqual(walkTo(trace, target), []);
    assert.equal(along(state(trace, target, false, 2), 1), 2);
  }
});

test("a trace with updates has the same walks: none leads to an updated parameter", () => {
  const trace = deep(2, { until: "update" });
  assert.deepEqual(targetsOf(trace), Object.keys(BY_HAND[2]));
  assert.deepEqual(walkTo(trace, "W1"), BY_HAND[2].W1.split(" "));
});

test("what no network has leads nowhere", () => {
  for (const target of ["W9", "Theta9", "loss", ""]) assert.deepEqual(walkTo(deep(2), target), [], target);
});

test("the layer of a target is all of its number", () => {
  assert.deepEqual(["W1", "b12", "Theta64", ""].map(layerOf), [1, 12, 64, 0]);
  const trace = indexTrace(network({ sizes: Array(12).fill(1), examples: 1 }));
  assert.deepEqual(walkTo(trace, "W11"), ["da11", "dz11", "dW11"]);
  assert.deepEqual(walkTo(trace, "W1").length, 23);
});

test("followed: the target alone; with one layer more Θ of its layer and Θ of the layer before", () => {
  const trace = deep(4);
  assert.deepEqual(followed(state(trace, null)), []);
  assert.deepEqual(followed(state(trace, null, true)), []);
  assert.deepEqual(followed(state(trace, "b3")), ["b3"]);
  for (const target of ["W3", "b3", "Theta3"]) assert.deepEqual(followed(state(trace, target, true)), ["Theta3", "Theta2"], target);
  assert.deepEqual(followed(state(trace, "W4", true)), ["Theta4", "Theta3"]);
  assert.deepEqual(followed(state(trace, "W2", true)), ["Theta2", "Theta1"]);
  assert.deepEqual(followed(state(trace, "W1", true)), ["Theta2", "Theta1"], "before the first layer there is none: it is the one layer more");
});

test("followed: W stands for Θ in a layer without a bias, and one layer has no layer before", () => {
  assert.deepEqual(followed(state(deep(3, { biases: [false] }), "Theta2", true)), ["Theta2", "W1"]);
  assert.deepEqual(followed(state(deep(3, { biases: [true, false] }), "W2", true)), ["W2", "Theta1"]);
  assert.deepEqual(followed(state(deep(1), "b1", true)), ["b1"]);
});

test("the steps of both walks come once, in the order of the trace", () => {
  const trace = deep(3);
  assert.deepEqual(stepsOf(state(trace, null, true)), []);
  assert.deepEqual(stepsOf(state(trace, "W2")), ["da3", "dz3", "da2", "dz2", "dW2"]);
  assert.deepEqual(stepsOf(state(trace, "W3", true)), ["da3", "dz3", "dW3", "db3", "da2", "dz2", "dW2", "db2"]);
  for (const target of targetsOf(trace)) {
    for (const more of [true, false]) {
      const places = stepsOf(state(trace, target, more)).map((id) => trace.stepOf.get(id) ?? -1);
      assert.deepEqual(places, [...new Set(places)].sort((a, b) => a - b));
    }
  }
});

test("what is lit: the gradients of the walk and the local derivatives it uses, and no other", () => {
  const trace = deep(3);
  assert.equal(litBy(state(trace, null, true)), null);
  const lit = (/** @type {string} */ target, more = false) => [...(litBy(state(trace, target, more)) ?? [])].sort().join(" ");
  const sorted = (/** @type {string} */ ids) => ids.split(" ").sort().join(" ");
  assert.equal(lit("W3"), sorted("da3 dz3 g3 dW3 a2"));
  assert.equal(lit("b3"), sorted("da3 dz3 g3 db3")); // ∂z/∂b is 1: there is nothing to light
  assert.equal(lit("W2"), sorted("da3 dz3 g3 da2 W3 dz2 g2 dW2 a1"));
  assert.equal(lit("Theta1"), sorted("da3 dz3 g3 da2 W3 dz2 g2 da1 W2 dz1 g1 dW1 a0 db1"));
  assert.equal(lit("Theta3", true), sorted("da3 dz3 g3 dW3 a2 db3 da2 W3 dz2 g2 dW2 a1 db2"));
});

test("along: without a walk one step on or back", () => {
  const trace = deep(2);
  for (let cursor = 0; cursor < 8; cursor += 1) for (const by of [1, -1]) assert.equal(along(state(trace, null, false, cursor), by), cursor + by);
});

test("along: from anywhere on to the next step of the walk and back to the one before; at its ends nowhere", () => {
  const trace = deep(2); // z1 a1 z2 a2 loss da2 dz2 dW2 db2 da1 dz1 dW1 db1 da0: after so many steps …
  const stops = { da2: 6, dz2: 7, da1: 10, dz1: 11, dW1: 12 };
  const places = Object.values(stops);
  for (let cursor = 0; cursor <= trace.steps.length; cursor += 1) {
    const [after, before] = [places.filter((stop) => stop > cursor), places.filter((stop) => stop < cursor)];
    assert.equal(along(state(trace, "W1", false, cursor), 1), after.length ? Math.min(...after) : cursor, `on from ${cursor}`);
    assert.equal(along(state(trace, "W1", false, cursor), -1), before.length ? Math.max(...before) : cursor, `back from ${cursor}`);
  }
});

for (const [target, more, walk] of /** @type {[string, boolean, string][]} */ ([["Theta1", false, BY_HAND[4].Theta1], ["W3", false, BY_HAND[4].W3], ["W3", true, "da4 dz4 da3 dz3 dW3 db3 da2 dz2 dW2 db2"]])) {
  test(`along: ${target}${more ? " and one layer more" : ""}, from the start to where it arrives, and all the way back`, () => {
    const trace = deep(4);
    /** @param {number} from @param {number} by */
    const go = (from, by) => {
      const seen = [];
      for (let cursor = from; ; ) {
        const next = along(state(trace, target, more, cursor), by);
        if (next === cursor) return seen;
        cursor = next;
        seen.push(trace.steps[cursor - 1].id);
      }
    };
    assert.deepEqual(go(0, 1), walk.split(" "));
    assert.deepEqual(go(trace.steps.length, -1), walk.split(" ").reverse());
  });
}
