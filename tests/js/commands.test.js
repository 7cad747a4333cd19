import assert from "node:assert/strict";
import { test } from "node:test";

import { createCommands } from "../../static/js/commands.js";
import { reduce } from "../../static/js/model/reduce.js";
import { createStore } from "../../static/js/model/store.js";
import { ServerFault } from "../../static/js/stream.js";
import { quantity, random, stateOf } from "./making.js";
import { network } from "./networks.js";

/** @import {State} from "../../static/js/model/reduce.js" */
/** @import {RawTrace, Request} from "../../static/js/types.js" */

const two = network({ sizes: [2, 3, 2], until: "update" }); // z1 a1 z2 a2 loss da2 dz2 dW2 db2 da1 dz1 dW1 db1 da0 W1_new b1_new W2_new b2_new
delete two.start.quantities.t; // an optimizer without a state
const END = two.steps.length;
const after = (/** @type {string} */ id) => two.steps.findIndex((step) => step.id === id) + 1;

/** @param {Partial<State>} [more] @param {{raw?: RawTrace, calm?: boolean, answer?: () => Promise<RawTrace>}} [options] */
function page(more = {}, { raw = two, calm = false, answer = async () => network({ sizes: [2, 3, 2], seed: 2 }) } = {}) {
  const store = createStore(reduce, stateOf(raw, more));
  /** @type {{problem: any, convention: string | undefined}[]} */
  const asked = [];
  let dropped = 0;
  const trace = (/** @type {Request} */ problem, /** @type {string | undefined} */ convention) => (asked.push({ problem, convention }), answer());
  const commands = createCommands(store, { trace, drop: () => (dropped += 1) }, (name) => ({ name, title: name.toUpperCase(), description: "", source: null }), () => calm);
  return { store, commands, asked, get: store.get, dropped: () => dropped };
}

test("a step on is animated, a step back and a calm one are not; both end playing", () => {
  const { commands, get } = page({ cursor: 3, playing: true });
  commands.step(1);
  assert.deepEqual([get().cursor, get().moving, get().playing], [4, 3, false]);
  commands.step(-1);
  assert.deepEqual([get().cursor, get().moving], [3, null]);
  const calm = page({ cursor: 3 }, { calm: true });
  calm.commands.step(1);
  assert.deepEqual([calm.get().cursor, calm.get().moving], [4, null]);
});

test("with a walk, steps follow it and land on its links, animated too; at its end a step changes nothing", () => {
  const { commands, get } = page({ cursor: 5, target: "W1" });
  const seen = [];
  for (let k = 0; k < 7; k += 1) {
    commands.step(1);
    seen.push(two.steps[get().cursor - 1].id);
    assert.equal(get().moving === null || get().moving === get().cursor - 1, true);
  }
  assert.deepEqual(seen, ["da2", "dz2", "da1", "dz1", "dW1", "dW1", "dW1"]);
  commands.step(-1);
  assert.equal(get().cursor, after("dz1"));
});

test("the last step is that of the trace, or of the walk", () => {
  for (const [more, cursor] of /** @type {[Partial<State>, number][]} */ ([[{}, END], [{ target: "W1" }, after("dW1")], [{ target: "Theta1" }, after("db1")], [{ target: "W2", more: true }, after("db1")]])) {
    const { commands, get } = page({ ...more, playing: true });
    commands.last();
    assert.deepEqual([get().cursor, get().playing], [cursor, false]);
  }
});

test("play from the end, or from the end of a walk, begins again; from elsewhere it goes on", () => {
  for (const [more, cursor] of /** @type {[Partial<State>, number][]} */ ([[{ cursor: END }, 0], [{ cursor: after("dW1"), target: "W1" }, 0], [{ cursor: 3 }, 3], [{ cursor: after("dz2"), target: "W1" }, after("dz2")]])) {
    const { commands, get } = page(more);
    commands.toggle();
    assert.deepEqual([get().cursor, get().playing], [cursor, true]);
    commands.toggle();
    assert.equal(get().playing, false);
  }
});

