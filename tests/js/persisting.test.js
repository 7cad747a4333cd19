import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { persist, TRIES } from "../../static/js/persisting.js";
import { ServerFault } from "../../static/js/stream.js";

/** @type {number[]} how long it waited, each time */
let waits = [];
beforeEach(() => {
  waits = [];
  const at_once = (/** @type {() => void} */ go, /** @type {number} */ ms) => (waits.push(ms), setImmediate(go));
  mock.method(globalThis, "setTimeout", /** @type {any} */ (at_once));
});
afterEach(() => mock.restoreAll());

const lost = () => new ServerFault("out of reach", { passing: true });
const full = (after = 5) => new ServerFault("as many trainings run as this server takes; try again in a moment", { passing: true, after });

/** Asks that come to what is listed, one after the other; the last again and again. @param {...(ServerFault | "gained" | null)[]} outcomes for each ask, in its order: progress, and the fault that it ends with */
function asking(...outcomes) {
  const controller = new AbortController();
  /** @type {string[]} */
  const said = [];
  let asked = 0;
  const ask = async (/** @type {() => void} */ gained) => {
    for (const outcome of outcomes[Math.min(asked++, outcomes.length - 1)]) {
      if (outcome === "gained") gained();
      else if (outcome) throw outcome;
    }
  };
  const say = (/** @type {string} */ text) => void said.push(text);
  return { controller, said, asked: () => asked, done: persist(ask, say, controller.signal) };
}

test("what is answered is asked once, and nothing is said", async () => {
  const { done, said, asked } = asking([null]);
  await done;
  assert.deepEqual([said, asked(), waits], [[], 1, []]);
});

test("a lost server is asked again after growing pauses, however long it takes, and said to be lost", async () => {
  const { done, said, asked } = asking(...Array(30).fill([lost()]), [null]);
  await done;
  assert.equal(asked(), 31);
  assert.deepEqual(waits.slice(0, 6), [300, 1000, 2000, 4000, 4000, 4000]);
  assert.ok(said.every((text) => /cannot be reached.*Trying again.*nothing is lost/.test(text)));
});

test("where something was gained, pauses begin again", async () => {
  const { done } = asking([lost()], [lost()], ["gained", lost()], [lost()], [null]);
  await done;
  assert.deepEqual(waits, [300, 1000, 300, 1000]);
});

test("a server at its limit is asked no sooner than it says, so many times, each of them said; then its words are thrown", async () => {
  const { done, said, asked } = asking([full(3)]);
  await assert.rejects(done, (error) => error instanceof ServerFault && error.message.endsWith("; try again in a moment"));
  assert.deepEqual([asked(), waits], [TRIES + 1, [3000, 3000, 3000, ...Array(TRIES - 3).fill(4000)]]);
  assert.deepEqual([said.length, said[0]], [TRIES, `As many trainings run as this server takes. Trying again, 1 of ${TRIES}; nothing is lost.`]);
});

test("a server that was lost for long may be at its limit when it is back: that is counted for itself", async () => {
  const { done, asked } = asking(...Array(20).fill([lost()]), ...Array(TRIES).fill([full()]), [null]);
  await done;
  assert.equal(asked(), 20 + TRIES + 1);
});

test("what breaks off without ever getting further is given up, what gets further each time is not", async () => {
  await assert.rejects(asking([full(1)]).done);
  const { done, asked } = asking(...Array(3 * TRIES).fill(["gained", full(1)]), [null]);
  await done;
  assert.equal(asked(), 3 * TRIES + 1);
});

test("a refusal is thrown at once, and so is a fault of our own", async () => {
  for (const fault of [new ServerFault("expected a number"), new TypeError("x is not a function")]) {
    const { done, said, asked } = asking([/** @type {any} */ (fault)]);
    await assert.rejects(done, fault);
    assert.deepEqual([said, asked(), waits], [[], 1, []]);
  }
});

test("what nobody wants any more is not asked again", async () => {
  const { done, controller, asked } = asking([lost()]);
  controller.abort();
  await done;
  assert.equal(asked(), 1);
});
