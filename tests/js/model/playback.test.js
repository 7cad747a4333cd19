import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { createPlayback } from "../../../static/js/model/playback.js";
import { reduce } from "../../../static/js/model/reduce.js";
import { createStore } from "../../../static/js/model/store.js";
import { indexTrace } from "../../../static/js/model/trace.js";
import { rawTrace, stateOf } from "../making.js";
import { network } from "../networks.js";

/** @import {RawTrace} from "../../../static/js/types.js" */

const STEP = 1500; // the animation of a step at speed 1
const REST = 650; // between two steps while playing
const FRAME = 10;

let now = 0;
/** @type {Map<number, FrameRequestCallback>} */
let asked = new Map();
let handles = 0;

beforeEach(() => {
  [now, handles] = [0, 0];
  asked = new Map();
  mock.timers.enable({ apis: ["setTimeout"] });
  mock.method(performance, "now", () => now);
  globalThis.requestAnimationFrame = (callback) => {
    handles += 1;
    asked.set(handles, callback);
    return handles;
  };
  globalThis.cancelAnimationFrame = (handle) => void asked.delete(handle);
  globalThis.reportError = (error) => {
    throw error;
  };
});

afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
  for (const name of ["requestAnimationFrame", "cancelAnimationFrame", "reportError"]) Reflect.deleteProperty(globalThis, name);
});

/** Time passes: timers and frames come as a browser has them. @param {number} ms @param {number} [frame] ms a frame */
function pass(ms, frame = FRAME) {
  for (let spent = 0; spent < ms; spent += frame) {
    now += frame;
    mock.timers.tick(frame);
    const due = [...asked.values()];
    asked.clear();
    for (const callback of due) callback(now);
  }
}

/** @param {{steps?: number, raw?: RawTrace, cursor?: number, target?: string | null, more?: boolean, calm?: boolean}} [options] */
function page({ steps = 4, raw, cursor = 0, target = null, more = false, calm = false } = {}) {
  const store = createStore(reduce, stateOf(raw ?? rawTrace(Array(steps).fill("forward")), { target, more, cursor }));
  /** @type {{t: number, running: boolean}[]} */
  const frames = [];
  createPlayback(store, (t, running) => frames.push({ t, running }), () => calm);
  const next = () => {
    store.send({ type: "pause" });
    store.send({ type: "go", step: store.get().cursor + 1, animate: !calm });
  };
  return { store, frames, next, get: () => ({ cursor: store.get().cursor, moving: store.get().moving, playing: store.get().playing }) };
}

test("nothing runs before anything is asked for", () => {
  const { frames, get } = page();
  pass(5000);
  assert.deepEqual(frames, []);
  assert.deepEqual(get(), { cursor: 0, moving: null, playing: false });
  assert.equal(asked.size, 0);
});

test("a step lands after its time, and not before", () => {
  const { next, get } = page();
  next();
  assert.deepEqual(get(), { cursor: 1, moving: 0, playing: false });
  pass(STEP - 2 * FRAME);
  assert.equal(get().moving, 0);
  pass(3 * FRAME);
  assert.deepEqual(get(), { cursor: 1, moving: null, playing: false });
});

test("frames run from 0 towards 1 without going back; the last is 1 and says that it is the end", () => {
  const { frames, next } = page();
  next();
  pass(STEP + 100);
  const last = frames.pop();
  assert.deepEqual(last, { t: 1, running: false });
  assert.ok(frames.length > STEP / FRAME - 3);
  frames.forEach(({ t, running }, k) => assert.ok(running && t > 0 && t < 1 && (k === 0 || t > frames[k - 1].t), `frame ${k}: ${t}`));
  pass(1000);
  assert.equal(asked.size, 0, "no frame is asked for once it has ended");
});

for (const speed of [0.25, 0.5, 2, 4, 8]) {
  test(`at ${speed} times the speed a step takes ${STEP / speed} ms`, () => {
    const { store, next, get } = page();
    store.send({ type: "speed", speed });
    next();
    pass(STEP / speed - 2 * FRAME);
    assert.equal(get().moving, 0);
    pass(4 * FRAME);
    assert.equal(get().moving, null);
  });
}