test("a walk that is chosen before the loss begins after it; later one stays where one is", () => {
  for (const [cursor, then] of [[0, 5], [3, 5], [5, 5], [9, 9], [END, END]]) {
    const { commands, get } = page({ cursor, playing: true });
    commands.walk("Theta1");
    assert.deepEqual([get().target, get().cursor, get().playing], ["Theta1", then, false]);
    commands.walk(null);
    assert.deepEqual([get().target, get().cursor], [null, then]);
  }
});

test("the walks in turn, on and back, with the whole trace between the last and the first", () => {
  const { commands, get } = page({ cursor: END });
  const round = ["W1", "b1", "Theta1", "W2", "b2", "Theta2", null];
  assert.deepEqual(round.map(() => (commands.nextWalk(1), get().target)), round);
  assert.deepEqual(round.map(() => (commands.nextWalk(-1), get().target)), [...round].reverse().slice(1).concat(null));
});

test("one layer more: beside the walk that is followed, or else the last one; pressed again it goes", () => {
  const { commands, get } = page({ cursor: END });
  commands.more();
  assert.deepEqual([get().target, get().more], ["Theta2", true]);
  commands.more();
  assert.deepEqual([get().target, get().more], ["Theta2", false]);
  commands.walk("b1");
  commands.more();
  assert.deepEqual([get().target, get().more], ["b1", true]);
});

test("one layer more needs two layers and a gradient; without a bias it is the walk to W", () => {
  for (const raw of [network({ sizes: [2, 3] }), network({ sizes: [2, 3, 2], until: "forward" })]) {
    const { commands, get } = page({}, { raw });
    commands.more();
    assert.deepEqual([get().target, get().more], [null, false]);
  }
  const { commands, get } = page({}, { raw: network({ sizes: [2, 3, 2], biases: [false, false] }) });
  commands.more();
  assert.deepEqual([get().target, get().more], ["W2", true]);
});

test("Esc leaves one thing at a time: the pin, the walk, the presentation", () => {
  const { commands, get } = page({ cursor: END, pinned: { quantity: "W1", entry: [0, 0] }, hover: { quantity: "z1", entry: [0, 0] }, target: "W1", presenting: true });
  const left = () => [get().pinned !== null, get().target !== null, get().presenting];
  assert.deepEqual([0, 1, 2, 3].map(() => (commands.leave(), left())), [[false, true, true], [false, false, true], [false, false, false], [false, false, false]]);
  assert.equal(get().hover, null);
});

test("Esc reads away what is said before it leaves anything; what was built and refused stays to be mended", () => {
  const { store, commands, get } = page({ presenting: true, fault: "no such file", hint: "nothing has changed" });
  commands.leave();
  assert.deepEqual([get().fault, get().hint, get().presenting], [null, null, true]);
  store.send({ type: "fault", text: "too wide", draft: { preset: "xor" }, faults: [] });
  commands.leave();
  assert.deepEqual([get().draft !== null, get().presenting], [true, false]);
});

test("another way to look at a number pins it; pressed again its terms are back", () => {
  for (const tool of /** @type {const} */ (["paths", "check"])) {
    const W = { quantity: "W1", entry: [2, 1] };
    const { commands, get } = page({ cursor: END, hover: W });
    commands.tool(tool);
    assert.deepEqual([get().pinned, get().tool], [W, tool]);
    commands.tool(tool);
    assert.deepEqual([get().pinned, get().tool], [W, "terms"]);
  }
});

test("the index form is that of a gradient: from the parameter it leads there", () => {
  for (const quantity of ["W1", "dW1"]) {
    const { commands, get } = page({ cursor: after("dW1"), hover: { quantity, entry: [2, 1] } });
    commands.tool("all-k");
    assert.deepEqual([get().pinned, get().tool], [{ quantity: "dW1", entry: [2, 1] }, "all-k"]);
  }
});

test("where nothing is pointed at it is about the first number of the step", () => {
  const { commands, get } = page({ cursor: after("db2"), example: 1 });
  commands.tool("all-k");
  assert.deepEqual([get().pinned, get().tool], [{ quantity: "db2", entry: [0] }, "all-k"]);
});

