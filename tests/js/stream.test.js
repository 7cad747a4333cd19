import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { createClient, ServerFault } from "../../static/js/stream.js";
import { quantity, random, rawTrace, step } from "./making.js";
import { bodyOf, listening } from "./serving.js";

/** @import {IncomingMessage, ServerResponse} from "node:http" */
/** @import {RawTrace} from "../../static/js/types.js" */

/** @typedef {{from: number, body: any, request: IncomingMessage, response: ServerResponse, send: (bytes: Uint8Array | string) => Promise<void>, ndjson: () => void}} Call */

/** A server whose k-th request is answered by the k-th handler, later ones by the last. @param {((call: Call) => unknown)[]} handlers */
async function serve(handlers) {
  /** @type {Call[]} */
  const calls = [];
  const answering = await listening(async (request, response) => {
    const body = await bodyOf(request);
    const from = Number(new URL(request.url ?? "", "http://server").searchParams.get("from_step"));
    const send = (/** @type {Uint8Array | string} */ bytes) => new Promise((/** @type {(value: void) => void} */ done) => void response.write(bytes, () => setImmediate(done)));
    const ndjson = () => void response.writeHead(200, { "Content-Type": "application/x-ndjson" });
    const call = { from, body, request, response, send, ndjson };
    calls.push(call);
    await handlers[Math.min(calls.length, handlers.length) - 1](call);
  });
  return { ...answering, calls };
}

/** A trace with letters of one to four bytes in it. @returns {RawTrace} */
function trace() {
  const raw = rawTrace([]);
  raw.steps = ["z¹ = W·a", "∂ℒ/∂W", "𝑎𝑧", "ein Schritt", "σ′"].map((title, k) => ({ ...step(k, "forward", `s${k}`, { [`s${k}`]: quantity([2], [k + 1, -k / 3 - 1]) }), title, explanation: `${title} 𝑥̂ — ✓`.repeat(20) }));
  return raw;
}

/** The lines from a step on, as the server sends them. @param {RawTrace} raw @param {number} from */
function lines({ start, steps, end }, from) {
  return [{ event: "start", ...start }, ...steps.slice(from).map((step) => ({ event: "step", ...step })), { event: "end", ...end }].map((line) => `${JSON.stringify(line)}\n`);
}

/** @param {RawTrace} got @param {RawTrace} wanted */
function same(got, wanted) {
  const bare = (/** @type {any} */ { event, ...rest }) => rest;
  assert.deepEqual({ start: bare(got.start), steps: got.steps.map(bare), end: bare(got.end) }, { start: wanted.start, steps: wanted.steps, end: wanted.end });
}

const problem = { preset: "two-layer" };
const PENDING = Symbol("pending");

/** @param {Promise<unknown>} promise @param {number} ms */
const settledWithin = (promise, ms) => Promise.race([promise.catch((error) => error), new Promise((resolve) => setTimeout(resolve, ms, PENDING))]);

/** What a client says about the connection. @param {string} api */
function clientOf(api) {
  /** @type {(string | null)[]} */
  const said = [];
  return { client: createClient(api, (text) => said.push(text)), said };
}

test("a trace is asked for as NDJSON, from its first step, with the problem as JSON", async () => {
  const raw = trace();
  const { api, calls } = await serve([({ ndjson, response, from }) => (ndjson(), response.end(lines(raw, from).join("")))]);
  const { client, said } = clientOf(api);
  same(await client.trace(problem), raw);
  const [{ request, body, from }] = calls;
  assert.deepEqual([request.method, request.url, request.headers.accept, request.headers["content-type"]], ["POST", "/api/trace?from_step=0&budget=24000&example=0", "application/x-ndjson", "application/json"]);
  assert.deepEqual([from, body], [0, problem]);
  assert.ok(said.every((text) => text === null), "nothing was lost");
});

