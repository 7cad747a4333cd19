import assert from "node:assert/strict";
import { test } from "node:test";
import { Misunderstood, report, understood } from "../../static/js/messages.js";
import { rawTrace, stateOf } from "./making.js";

const problem = { layers: [{ weights: [[-0, 1e-300]], activation: "tanh" }], inputs: [[1, 2]] };

test("what is not meant for the page is ignored", () => {
  for (const data of [undefined, null, 1, "backprop", [], {}, { do: "go", step: 1 }, { backprop: 2, do: "go", step: 1 }, { backprop: "1", do: "play" }, { type: "webpackOk" }]) assert.equal(understood(data), null);
});

test("commands are read, and nothing else of a message", () => {
  assert.deepEqual(understood({ backprop: 1, do: "go", step: 8, html: "<b>" }), { do: "go", step: 8 });
  assert.deepEqual(understood({ backprop: 1, do: "play", step: -1 }), { do: "play" });
  assert.deepEqual(understood({ backprop: 1, do: "pause" }), { do: "pause" });
  assert.deepEqual(understood({ backprop: 1, do: "theme", theme: "dark" }), { do: "theme", theme: "dark" });
  assert.deepEqual(understood({ backprop: 1, do: "load", problem: { preset: "xor" } }), { do: "load", problem: { preset: "xor" }, step: 0 });
  assert.deepStrictEqual(understood({ backprop: 1, do: "load", problem, step: 3 }), { do: "load", problem, step: 3 });
});

/** @type {Record<string, unknown>} */
const cycle = {};
cycle.self = cycle;
for (const [what, message] of /** @type {[string, object][]} */ ([
  ["nothing to do", {}],
  ["something that there is not", { do: "constructor" }],
  ["no step", { do: "go" }],
  ["a step in words", { do: "go", step: "8" }],
  ["half a step", { do: "go", step: 0.5 }],
  ["a step before the first", { do: "go", step: -1 }],
  ["a step that is no number", { do: "go", step: NaN }],
  ["another theme", { do: "theme", theme: "pink" }],
  ["no problem", { do: "load" }],
  ["a list for a problem", { do: "load", problem: [] }],
  ["JSON for a problem", { do: "load", problem: "{}" }],
  ["a problem in a circle", { do: "load", problem: cycle }],
  ["a big integer in a problem", { do: "load", problem: { inputs: [[1n]] } }],
  ["a problem, but a wrong step", { do: "load", problem, step: "1" }],
])) {
  test(`who wrote nonsense is told so: ${what}`, () => {
    assert.throws(() => understood({ backprop: 1, ...message }), (error) => error instanceof Misunderstood && error.message.startsWith("expected "));
  });
}

test("where the page is, in a few words", () => {
  const state = stateOf(rawTrace(["forward", "loss"]));
  assert.deepEqual(report(state), { step: 0, steps: 2, id: null, title: null, loss: 0 });
  assert.deepEqual(report({ ...state, cursor: 2 }), { step: 2, steps: 2, id: "s1", title: "s1", loss: 0 });
});
