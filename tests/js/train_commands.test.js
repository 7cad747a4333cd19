import assert from "node:assert/strict";
import { test } from "node:test";

import { reduce } from "../../static/js/model/training.js";
import { createStore } from "../../static/js/model/store.js";
import { ServerFault } from "../../static/js/stream.js";
import { createCommands } from "../../static/js/train_commands.js";
import { ending, opened, opening, progress, TRAIN } from "./training.js";

/** @import {Ending, Opening, Progress, Scenario} from "../../static/js/model/training.js" */
/** @typedef {{request: any, signal: AbortSignal, tell: (event: Opening | Progress | Ending) => void | Promise<void>, done: (fault?: Error) => void}} Asked */

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A page with so many runs, and a trainer that says what the test lets it say. @param {number} runs */
function page(runs) {
  const store = createStore(reduce, opened(Array(runs).fill(TRAIN)));
  /** @type {Asked[]} */
  const asked = [];
  /** @type {Map<string, (scenario: Scenario | Error) => void>} */
  const chosen = new Map();
  const trainer = {
    train: (/** @type {any} */ request, /** @type {Asked["tell"]} */ tell, /** @type {AbortSignal} */ signal) =>
      new Promise((/** @type {(value: void) => void} */ resolve, reject) => {
        signal.addEventListener("abort", () => resolve());
        asked.push({ request, tell, signal, done: (fault) => (fault ? reject(fault) : resolve()) });
      }),
    scenario: (/** @type {string} */ name) => new Promise((/** @type {(scenario: Scenario) => void} */ resolve, reject) => chosen.set(name, (it) => (it instanceof Error ? reject(it) : resolve(it)))),
  };
  const commands = createCommands(store, /** @type {any} */ (trainer), { root: "", most: 9 });
  /** The runs that are asked for now, by their place in `asked`. */
  const flying = () => asked.filter(({ signal }) => !signal.aborted);
  return { store, commands, asked, chosen, flying };
}

/** It begins, goes to an epoch and ends there. @param {Asked} it @param {number} epochs */
async function over(it, epochs) {
  await it.tell(opening());
  await it.tell(ending(3 * epochs));
  it.done();
  await turn();
}

test("another speed is for those that run: one that has come to its end is left there", async () => {
  const { store, commands, asked } = page(2);
  commands.play();
  await over(asked[0], 10);
  await asked[1].tell(opening());
  commands.faster(-1);
  assert.equal(asked.length, 3);
  assert.deepEqual([asked[1].signal.aborted, store.get().runs[0].end?.reason, store.get().playing], [true, "epochs", true]);
});

test("half of η begins again, with the run beside it where that was paused, not where it was through", async () => {
  for (const epochs of [10, 4]) {
    const { store, commands, asked } = page(2);
    commands.play();
    await asked[0].tell(opening());
    await asked[0].tell(ending(3, { reason: "non_finite", explanation: ["It broke."] }));
    asked[0].done();
    await asked[1].tell(opening());
    await asked[1].tell(epochs === 10 ? ending(30) : progress(12));
    if (epochs === 10) asked[1].done();
    else commands.pause();
    await turn();
    assert.equal(store.get().playing, false);
    commands.halve(0);
    assert.deepEqual(asked.slice(2).map(({ request }) => request.optimizer.learning_rate), epochs === 10 ? [0.05] : [0.05, 0.1]);
  }
});

test("runs that begin anew keep step from their first epoch on", async () => {
  const { store, commands, asked, flying } = page(2);
  store.send({ type: "speed", speed: 300 });
  commands.play();
  for (const it of asked) await it.tell(opening());
  await Promise.all(asked.map((it) => it.tell(progress(15))));
  commands.reset();
  commands.play();
  const [first, second] = flying();
  const came = () => store.get().runs.map(({ report }) => report?.epoch);
  await first.tell(opening());
  const told = first.tell(progress(3));
  await new Promise((resolve) => setTimeout(resolve, 60)); // more than a report takes at this speed
  assert.deepEqual(came(), [0, 5], "the other has not even begun");
  await second.tell(opening());
  await Promise.all([told, second.tell(progress(3))]);
  assert.deepEqual(came(), [1, 1]);
});

test("an update that is asked for to be looked at is let go where somebody does something else", async () => {
  const { store, commands, asked } = page(1);
  const stepped = commands.step(0);
  assert.equal(store.get().asking, true);
  commands.play();
  await stepped;
  assert.deepEqual([asked[0].signal.aborted, asked.length, store.get().playing, store.get().fault], [true, 2, true, null]);
  const again = commands.step(0);
  asked[2].done(new ServerFault("out of reach", { passing: true }));
  await again;
  assert.deepEqual([store.get().playing, store.get().asking, store.get().fault], [false, false, "out of reach"]);
});

test("of scenarios that are chosen one after the other the last one opens, in whatever order they come", async () => {
  globalThis.history = /** @type {any} */ ({ pushState() {} });
  const { store, commands, chosen } = page(1);
  const scenario = (/** @type {string} */ name) => ({ ...opened().scenario, name });
  commands.choose("a");
  commands.choose("b");
  chosen.get("b")?.(scenario("b"));
  await turn();
  chosen.get("a")?.(scenario("a"));
  await turn();
  assert.equal(store.get().scenario.name, "b");
});

test("that a scenario did not come is said no more when the server is back", async () => {
  const { store, commands, asked, chosen } = page(1);
  commands.play();
  await asked[0].tell(opening());
  const lost = new ServerFault("out of reach", { passing: true });
  const choice = commands.choose("a");
  chosen.get("a")?.(lost);
  await choice;
  asked[0].done(lost);
  await turn();
  assert.deepEqual([store.get().fault, Boolean(store.get().runs[0].lost), store.get().playing], ["out of reach", true, true]);
  await new Promise((resolve) => setTimeout(resolve, 350)); // it is asked again
  await asked[1].tell(opening());
  assert.deepEqual([store.get().fault, store.get().runs[0].lost, store.get().playing], [null, null, true]);
});

test("one epoch is the first where a run is to begin anew, though the server has not taken it yet", async () => {
  const { commands, asked, flying } = page(1);
  commands.play();
  await asked[0].tell(opening());
  await asked[0].tell(progress(15));
  commands.reset();
  commands.epoch();
  assert.deepEqual(flying().map(({ request }) => request.epochs), [1]);
});

test("who comes back to a page that rested finds it going on: to the same epoch, and a run that is through stays so", async () => {
  const { store, commands, asked } = page(2);
  commands.epoch();
  await over(asked[0], 1);
  await asked[1].tell(opening());
  await asked[1].tell(progress(1));
  commands.pause();
  await turn();
  commands.resume();
  assert.deepEqual(asked.slice(2).map(({ request }) => [request.epochs, request.position]), [[1, { epoch: 0, batch: 1 }]]);
  await over(asked[2], 1);
  assert.equal(store.get().playing, false);
});

test("what was on its way before another speed was chosen brings nobody on", async () => {
  const { store, commands, asked } = page(2);
  store.send({ type: "speed", speed: 10 });
  commands.play();
  for (const it of asked) await it.tell(opening());
  asked[0].tell(progress(3)); // it is held back for as long as an epoch takes
  commands.faster(1);
  const [, , first, second] = asked;
  await second.tell(opening());
  const told = second.tell(progress(3));
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.deepEqual(store.get().runs.map(({ report }) => report?.epoch), [0, 0]);
  await first.tell(opening());
  await Promise.all([told, first.tell(progress(3))]);
  assert.deepEqual(store.get().runs.map(({ report }) => report?.epoch), [1, 1]);
});
