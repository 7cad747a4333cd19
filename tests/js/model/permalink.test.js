import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { DamagedLink, LongLink, read, stepOf, write } from "../../../static/js/model/permalink.js";

/** Links of both sides, each with what it says: `app/wire/links.py` made `python`, `permalink.js` made `page`. */
const LINKS = JSON.parse(readFileSync(new URL("../../links.json", import.meta.url), "utf8"));

/** The fragment of a text as it stands. @param {string | Buffer} text */
const holding = (text) => `p=${deflateRawSync(text).toString("base64url")}`;

for (const { name, view, problem, python, page } of LINKS) {
  test(`links of both sides say the same: ${name}`, async () => {
    for (const link of [python, page, await write(view, problem)]) assert.deepStrictEqual(await read(link), { view, problem }); // tells −0 from 0
    assert.equal((await write(view, problem)).replace(/p=.*/, ""), python.replace(/p=.*/, ""));
  });
}

test("step stays first, p is last, and only what is not as usual is said", async () => {
  assert.equal(await write({ step: 8, target: null, more: false, pin: null, tool: "terms", convention: "row", example: 0, numbers: true, delta: false }, null), "step=8");
  assert.match(await write({ delta: true, pin: { quantity: "W1", entry: [0, 1] }, step: 8, example: -1 }, {}), /^step=8&pin=W1,0,1&example=all&delta=on&p=[\w-]+$/);
});

test("−0 and the last digit stay, in JSON that Python reads as well", async () => {
  const link = await write({}, { inputs: [[-0, 0.1 + 0.2, 5e-324]], left: undefined });
  assert.equal(inflateRawSync(Buffer.from(link.slice(2), "base64url")).toString(), '{"inputs":[[-0.0,0.30000000000000004,5e-324]]}');
});

test("what is not known, and what passing on does to a link, is no damage", async () => {
  assert.deepEqual(await read("#utm=1&&step=8&later=x=y&"), { view: { step: 8 }, problem: null });
  assert.deepEqual(await read("pin=W1%2C0%2C1&%73tep=3&numbers=on"), { view: { pin: { quantity: "W1", entry: [0, 1] }, step: 3, numbers: true }, problem: null });
  assert.deepEqual(await read("__proto__=1&constructor=2"), { view: {}, problem: null });
});

const good = holding('{"layers":[{"units":2}]}');
for (const [what, fragment] of [
  ["a step that is none", "step=eight"],
  ["a step without a number", "step"],
  ["a step before the first", "step=-1"],
  ["a target that no network has", "target=W0"],
  ["a pin without indices that are numbers", "pin=W1,a"],
  ["a tool that there is not", "tool=hammer"],
  ["example 0", "example=0"],
  ["a stray %", "step=%zz"],
  ["bytes that are no UTF-8, percent-encoded", "target=%ff"],
  ["an empty problem", "p="],
  ["letters that are not base64url", `${good}!`],
  ["a length that base64 cannot have", "p=abcde"],
  ["a problem cut off", good.slice(0, -6)],
  ["bytes that are not deflated", "p=____"],
  ["a list", holding("[]")],
  ["null", holding("null")],
  ["JSON cut off", holding('{"layers":')],
  ["a byte order mark", holding("\ufeff{}")],
  ["bytes that are no UTF-8", holding(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))],
  ["a number beyond float64", holding('{"inputs":[[1e999]]}')],
  ["NaN", holding('{"inputs":[[NaN]]}')],
  ["lists without end", holding(`{"a":${"[".repeat(1e6)}${"]".repeat(1e6)}}`)],
]) {
  test(`a damaged link says so: ${what}`, async () => {
    await assert.rejects(read(fragment), (error) => error instanceof DamagedLink && /^This link is damaged: /.test(error.message) && error.message.length < 200);
  });
}

test("brackets inside words are not nesting", async () => {
  const problem = { loss: `\\"${"[".repeat(100)}`, "{{{{{{{{{{{{{{{{{{{{": ["}\\"] };
  assert.deepEqual((await read(await write({}, problem))).problem, problem);
});

test("a bomb is put down before it is large", async () => {
  const bomb = deflateRawSync(Buffer.alloc(1e8, " ")).toString("base64url");
  const before = process.memoryUsage().rss;
  await assert.rejects(read(`p=${bomb}`), /made to do harm/);
  assert.ok(process.memoryUsage().rss - before < 8e7);
});

test("what no browser would open is refused with a reason", async () => {
  const noise = { inputs: [Array.from({ length: 200_000 }, (_, k) => Math.sin(k * k))] };
  await assert.rejects(write({}, noise), (error) => error instanceof LongLink && /too large for a link/.test(error.message));
});

test("the step alone is read at once", () => {
  for (const [fragment, step] of /** @type {[string, number][]} */ ([["#step=8", 8], ["step=8&p=step=3", 8], ["target=W1&step=12", 12], ["", 0], ["p=step=3", 0], ["step=x", 0]])) assert.equal(stepOf(fragment), step, fragment);
});