test("what cannot be said of a number is a hint, no fault, and pins nothing", () => {
  for (const [tool, quantity, entry, words] of /** @type {[State["tool"], string, number[], RegExp][]} */ ([["all-k", "z1", [0, 0], /index form/], ["paths", "z1", [0, 0], /weight or a bias/], ["check", "loss", [], /moved by ε/], ["check", "g1", [0, 0], /moved by ε/]])) {
    const { commands, get } = page({ cursor: END, hover: { quantity, entry } });
    commands.tool(tool);
    assert.match(get().hint ?? "", words);
    assert.deepEqual([get().fault, get().pinned, get().tool], [null, null, "terms"]);
  }
  const early = page({ cursor: 1, hover: { quantity: "W1", entry: [0, 0] } });
  early.commands.tool("all-k");
  assert.match(early.get().hint ?? "", /index form/, "its gradient is not known yet");
  const start = page();
  start.commands.tool("paths");
  assert.deepEqual([start.get().hint, start.get().pinned], [null, null], "there is nothing to say anything of");
});

test("rows and columns in turn: the same problem is asked for in the other convention, and all that is looked at stays", async () => {
  const pinned = { quantity: "W1", entry: [2, 1] };
  const { commands, get, asked } = page({ cursor: 7, pinned, target: "W1" }, { answer: async () => network({ sizes: [2, 3, 2], until: "update", convention: asked.at(-1)?.convention === "column" ? "column" : "row" }) });
  for (const convention of ["column", "row"]) {
    const done = commands.convention();
    assert.equal(get().stale, true);
    await done;
    assert.deepEqual(asked.at(-1), { problem: { preset: "p" }, convention });
    assert.deepEqual([get().convention, get().cursor, get().pinned, get().target, get().stale], [convention, 7, pinned, "W1", false]);
  }
});

test("a preset is asked for in the convention that is shown, and stands where it is wanted", async () => {
  const { commands, get, asked } = page({ convention: "column", target: "W1" });
  await commands.show("xor", { look: { cursor: 3 } });
  assert.deepEqual(asked, [{ problem: { preset: "xor" }, convention: "column" }]);
  assert.deepEqual([get().preset.title, get().cursor, get().request, get().target], ["XOR", 3, { preset: "xor" }, null]);
});

/** A page whose server answers when it is told to; a newer request ends an older one, as the client has it. */
function slow() {
  /** @type {((raw: RawTrace) => void)[]} */
  const waiting = [];
  const answer = () => new Promise((/** @type {(raw: RawTrace) => void} */ resolve) => void waiting.push(resolve));
  const it = page({ cursor: 7 }, { answer });
  return { ...it, land: (/** @type {RawTrace} */ raw) => waiting[waiting.length - 1](raw) };
}

test("rows or columns while a preset is on its way is about that preset: the old network does not come back", async () => {
  const { commands, get, asked, land } = slow();
  commands.show("xor", { look: { cursor: 2 } });
  const done = commands.convention();
  assert.deepEqual(asked, [{ problem: { preset: "xor" }, convention: "row" }, { problem: { preset: "xor" }, convention: "column" }]);
  land(network({ sizes: [2, 2], convention: "column" }));
  await done;
  assert.deepEqual([get().preset.name, get().request, get().cursor, get().convention, get().stale], ["xor", { preset: "xor" }, 2, "column", false]);
});

test("a preset asked for while the convention changes comes in the new one; pressed twice it is the old one again", async () => {
  const { commands, asked } = slow();
  commands.convention();
  commands.show("xor");
  commands.convention();
  commands.convention();
  assert.deepEqual(asked.map(({ problem, convention }) => [problem.preset, convention]), [["p", "column"], ["xor", "column"], ["xor", "row"], ["xor", "column"]]);
});