test("lines may come in pieces of any size, cut inside letters of several bytes", async () => {
  const raw = trace();
  const next = random(21);
  const pieces = async (/** @type {Call} */ { ndjson, send, response, from }) => {
    ndjson();
    const bytes = Buffer.from(lines(raw, from).join(""));
    for (let at = 0; at < bytes.length; ) {
      const size = 1 + Math.floor(next() * 97);
      await send(bytes.subarray(at, at + size));
      at += size;
    }
    response.end();
  };
  const { api, calls } = await serve([pieces]);
  const { client } = clientOf(api);
  for (let k = 0; k < 3; k += 1) same(await client.trace(problem), raw);
  assert.equal(calls.length, 3);
});

test("lines may come byte by byte", async () => {
  const raw = trace();
  const bytes = Buffer.from(lines(raw, 0).join(""));
  mock.method(globalThis, "fetch", async () => {
    let at = 0;
    return new Response(new ReadableStream({ pull: (controller) => (at < bytes.length ? controller.enqueue(new Uint8Array(bytes.subarray(at, ++at))) : controller.close()) }));
  });
  same(await clientOf("/api").client.trace(problem), raw);
});

test("all lines in one piece are taken apart", async () => {
  const raw = trace();
  mock.method(globalThis, "fetch", async () => new Response(lines(raw, 0).join("")));
  same(await clientOf("/api").client.trace(problem), raw);
});

for (const [where, cut] of /** @type {[string, (bytes: Buffer, whole: string[]) => number][]} */ ([
  ["between two lines", (_, whole) => Buffer.byteLength(whole.slice(0, 3).join(""))],
  ["in the middle of a line", (_, whole) => Buffer.byteLength(whole.slice(0, 3).join("")) + 40],
  ["inside a letter", (bytes, whole) => bytes.indexOf(Buffer.from("𝑎𝑧"), Buffer.byteLength(whole.slice(0, 3).join(""))) + 2],
])) {
  for (const clean of [false, true]) {
    test(`a connection that ${clean ? "ends" : "breaks"} ${where} goes on with the first step that is missing; every step comes once`, async () => {
      const raw = trace();
      const { api, calls } = await serve([
        async ({ ndjson, send, response, from }) => {
          ndjson();
          const whole = lines(raw, from);
          const bytes = Buffer.from(whole.join(""));
          await send(bytes.subarray(0, cut(bytes, whole)));
          if (clean) response.end();
          else setTimeout(() => response.destroy(), 30);
        },
        ({ ndjson, response, from }) => (ndjson(), response.end(lines(raw, from).join(""))),
      ]);
      const { client, said } = clientOf(api);
      same(await client.trace(problem), raw);
      assert.deepEqual(calls.map(({ from }) => from), [0, 2]);
      assert.deepEqual(calls.map(({ body }) => body), [problem, problem]);
      assert.equal(said.length, 2);
      assert.match(said[0] ?? "", /nothing is lost/i);
      assert.equal(said[1], null);
    });
  }
}

test("a connection that breaks again and again gets further each time", async () => {
  const raw = trace();
  const { api, calls } = await serve([
    async ({ ndjson, send, response, from }) => {
      ndjson();
      await send(lines(raw, from).slice(0, 3).join(""));
      setTimeout(() => response.destroy(), 30);
    },
    async ({ ndjson, send, response, from }) => {
      ndjson();
      await send(lines(raw, from).slice(0, 4).join(""));
      setTimeout(() => response.destroy(), 30);
    },
    ({ ndjson, response, from }) => (ndjson(), response.end(lines(raw, from).join(""))),
  ]);
  same(await clientOf(api).client.trace(problem), raw);
  assert.deepEqual(calls.map(({ from }) => from), [0, 2, 5]);
});

test("a busy server (503) is asked again, and said to be back", async () => {
  const raw = trace();
  const { api, calls } = await serve([
    ({ response }) => response.writeHead(503, { "Content-Type": "application/problem+json" }).end('{"detail": "busy"}'),
    ({ ndjson, response, from }) => (ndjson(), response.end(lines(raw, from).join(""))),
  ]);
  const { client, said } = clientOf(api);
  same(await client.trace(problem), raw);
  assert.equal(calls.length, 2);
  assert.equal(said.length, 2);
  assert.equal(said[1], null);
});

