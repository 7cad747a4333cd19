import assert from "node:assert/strict";
import { test } from "node:test";

import { drawBadge, verdictOf } from "../../../static/js/draw/badge.js";
import { all, classes, holding, one, openPage } from "../page.js";

/** @import {Agreement} from "../../../static/js/types.js" */

openPage();
/** @type {Agreement} */
const GOOD = { agrees: true, comparable: true, max_abs: 2.1e-11, max_rel: 4e-10, at: [0, 1], kinks: 0, checked: 6, of: 6, refined: 0 };

/** @type {[string, Partial<Agreement>, ReturnType<typeof verdictOf>["mark"], RegExp[], RegExp[]][]} */
const ROWS = [
  ["agreement, and the worst difference where it is, counted from 1", {}, "ok", [/^agrees with central differences/, /worst difference 2\.100·10⁻¹¹ at \(1, 2\)/], [/kink/, /tried/]],
  ["a difference", { agrees: false, max_abs: 0.25, at: [2] }, "wrong", [/^differs/, /0\.2500 at \(3\)/], [/agrees/]],
  ["kinks, which are no errors", { kinks: 3 }, "kink", [/agrees/, /3 kinks/, /no derivative/], [/differs/, /one kink/]],
  ["one kink", { kinks: 1 }, "kink", [/one kink/], [/1 kinks/]],
  ["errors beside kinks are errors", { agrees: false, kinks: 2 }, "wrong", [/differs/], [/agrees/]],
  ["numbers that are not finite, whatever else is said", { comparable: false, agrees: false, max_abs: null, max_rel: null, at: [] }, "unknown", [/cannot be compared/, /finite/], [/differs/, /agrees/, / at \(/]],
  ["a sample says that it is one", { checked: 500, of: 10000 }, "ok", [/500 of 10000 entries tried/], []],
  ["a sample that differs says so too", { agrees: false, checked: 5, of: 6 }, "wrong", [/5 of 6 entries tried/], []],
  ["entries that took a finer step are counted", { refined: 2, checked: 5 }, "ok", [/\(5 of 6 entries tried, 2 at a finer step\)/], []],
  ["the loss has no place in itself", { at: [] }, "ok", [/worst difference/], [/ at \(/]],
];

for (const [what, more, mark, has, hasNot] of ROWS) {
  test(`verdict: ${what}`, () => {
    const verdict = verdictOf({ ...GOOD, ...more });
    assert.equal(verdict.mark, mark);
    for (const words of has) assert.match(verdict.text, words);
    for (const words of hasNot) assert.doesNotMatch(verdict.text, words);
  });

  test(`badge: ${what}: a sign to be seen, all words to be heard and in its title`, () => {
    const agreement = { ...GOOD, ...more };
    const { text } = verdictOf(agreement);
    for (const wordy of [false, true]) {
      const badge = one(holding(drawBadge(agreement, wordy)), ".badge");
      assert.deepEqual(classes(badge), ["badge", mark]);
      assert.deepEqual([badge.getAttribute("data-verdict"), badge.getAttribute("title")], [mark, text]);
      assert.equal(one(badge, ".visually-hidden").textContent, text);
      const sign = one(badge, ".sign");
      assert.deepEqual([sign.textContent, sign.getAttribute("aria-hidden")], [{ ok: "✓", kink: "✓", wrong: "✗", unknown: "–" }[mark], "true"]);
      assert.equal(all(badge, ".verdict").length, wordy ? 1 : 0);
    }
    const brief = { ok: /verified/, kink: /kink/, wrong: /differs/, unknown: /not comparable/ }[mark];
    assert.match(one(holding(drawBadge(agreement, true)), ".verdict").textContent, brief);
  });
}

test("before anything is known the badge is an empty place that promises nothing", () => {
  const badge = one(holding(drawBadge(undefined)), ".badge");
  assert.deepEqual([badge.textContent, badge.getAttribute("data-verdict"), classes(badge)], ["", null, ["badge", "none"]]);
});
