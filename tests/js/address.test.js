import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { attachAddress } from "../../static/js/address.js";
import { reduce } from "../../static/js/model/reduce.js";
import { createStore } from "../../static/js/model/store.js";
import { stateOf } from "./making.js";
import { network } from "./networks.js";

/** A page whose address is about to be written, and what has been written. */
function page() {
  /** @type {string[]} */
  const written = [];
  /** @type {() => Promise<void>} */
  let due = async () => {};
  mock.method(globalThis, "setTimeout", /** @type {any} */ ((/** @type {() => Promise<void>} */ act) => (due = act)));
  Object.assign(globalThis, {
    location: { href: "http://server/?preset=xor", pathname: "/" },
    history: { replaceState: (/** @type {unknown} */ _, /** @type {string} */ __, /** @type {string} */ address) => written.push(address) },
    addEventListener() {},
  });
  const store = createStore(reduce, stateOf(network({ sizes: [2, 3, 1], until: "update" })));
  attachAddress(store, /** @type {any} */ ({}), /** @type {any} */ ({}));
  store.send({ type: "go", step: 2 });
  mock.restoreAll();
  return { written, due };
}

test("the address follows what is shown", async () => {
  const { written, due } = page();
  await due();
  assert.equal(written.length, 1);
  assert.match(written[0], /#step=2/);
});

test("an address that is still being written when somebody goes back is not put in the place they went to", async () => {
  const { written, due } = page();
  const writing = due();
  location.href = "http://server/?preset=iris";
  await writing;
  assert.deepEqual(written, []);
});