test("a server that does not answer at all is asked again", async () => {
  const raw = trace();
  const { api, calls } = await serve([({ request }) => request.socket.destroy(), ({ ndjson, response, from }) => (ndjson(), response.end(lines(raw, from).join("")))]);
  same(await clientOf(api).client.trace(problem), raw);
  assert.deepEqual(calls.map(({ from }) => from), [0, 0]);
});

test("a problem that is refused (422) is a ServerFault with the server's words, and is not sent again", async () => {
  const detail = "layers[1].weights: expected 2 × 3 numbers, got 2 × 2";
  const { api, calls } = await serve([({ response }) => response.writeHead(422, { "Content-Type": "application/problem+json" }).end(JSON.stringify({ status: 422, detail }))]);
  const { client, said } = clientOf(api);
  await assert.rejects(client.trace(problem), (error) => error instanceof ServerFault && error.message === detail);
  assert.equal(calls.length, 1);
  assert.deepEqual(said, []);
});

test("a fault without words is told by its status", async () => {
  for (const body of ["<h1>Not found</h1>", "", "{}", "null"]) {
    const { api } = await serve([({ response }) => response.writeHead(404).end(body)]);
    await assert.rejects(clientOf(api).client.trace(problem), (error) => error instanceof ServerFault && error.message === "the server answered 404", JSON.stringify(body));
  }
});

test("an error in the middle of a trace is a ServerFault with its words", async () => {
  const raw = trace();
  const { api, calls } = await serve([({ ndjson, response }) => (ndjson(), response.end(`${lines(raw, 0).slice(0, 2).join("")}{"event": "error", "detail": "too slow"}\n`))]);
  await assert.rejects(clientOf(api).client.trace(problem), (error) => error instanceof ServerFault && error.message === "too slow");
  assert.equal(calls.length, 1);
});

test("a newer call ends an older one on the way, which then never resolves", async () => {
  const raw = trace();
  const closed = new Promise((resolve) => {
    serving = serve([
      async ({ ndjson, send, response }) => {
        response.on("close", () => resolve(true));
        ndjson();
        await send(lines(raw, 0).slice(0, 3).join(""));
      },
      ({ ndjson, response, from }) => (ndjson(), response.end(lines(raw, from).join(""))),
    ]);
  });
  const { api, calls } = await /** @type {NonNullable<typeof serving>} */ (serving);
  const { client, said } = clientOf(api);
  const older = client.trace({ preset: "older" });
  while (calls.length < 1) await new Promise((resolve) => setTimeout(resolve, 5));
  same(await client.trace({ preset: "newer" }), raw);
  assert.equal(await settledWithin(older, 600), PENDING);
  assert.equal(await closed, true, "the server is told that nobody listens");
  assert.deepEqual(calls.map(({ body, from }) => [body.preset, from]), [["older", 0], ["newer", 0]]);
  assert.ok(said.every((text) => text === null), "to be overtaken is not to be lost");
});
/** @type {ReturnType<typeof serve> | undefined} */
let serving;

test("a newer call ends an older one that waits to try again", async () => {
  const raw = trace();
  const { api, calls } = await serve([({ response }) => response.writeHead(503).end(), ({ ndjson, response, from }) => (ndjson(), response.end(lines(raw, from).join("")))]);
  const { client, said } = clientOf(api);
  const older = client.trace({ preset: "older" });
  while (said.length < 1) await new Promise((resolve) => setTimeout(resolve, 5));
  same(await client.trace({ preset: "newer" }), raw);
  assert.equal(await settledWithin(older, 700), PENDING);
  assert.deepEqual(calls.map(({ body }) => body.preset), ["older", "newer"]);
  assert.equal(said.at(-1), null);
});

test("an answer that is complete when a newer call is made never overwrites it", async () => {
  const raw = trace();
  mock.method(globalThis, "fetch", async () => new Response(lines(raw, 0).join(""))); // as from a cache: nothing left to abort
  const { client } = clientOf("/api");
  const older = client.trace({ preset: "older" });
  const newer = client.trace({ preset: "newer" });
  same(await newer, raw);
  assert.equal(await settledWithin(older, 50), PENDING);
});

