import assert from "node:assert/strict";
import { test } from "node:test";

import { layout, levelOf } from "../../../static/js/geometry/columns.js";
import { regionOf } from "../../../static/js/geometry/places.js";
import { flightsOf } from "../../../static/js/model/flights.js";
import { stateOf } from "../making.js";
import { network } from "../networks.js";

test("whatever moves in a step moves within its layer's part of the network, which is all that the canvas covers", () => {
  for (const sizes of [[2, 2, 2], [1, 6, 3], [12, 9, 4]]) {
    for (const presenting of [false, true]) {
      const raw = network({ sizes, activations: ["sigmoid", "softmax"], until: "update" });
      const at = layout({ sizes, biases: [true, true], loss: true, level: levelOf(sizes), presenting, wide: 1000, high: 700 });
      for (const [k, step] of raw.steps.entries()) {
        const { flights, pulses, sayings } = flightsOf(step, stateOf(raw, { cursor: k + 1, moving: k }), at);
        if (step.phase !== "update") assert.ok(flights.length > 0, step.id);
        const { x, y, w, h } = regionOf(at, step.layer, step.operation.startsWith("loss"));
        const points = [...flights.flatMap(({ curve }) => Array.from({ length: 21 }, (_, t) => curve.at(t / 20))), ...sayings.map((it) => it.at)].map((it) => ({ ...it, r: 14 }));
        for (const it of [...points, ...pulses.map(({ at: { x: px, y: py }, r }) => ({ x: px, y: py, r: r * 1.3 }))]) {
          assert.ok(it.x - it.r >= x && it.x + it.r <= x + w && it.y - it.r >= y && it.y + it.r <= y + h, `${sizes} ${step.id}: ${it.x},${it.y} ± ${it.r} in ${x},${y} ${w} × ${h}`);
        }
      }
    }
  }
});
