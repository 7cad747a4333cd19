import assert from "node:assert/strict";
import { test } from "node:test";

import { diverged, reduce } from "../../../static/js/model/training.js";
import { after, ending, opened, opening, progress, TRAIN } from "../training.js";

/** @import {State} from "../../../static/js/model/training.js" */

const begun = after(opened(), { type: "start", run: 0, start: opening() });

test("a start gives the run its network and its first report", () => {
  const [run] = begun.runs;
  assert.deepEqual(run.start?.layer_sizes, [2, 1]);
  assert.equal(run.report?.loss, 0.7);
  assert.deepEqual(run.history.points.map(({ x, loss }) => [x, loss]), [[0, 0.7]]);
  assert.equal(run.about?.title, "XOR");
});

test("reports take each other's place and lengthen the history", () => {
  const { runs: [run] } = after(begun, { type: "progress", run: 0, report: progress(2), at: 10 }, { type: "progress", run: 0, report: progress(6), at: 20 });
  assert.equal(run.report?.updates, 6);
  assert.deepEqual(run.history.points.map(({ x }) => x), [0, 2 / 3, 2]);
  assert.deepEqual(run.clock.map(({ at, epochs, updates }) => [at, epochs, updates]), [[10, 2 / 3, 2], [20, 2, 6]]);
});

test("going on keeps what there is; words that were not sent again are those that are here", () => {
  const played = after(begun, { type: "progress", run: 0, report: progress(6), at: 20 });
  const { symbols, ...again } = opening({ epoch: 3, updates: 15, position: { epoch: 3, batch: 0 } }, { updates_per_epoch: 5 });
  const { runs: [run] } = after(played, { type: "start", run: 0, start: /** @type {any} */ (again) });
  assert.deepEqual(run.report, { ...played.runs[0].report, epoch: 3, updates: 15, position: { epoch: 3, batch: 0 } }, "and where the server goes on");
  assert.equal(run.history, played.runs[0].history);
  assert.equal(run.start?.symbols, symbols && run.start?.symbols);
  assert.ok(run.start?.symbols.W1);
  assert.equal(run.start?.training.updates_per_epoch, 5);
});

test("what is wanted stands beside what there is until the server takes it", () => {
  const wanting = after(begun, { type: "progress", run: 0, report: progress(6), at: 20 }, { type: "want", run: 0, request: { ...TRAIN, batch_size: 1 }, anew: false });
  assert.equal(wanting.runs[0].request.batch_size, 2);
  const { runs: [taken] } = after(wanting, { type: "start", run: 0, start: opening({ epoch: 2, updates: 10, position: { epoch: 2, batch: 0 } }, { updates_per_epoch: 5 }) });
  assert.deepEqual([taken.request.batch_size, taken.wanted, taken.report?.loss], [1, null, progress(6).loss]);
  assert.deepEqual([taken.report?.position, taken.report?.updates], [{ epoch: 2, batch: 0 }, 10], "other batches are counted otherwise");
});

test("a refusal keeps the last good request, the report and the words of the server, also when it goes on", () => {
  const wanting = after(begun, { type: "want", run: 0, request: { ...TRAIN, batch_size: 99 }, anew: true });
  const faults = [{ pointer: "/batch_size", detail: "too many" }];
  const going = after(wanting, { type: "refuse", run: 0, faults }, { type: "start", run: 0, start: opening() });
  assert.deepEqual([going.runs[0].request.batch_size, going.runs[0].wanted, going.runs[0].refused], [2, null, faults]);
  assert.deepEqual(after(going, { type: "want", run: 0, request: TRAIN, anew: false }).runs[0].refused, [], "another wish clears it");
});

test("a lost server is said until it is back, refuses, or is not asked any more; no pace is told of the time without it", () => {
  const lost = after(begun, { type: "asking", on: true }, { type: "progress", run: 0, report: progress(6), at: 20 }, { type: "lost", run: 0, text: "out of reach" });
  assert.deepEqual([lost.runs[0].lost, lost.runs[0].clock], ["out of reach", []]);
  assert.equal(after(lost, { type: "asking", on: true }).runs[0].lost, "out of reach");
  for (const event of /** @type {import("../../../static/js/model/training.js").Event[]} */ ([{ type: "start", run: 0, start: opening() }, { type: "refuse", run: 0, faults: [] }, { type: "asking", on: false }])) {
    assert.equal(after(lost, event).runs[0].lost, null, event.type);
  }
});

