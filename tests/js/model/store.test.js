import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { createStore } from "../../../static/js/model/store.js";

/** @type {unknown[]} */
let reported = [];
beforeEach(() => {
  reported = [];
  globalThis.reportError = (error) => void reported.push(error); // browsers have it, node has not
});
afterEach(() => Reflect.deleteProperty(globalThis, "reportError"));

const counter = () => createStore((/** @type {number} */ n, /** @type {number} */ by) => n + by, 0);

test("a listener hears the new state and the one before", () => {
  const store = counter();
  /** @type {number[][]} */
  const heard = [];
  store.subscribe((now, before) => heard.push([now, before]));
  store.send(2);
  store.send(3);
  assert.deepEqual(heard, [[2, 0], [5, 2]]);
  assert.equal(store.get(), 5);
});

test("an event that changes nothing is not told", () => {
  const store = counter();
  store.subscribe(() => assert.fail("nothing changed"));
  store.send(0);
  assert.deepEqual(reported, []);
});

test("listeners are told in the order in which they subscribed", () => {
  const store = counter();
  /** @type {string[]} */
  const heard = [];
  for (const name of ["a", "b", "c"]) store.subscribe(() => heard.push(name));
  store.send(1);
  assert.deepEqual(heard, ["a", "b", "c"]);
});

test("a listener that throws stops nobody, and its error is reported", () => {
  const store = counter();
  const fault = new Error("broken view");
  /** @type {number[]} */
  const heard = [];
  store.subscribe(() => {
    throw fault;
  });
  store.subscribe((now) => heard.push(now));
  store.send(1);
  store.send(1);
  assert.deepEqual(heard, [1, 2]);
  assert.deepEqual(reported, [fault, fault]);
});

test("who has unsubscribed hears nothing more, the others still do", () => {
  const store = counter();
  /** @type {string[]} */
  const heard = [];
  const leave = store.subscribe((now) => heard.push(`a${now}`));
  store.subscribe((now) => heard.push(`b${now}`));
  store.send(1);
  leave();
  leave();
  store.send(1);
  assert.deepEqual(heard, ["a1", "b1", "b2"]);
});

test("unsubscribing while being told robs nobody of the news", () => {
  const store = counter();
  /** @type {string[]} */
  const heard = [];
  const leave = store.subscribe(() => {
    heard.push("a");
    leave();
  });
  store.subscribe(() => heard.push("b"));
  store.send(1);
  store.send(1);
  assert.deepEqual(heard, ["a", "b", "b"]);
});

test("a listener that sends an event sees its state at once", () => {
  const store = counter();
  store.subscribe((now) => {
    if (now === 1) {
      store.send(10);
      assert.equal(store.get(), 11);
    }
  });
  store.send(1);
  assert.equal(store.get(), 11);
  assert.deepEqual(reported, []);
});

test("when a listener sends an event, every listener hears of every change, in order, each beginning where the last ended", () => {
  const store = counter();
  /** @type {Record<string, number[][]>} */
  const heard = { early: [], sender: [], late: [] };
  store.subscribe((now, before) => heard.early.push([before, now]));
  store.subscribe((now, before) => {
    heard.sender.push([before, now]);
    if (now === 1) store.send(10);
    if (now === 11) store.send(100);
  });
  store.subscribe((now, before) => heard.late.push([before, now]));
  store.send(1);
  const all = [[0, 1], [1, 11], [11, 111]];
  assert.deepEqual(heard, { early: all, sender: all, late: all });
});

test("a listener that sends an event and then throws stops nobody either", () => {
  const store = counter();
  /** @type {number[]} */
  const heard = [];
  store.subscribe((now) => {
    if (now !== 1) return;
    store.send(1);
    throw new Error("broken after sending");
  });
  store.subscribe((now) => heard.push(now));
  store.send(1);
  store.send(1);
  assert.deepEqual(heard, [1, 2, 3]);
  assert.equal(reported.length, 1);
});

test("a reducer that throws leaves the state as it was and the store usable", () => {
  const store = createStore((/** @type {number} */ n, /** @type {number} */ by) => {
    if (by < 0) throw new RangeError("only up");
    return n + by;
  }, 0);
  /** @type {number[]} */
  const heard = [];
  store.subscribe((now) => heard.push(now));
  assert.throws(() => store.send(-1), RangeError);
  store.send(2);
  assert.deepEqual(heard, [2]);
});
