import assert from "node:assert/strict";
import { test } from "node:test";

import { lookedAt, phaseEdge, reduce, SPEEDS } from "../../../static/js/model/reduce.js";
import { indexTrace } from "../../../static/js/model/trace.js";
import { rawTrace, stateOf } from "../making.js";
import { network } from "../networks.js";

/** @import {State} from "../../../static/js/model/reduce.js" */
/** @import {Check, Paths, Probe, Step} from "../../../static/js/types.js" */

/** @type {Step["phase"][]} */
const PHASES = ["forward", "forward", "loss", "backward", "backward", "backward", "update", "update"];
const N = PHASES.length;
const W = { quantity: "W1", entry: [0, 1] };
const request = { preset: "other" };
/** @type {Check} */
const check = { agrees: true, epsilon: 1e-6, quantities: {} };
/** @type {Paths} */
const paths = { target: W, example: null, gradient: 0, sum: 0, count: 0, listed: 0, left_out: 0, remainder: 0, paths: [] };
/** @type {Probe} */
const probe = { ...W, value: 1, epsilon: 1e-4, loss: 1, loss_plus: 1, loss_minus: 1, quotient: 0, gradient: 0, difference: 0, sweep: [] };

/** @param {Partial<State>} [more] @returns {State} */
const state = (more = {}) => stateOf(rawTrace(PHASES), more);

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
    { type: "loaded", trace, request }, { type: "go", step: 3, animate: true }, { type: "landed" }, { type: "play" }, { type: "pause" },
    { type: "speed", speed: 2 }, { type: "example", example: 1 }, { type: "hover", entry: null }, { type: "pin", entry: W },
    { type: "theme", theme: "dark" }, { type: "present", on: true }, { type: "numbers", on: false }, { type: "shortcuts", on: false },
    { type: "dialog", dialog: "help" }, { type: "requested" }, { type: "hint", text: "first point" }, { type: "restated", trace },
    { type: "tool", tool: "paths" }, { type: "target", target: "W1" }, { type: "more", on: true }, { type: "epsilon", epsilon: 1e-3 },
    { type: "checked", check }, { type: "paths", paths }, { type: "path", path: 1 }, { type: "wide", on: false }, { type: "probed", probe }, { type: "lost", text: "gone" }, { type: "fault", text: "wrong" },
    { type: "dropped" }, { type: "delta", on: true }, { type: "build", on: true }, { type: "editing", entry: W }, { type: "look", look: { cursor: 1 } },
  ];
  for (const event of events) assert.notEqual(reduce(before, event), before, event.type);
});

test("go: the cursor never leaves 0 … steps", () => {
  for (const [step, cursor] of [[-5, 0], [0, 0], [3, 3], [N, N], [N + 1, N], [Infinity, N], [-Infinity, 0]]) {
    assert.equal(reduce(state({ cursor: 1 }), { type: "go", step }).cursor, cursor);
  }
});

