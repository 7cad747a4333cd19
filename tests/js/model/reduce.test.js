import assert from "node:assert/strict";
import { test } from "node:test";

import { phaseEdge, reduce, SPEEDS } from "../../../static/js/model/reduce.js";
import { indexTrace } from "../../../static/js/model/trace.js";
import { rawTrace } from "../making.js";

/** @import {State} from "../../../static/js/model/reduce.js" */
/** @import {Step} from "../../../static/js/types.js" */

/** @type {Step["phase"][]} */
const PHASES = ["forward", "forward", "loss", "backward", "backward", "backward", "update", "update"];
const N = PHASES.length;
const W = { quantity: "W1", entry: [0, 1] };

/** @param {Partial<State>} [more] @returns {State} */
function state(more = {}) {
  return {
    trace: indexTrace(rawTrace(PHASES)),
    preset: { name: "p", title: "P", description: "", source: null },
    cursor: 0,
    moving: null,
    playing: false,
    speed: 1,
    example: 0,
    hover: null,
    pinned: null,
    theme: "light",
    presenting: false,
    numbers: true,
    shortcuts: true,
    help: false,
    stale: false,
    lost: null,
    fault: null,
    ...more,
  };
}

/** @param {any} value @returns {any} */
function frozen(value) {
  if (value && typeof value === "object" && !Object.isFrozen(value)) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

test("no event changes the state it is given", () => {
  const trace = indexTrace(rawTrace(PHASES));
  const before = frozen(state({ cursor: 2, moving: 1, playing: true, hover: W, pinned: W }));
  /** @type {import("../../../static/js/model/reduce.js").Event[]} */
  const events = [
    { type: "loaded", trace }, { type: "go", step: 3, animate: true }, { type: "landed" }, { type: "play" }, { type: "pause" },
    { type: "speed", speed: 2 }, { type: "example", example: 1 }, { type: "hover", entry: null }, { type: "pin", entry: W },
    { type: "theme", theme: "dark" }, { type: "present", on: true }, { type: "numbers", on: false }, { type: "shortcuts", on: false },
    { type: "help", open: true }, { type: "requested" }, { type: "lost", text: "gone" }, { type: "fault", text: "wrong" },
  ];
  for (const event of events) assert.notEqual(reduce(before, event), before, event.type);
});

test("go: the cursor never leaves 0 … steps", () => {
  for (const [step, cursor] of [[-5, 0], [0, 0], [3, 3], [N, N], [N + 1, N], [Infinity, N], [-Infinity, 0]]) {
    assert.equal(reduce(state({ cursor: 1 }), { type: "go", step }).cursor, cursor);
  }
});

test("go: something moves only when it goes one step on and is told to animate", () => {
  for (let cursor = 0; cursor <= N; cursor += 1) {
    for (let step = -1; step <= N + 1; step += 1) {
      for (const animate of [true, false]) {
        const next = reduce(state({ cursor }), { type: "go", step, animate });
        const moves = animate && Math.min(step, N) === cursor + 1;
        assert.equal(next.moving, moves ? cursor : null, `${cursor} to ${step}`);
      }
    }
  }
});

test("go: a step that is taken while another moves ends that motion", () => {
  const moving = state({ cursor: 3, moving: 2 });
  assert.deepEqual(pick(reduce(moving, { type: "go", step: 4, animate: true })), { cursor: 4, moving: 3 });
  assert.deepEqual(pick(reduce(moving, { type: "go", step: 4 })), { cursor: 4, moving: null });
  assert.deepEqual(pick(reduce(moving, { type: "go", step: 2, animate: true })), { cursor: 2, moving: null });
  assert.deepEqual(pick(reduce(moving, { type: "go", step: 3 })), { cursor: 3, moving: null });
});

/** @param {State} state */
const pick = ({ cursor, moving }) => ({ cursor, moving });

test("go: to where it stands already changes nothing", () => {
  const still = state({ cursor: 3, hover: W });
  assert.equal(reduce(still, { type: "go", step: 3 }), still);
  const end = state({ cursor: N });
  assert.equal(reduce(end, { type: "go", step: N + 3, animate: true }), end);
});

test("go: hovering ends, a pin stays; playing goes on until the last step", () => {
  const next = reduce(state({ cursor: 1, hover: W, pinned: W, playing: true }), { type: "go", step: 2 });
  assert.equal(next.hover, null);
  assert.deepEqual(next.pinned, W);
  assert.equal(next.playing, true);
  assert.equal(reduce(state({ cursor: N - 1, playing: true }), { type: "go", step: N, animate: true }).playing, false);
});

test("landed: ends the motion; coming late it changes nothing", () => {
  assert.deepEqual(pick(reduce(state({ cursor: 3, moving: 2 }), { type: "landed" })), { cursor: 3, moving: null });
  const still = state({ cursor: 3 });
  assert.equal(reduce(still, { type: "landed" }), still);
});

test("play and pause switch playing; a pause when nothing plays changes nothing", () => {
  assert.equal(reduce(state(), { type: "play" }).playing, true);
  assert.equal(reduce(state({ playing: true }), { type: "pause" }).playing, false);
  const still = state();
  assert.equal(reduce(still, { type: "pause" }), still);
});

test("pause lets the motion of the step finish", () => assert.equal(reduce(state({ cursor: 3, moving: 2, playing: true }), { type: "pause" }).moving, 2));

test("speed: the speeds there are, and no other", () => {
  for (const speed of SPEEDS) assert.equal(reduce(state(), { type: "speed", speed }).speed, speed);
  for (const speed of [0, -1, 3, NaN, Infinity]) assert.equal(reduce(state({ speed: 2 }), { type: "speed", speed }).speed, 2);
});

test("example: one that exists, or all; what was looked at and what moved is let go", () => {
  const next = reduce(state({ cursor: 2, moving: 1, hover: W, pinned: W }), { type: "example", example: 1 });
  assert.deepEqual([next.example, next.hover, next.pinned, next.moving, next.cursor], [1, null, null, null, 2]);
  assert.equal(reduce(state(), { type: "example", example: -1 }).example, -1);
  const still = state();
  assert.equal(reduce(still, { type: "example", example: 2 }), still);
});

test("hover: the same entry again changes nothing", () => {
  const over = reduce(state(), { type: "hover", entry: W });
  assert.deepEqual(over.hover, W);
  assert.equal(reduce(over, { type: "hover", entry: { quantity: "W1", entry: [0, 1] } }), over);
  assert.notEqual(reduce(over, { type: "hover", entry: { quantity: "W1", entry: [1, 0] } }), over);
  assert.notEqual(reduce(over, { type: "hover", entry: { quantity: "dW1", entry: [0, 1] } }), over);
  assert.equal(reduce(over, { type: "hover", entry: null }).hover, null);
  const nothing = state();
  assert.equal(reduce(nothing, { type: "hover", entry: null }), nothing);
});

test("pin: the same entry again unpins, another takes its place, null unpins", () => {
  const pinned = reduce(state(), { type: "pin", entry: W });
  assert.deepEqual(pinned.pinned, W);
  assert.equal(reduce(pinned, { type: "pin", entry: { quantity: "W1", entry: [0, 1] } }).pinned, null);
  assert.deepEqual(reduce(pinned, { type: "pin", entry: { quantity: "W1", entry: [1, 1] } }).pinned, { quantity: "W1", entry: [1, 1] });
  assert.equal(reduce(pinned, { type: "pin", entry: null }).pinned, null);
  assert.equal(reduce(state(), { type: "pin", entry: null }).pinned, null);
});

test("pin: entries 1,11 and 11,1 are not the same", () => {
  const pinned = reduce(state(), { type: "pin", entry: { quantity: "W1", entry: [1, 11] } });
  assert.deepEqual(reduce(pinned, { type: "pin", entry: { quantity: "W1", entry: [11, 1] } }).pinned?.entry, [11, 1]);
});

test("theme, presenting, numbers, shortcuts and help do as they are told and touch nothing else", () => {
  const before = state({ cursor: 2, moving: 1, playing: true, pinned: W });
  assert.deepEqual(reduce(before, { type: "theme", theme: "dark" }), { ...before, theme: "dark" });
  assert.deepEqual(reduce(before, { type: "present", on: true }), { ...before, presenting: true });
  assert.deepEqual(reduce(before, { type: "numbers", on: false }), { ...before, numbers: false });
  assert.deepEqual(reduce(before, { type: "shortcuts", on: false }), { ...before, shortcuts: false });
  assert.deepEqual(reduce(before, { type: "help", open: true }), { ...before, help: true });
});

test("requested: old numbers become stale and the last fault is forgotten; the trace stays", () => {
  const before = state({ cursor: 4, fault: "wrong" });
  assert.deepEqual(reduce(before, { type: "requested" }), { ...before, stale: true, fault: null });
});

test("lost: what is being tried is said, and taken back", () => {
  const lost = reduce(state({ stale: true }), { type: "lost", text: "trying again" });
  assert.equal(lost.lost, "trying again");
  assert.equal(lost.stale, true);
  assert.equal(reduce(lost, { type: "lost", text: null }).lost, null);
});

test("fault: the last good trace stays and is no longer stale", () => {
  const before = state({ cursor: 4, stale: true, lost: "trying again" });
  assert.deepEqual(reduce(before, { type: "fault", text: "wrong" }), { ...before, fault: "wrong", stale: false, lost: null });
});

test("loaded: a new trace begins at its start with nothing moving, playing, looked at, stale or wrong", () => {
  const trace = indexTrace(rawTrace(["forward"]));
  const next = reduce(state({ cursor: 5, moving: 4, playing: true, hover: W, pinned: W, stale: true, lost: "x", fault: "y", speed: 4, theme: "dark" }), { type: "loaded", trace });
  assert.equal(next.trace, trace);
  assert.deepEqual([next.cursor, next.moving, next.playing, next.hover, next.pinned, next.stale, next.lost, next.fault], [0, null, false, null, null, false, null, null]);
  assert.deepEqual([next.speed, next.theme], [4, "dark"]);
});

test("loaded: a wanted cursor is kept within the trace, and the preset changes only when one comes along", () => {
  const trace = indexTrace(rawTrace(["forward", "loss"]));
  assert.equal(reduce(state(), { type: "loaded", trace, cursor: 1 }).cursor, 1);
  assert.equal(reduce(state(), { type: "loaded", trace, cursor: 99 }).cursor, 2);
  const before = state();
  assert.equal(reduce(before, { type: "loaded", trace }).preset, before.preset);
  const preset = { ...before.preset, name: "other" };
  assert.equal(reduce(before, { type: "loaded", trace, preset }).preset, preset);
});

test("loaded: the example shown stays where the new trace has it; otherwise it is the first", () => {
  const trace = indexTrace(rawTrace(["forward"], { examples: 3 }));
  for (const [example, then] of [[2, 2], [3, 0], [-1, -1], [0, 0]]) assert.equal(reduce(state({ example }), { type: "loaded", trace }).example, then);
});

test("phase edges: forward from everywhere is the next first step of a phase, or the end; back is the last one before, or the start", () => {
  const edges = [0, 1, 3, 4, 7, N]; // before anything; the first of forward, loss, backward, update has happened; everything has
  for (let cursor = 0; cursor <= N; cursor += 1) {
    const after = edges.filter((edge) => edge > cursor);
    const before = edges.filter((edge) => edge < cursor);
    assert.equal(phaseEdge(state({ cursor }), 1), after.length ? Math.min(...after) : N, `forward from ${cursor}`);
    assert.equal(phaseEdge(state({ cursor }), -1), before.length ? Math.max(...before) : 0, `back from ${cursor}`);
  }
});

test("phase edges: forward again and again ends at the end, back again and again at the start", () => {
  for (const phases of /** @type {Step["phase"][][]} */ ([[], ["forward"], ["forward", "forward"], ["forward", "loss", "backward"], PHASES])) {
    const trace = indexTrace(rawTrace(phases));
    let cursor = 0;
    for (let k = 0; k < 6; k += 1) cursor = phaseEdge(state({ trace, cursor }), 1);
    assert.equal(cursor, phases.length);
    for (let k = 0; k < 6; k += 1) cursor = phaseEdge(state({ trace, cursor }), -1);
    assert.equal(cursor, 0);
  }
});