test("anew, history and report begin again", () => {
  const played = after(begun, { type: "progress", run: 0, report: progress(6), at: 20 }, { type: "want", run: 0, request: TRAIN, anew: true });
  assert.equal(played.runs[0].report?.updates, 6, "not before the server takes it");
  const { runs: [run] } = after(played, { type: "start", run: 0, start: opening() });
  assert.deepEqual([run.report?.updates, run.history.points.length, run.clock.length], [0, 1, 0]);
});

test("an end without an update tells where the run stands and keeps what was last said", () => {
  const played = after(begun, { type: "progress", run: 0, report: progress(4), at: 20 });
  const { runs: [run] } = after(played, { type: "end", run: 0, end: ending(4, { reason: "max_updates", gradient_rms: {}, position: { epoch: 2, batch: 0 }, epoch: 2, loss: 9 }), at: 30 });
  assert.deepEqual([run.report?.position, run.report?.next_batch, run.end], [{ epoch: 2, batch: 0 }, [1, 0], null]);
  assert.deepEqual([run.report?.loss, run.report?.gradient_rms, run.history.points.length], [progress(4).loss, { dz1: 0.1 }, 2]);
});

test("an end of its own says why, until the run goes on", () => {
  const broken = after(begun, { type: "end", run: 0, end: ending(5, { reason: "non_finite", explanation: ["Too large."] }), at: 30 });
  assert.deepEqual(broken.runs[0].end, { reason: "non_finite", explanation: ["Too large."] });
  assert.ok(diverged(broken.runs[0]));
  assert.equal(broken.runs[0].report?.updates, 5);
  assert.equal(after(broken, { type: "start", run: 0, start: opening() }).runs[0].end, null);
});

test("of two runs each hears its own", () => {
  const two = after(opened([TRAIN, TRAIN]), { type: "start", run: 1, start: opening() }, { type: "progress", run: 1, report: progress(3), at: 1 });
  assert.equal(two.runs[0].report, null);
  assert.equal(two.runs[1].report?.updates, 3);
});

test("another scenario begins from nothing, at its own pace", () => {
  const scenario = { ...begun.scenario, runs: [{ label: "", train: { ...TRAIN, epochs: 60 } }] };
  const next = reduce({ ...begun, fault: "x", log: true }, { type: "open", scenario });
  assert.deepEqual([next.runs[0].report, next.speed, next.fault, next.log], [null, 3, null, null]);
});

test("playing clears the clock and the fault; no news, no change", () => {
  const timed = after(begun, { type: "progress", run: 0, report: progress(3), at: 1 }, { type: "fault", text: "lost" });
  const playing = reduce(timed, { type: "playing", on: true });
  assert.deepEqual([playing.runs[0].clock, playing.fault], [[], null]);
  assert.equal(reduce(playing, { type: "playing", on: true }), playing);
  assert.equal(reduce({ ...playing, fault: "lost" }, { type: "playing", on: false }).fault, "lost");
});

test("every other event changes its own part", () => {
  /** @type {[import("../../../static/js/model/training.js").Event, Partial<State>][]} */
  const rows = [
    [{ type: "speed", speed: 10 }, { speed: 10 }],
    [{ type: "asking", on: true }, { asking: true }],
    [{ type: "log", on: true }, { log: true }],
    [{ type: "tab", tab: "dz" }, { tab: "dz" }],
    [{ type: "look", looked: { run: 0, quantity: "W1", entry: [0, 1] } }, { looked: { run: 0, quantity: "W1", entry: [0, 1] } }],
    [{ type: "theme", theme: "dark" }, { theme: "dark" }],
    [{ type: "present", on: true }, { presenting: true }],
    [{ type: "dialog", dialog: "help" }, { dialog: "help" }],
    [{ type: "fault", text: "no" }, { fault: "no" }],
    [{ type: "restore", saved: { tab: "a" } }, { tab: "a" }],
  ];
  for (const [event, change] of rows) assert.deepEqual(reduce(begun, event), { ...begun, ...change });
});
