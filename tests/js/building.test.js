import assert from "node:assert/strict";
import { test } from "node:test";

import { createCommands } from "../../static/js/commands.js";
import { withFunction, withUnits } from "../../static/js/model/building.js";
import { reduce } from "../../static/js/model/reduce.js";
import { createStore } from "../../static/js/model/store.js";
import { ServerFault } from "../../static/js/stream.js";
import { stateOf } from "./making.js";
import { network } from "./networks.js";

/** @import {Request} from "../../static/js/types.js" */

const rate = (/** @type {number} */ x) => withFunction("optimizer", () => ({ name: "sgd", learning_rate: x }));
const ratesOf = (/** @type {Request[]} */ asked) => asked.map(({ optimizer }) => optimizer?.learning_rate);

/** A page on which a network is built; the server refuses negative rates, and answers when it is told to. */
function page() {
  const fresh = { past: [], future: [], session: null, by: null, before: null, delta: false, building: true, catalog: null, editing: null, draft: null, faults: [] };
  const store = createStore(reduce, stateOf(network({ sizes: [2, 3, 2] }), fresh));
  /** @type {Request[]} */
  const asked = [];
  /** @type {(() => void)[]} */
  const waiting = [];
  const trace = async (/** @type {Request} */ problem) => {
    asked.push(problem);
    await new Promise((answer) => waiting.push(() => answer(null)));
    if (Number(problem.optimizer?.learning_rate) < 0) throw new ServerFault("no", { faults: [{ pointer: "/optimizer/learning_rate", detail: "too small" }] });
    return network({ sizes: [2, 3, 2], seed: asked.length });
  };
  const client = { trace, drop() {} };
  const commands = createCommands(store, client, () => undefined, () => true);
  const answer = async () => {
    waiting.splice(0).forEach((it) => it());
    await new Promise((soon) => setTimeout(soon));
  };
  return { commands, asked, answer, get: store.get };
}

test("what is built before an answer has come is built on what was asked for", async () => {
  const { commands, asked, answer, get } = page();
  commands.make(withUnits(1, (n) => n + 1));
  commands.make(withUnits(1, (n) => n + 1));
  commands.make(rate(2));
  assert.deepEqual(asked.map(({ layers }) => layers?.[0].units), [4, 5, 5]);
  assert.deepEqual(ratesOf(asked), [undefined, undefined, 2]);
  await answer();
  assert.equal(get().request, asked[2]);
});

test("what is typed in a row is undone together, and the last of it is what stands", async () => {
  const { commands, asked, answer, get } = page();
  for (const x of [1, 2, 3]) commands.make(rate(x), "/optimizer/learning_rate");
  await answer();
  await answer();
  assert.deepEqual([ratesOf(asked), get().past.length, get().request], [[1, 3], 1, asked[1]], "one flies, the latest waits");
  commands.settle();
  commands.make(rate(4), "/optimizer/learning_rate");
  await answer();
  assert.equal(get().past.length, 2);
});

test("what is refused stays to be mended by the next change; undo lets go of it and of nothing else", async () => {
  const { commands, asked, answer, get } = page();
  commands.make(rate(1));
  await answer();
  const good = get().trace;
  commands.make(rate(-1));
  await answer();
  assert.deepEqual([get().trace, get().draft, get().faults.length, get().past.length], [good, asked[1], 1, 1]);
  commands.make(withUnits(1, () => 5));
  await answer();
  assert.deepEqual([ratesOf(asked), asked[2].layers?.[0].units, get().draft], [[1, -1, -1], 5, asked[2]]);
  commands.undo();
  assert.deepEqual([get().draft, get().faults, get().fault, get().trace, get().past.length], [null, [], null, good, 1]);
  commands.make(rate(2));
  await answer();
  assert.notEqual(asked[3].layers?.[0].units, 5, "what undo let go of does not come back");
  assert.equal(get().past.length, 2);
  commands.undo();
  await answer();
  assert.equal(get().request, asked[0]);
});

test("who presents does not build, and Esc ends building first", () => {
  const { commands, get } = page();
  commands.present();
  assert.deepEqual([get().presenting, get().building], [true, false]);
  commands.build();
  assert.deepEqual([get().presenting, get().building], [false, true]);
  commands.walk("W1");
  commands.leave();
  assert.deepEqual([get().building, get().target], [false, "W1"]);
});
