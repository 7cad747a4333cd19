import assert from "node:assert/strict";
import { test } from "node:test";

import { logged } from "../../../static/js/model/training_looks.js";
import { after, opened, opening, progress } from "../training.js";

const begun = after(opened(), { type: "start", run: 0, start: opening({ loss: 0.5 }) });
const at = (/** @type {number | null} */ loss) => after(begun, { type: "progress", run: 0, report: progress(1, { loss }), at: 0 });

test("the loss is logarithmic where a run explodes, unless somebody chose otherwise", () => {
  assert.equal(logged(begun), false);
  assert.equal(logged(at(400)), false);
  assert.equal(logged(at(null)), false);
  assert.equal(logged(at(501)), true);
  assert.equal(logged(after(at(501), { type: "log", on: false })), false);
  assert.equal(logged(after(begun, { type: "log", on: true })), true);
});
