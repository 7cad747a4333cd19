/** Matrices beside a step: what is shown of a large one, and that the line is a valid product. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { crop } from "../../../static/js/model/matrices.js";

test("a matrix that fits is shown whole", () => {
  for (let n = 1; n <= 5; n += 1) assert.deepEqual(crop(n, 5, 0), Array.from({ length: n }, (_, k) => k));
});

test("a window always holds the focus, never more than there is room for, and marks what it leaves out", () => {
  for (const most of [4, 5, 6]) {
    for (const count of [most + 1, most + 2, 9, 24, 200]) {
      for (let focus = 0; focus < count; focus += 1) {
        const shown = crop(count, most, focus);
        const kept = shown.filter((k) => k >= 0);
        assert.equal(shown.length, most, `${count} ${most} ${focus}`);
        assert.ok(kept.includes(focus), `${count} ${most} ${focus}: ${shown}`);
        assert.deepEqual(kept, kept.map((_, k) => kept[0] + k), "consecutive");
        assert.equal(shown[0] === -1, kept[0] > 0);
        assert.equal(shown.at(-1) === -1, kept[kept.length - 1] < count - 1);
      }
    }
  }
});