test("a change of speed on the way counts from there, without a jump", () => {
  const { store, frames, next, get } = page();
  next();
  pass(STEP / 2);
  const before = frames[frames.length - 1].t;
  store.send({ type: "speed", speed: 4 });
  pass(FRAME);
  assert.ok(frames[frames.length - 1].t - before < 0.05);
  pass(STEP / 8 + 3 * FRAME);
  assert.equal(get().moving, null);
});

test("a key pressed on the way does not wait: the next step begins at once, from its start", () => {
  const { frames, next, get } = page();
  next();
  pass(STEP / 2);
  next();
  assert.deepEqual(get(), { cursor: 2, moving: 1, playing: false });
  pass(FRAME);
  assert.ok(frames[frames.length - 1].t < 0.05, "the animation starts anew");
  pass(STEP - 3 * FRAME);
  assert.equal(get().moving, 1, "with its whole time");
  pass(4 * FRAME);
  assert.equal(get().moving, null);
});

test("however fast the keys, one frame is asked for at a time", () => {
  const { next, get } = page();
  for (let k = 0; k < 4; k += 1) {
    next();
    assert.equal(asked.size, 1);
  }
  assert.deepEqual(get(), { cursor: 4, moving: 3, playing: false });
});

test("going back on the way ends the motion", () => {
  const { store, frames, next, get } = page();
  next();
  pass(STEP / 3);
  store.send({ type: "go", step: 0 });
  assert.deepEqual(get(), { cursor: 0, moving: null, playing: false });
  assert.deepEqual(frames[frames.length - 1], { t: 1, running: false });
  const seen = frames.length;
  pass(3000);
  assert.equal(frames.length, seen);
});

test("a hidden page's missing frames do not make a step jump to its end", () => {
  const { next, get, frames } = page();
  next();
  pass(FRAME);
  pass(60_000, 60_000);
  assert.equal(get().moving, 0);
  assert.ok(frames[frames.length - 1].t < 0.1);
});

test("playing begins at once and takes the next step after each has landed and a rest", () => {
  const { store, get } = page();
  store.send({ type: "play" });
  pass(FRAME);
  assert.deepEqual(get(), { cursor: 1, moving: 0, playing: true });
  pass(STEP + 2 * FRAME);
  assert.deepEqual(get(), { cursor: 1, moving: null, playing: true });
  pass(REST - 5 * FRAME);
  assert.equal(get().cursor, 1, "it rests");
  pass(8 * FRAME);
  assert.deepEqual(get(), { cursor: 2, moving: 1, playing: true });
});

test("playing at twice the speed rests half as long", () => {
  const { store, get } = page();
  store.send({ type: "speed", speed: 2 });
  store.send({ type: "play" });
  pass(STEP / 2 + 4 * FRAME);
  assert.deepEqual(get(), { cursor: 1, moving: null, playing: true });
  pass(REST / 2 + 3 * FRAME);
  assert.deepEqual(get(), { cursor: 2, moving: 1, playing: true });
});

test("playing stops at the end, and stays there", () => {
  const { store, get } = page({ steps: 3 });
  store.send({ type: "play" });
  pass(3 * (STEP + REST) + 500);
  assert.deepEqual(get(), { cursor: 3, moving: null, playing: false });
  pass(10_000);
  assert.deepEqual(get(), { cursor: 3, moving: null, playing: false });
});

test("playing from the end stops without a step", () => {
  const { store, get } = page({ steps: 3 });
  store.send({ type: "go", step: 3 });
  store.send({ type: "play" });
  pass(100);
  assert.deepEqual(get(), { cursor: 3, moving: null, playing: false });
});

test("a pause during a step lets it land and takes no other", () => {
  const { store, get } = page();
  store.send({ type: "play" });
  pass(STEP / 2);
  store.send({ type: "pause" });
  assert.deepEqual(get(), { cursor: 1, moving: 0, playing: false });
  pass(10_000);
  assert.deepEqual(get(), { cursor: 1, moving: null, playing: false });
});

test("a pause during the rest takes no other step", () => {
  const { store, get } = page();
  store.send({ type: "play" });
  pass(STEP + 5 * FRAME);
  store.send({ type: "pause" });
  pass(10_000);
  assert.deepEqual(get(), { cursor: 1, moving: null, playing: false });
});

test("pause and play in turn never take two steps for one", () => {
  const { store, get } = page({ steps: 9 });
  for (let k = 0; k < 5; k += 1) {
    store.send({ type: "play" });
    store.send({ type: "pause" });
  }
  store.send({ type: "play" });
  pass(5 * FRAME);
  assert.deepEqual(get(), { cursor: 1, moving: 0, playing: true });
  pass(STEP + REST);
  assert.deepEqual(get(), { cursor: 2, moving: 1, playing: true });
});