test("go: a step on, or a jump ahead along a walk, moves the step it lands on when told to animate; back nothing ever moves", () => {
  for (let cursor = 0; cursor <= N; cursor += 1) {
    for (let step = -1; step <= N + 1; step += 1) {
      for (const animate of [true, false]) {
        const next = reduce(state({ cursor }), { type: "go", step, animate });
        const to = Math.min(step, N);
        assert.equal(next.moving, animate && to > cursor ? to - 1 : null, `${cursor} to ${step}`);
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

test("pin: what was found out about the number before is gone; the way to look stays for another number and ends with the pin", () => {
  const before = state({ pinned: W, tool: "paths", paths, path: 1, probe, check });
  const other = reduce(before, { type: "pin", entry: { quantity: "W1", entry: [1, 1] } });
  assert.deepEqual([other.tool, other.paths, other.path, other.probe], ["paths", null, null, null]);
  assert.equal(other.check, check, "the gradients are still as right as they were");
  for (const entry of [null, W]) {
    const none = reduce(before, { type: "pin", entry });
    assert.deepEqual([none.pinned, none.tool, none.paths, none.path, none.probe], [null, "terms", null, null, null]);
  }
});

test("tool: one of four; the same again changes nothing", () => {
  for (const tool of /** @type {const} */ (["all-k", "paths", "check", "terms"])) {
    const next = reduce(state({ tool: tool === "terms" ? "paths" : "terms", pinned: W }), { type: "tool", tool });
    assert.deepEqual([next.tool, next.pinned], [tool, W]);
    assert.equal(reduce(next, { type: "tool", tool }), next);
  }
});

test("target: a walk is chosen, changed and left; one layer more ends with it; the same again changes nothing", () => {
  const before = state({ cursor: 5, pinned: W });
  const first = reduce(before, { type: "target", target: "W1" });
  assert.deepEqual(first, { ...before, target: "W1" });
  assert.equal(reduce(first, { type: "target", target: "W1" }), first);
  const beside = reduce(first, { type: "more", on: true });
  assert.deepEqual(beside, { ...first, more: true });
  assert.deepEqual(reduce(beside, { type: "target", target: "b2" }), { ...beside, target: "b2" });
  assert.deepEqual(reduce(beside, { type: "target", target: null }), { ...beside, target: null, more: false });
  assert.deepEqual(reduce(beside, { type: "more", on: false }), first);
});

test("answers and choices are kept as they come, and touch nothing else", () => {
  const before = state({ cursor: 2, pinned: W, path: 3 });
  assert.deepEqual(reduce(before, { type: "checked", check }), { ...before, check });
  assert.deepEqual(reduce(before, { type: "probed", probe }), { ...before, probe });
  assert.deepEqual(reduce(before, { type: "paths", paths }), { ...before, paths, path: null }, "no path of other ones is pointed at");
  assert.deepEqual(reduce(before, { type: "path", path: 1 }), { ...before, path: 1 });
  assert.equal(reduce(before, { type: "path", path: 3 }), before);
  assert.deepEqual(reduce(before, { type: "wide", on: false }), { ...before, wide: false });
  assert.deepEqual(reduce(before, { type: "epsilon", epsilon: 1e-2 }), { ...before, epsilon: 1e-2 });
});

test("hint: said until the next move, the next pin or a new trace; a fault is not touched", () => {
  const hinted = reduce(state({ cursor: 2, fault: "wrong" }), { type: "hint", text: "point at a weight first" });
  assert.deepEqual([hinted.hint, hinted.fault], ["point at a weight first", "wrong"]);
  assert.equal(reduce(hinted, { type: "hint", text: null }).hint, null);
  assert.equal(reduce(hinted, { type: "go", step: 3 }).hint, null);
  assert.equal(reduce(hinted, { type: "pin", entry: W }).hint, null);
  assert.equal(reduce(hinted, { type: "hover", entry: W }).hint, hinted.hint);
});

test("what is looked at is the pinned number, else the one under the pointer, and never one that is not known yet", () => {
  const trace = indexTrace(network({ sizes: [2, 2, 2] }));
  const [gradient, value, weight] = ["dz2", "z1", "W1"].map((quantity) => ({ quantity, entry: [0, 0] }));
  assert.equal(lookedAt(state({ trace, cursor: 0, pinned: weight, hover: value })), weight);
  assert.equal(lookedAt(state({ trace, cursor: 1, pinned: null, hover: value })), value);
  assert.equal(lookedAt(state({ trace, cursor: 1, pinned: gradient, hover: value })), value);
  assert.equal(lookedAt(state({ trace, cursor: 0, pinned: gradient, hover: value })), null);
  assert.equal(lookedAt(state({ trace, cursor: 7, pinned: gradient, hover: value })), gradient);
  assert.equal(lookedAt(state({ trace, cursor: 7, pinned: null, hover: null })), null);
});

test("theme, presenting, numbers, shortcuts and dialogs do as they are told and touch nothing else", () => {
  const before = state({ cursor: 2, moving: 1, playing: true, pinned: W });
  assert.deepEqual(reduce(before, { type: "theme", theme: "dark" }), { ...before, theme: "dark" });
  assert.deepEqual(reduce(before, { type: "present", on: true }), { ...before, presenting: true });
  assert.deepEqual(reduce(before, { type: "numbers", on: false }), { ...before, numbers: false });
  assert.deepEqual(reduce(before, { type: "shortcuts", on: false }), { ...before, shortcuts: false });
  assert.deepEqual(reduce(before, { type: "dialog", dialog: "help" }), { ...before, dialog: "help" });
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
  const next = reduce(state({ cursor: 5, moving: 4, playing: true, hover: W, pinned: W, stale: true, lost: "x", fault: "y", speed: 4, theme: "dark" }), { type: "loaded", trace, request });
  assert.equal(next.trace, trace);
  assert.deepEqual([next.cursor, next.moving, next.playing, next.hover, next.pinned, next.stale, next.lost, next.fault], [0, null, false, null, null, false, null, null]);
  assert.deepEqual([next.speed, next.theme], [4, "dark"]);
});

test("loaded: nothing that was found out about the old numbers stays, and the new trace has its request beside it", () => {
  const before = state({ tool: "paths", pinned: W, check, paths, path: 2, probe, hint: "point first", epsilon: 1e-2, wide: false });
  const trace = indexTrace(rawTrace(["forward"]));
  const next = reduce(before, { type: "loaded", trace, request });
  assert.deepEqual([next.tool, next.check, next.paths, next.path, next.probe, next.hint], ["terms", null, null, null, null, null]);
  assert.equal(next.request, request);
  assert.deepEqual([next.epsilon, next.wide], [1e-2, false]);
});

test("loaded: a walk goes on where it is wanted or the network only changed, in a trace that has its target; else it ends, and one layer more with it", () => {
  const [two, one] = [network({ sizes: [2, 2, 2] }), network({ sizes: [2, 2] })].map((raw) => indexTrace(raw));
  const before = state({ trace: two, target: "Theta2", more: true });
  const followed = (/** @type {State} */ { target, more }) => [target, more];
  for (const how of [{ change: true }, { look: { target: "Theta2", more: true } }]) {
    assert.deepEqual(followed(reduce(before, { type: "loaded", trace: indexTrace(network({ sizes: [2, 2, 2], seed: 2 })), request, ...how })), ["Theta2", true]);
    assert.deepEqual(followed(reduce(before, { type: "loaded", trace: one, request, ...how })), [null, false]);
    assert.deepEqual(followed(reduce(before, { type: "loaded", trace: indexTrace(network({ sizes: [2, 2, 2], biases: [true, false] })), request, ...how })), [null, false]);
  }
  assert.deepEqual(followed(reduce(before, { type: "loaded", trace: two, request })), [null, false]);
  assert.deepEqual(followed(reduce(state({ trace: two, more: true }), { type: "loaded", trace: two, request, change: true })), [null, false]);
});

test("loaded, of a change: the step that has just happened is found again by its id, wherever it stands now", () => {
  const [two, three] = [network({ sizes: [2, 3, 2] }), network({ sizes: [2, 3, 3, 2] })].map((raw) => indexTrace(raw));
  const after = (/** @type {typeof two} */ trace, /** @type {string} */ id) => (trace.stepOf.get(id) ?? NaN) + 1;
  const then = (/** @type {number} */ cursor, /** @type {typeof two} */ from, /** @type {typeof two} */ to) => reduce(state({ trace: from, cursor }), { type: "loaded", trace: to, request, change: true }).cursor;
  for (const id of ["z1", "a2", "loss", "dz2", "dW1", "da0"]) assert.equal(then(after(two, id), two, three), after(three, id), id);
  assert.equal(then(0, three, two), 0);
  assert.equal(then(after(three, "dz3"), three, two), Math.min(after(three, "dz3"), two.steps.length), "a step that is gone: as far on as there is");
  assert.equal(then(three.steps.length, three, two), two.steps.length);
  assert.equal(then(after(three, "loss"), three, indexTrace(network({ sizes: [2, 3, 3, 2], until: "forward" }))), 6);
});

test("loaded, of a change: what is pinned, pointed at and being changed stays while its place exists; what was found out about it until it is asked again", () => {
  const [wide, narrow] = [network({ sizes: [2, 3, 2] }), network({ sizes: [2, 2, 2] })].map((raw) => indexTrace(raw));
  const before = state({ trace: wide, cursor: 3, pinned: W, hover: W, editing: W, tool: "paths", paths, probe, check, moving: 2, playing: true });
  const same = reduce(before, { type: "loaded", trace: indexTrace(network({ sizes: [2, 3, 2], seed: 2 })), request, change: true });
  assert.deepEqual([same.pinned, same.hover, same.editing, same.tool, same.paths, same.probe], [W, W, W, "paths", paths, probe]);
  assert.deepEqual([same.moving, same.playing, same.check], [null, false, null]);
  const last = { quantity: "W1", entry: [2, 1] };
  const gone = reduce({ ...before, pinned: last, hover: last, editing: last }, { type: "loaded", trace: narrow, request, change: true });
  assert.deepEqual([gone.pinned, gone.hover, gone.editing, gone.tool], [null, null, null, "terms"]);
});

test("loaded: what a link says of a trace counts as far as the trace has it", () => {
  const trace = indexTrace(network({ sizes: [2, 3, 2], examples: 2 }));
  const looked = (/** @type {import("../../../static/js/model/reduce.js").Look} */ look) => reduce(state(), { type: "loaded", trace, request, look });
  const wild = looked({ cursor: 999, target: "W9", more: true, pinned: { quantity: "W1", entry: [7, 0] }, tool: "paths", example: 5 });
  assert.deepEqual([wild.cursor, wild.target, wild.more, wild.pinned, wild.tool, wild.example], [trace.steps.length, null, false, null, "terms", 0]);
  const sound = looked({ cursor: 4, target: "W2", more: true, pinned: W, tool: "paths", example: -1, numbers: false, delta: true });
  assert.deepEqual([sound.cursor, sound.target, sound.more, sound.pinned, sound.tool, sound.example, sound.numbers, sound.delta], [4, "W2", true, W, "paths", -1, false, true]);
  for (const pinned of [{ quantity: "loss", entry: [0] }, { quantity: "x", entry: [0] }, { quantity: "W1", entry: [0] }]) assert.equal(looked({ pinned }).pinned, null);
});

test("fault: a refused problem is kept to be mended, with what is wrong place by place, until the next request or until it is dropped", () => {
  const faults = [{ pointer: "/edits/0/value", detail: "too large" }];
  const refused = reduce(state({ stale: true }), { type: "fault", text: "wrong", draft: request, faults });
  assert.deepEqual([refused.draft, refused.faults], [request, faults]);
  for (const type of /** @type {const} */ (["requested", "dropped"])) {
    const next = reduce(refused, { type });
    assert.deepEqual([next.draft, next.faults, next.fault, next.stale], [null, [], null, type === "requested"]);
  }
});

test("loaded: the convention is that of the trace; rows where it says nothing", () => {
  const of = (/** @type {"row" | "column"} */ convention) => indexTrace(network({ sizes: [2, 2], convention }));
  assert.equal(reduce(state(), { type: "loaded", trace: of("column"), request }).convention, "column");
  assert.equal(reduce(state({ convention: "column" }), { type: "loaded", trace: of("row"), request }).convention, "row");
  assert.equal(reduce(state({ convention: "column" }), { type: "loaded", trace: indexTrace(rawTrace([])), request }).convention, "row");
});

test("restated: the same numbers in other symbols; all but what moves stays", () => {
  const before = state({ trace: indexTrace(network({ sizes: [2, 2, 2] })), cursor: 7, moving: 6, example: 1, pinned: W, hover: W, tool: "paths", target: "W1", more: true, check, paths, path: 0, probe, stale: true, lost: "trying", fault: "wrong" });
  const trace = indexTrace(network({ sizes: [2, 2, 2], convention: "column" }));
  assert.deepEqual(reduce(before, { type: "restated", trace }), { ...before, trace, convention: "column", moving: null, stale: false, lost: null, fault: null });
  assert.equal(reduce({ ...before, convention: "column" }, { type: "restated", trace: before.trace }).convention, "row");
});

test("loaded: a wanted cursor is kept within the trace, and the preset changes only when one comes along", () => {
  const trace = indexTrace(rawTrace(["forward", "loss"]));
  assert.equal(reduce(state(), { type: "loaded", trace, request, look: { cursor: 1 } }).cursor, 1);
  assert.equal(reduce(state(), { type: "loaded", trace, request, look: { cursor: 99 } }).cursor, 2);
  const before = state();
  assert.equal(reduce(before, { type: "loaded", trace, request }).preset, before.preset);
  const preset = { ...before.preset, name: "other" };
  assert.equal(reduce(before, { type: "loaded", trace, request, preset }).preset, preset);
});

test("loaded: the example shown stays where the new trace has it; otherwise it is the first", () => {
  const trace = indexTrace(rawTrace(["forward"], { examples: 3 }));
  for (const [example, then] of [[2, 2], [3, 0], [-1, -1], [0, 0]]) assert.equal(reduce(state({ example }), { type: "loaded", trace, request }).example, then);
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

test("fault: one of a question beside leaves a trace that is on its way alone", () => {
  const waiting = state({ stale: true, lost: "trying again" });
  assert.deepEqual([reduce(waiting, { type: "fault", text: "no", aside: true })].map(({ fault, stale, lost }) => [fault, stale, lost]), [["no", true, "trying again"]]);
  assert.deepEqual([reduce(waiting, { type: "fault", text: "no" })].map(({ fault, stale, lost }) => [fault, stale, lost]), [["no", false, null]]);
});
