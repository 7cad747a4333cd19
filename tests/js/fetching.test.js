import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { attachFetching } from "../../static/js/fetching.js";
import { reduce } from "../../static/js/model/reduce.js";
import { createStore } from "../../static/js/model/store.js";
import { numberAt } from "../../static/js/model/trace.js";
import { ServerFault } from "../../static/js/stream.js";
import { stateOf } from "./making.js";
import { network } from "./networks.js";

/** @import {Quantity, RawTrace} from "../../static/js/types.js" */

const WAIT = 160; // longer than it waits to see whether somebody really looks
/** @type {((event: any) => void)[]} */
let clicks = [];
beforeEach(() => {
  clicks = [];
  Object.assign(globalThis, { document: { addEventListener: (/** @type {string} */ _, /** @type {any} */ act) => clicks.push(act) } });
});
const later = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A page of a trace of which some quantities came small, and what it asks for. @param {string[]} small @param {{shape?: number[], examples?: number, refuse?: ServerFault}} [how] */
function page(small, { shape, examples = 2, refuse } = {}) {
  const whole = network({ sizes: [5, 4, 3], examples, until: "update" });
  const raw = structuredClone(whole);
  const everything = (/** @type {RawTrace} */ of) => Object.assign({}, of.start.quantities, ...of.steps.map(({ values }) => values));
  for (const id of small) Object.assign(everything(raw)[id], { data: null, thumbnail: [[0]], ...(shape ? { shape } : {}) });
  const store = createStore(reduce, stateOf(raw));
  /** @type {any[]} */
  const asked = [];
  const client = {
    more: async (/** @type {any} */ problem, /** @type {any} */ which) => {
      asked.push(which);
      assert.equal(problem, store.get().request);
      if (refuse) throw refuse;
      return Object.fromEntries(Object.entries(everything(whole)).filter(([id]) => !which.quantities || which.quantities.includes(id)).map(([id, q]) => [id, /** @type {Quantity} */ (structuredClone(q))]));
    },
  };
  attachFetching(store, client);
  return { store, asked, at: (/** @type {string} */ id) => (store.get().trace.stepOf.get(id) ?? -1) + 1 };
}

const LARGE = [100, 100]; // more numbers than come with their step

test("nothing is asked for before somebody looks; then the number's quantity and what it is made of, once", async () => {
  const { store, asked, at } = page(["W1", "z1"], { shape: LARGE });
  store.send({ type: "go", step: store.get().trace.steps.length });
  await later(WAIT);
  assert.deepEqual(asked, []);
  for (const i of [1, 2, 1]) store.send({ type: "hover", entry: { quantity: "z1", entry: [0, i] } });
  await later(WAIT);
  assert.deepEqual(asked, [{ quantities: ["z1", "W1"], from: at("z1") - 1 }]);
  assert.equal(typeof numberAt(store.get().trace, "W1", [3, 4]), "number");
  store.send({ type: "hover", entry: { quantity: "z1", entry: [1, 0] } });
  await later(WAIT);
  assert.equal(asked.length, 1);
});

test("who only passes over a number asks for nothing; of what is given no step is asked for", async () => {
  const { store, asked } = page(["W1", "W2"], { shape: LARGE });
  store.send({ type: "hover", entry: { quantity: "W1", entry: [0, 1] } });
  store.send({ type: "hover", entry: null });
  await later(WAIT);
  assert.deepEqual(asked, []);
  store.send({ type: "pin", entry: { quantity: "W2", entry: [0, 1] } });
  await later(WAIT);
  assert.deepEqual(asked, [{ quantities: ["W2"], from: store.get().trace.steps.length }]);
});

test("what a budget held back comes before its step does, together with that of the steps after it", async () => {
  const { store, asked, at } = page(["dW1", "dW2"]);
  store.send({ type: "go", step: at("dW2") - 3 });
  assert.deepEqual(asked, []);
  store.send({ type: "go", step: at("dW2") - 1 });
  assert.deepEqual(asked, [{ quantities: ["dW2", "dW1"], from: at("dW2") - 1 }]);
  await later(0);
  assert.equal(typeof numberAt(store.get().trace, "dW1", [0, 0]), "number");
});

test("another example is asked for where some quantity has not all of them", async () => {
  const { store, asked } = page(["z1"], { shape: LARGE });
  store.send({ type: "example", example: 1 });
  assert.deepEqual(asked, [{ example: 1 }]);
  const whole = page([]);
  whole.store.send({ type: "example", example: 1 });
  assert.deepEqual(whole.asked, []);
});

test("a matrix asks for its quantity; a refusal is said and, where it may pass, asked again", async () => {
  const { store, asked } = page(["W1"], { shape: LARGE, refuse: new ServerFault("busy", { passing: true }) });
  const click = () => clicks.forEach((act) => act({ target: { closest: () => ({ dataset: { fetch: "W1" } }) } }));
  click();
  await later(0);
  assert.equal(store.get().fault, "busy");
  click();
  assert.equal(asked.length, 2);
});