test("after an answer or a refusal nothing is on its way any more", async () => {
  let fails = false;
  const { commands, asked, get } = page({}, { answer: async () => (fails ? Promise.reject(new ServerFault("refused")) : network({ sizes: [2, 2] })) });
  await commands.show("xor");
  fails = true;
  await commands.show("broken");
  await commands.convention();
  assert.deepEqual(asked.map(({ problem, convention }) => [problem.preset, convention]), [["xor", "row"], ["broken", "row"], ["xor", "column"]]);
  assert.equal(get().preset.name, "xor");
});

test("a request that is refused keeps the last good trace and says what is wrong", async () => {
  for (const act of /** @type {const} */ (["convention", "again"])) {
    const before = { cursor: 4, target: "W1" };
    const { commands, get } = page(before, { answer: () => Promise.reject(new ServerFault("too many layers")) });
    const { trace } = get();
    await commands[act]();
    assert.deepEqual([get().trace, get().cursor, get().target, get().fault, get().stale, get().convention], [trace, 4, "W1", "too many layers", false, "row"]);
  }
  const { commands, get } = page({}, { answer: () => Promise.reject(new ServerFault("no such preset")) });
  await commands.show("nothing");
  assert.equal(get().preset.name, "p");
});

test("apply and go again: the updated parameters are asked about, what has none stays as it was, and the walk goes on", async () => {
  const raw = network({ sizes: [2, 3, 2], biases: [true, false], until: "update" });
  delete raw.start.quantities.t;
  raw.start.problem.layers[1].bias = false;
  const { commands, get, asked } = page({ cursor: raw.steps.length, target: "W1" }, { raw });
  await commands.again();
  const value = (/** @type {string} */ id) => raw.steps.find((step) => step.id === id)?.values[id].data;
  const [{ problem }] = asked;
  assert.deepEqual(problem.layers.map((/** @type {any} */ { weights, bias }) => [weights, bias]), [[value("W1_new"), value("b1_new")], [value("W2_new"), false]]);
  assert.equal(problem.optimizer_state, undefined);
  assert.deepEqual([get().request, get().cursor, get().target], [problem, 0, "W1"]);
});

test("apply and go again with an optimizer that remembers: its new state, and how many updates there were, go along", async () => {
  const raw = network({ sizes: [2, 3], until: "update" });
  raw.start.quantities.b1_m = quantity([3], [0, 0, 0]);
  raw.start.quantities.b1_v = quantity([3], [0, 0, 0]);
  Object.assign(raw.steps[raw.steps.length - 1].values, { b1_m_new: quantity([3], [1, 2, 3]), b1_v_new: quantity([3], [4, 5, 6]) });
  const { commands, asked } = page({ cursor: raw.steps.length }, { raw });
  await commands.again();
  assert.deepEqual(asked[0].problem.optimizer_state, { b1_m: [1, 2, 3], b1_v: [4, 5, 6], t: 3 });
});

test("K on a weight, while every k of its gradient was shown before, shows every k again", () => {
  const { store, commands, get } = page({ cursor: two.steps.length, pinned: { quantity: "dW1", entry: [0, 0] }, tool: "all-k" });
  store.send({ type: "pin", entry: { quantity: "W1", entry: [0, 0] } });
  commands.tool("all-k");
  assert.deepEqual([get().pinned, get().tool], [{ quantity: "dW1", entry: [0, 0] }, "all-k"]);
});

const W = { quantity: "W1", entry: [0, 1] };
const V = { quantity: "W2", entry: [1, 0] };
const edits = (/** @type {any} */ problem) => (problem.edits ?? []).map((/** @type {any} */ { quantity, entry, value }) => `${quantity} ${entry} = ${value}`);

