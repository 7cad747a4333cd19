/** The traces that other tests build upon: their numbers are those of a true network. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { einsum, entries, evaluate, network } from "./networks.js";

test("an einsum is what loops over its letters make of it", () => {
  const [A, B] = [[[1, 2, 3], [4, 5, 6]], [[1, 0, -1], [2, 1, 0]]];
  assert.deepEqual(einsum("nj,ij->ni", [A, B]), [[-2, 4], [-2, 13]]);
  assert.deepEqual(einsum("ni,ni->ni", [A, B]), [[1, 0, -3], [8, 5, 0]]);
  assert.deepEqual(einsum("ni->i", [A]), [5, 7, 9]);
  assert.deepEqual(einsum("nk,nki->ni", [[[1, 2]], [[[1, 10, 100], [2, 20, 200]]]]), [[5, 50, 500]]);
});

for (const [what, options] of /** @type {[string, import("./networks.js").Options][]} */ ([
  ["two layers with biases", { sizes: [2, 3, 2] }],
  ["softmax in the middle, a layer without a bias, one example", { sizes: [3, 4, 2], activations: ["softmax"], biases: [true, false], examples: 1 }],
  ["softmax at the end, a batch", { sizes: [2, 3, 4], activations: ["sigmoid", "softmax"], examples: 3 }],
])) {
  test(`the gradients of a trace are those of its loss, by central differences: ${what}`, () => {
    const raw = network(options);
    const known = new Map(Object.entries(raw.start.quantities).map(([id, { data }]) => [id, data]));
    for (const { values } of raw.steps) for (const [id, { data }] of Object.entries(values)) known.set(id, data);
    const loss = () => {
      const now = new Map(known);
      for (const { phase, id, rule } of raw.steps) if (phase !== "backward") now.set(id, evaluate(rule, (name) => now.get(name)));
      return Number(now.get("loss"));
    };
    assert.equal(loss(), raw.end.loss);
    for (const [id, { shape }] of Object.entries(raw.start.quantities).filter(([id]) => id !== "y")) {
      for (const entry of entries(shape)) {
        const place = entry.slice(0, -1).reduce((array, i) => array[i], /** @type {any} */ (known.get(id)));
        const last = entry[entry.length - 1];
        const x = place[last];
        const sides = [1e-5, -1e-5].map((epsilon) => {
          place[last] = x + epsilon;
          return loss();
        });
        place[last] = x;
        const gradient = entry.reduce((array, i) => array[i], /** @type {any} */ (known.get(`d${id}`)));
        assert.ok(Math.abs((sides[0] - sides[1]) / 2e-5 - gradient) < 1e-9, `d${id} ${entry}`);
      }
    }
  });
}