test("a refusal or a loss that comes too late is not told", async () => {
  for (const status of [422, 503]) {
    const raw = trace();
    let calls = 0;
    mock.method(globalThis, "fetch", async () => ((calls += 1) === 1 ? new Response('{"detail": "late"}', { status }) : new Response(lines(raw, 0).join(""))));
    const { client, said } = clientOf("/api");
    const older = client.trace({ preset: "older" });
    same(await client.trace({ preset: "newer" }), raw);
    assert.equal(await settledWithin(older, 400), PENDING);
    assert.deepEqual(said.filter((text) => text !== null), []);
    mock.restoreAll();
  }
});

test("of many calls in a row only the last resolves", async () => {
  const raw = trace();
  const { api } = await serve([({ ndjson, response, from }) => setTimeout(() => (ndjson(), response.end(lines(raw, from).join(""))), 20)]);
  const { client } = clientOf(api);
  const all = Array.from({ length: 8 }, (_, k) => client.trace({ preset: String(k) }));
  same(await all[7], raw);
  for (const older of all.slice(0, 7)) assert.equal(await settledWithin(older, 60), PENDING);
});

test("symbols in columns are asked for; rows, being the server's own, are not", async () => {
  const raw = trace();
  const { api, calls } = await serve([({ ndjson, response, from }) => (ndjson(), response.end(lines(raw, from).join("")))]);
  const { client } = clientOf(api);
  for (const convention of [undefined, "row", "column"]) same(await client.trace(problem, convention), raw);
  assert.deepEqual(calls.map(({ request }) => request.url), ["/api/trace?from_step=0&budget=24000&example=0", "/api/trace?from_step=0&budget=24000&example=0", "/api/trace?from_step=0&budget=24000&example=0&convention=column"]);
  assert.deepEqual(calls.map(({ body }) => body), [problem, problem, problem], "the problem itself knows nothing of it");
});

test("a trace in columns that breaks goes on in columns", async () => {
  const raw = trace();
  const { api, calls } = await serve([
    async ({ ndjson, send, response, from }) => {
      ndjson();
      await send(lines(raw, from).slice(0, 3).join(""));
      response.end();
    },
    ({ ndjson, response, from }) => (ndjson(), response.end(lines(raw, from).join(""))),
  ]);
  same(await clientOf(api).client.trace(problem, "column"), raw);
  assert.deepEqual(calls.map(({ request }) => request.url), ["/api/trace?from_step=0&budget=24000&example=0&convention=column", "/api/trace?from_step=2&budget=24000&example=0&convention=column"]);
});

test("a question is sent as JSON to where its kind says, and its answer handed on as it came", async () => {
  const answer = { agrees: true, quantities: { dW1: { max_abs: 2.1e-11 } }, text: "∂ℒ/∂W 𝑎" };
  const { api, calls } = await serve([({ response }) => response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(answer))]);
  const { client, said } = clientOf(api);
  const body = { ...problem, target: { quantity: "W1", entry: [0, 1] } };
  for (const kind of ["gradient-check", "paths"]) assert.deepEqual(await client.ask(kind, body), answer);
  assert.deepEqual(calls.map(({ request }) => [request.method, request.url, request.headers["content-type"]]), [["POST", "/api/gradient-check", "application/json"], ["POST", "/api/paths", "application/json"]]);
  assert.deepEqual(calls.map(({ body }) => body), [body, body]);
  assert.deepEqual(said, [], "whether traces can be had is told by traces alone");
});

test("a question that is refused is a ServerFault with the server's words, asked once; a busy server's is over in a moment", async () => {
  for (const [status, passing] of /** @type {[number, boolean][]} */ ([[422, false], [404, false], [413, false], [503, true]])) {
    const { api, calls } = await serve([({ response }) => response.writeHead(status, { "Content-Type": "application/problem+json" }).end('{"detail": "target.entry: W1 has 2 × 2 numbers"}')]);
    const { client, said } = clientOf(api);
    await assert.rejects(client.ask("paths", problem), (error) => error instanceof ServerFault && error.message === "target.entry: W1 has 2 × 2 numbers" && error.passing === passing, String(status));
    assert.equal(calls.length, 1);
    assert.deepEqual(said, []);
  }
});