/** A page whose server answers the oldest question, or refuses it, when it is told to; what is asked and not answered is in flight. */
function hand() {
  /** @type {{land: () => void, refuse: () => void, problem: any}[]} */
  const flying = [];
  let most = 0;
  const answer = () => new Promise((/** @type {(raw: RawTrace) => void} */ resolve, reject) => {
    const problem = it.asked.at(-1)?.problem;
    flying.push({ problem, land: () => resolve(network({ sizes: [2, 3, 2], until: "update", seed: 3 })), refuse: () => reject(new ServerFault("no", { faults: [{ pointer: "/edits/0/value", detail: "too large" }] })) });
    most = Math.max(most, flying.length);
  });
  const it = page({ cursor: 9, request: { preset: "p" } }, { raw: two, answer });
  const heard = async () => {
    for (let k = 0; k < 8; k += 1) await Promise.resolve();
  };
  return { ...it, flying, most: () => most, land: () => (flying.shift()?.land(), heard()), refuse: () => (flying.shift()?.refuse(), heard()), lose: () => flying.shift() };
}

test("an edit is the problem with one number in place of another; the step, the walk and the pin stay", async () => {
  const { commands, get, asked } = page({ cursor: 9, target: "W1", pinned: W, request: { preset: "p" } }, { answer: async () => network({ sizes: [2, 3, 2], until: "update", seed: 2 }) });
  await commands.edit(W, 0.25);
  assert.deepEqual(asked, [{ problem: { preset: "p", edits: [{ ...W, value: 0.25 }] }, convention: "row" }]);
  assert.deepEqual([get().cursor, get().target, get().pinned, get().stale, get().past.length], [9, "W1", W, false, 1]);
  await commands.edit(V, -1);
  assert.deepEqual(edits(get().request), ["W1 0,1 = 0.25", "W2 1,0 = -1"]);
  await commands.edit({ quantity: "z1", entry: [0, 0] }, 1);
  assert.equal(asked.length, 2, "only what is given can be changed");
});

test("typing faster than answers come: one request flies, the latest waits, what is between is never sent, what flies may land", async () => {
  const { commands, get, asked, land, most } = hand();
  for (let k = 1; k <= 50; k += 1) commands.edit(W, k / 100);
  assert.deepEqual(asked.map(({ problem }) => edits(problem)), [["W1 0,1 = 0.01"]]);
  await land();
  assert.deepEqual([edits(get().request), get().stale], [["W1 0,1 = 0.01"], true], "stale already");
  assert.deepEqual(edits(asked[1].problem), ["W1 0,1 = 0.5"]);
  for (let k = 51; k <= 60; k += 1) commands.edit(W, k / 100);
  await land();
  await land();
  assert.deepEqual([edits(get().request), get().stale, asked.length, most(), get().past.length], [["W1 0,1 = 0.6"], false, 3, 1, 1]);
});

test("two numbers, one after the other, faster than answers come: neither is lost, and each is undone by itself", async () => {
  const { commands, get, land, asked } = hand();
  commands.edit(W, 1);
  commands.settle();
  commands.edit(V, 2);
  commands.settle();
  await land();
  await land();
  assert.deepEqual([edits(get().request), asked.length, get().past.length], [["W1 0,1 = 1", "W2 1,0 = 2"], 2, 2]);
  commands.undo();
  await land();
  assert.deepEqual(edits(get().request), ["W1 0,1 = 1"]);
});

test("an edit that is over before its last answer has come is one change all the same, and the next of the same number another", async () => {
  const { commands, get, land } = hand();
  commands.edit(W, 1);
  await land();
  commands.edit(W, 2);
  commands.settle();
  await land();
  assert.equal(get().past.length, 1);
  commands.edit(W, 3);
  await land();
  assert.deepEqual([get().past.length, edits(get().past[1].request)], [2, ["W1 0,1 = 2"]]);
});

test("a refusal in between is not told when a later value waits; the last one is, with what was refused, and the good trace stays", async () => {
  const { commands, get, land, refuse } = hand();
  commands.edit(W, 1);
  commands.edit(W, 2);
  commands.edit(W, 3);
  await refuse();
  assert.deepEqual([get().fault, get().faults], [null, []]);
  await land();
  assert.deepEqual(edits(get().request), ["W1 0,1 = 3"]);
  const { trace } = get();
  commands.edit(W, 4);
  await refuse();
  assert.deepEqual([get().fault, get().faults[0].detail, edits(get().draft), get().trace === trace, edits(get().request), get().stale], ["no", "too large", ["W1 0,1 = 4"], true, ["W1 0,1 = 3"], false]);
  commands.edit(V, 5);
  assert.deepEqual([get().fault, get().draft, get().faults], [null, null, []]);
  await land();
  assert.deepEqual(edits(get().request), ["W1 0,1 = 3", "W2 1,0 = 5"], "what was refused is in no later one");
});

