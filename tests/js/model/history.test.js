import assert from "node:assert/strict";
import { test } from "node:test";

import { follow } from "../../../static/js/model/history.js";
import { reduce } from "../../../static/js/model/reduce.js";
import { indexTrace } from "../../../static/js/model/trace.js";
import { stateOf } from "../making.js";
import { network } from "../networks.js";

/** @import {Loaded, State} from "../../../static/js/model/reduce.js" */
/** @import {Preset} from "../../../static/js/types.js" */

const raw = network({ sizes: [2, 2] });
/** @param {string} name @returns {Preset} */
const preset = (name) => ({ name, title: name, description: "", source: null });

/** A change lands. @param {State} state @param {string} name of the problem @param {Partial<Loaded>} [how] */
const land = (state, name, how = {}) => reduce(state, { type: "loaded", trace: indexTrace(raw), request: { name }, change: true, ...how });
/** One of the moments before or after is gone to, as the commands do it. @param {State} state @param {number} travel */
function go(state, travel) {
  const moment = travel < 0 ? state.past.at(travel) : state.future.at(-travel);
  assert.ok(moment);
  return reduce(state, { type: "loaded", trace: indexTrace(raw), request: moment.request, preset: moment.preset, change: true, travel });
}
const names = (/** @type {State} */ { past, request, future }) => [past.map((it) => it.request.name).join(""), request.name, future.map((it) => it.request.name).join("")];
const opened = () => stateOf(raw, { request: { name: "a" } });
const abcd = () => ["b", "c", "d"].reduce((state, name) => land(state, name), opened());

test("changes follow each other; back and on lead through all of them, and another change forgets what was undone", () => {
  let state = abcd();
  assert.deepEqual(names(state), ["abc", "d", ""]);
  state = go(state, -1);
  assert.deepEqual(names(state), ["ab", "c", "d"]);
  state = go(go(state, -1), -1);
  assert.deepEqual(names(state), ["", "a", "dcb"]);
  assert.deepEqual(names(go(go(go(state, 1), 1), 1)), names(abcd()));
  assert.deepEqual(names(land(go(state, 1), "e")), ["ab", "e", ""]);
});

test("several moments at once, as who presses faster than answers come: the same as one by one", () => {
  for (const [many, ones] of [[-3, [-1, -1, -1]], [-2, [-1, -1]]]) {
    const [there, slowly] = [go(abcd(), /** @type {number} */ (many)), /** @type {number[]} */ (ones).reduce(go, abcd())];
    assert.deepEqual(names(there), names(slowly));
    assert.deepEqual(names(go(there, -/** @type {number} */ (many))), names(abcd()));
  }
});

test("changes of one session are one; what was before it stays what they are compared with", () => {
  const first = opened();
  let state = land(first, "b", { session: "W1 0,0 · 0" });
  const { before } = state;
  assert.equal(before, first.trace);
  for (const name of ["c", "d"]) state = land(state, name, { session: "W1 0,0 · 0" });
  assert.deepEqual([names(state), state.before], [["a", "d", ""], before]);
  state = land(state, "e", { session: "W1 0,0 · 1" });
  assert.deepEqual(names(state), ["ad", "e", ""]);
  assert.notEqual(state.before, before);
  assert.deepEqual(names(land(land(state, "f"), "g", { session: "W1 0,0 · 1" })), ["adef", "g", ""], "what came between ends it");
  assert.deepEqual(names(land(go(state, -1), "h", { session: "W1 0,0 · 1" })), ["ad", "h", ""], "so does going back");
});

test("a change after going back, of whatever session, forgets the future", () => {
  for (const session of [null, "W1 0,0 · 1"]) assert.deepEqual(names(land(go(abcd(), -2), "e", { session })), ["ab", "e", ""]);
});

test("back leads across presets, each with its own name", () => {
  const [one, other] = [preset("one"), preset("other")];
  let state = land({ ...opened(), preset: one }, "b");
  state = land(state, "x", { preset: other, change: false });
  state = land(state, "y");
  assert.equal(state.preset, other);
  const seen = [];
  for (let k = 0; k < 3; k += 1) {
    state = go(state, -1);
    seen.push([state.request.name, state.preset.name]);
  }
  assert.deepEqual(seen, [["x", "other"], ["b", "one"], ["a", "one"]]);
  assert.equal(go(state, 2).preset, other);
});

test("numbers are compared with those of the same network only", () => {
  const first = { ...opened(), preset: preset("one") };
  const changed = land(first, "b");
  assert.equal(changed.before, first.trace);
  const other = land(changed, "x", { preset: preset("other"), change: false });
  assert.equal(other.before, null);
  assert.equal(land(other, "y").before, other.trace);
  assert.equal(go(other, -1).before, null);
  assert.equal(go(changed, -1).before, changed.trace);
});

test("no more than 200 changes are kept, the oldest forgotten first", () => {
  let state = opened();
  for (let k = 0; k < 250; k += 1) state = land(state, String(k));
  assert.equal(state.past.length, 200);
  assert.deepEqual([state.past[0].request.name, state.past[199].request.name], ["49", "248"]);
});

test("what was before is never changed, only replaced", () => {
  const state = abcd();
  const { past, future } = state;
  follow(state, { type: "loaded", trace: state.trace, request: {}, travel: -2 });
  follow(state, { type: "loaded", trace: state.trace, request: {} });
  assert.deepEqual([past.length, future.length], [3, 0]);
});