test("play pressed while a step moves goes on after it has landed", () => {
  const { store, next, get } = page();
  next();
  pass(STEP / 2);
  store.send({ type: "play" });
  pass(STEP / 2 + 2 * FRAME);
  assert.deepEqual(get(), { cursor: 1, moving: null, playing: true });
  pass(REST + 3 * FRAME);
  assert.deepEqual(get(), { cursor: 2, moving: 1, playing: true });
});

test("a new trace stops what plays and what moves", () => {
  const { store, frames, get } = page();
  store.send({ type: "play" });
  pass(STEP / 2);
  store.send({ type: "loaded", trace: indexTrace(rawTrace(["forward", "loss"])), request: { preset: "other" } });
  assert.deepEqual(frames[frames.length - 1], { t: 1, running: false });
  pass(10_000);
  assert.deepEqual(get(), { cursor: 0, moving: null, playing: false });
});

test("calm: playing takes step after step with the same time for each, and nothing moves", () => {
  const { store, frames, get } = page({ steps: 3, calm: true });
  store.send({ type: "play" });
  pass(FRAME);
  assert.deepEqual(get(), { cursor: 1, moving: null, playing: true });
  pass(STEP - 5 * FRAME);
  assert.equal(get().cursor, 1);
  pass(8 * FRAME);
  assert.deepEqual(get(), { cursor: 2, moving: null, playing: true });
  pass(STEP + 8 * FRAME);
  assert.deepEqual(get(), { cursor: 3, moving: null, playing: false });
  assert.deepEqual(frames, []);
  assert.equal(asked.size, 0);
});

test("an event sent by another listener does not keep a step from moving", () => {
  const store = createStore(reduce, stateOf(rawTrace(["forward", "loss"])));
  store.subscribe((state, before) => {
    if (state.cursor !== before.cursor) store.send({ type: "hover", entry: { quantity: "a0", entry: [0, 0] } }); // as when the focus moves
  });
  createPlayback(store, () => {}, () => false);
  store.send({ type: "go", step: 1, animate: true });
  pass(STEP + 3 * FRAME);
  assert.equal(store.get().moving, null);
});

/** The cursor, after each rest, of a page that plays until it stops. @param {Parameters<typeof page>[0]} options */
function played(options) {
  const { store, get } = page(options);
  const { trace } = store.get();
  /** @type {string[]} */
  const seen = [];
  store.subscribe((state, before) => {
    if (state.cursor !== before.cursor) seen.push(trace.steps[state.cursor - 1].id);
    if (state.moving !== null && state.moving !== before.moving) assert.equal(state.moving, state.cursor - 1, "what moves is the step that it lands on");
  });
  store.send({ type: "play" });
  pass((trace.steps.length + 1) * (STEP + REST));
  return { seen, ...get() };
}

test("playing follows the walk, jumps over all other steps, and stops where it arrives", () => {
  const raw = network({ sizes: [2, 2, 2] });
  assert.deepEqual(played({ raw, target: "W1" }), { seen: ["da2", "dz2", "da1", "dz1", "dW1"], cursor: 12, moving: null, playing: false });
  assert.deepEqual(played({ raw, target: "b2" }).seen, ["da2", "dz2", "db2"]);
  assert.deepEqual(played({ raw, target: "Theta1" }).seen, ["da2", "dz2", "da1", "dz1", "dW1", "db1"]);
  assert.deepEqual(played({ raw, target: "Theta2", more: true }).seen, ["da2", "dz2", "dW2", "db2", "da1", "dz1", "dW1", "db1"]);
  assert.deepEqual(played({ raw, target: "W1", calm: true }).seen, ["da2", "dz2", "da1", "dz1", "dW1"]);
});

test("playing from the middle of a walk goes on with what is left of it; after its end it stops at once", () => {
  const raw = network({ sizes: [2, 2, 2] });
  assert.deepEqual(played({ raw, target: "W1", cursor: 8 }).seen, ["da1", "dz1", "dW1"]); // dW2 was the last that happened
  assert.deepEqual(played({ raw, target: "W2", cursor: 9 }), { seen: [], cursor: 9, moving: null, playing: false });
});