test("whatever is typed, landed and refused in whatever order: no answer overtakes another, one flies at most, and the last value is the last", async () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const chance = random(seed);
    const { commands, get, land, refuse, flying, most, store } = hand();
    const landed = /** @type {number[]} */ ([]);
    store.subscribe((state, before) => state.trace !== before.trace && landed.push(state.request.edits?.at(-1)?.value ?? NaN));
    for (let k = 1; k <= 60; k += 1) {
      commands.edit(chance() < 0.8 ? W : V, k);
      if (chance() < 0.2) commands.settle();
      if (chance() < 0.4) await land();
      else if (chance() < 0.2) await refuse();
    }
    commands.edit(W, 1000);
    for (let k = 0; k < 3; k += 1) await land();
    assert.deepEqual(landed, [...landed].sort((a, b) => a - b), `seed ${seed}`);
    assert.deepEqual([landed.at(-1), most(), get().stale], [1000, 1, false]);
  }
});

test("a preset that is chosen while an edit flies takes its place; an edit takes the place of a preset on its way", async () => {
  const { commands, get, asked, land, lose } = hand();
  commands.edit(W, 1);
  commands.edit(W, 2);
  commands.show("xor");
  assert.deepEqual(asked.map(({ problem }) => problem.preset), ["p", "xor"]);
  lose(); // the client ends it
  await land();
  assert.deepEqual([get().preset.name, get().request, get().stale], ["xor", { preset: "xor" }, false]);
});

test("an edit is taken back as far as it has come: landed, on its way, refused, or not at all; never what was before it", async () => {
  const landed = hand();
  landed.commands.edit(V, 7);
  await landed.land();
  landed.commands.settle();
  landed.commands.edit(W, 1);
  await landed.land();
  landed.commands.edit(W, 2);
  landed.commands.unedit(W);
  landed.lose();
  await landed.land();
  assert.deepEqual([edits(landed.get().request), landed.get().past.length], [["W2 1,0 = 7"], 1]);

  const early = hand();
  early.commands.edit(W, 1);
  early.commands.unedit(W);
  assert.deepEqual([early.dropped(), early.get().stale, early.get().request, early.get().past.length, early.asked.length], [1, false, { preset: "p" }, 0, 1]);
  early.lose();
  early.commands.edit(W, 2);
  await early.land();
  assert.deepEqual(edits(early.get().request), ["W1 0,1 = 2"], "and nothing waits for what was dropped");

  const refused = hand();
  refused.commands.edit(V, 7);
  await refused.land();
  refused.commands.settle();
  refused.commands.edit(W, 9);
  await refused.refuse();
  refused.commands.unedit(W);
  assert.deepEqual([edits(refused.get().request), refused.get().fault, refused.get().draft, refused.asked.length], [["W2 1,0 = 7"], null, null, 2]);
});

test("an edit that is taken back while an earlier one flies leaves that one alone", async () => {
  const { commands, get, land, asked, dropped } = hand();
  commands.edit(V, 7);
  commands.settle();
  commands.edit(W, 1);
  commands.unedit(W);
  assert.equal(dropped(), 0);
  await land();
  assert.deepEqual([edits(get().request), get().stale, asked.length], [["W2 1,0 = 7"], false, 1]);
});

