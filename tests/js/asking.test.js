import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { attachAsking } from "../../static/js/asking.js";
import { reduce } from "../../static/js/model/reduce.js";
import { createStore } from "../../static/js/model/store.js";
import { indexTrace } from "../../static/js/model/trace.js";
import { ServerFault } from "../../static/js/stream.js";
import { stateOf } from "./making.js";
import { network } from "./networks.js";

/** @import {State} from "../../static/js/model/reduce.js" */
/** @import {Check, RawTrace} from "../../static/js/types.js" */

const BACKWARD = 6; // so many steps have happened when the first gradient of two layers is seen
const WAITS = 60;
const raw = network({ sizes: [2, 3, 2], examples: 3 });
const request = { preset: "two-layer" };
const W = { quantity: "W1", entry: [2, 1] };

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.reportError = (error) => {
    throw error;
  };
});
afterEach(() => {
  mock.timers.reset();
  Reflect.deleteProperty(globalThis, "reportError");
});

/** Promises that are settled are heard. */
const heard = async () => {
  for (let k = 0; k < 5; k += 1) await Promise.resolve();
};

/** A page whose server answers when it is told to. @param {Partial<State>} [more] @param {RawTrace} [trace] */
function page(more = {}, trace = raw) {
  const store = createStore(reduce, stateOf(trace, { request, ...more }));
  /** @type {{kind: string, body: any, answer: (answer: any) => Promise<void>, refuse: (text: string, kind?: {passing?: boolean}) => Promise<void>}[]} */
  const asked = [];
  attachAsking(store, {
    look: () => new Promise(() => {}),
    ask: (kind, body) =>
      new Promise((resolve, reject) => {
        const answer = (/** @type {any} */ it) => (resolve(it), heard());
        const refuse = (/** @type {string} */ text, /** @type {{passing?: boolean}} */ how) => (reject(new ServerFault(text, how)), heard());
        asked.push({ kind, body, answer, refuse: /** @type {any} */ (refuse) });
      }),
  });
  const of = (/** @type {string} */ kind) => asked.filter((it) => it.kind === kind && !it.body.probe);
  return { store, asked, checks: () => of("gradient-check"), paths: () => of("paths"), probes: () => asked.filter(({ body }) => body.probe), go: (/** @type {number} */ step) => store.send({ type: "go", step }) };
}

/** @param {Partial<Check>} [more] @returns {Check} */
const check = (more = {}) => ({ agrees: true, epsilon: 1e-6, quantities: {}, ...more });
/** A page on which every gradient is known, and verified. @param {Partial<State>} [more] */
const ready = (more = {}) => page({ cursor: raw.steps.length, check: check(), ...more });
const other = { type: /** @type {const} */ ("loaded"), trace: indexTrace(network({ sizes: [2, 3, 2], seed: 2 })), request: { preset: "other" } };

test("nothing is verified before a gradient is seen; then once, however often one goes back and on", async () => {
  const { checks, go, store } = page();
  for (let step = 1; step < BACKWARD; step += 1) go(step);
  assert.equal(checks().length, 0);
  go(BACKWARD);
  assert.deepEqual(checks().map(({ body }) => body), [request], "the whole problem, as it was asked for");
  for (const step of [BACKWARD + 1, 0, BACKWARD + 3]) go(step);
  assert.equal(checks().length, 1, "not again while the answer is on its way");
  const answer = check();
  await checks()[0].answer(answer);
  assert.equal(store.get().check, answer);
  for (const step of [0, BACKWARD, raw.steps.length]) go(step);
  assert.equal(checks().length, 1, "nor when it has come");
});

test("a page that opens in the middle, by a link, verifies at once; a forward pass alone never", () => {
  assert.equal(page({ cursor: BACKWARD }).checks().length, 1);
  assert.equal(page({ cursor: BACKWARD - 1 }).checks().length, 0);
  const forward = network({ sizes: [2, 3, 2], until: "forward" });
  assert.equal(page({ cursor: forward.steps.length }, forward).checks().length, 0);
});