test("a question refused without words is told by its status", async () => {
  const { api } = await serve([({ response }) => response.writeHead(413).end("<h1>Too large</h1>")]);
  await assert.rejects(clientOf(api).client.ask("paths", problem), (error) => error instanceof ServerFault && error.message === "the server answered 413");
});

test("a question to a server that cannot be reached is a fault that is over in a moment, and is not asked again by itself", async () => {
  const { api, calls } = await serve([({ request }) => request.socket.destroy()]);
  await assert.rejects(clientOf(api).client.ask("gradient-check", problem), (error) => error instanceof ServerFault && error.passing && /cannot be reached/.test(error.message));
  assert.equal(calls.length, 1);
});

test("questions and traces do not end each other", async () => {
  const raw = trace();
  const { api } = await serve([
    ({ response }) => setTimeout(() => response.writeHead(200).end('{"slow": true}'), 60),
    ({ ndjson, response, from }) => (ndjson(), response.end(lines(raw, from).join(""))),
    ({ response }) => response.writeHead(200).end('{"quick": true}'),
  ]);
  const { client } = clientOf(api);
  const slow = client.ask("gradient-check", problem);
  await new Promise((resolve) => setTimeout(resolve, 15));
  same(await client.trace(problem), raw);
  assert.deepEqual(await client.ask("paths", problem), { quick: true });
  assert.deepEqual(await slow, { slow: true });
});

test("a file is what the server makes of the problem, under the server's name; a refusal is told", async () => {
  const { api, calls } = await serve([
    ({ response }) => void response.writeHead(200, { "Content-Type": "text/x-python", "Content-Disposition": 'attachment; filename="backprop-two-layer-numpy.py"' }).end("print(1)  # ∂ℒ\n"),
    ({ response }) => void response.writeHead(422, { "Content-Type": "application/problem+json" }).end(JSON.stringify({ detail: "layers: too many" })),
  ]);
  const { client } = clientOf(api);
  const { name, content } = await client.download("numpy", problem, "column");
  assert.equal(name, "backprop-two-layer-numpy.py");
  assert.equal(await content.text(), "print(1)  # ∂ℒ\n");
  assert.equal(calls[0].request.url, "/api/export/numpy?convention=column");
  assert.deepEqual(calls[0].body, problem);
  await assert.rejects(client.download("json", problem, "row"), (error) => error instanceof ServerFault && error.message === "layers: too many");
});

test("who has the words of a trace is sent numbers alone, and has the whole trace again; a note belongs to its own numbers", async () => {
  const known = trace();
  Object.assign(known.start, { words: "w1", theta: [] });
  known.steps[1].note = "∞ since here";
  const now = structuredClone(known);
  now.steps.forEach((step, k) => (step.values = { [`s${k}`]: quantity([2], [9, k]) }));
  delete now.steps[1].note;
  now.steps[2].note = "NaN since here";
  const bare = structuredClone(now);
  for (const field of ["symbols", "theta"]) delete (/** @type {any} */ (bare.start)[field]);
  bare.steps = /** @type {any} */ (bare.steps.map(({ index, id, values, note }) => ({ index, id, values, ...(note ? { note } : {}) })));
  const { api, calls } = await serve([
    ({ ndjson, response }) => {
      ndjson();
      response.end(lines(bare, 0).join(""));
    },
  ]);
  same(await createClient(api, () => {}).trace({ preset: "p" }, "row", known), now);
  assert.equal(new URL(calls[0].request.url ?? "", api).searchParams.get("words"), "w1");
});

test("other words come with their trace", async () => {
  const known = trace();
  known.start.words = "w1";
  const now = trace();
  now.start.words = "w2";
  const { api } = await serve([
    ({ ndjson, response }) => {
      ndjson();
      response.end(lines(now, 0).join(""));
    },
  ]);
  same(await createClient(api, () => {}).trace({ preset: "p" }, "row", known), now);
});