test("undo and redo pressed faster than answers come lead as far as they were pressed, and back to what is shown costs nothing", async () => {
  const { commands, get, land, lose, asked } = hand();
  for (const value of [1, 2, 3]) {
    commands.edit(W, value);
    commands.settle();
    await land();
  }
  commands.undo();
  commands.undo();
  lose();
  await land();
  assert.deepEqual([edits(get().request), get().past.length, get().future.length], [["W1 0,1 = 1"], 1, 2]);
  commands.redo();
  commands.redo();
  lose();
  await land();
  assert.deepEqual([edits(get().request), get().past.length, get().future.length], [["W1 0,1 = 3"], 3, 0]);
  const { length } = asked;
  commands.undo();
  commands.redo();
  assert.deepEqual([asked.length, get().stale], [length + 1, false]);
  commands.redo();
  assert.equal(asked.length, length + 1, "there is nothing after it");
});

test("undo of an edit that has not come yet is to leave it out; redo then does nothing", async () => {
  const { commands, get, asked, lose } = hand();
  commands.edit(W, 1);
  commands.redo();
  assert.equal(get().stale, true);
  commands.undo();
  lose();
  assert.deepEqual([get().stale, get().request, asked.length], [false, { preset: "p" }, 1]);
});

test("undo after another preset was opened brings back the one before, as it was", async () => {
  const { commands, get, land } = hand();
  commands.edit(W, 1);
  await land();
  commands.show("xor");
  await land();
  assert.deepEqual([get().preset.name, get().past.length], ["xor", 2]);
  commands.undo();
  await land();
  assert.deepEqual([get().preset.name, edits(get().request)], ["p", ["W1 0,1 = 1"]]);
  commands.redo();
  await land();
  assert.deepEqual([get().preset.name, get().request], ["xor", { preset: "xor" }]);
});

test("the same weights again: the preset by its name; of a network that somebody brought, the problem it came with", async () => {
  const { commands, get, land } = hand();
  commands.edit(W, 1);
  await land();
  commands.reset();
  await land();
  assert.deepEqual([get().request, get().cursor, get().past.length], [{ preset: "p" }, 9, 2]);
  const own = { layers: [], inputs: [[1, 2]] };
  commands.bring(own, { name: "", title: "Mine", description: "", source: null });
  await land();
  commands.edit(W, 2);
  await land();
  commands.reset();
  await land();
  assert.equal(get().request, own);
});

test("what the last change has changed is shown on demand; before there is one it is said how to make one", async () => {
  const { commands, get, land } = hand();
  commands.delta();
  assert.match(get().hint ?? "", /change/);
  assert.equal(get().delta, false);
  commands.edit(W, 1);
  commands.delta(); // the change is on its way
  await land();
  assert.equal(get().delta, true);
  commands.delta();
  assert.equal(get().delta, false);
});

test("rows or columns while an edit waits: the edit comes in the other symbols", async () => {
  const { commands, get, asked, land } = hand();
  commands.edit(W, 1);
  commands.edit(W, 2);
  commands.convention();
  await land();
  await land();
  assert.deepEqual([asked.at(-1)?.convention, edits(get().request), get().past.length], ["column", ["W1 0,1 = 2"], 1]);
});

test("a change made of what is there waits for what is on its way, and loses nothing of it", async () => {
  /** @type {(() => void)[]} */
  const answers = [];
  const { commands, asked, get } = page({}, { answer: () => new Promise((done) => void answers.push(() => done(network({ sizes: [2, 3, 2], seed: 2 })))) });
  const soon = () => new Promise((done) => setTimeout(done));
  commands.edit({ quantity: "W1", entry: [0, 0] }, 0.5);
  commands.edit({ quantity: "W1", entry: [0, 0] }, 0.75); // waits for the answer to the first
  commands.afterwards(({ request }) => ({ ...request, targets: null }));
  for (let k = 0; k < 3; k += 1) {
    assert.equal(asked.length, k + 1);
    answers[k]();
    await soon();
  }
  assert.equal(asked.length, 3);
  assert.deepEqual(asked[2].problem, { ...asked[1].problem, targets: null });
  assert.deepEqual(asked[1].problem.edits, [{ quantity: "W1", entry: [0, 0], value: 0.75 }]);
  assert.equal(get().request, asked[2].problem);
  await commands.afterwards(() => null);
  assert.equal(asked.length, 3);
});