test("another trace is verified anew; what was found out about the old one is dropped when it comes late", async () => {
  const { store, checks, go } = page({ cursor: BACKWARD });
  store.send(other);
  assert.equal(checks().length, 1, "the new trace stands at its start");
  await checks()[0].answer(check());
  assert.equal(store.get().check, null);
  go(BACKWARD);
  assert.deepEqual(checks().map(({ body }) => body), [request, other.request]);
  const answer = check({ agrees: false });
  await checks()[1].answer(answer);
  assert.equal(store.get().check, answer);
});

test("the same numbers in other symbols are as right as before: nothing is asked again, an answer on its way still counts", async () => {
  const { store, checks, go } = page({ cursor: BACKWARD });
  store.send({ type: "restated", trace: indexTrace(network({ sizes: [2, 3, 2], examples: 3, convention: "column" })) });
  go(BACKWARD + 1);
  assert.equal(checks().length, 1);
  await checks()[0].answer(check());
  assert.ok(store.get().check);
});

test("a check that is refused is no fault, as nobody asked for it: it is said where the badge would be, and not asked again", async () => {
  const { store, checks, go } = page({ cursor: BACKWARD });
  await checks()[0].refuse("too many numbers");
  assert.equal(store.get().fault, null);
  assert.equal(store.get().check?.refused, "too many numbers");
  go(BACKWARD + 1);
  assert.equal(checks().length, 1);
});

test("a check that failed in passing is asked again at the next step", async () => {
  const { store, checks, go } = page({ cursor: BACKWARD });
  await checks()[0].refuse("busy", { passing: true });
  assert.deepEqual([store.get().fault, store.get().check], [null, null]);
  assert.equal(checks().length, 1, "not by itself");
  go(BACKWARD + 1);
  assert.equal(checks().length, 2);
  await checks()[1].answer(check());
  assert.ok(store.get().check);
});

test("paths are asked for when they are what is shown of a pinned parameter, and for nothing else", async () => {
  const { store, paths } = ready();
  store.send({ type: "pin", entry: W });
  assert.equal(paths().length, 0, "its terms are shown");
  store.send({ type: "tool", tool: "paths" });
  assert.deepEqual(paths()[0].body, { ...request, target: W });
  const found = { ...W, paths: [] };
  await paths()[0].answer(found);
  assert.equal(/** @type {any} */ (store.get().paths), found);
  store.send({ type: "hover", entry: { quantity: "W2", entry: [0, 0] } });
  store.send({ type: "go", step: 8 });
  assert.equal(paths().length, 1, "pointing and stepping change no path");
  store.send({ type: "tool", tool: "terms" });
  store.send({ type: "pin", entry: { quantity: "z1", entry: [0, 0] } });
  store.send({ type: "tool", tool: "paths" });
  assert.equal(paths().length, 1, "no path leads to z");
});

test("paths to a gradient, and to an updated parameter, are those to the parameter", () => {
  for (const [id, entry] of /** @type {[string, number[]][]} */ ([["dW1", [2, 1]], ["W1_new", [2, 1]]])) {
    const { store, paths } = ready({ pinned: { quantity: id, entry } });
    store.send({ type: "tool", tool: "paths" });
    assert.deepEqual(paths()[0].body.target, W);
  }
  const { store, paths } = ready({ pinned: { quantity: "db2", entry: [1] } });
  store.send({ type: "tool", tool: "paths" });
  assert.deepEqual(paths()[0].body.target, { quantity: "b2", entry: [1] });
});

test("paths go through the whole batch, or through the example shown when that is wanted", () => {
  const { store, paths } = ready({ pinned: W, example: 1 });
  store.send({ type: "tool", tool: "paths" });
  store.send({ type: "wide", on: false });
  store.send({ type: "wide", on: true });
  assert.deepEqual(paths().map(({ body }) => body.example), [undefined, 1, undefined]);
  const all = ready({ pinned: W, example: -1, wide: false });
  all.store.send({ type: "tool", tool: "paths" });
  assert.equal(all.paths()[0].body.example, undefined, "all examples are shown");
  const single = network({ sizes: [2, 3, 2], examples: 1 });
  const one = page({ cursor: single.steps.length, check: check(), pinned: W, wide: false }, single);
  one.store.send({ type: "tool", tool: "paths" });
  assert.equal(one.paths()[0].body.example, undefined, "there is only one");
});

