/** Questions about the chain rule in quick succession. */
import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";

import { askChainRule } from "../../static/js/stream.js";

afterEach(() => mock.restoreAll());

const at = (/** @type {number} */ theta) => ({ outer: "square", inner: "sigmoid", theta });
const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
const json = (/** @type {any} */ body, status = 200) => new Response(JSON.stringify(body), { status });

/** A server that answers when told to, and what was asked and said. */
function server() {
  /** @type {{theta: number, answer: (response: Response | Error) => void}[]} */
  const calls = [];
  /** @type {any[]} */
  const said = [];
  mock.method(globalThis, "fetch", (/** @type {string} */ address) => {
    const query = new URL(address, "http://server").searchParams;
    return new Promise((resolve, reject) => calls.push({ theta: Number(query.get("theta")), answer: (it) => (it instanceof Error ? reject(it) : resolve(it)) }));
  });
  const tell = (/** @type {string} */ kind) => (/** @type {any} */ it) => void said.push(kind === "answer" ? it.theta : it && `${kind}: ${it}`);
  const ask = askChainRule("/api", { answer: tell("answer"), fault: tell("fault"), lost: tell("lost") });
  return { ask, calls, said: () => said.filter((it) => it !== null) };
}

test("one question at a time; of those that wait only the newest is asked", async () => {
  const { ask, calls, said } = server();
  for (let theta = 0; theta < 10; theta += 1) ask(at(theta));
  assert.deepEqual(calls.map(({ theta }) => theta), [0]);
  calls[0].answer(json({ theta: 0 }));
  await pause(5);
  assert.deepEqual(calls.map(({ theta }) => theta), [0, 9]);
  calls[1].answer(json({ theta: 9 }));
  await pause(5);
  assert.deepEqual(said(), [0, 9]);
  assert.equal(calls.length, 2);
});

test("when all is answered the next question is asked at once", async () => {
  const { ask, calls, said } = server();
  ask(at(1));
  calls[0].answer(json({ theta: 1 }));
  await pause(5);
  ask(at(2));
  calls[1].answer(json({ theta: 2 }));
  await pause(5);
  assert.deepEqual(said(), [1, 2]);
});

test("what is refused is told and not asked again", async () => {
  const { ask, calls, said } = server();
  ask(at(1000));
  calls[0].answer(json({ detail: "theta: too far" }, 422));
  await pause(400);
  assert.deepEqual(said(), ["fault: theta: too far"]);
  assert.equal(calls.length, 1);
});

for (const [what, broken] of /** @type {[string, () => Response | Error][]} */ ([
  ["a broken connection", () => new TypeError("fetch failed")],
  ["a busy server", () => json({ detail: "busy" }, 503)],
  ["half an answer", () => new Response('{"theta": ')],
])) {
  test(`after ${what} the newest question is asked`, async () => {
    const { ask, calls, said } = server();
    ask(at(1));
    calls[0].answer(broken());
    await pause(50);
    ask(at(2));
    ask(at(3));
    assert.equal(calls.length, 1, "not before a pause");
    await pause(400);
    assert.deepEqual(calls.map(({ theta }) => theta), [1, 3]);
    calls[1].answer(json({ theta: 3 }));
    await pause(5);
    assert.equal(said().length, 2);
    assert.match(said()[0], /^lost: .*nothing is lost/i);
    assert.equal(said()[1], 3);
  });
}
