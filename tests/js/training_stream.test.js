import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { reduce } from "../../static/js/model/training.js";
import { createStore } from "../../static/js/model/store.js";
import { ServerFault } from "../../static/js/stream.js";
import { createCommands } from "../../static/js/train_commands.js";
import { createTrainer } from "../../static/js/training_stream.js";
import { bodyOf, listening } from "./serving.js";
import { ending, opened, opening, progress, TRAIN } from "./training.js";

/** @import {ServerResponse} from "node:http" */

/** A server whose k-th request is answered by the k-th handler, later ones by the last. @param {((body: any, response: ServerResponse) => unknown)[]} handlers */
async function serve(...handlers) {
  /** @type {any[]} */
  const bodies = [];
  const { api } = await listening(async (request, response) => {
    bodies.push(await bodyOf(request));
    await handlers[Math.min(bodies.length, handlers.length) - 1](bodies.at(-1), response);
  });
  return { api, bodies };
}

/** @param {object[]} events */
const lines = (...events) => events.map((event) => `${JSON.stringify(event)}\n`).join("");
const refusal = (/** @type {number} */ status, headers = {}) => (/** @type {any} */ _, /** @type {ServerResponse} */ response) => response.writeHead(status, { "Content-Type": "application/problem+json", ...headers }).end('{"detail": "no room"}');
const cut = { event: "error", status: 503, detail: "ended by the operating system" };

for (const [what, answer, passing, after] of /** @type {[string, (body: any, response: ServerResponse) => unknown, boolean, number][]} */ ([
  ["that ends without an end", (_, response) => response.end(lines(opening(), progress(1))), true, 0],
  ["that is cut in the middle of a line", (_, response) => response.end(lines(opening()) + '{"event": "prog'), true, 0],
  ["that breaks", (_, response) => (response.write(lines(opening(), progress(1))), setTimeout(() => response.destroy(), 20)), true, 0],
  ["that a proxy has no server for", (_, response) => response.writeHead(502).end("<h1>Bad gateway</h1>"), true, 0],
  ["that the operating system ended", (_, response) => response.end(lines(opening(), cut)), true, 1],
  ["that failed by a fault of the server", (_, response) => response.end(lines(opening(), { ...cut, status: 500 })), false, 0],
  ["for which there is no room", refusal(503, { "Retry-After": "5" }), true, 5],
  ["of which one client has too many", refusal(429, { "Retry-After": "5" }), true, 5],
  ["that is refused", refusal(422), false, 0],
])) {
  test(`a training ${what} ${passing ? "may be over in a moment" : "is a fault that stays"}`, async () => {
    const { api } = await serve(answer);
    const asked = createTrainer(api).train(TRAIN, () => {}, new AbortController().signal);
    await assert.rejects(asked, (error) => error instanceof ServerFault && error.passing === passing && error.after === after);
  });
}

test("a fault of whoever is told is not the server's", async () => {
  const { api } = await serve((_, response) => response.end(lines(opening(), progress(1))));
  const fault = new TypeError("x is not a function");
  await assert.rejects(createTrainer(api).train(TRAIN, () => Promise.reject(fault), new AbortController().signal), fault);
});

/** All that a server would say of a training of ten epochs, from where the request stands. @param {any} body */
function told({ position = { epoch: 0, batch: 0 } }) {
  const from = position.epoch * 3 + position.batch;
  const where = { updates: from, position, epoch: position.epoch };
  return [opening(where), ...Array.from({ length: 30 - from }, (_, k) => progress(from + k + 1)), ending(30, { gradient_rms: from < 30 ? { dz1: 0.1 } : {} })];
}

test("a training that breaks again and again comes to the same end, and every report is in the curve once", async () => {
  const part = (/** @type {number} */ events) => (/** @type {any} */ body, /** @type {ServerResponse} */ response) => response.end(lines(...told(body).slice(0, events)));
  const { api, bodies } = await serve(part(5), part(0), part(1), refusal(503), part(1 + 26), (body, response) => response.end(lines(...told(body))));
  const { setTimeout: usual } = globalThis;
  mock.method(globalThis, "setTimeout", (/** @type {() => void} */ go, /** @type {number} */ ms) => usual(go, Math.min(ms, 5))); // pauses are tested elsewhere
  const store = createStore(reduce, opened());
  /** @type {(string | null)[]} */
  const said = [];
  store.subscribe(({ runs: [run] }, before) => run.lost !== before.runs[0].lost && said.push(run.lost));
  await createCommands(store, createTrainer(api), { root: "", most: 9 }).play();
  assert.deepEqual(bodies.map(({ position }) => position), [undefined, ...Array(4).fill({ epoch: 1, batch: 1 }), { epoch: 10, batch: 0 }]);
  assert.ok(bodies.every(({ epochs }) => epochs === 10), "it is not asked to go beyond, where only its end was lost");
  assert.deepEqual(bodies[1].parameters, progress(4).parameters);
  const { runs: [run], playing, asking } = store.get();
  assert.deepEqual([run.end?.reason, run.report?.updates, playing, asking, run.lost], ["epochs", 30, false, false, null]);
  assert.deepEqual(run.history.points.map(({ x }) => Math.round(3 * x)), Array.from({ length: 31 }, (_, k) => k));
  assert.ok(said.length >= 4 && said.at(-1) === null && said.every((text) => text === null || /cannot be reached/.test(text)));
});

test("who pauses while the server is lost is not asked for any more", async () => {
  const { api, bodies } = await serve((body, response) => response.end(lines(...told(body).slice(0, 3))));
  const store = createStore(reduce, opened());
  const commands = createCommands(store, createTrainer(api), { root: "", most: 9 });
  const lost = new Promise((resolve) => store.subscribe(({ runs: [run] }) => run.lost && resolve(null)));
  const played = commands.play();
  await lost;
  commands.toggle();
  await played;
  const { runs: [run], playing } = store.get();
  assert.deepEqual([playing, run.lost, run.report?.updates, bodies.length], [false, null, 2, 1]);
});