test("of several questions about paths the latest wins, whichever answer comes first", async () => {
  for (const order of [[0, 1], [1, 0]]) {
    const { store, paths } = ready({ pinned: W, example: 1 });
    store.send({ type: "tool", tool: "paths" });
    store.send({ type: "wide", on: false });
    for (const k of order) await paths()[k].answer({ question: k });
    assert.deepEqual(/** @type {any} */ (store.get().paths), { question: 1 });
  }
});

test("paths in a trace that is gone are dropped", async () => {
  const { store, paths } = ready({ pinned: W });
  store.send({ type: "tool", tool: "paths" });
  store.send(other);
  await paths()[0].answer({ question: 0 });
  assert.equal(store.get().paths, null);
});

test("an answer or a fault about a number that is no longer pinned is dropped: it would be told of another", async () => {
  for (const tool of /** @type {const} */ (["paths", "check"])) {
    for (const next of [null, { quantity: "W2", entry: [0, 0] }, { quantity: "g1", entry: [0, 0] }]) {
      const { store, asked } = ready({ pinned: W });
      store.send({ type: "tool", tool });
      store.send({ type: "pin", entry: null });
      if (next) store.send({ type: "pin", entry: next });
      await asked[0].answer({ probe: { old: true } });
      assert.deepEqual([store.get().paths, store.get().probe], [null, null], `${tool} ${next?.quantity}`);
      store.send({ type: "pin", entry: null });
      store.send({ type: "pin", entry: W });
      store.send({ type: "tool", tool });
      store.send({ type: "pin", entry: null });
      await asked[1].refuse("too late");
      assert.equal(store.get().fault, null);
    }
  }
});

test("what is asked by hand and refused is a fault, in the server's words, unless it comes too late", async () => {
  for (const tool of /** @type {const} */ (["paths", "check"])) {
    const { store, asked } = ready({ pinned: W });
    store.send({ type: "tool", tool });
    await asked[0].refuse("no path leads there");
    assert.equal(store.get().fault, "no path leads there");
    store.send({ type: "fault", text: null });
    store.send({ type: "tool", tool: "terms" });
    store.send({ type: "tool", tool });
    store.send(other);
    await asked[1].refuse("too late");
    assert.equal(store.get().fault, null);
  }
});

test("a fault of an older question is not told when a newer one is under way", async () => {
  const { store, paths } = ready({ pinned: W, example: 1 });
  store.send({ type: "tool", tool: "paths" });
  store.send({ type: "wide", on: false });
  await paths()[0].refuse("too late");
  assert.equal(store.get().fault, null);
  await paths()[1].answer({ question: 1 });
  assert.deepEqual(/** @type {any} */ (store.get().paths), { question: 1 });
});

test("the pinned number is moved by ε, nothing else being checked; of a gradient what it is the gradient of", async () => {
  for (const [id, moved] of [["W1", "W1"], ["dW1", "W1"], ["z1", "z1"], ["da1", "a1"]]) {
    const { store, probes, checks } = ready({ pinned: { quantity: id, entry: [1, 0] }, epsilon: 1e-3 });
    store.send({ type: "tool", tool: "check" });
    assert.deepEqual(probes().map(({ kind, body }) => [kind, body]), [["gradient-check", { ...request, quantities: [], probe: { quantity: moved, entry: [1, 0], epsilon: 1e-3 } }]]);
    assert.equal(checks().length, 0);
    const probe = { quantity: moved };
    await probes()[0].answer({ agrees: null, quantities: {}, probe });
    assert.equal(/** @type {any} */ (store.get().probe), probe);
    assert.deepEqual(store.get().check, check(), "what is known of all gradients stays");
  }
  const { store, probes } = ready({ pinned: { quantity: "loss", entry: [] } });
  store.send({ type: "tool", tool: "check" });
  assert.equal(probes().length, 0);
});

