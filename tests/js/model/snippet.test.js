import assert from "node:assert/strict";
import { test } from "node:test";
import { snippet } from "../../../static/js/model/snippet.js";

test("a frame to copy", () => {
  assert.equal(
    snippet("http://127.0.0.1:8000/embed?preset=xor#step=8", { width: "100%", height: 450, title: "XOR" }),
    '<iframe src="http://127.0.0.1:8000/embed?preset=xor#step=8" width="100%" height="450" title="XOR" loading="lazy" style="border: 0"></iframe>',
  );
});

test("nothing gets out of its quotes", () => {
  const html = snippet('http://x/embed?a=1&b="><script>', { width: 1, height: 1, title: '"<&>' });
  assert.match(html, /^<iframe src="http:\/\/x\/embed\?a=1&amp;b=&quot;&gt;&lt;script&gt;" .*title="&quot;&lt;&amp;&gt;"[^<>]*><\/iframe>$/);
});