test("who drags ε asks for where it stops, once", () => {
  const { store, probes } = ready({ pinned: W });
  store.send({ type: "tool", tool: "check" });
  for (let k = 1; k <= 20; k += 1) {
    store.send({ type: "epsilon", epsilon: 10 ** -(k / 2) });
    mock.timers.tick(WAITS / 2);
  }
  assert.equal(probes().length, 1, "still being dragged");
  mock.timers.tick(WAITS);
  assert.deepEqual(probes().slice(1).map(({ body }) => body.probe.epsilon), [1e-10]);
  mock.timers.tick(10 * WAITS);
  assert.equal(probes().length, 2);
});

test("ε moved while something else is shown asks for nothing", () => {
  const { store, asked } = ready({ pinned: W });
  store.send({ type: "epsilon", epsilon: 1e-3 });
  mock.timers.tick(WAITS);
  store.send({ type: "tool", tool: "check" });
  store.send({ type: "epsilon", epsilon: 1e-2 });
  store.send({ type: "tool", tool: "terms" });
  mock.timers.tick(WAITS);
  assert.deepEqual(asked.map(({ body }) => body.probe.epsilon), [1e-3]);
});

test("an answer for an ε that is no longer wanted is dropped once the newer question is asked", async () => {
  const { store, probes } = ready({ pinned: W });
  store.send({ type: "tool", tool: "check" });
  store.send({ type: "epsilon", epsilon: 1e-2 });
  mock.timers.tick(WAITS);
  await probes()[1].answer({ probe: { epsilon: 1e-2 } });
  await probes()[0].answer({ probe: { epsilon: 1e-4 } });
  assert.equal(store.get().probe?.epsilon, 1e-2);
});

test("the check of all gradients, the paths and a probe do not end each other", async () => {
  const { store, checks, paths, probes } = page({ cursor: BACKWARD, pinned: W });
  store.send({ type: "tool", tool: "paths" });
  store.send({ type: "tool", tool: "check" });
  await checks()[0].answer(check());
  await paths()[0].answer({ question: 0 });
  await probes()[0].answer({ probe: { epsilon: 1e-4 } });
  const { check: checked, paths: found, probe } = store.get();
  assert.ok(checked && found && probe);
});

test("while a hand changes the network nothing is asked; where it stops, once, about what is there then", async () => {
  const { store, checks, paths, go } = ready({ pinned: W, tool: "paths" });
  const trace = indexTrace(network({ sizes: [2, 3, 2], examples: 3, seed: 4 }));
  for (let k = 1; k <= 20; k += 1) {
    store.send({ type: "loaded", trace, request: { k }, change: true, session: "W1 0,0 · 0" });
    store.send({ type: "hover", entry: k % 2 ? W : null });
    mock.timers.tick(100);
  }
  go(raw.steps.length - 1);
  assert.deepEqual([checks().length, paths().length], [0, 0]);
  mock.timers.tick(250);
  assert.deepEqual([checks(), paths()].map((all) => all.map(({ body }) => body.k)), [[20], [20]]);
  await checks()[0].answer(check());
  assert.ok(store.get().check);
  go(raw.steps.length);
  mock.timers.tick(1000);
  assert.equal(checks().length, 1);
});

test("undone while it settles: what is there then is asked about at once, and only that", () => {
  const { store, checks } = ready();
  const trace = indexTrace(network({ sizes: [2, 3, 2], examples: 3, seed: 4 }));
  store.send({ type: "loaded", trace, request: { k: 1 }, change: true, session: "W1 0,0 · 0" });
  store.send({ type: "loaded", trace, request, change: true, travel: -1 });
  mock.timers.tick(1000);
  assert.deepEqual(checks().map(({ body }) => body), [request]);
});
