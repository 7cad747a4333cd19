/** The page in a frame of somebody else's document: as much of the assembly as its document has a place for, sized by the frame, driven by messages. */

import { addressOf, arrive } from "./address.js";
import { assemble, beginning, brought, presetNamed } from "./assembly.js";
import { attachKeys } from "./keys.js";
import { attachMessages } from "./messages.js";
import { ownNetwork } from "./model/bringing.js";
import { LongLink } from "./model/permalink.js";

const LEAST = 0.36; // letters of 9 px: smaller networks scroll
const WAITS = 200; // ms

const page = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
const small = matchMedia("(max-width: 1023px), (max-height: 639px)");
const out = /** @type {HTMLAnchorElement} */ (document.querySelector("a.out"));
const { boot, raw } = brought();
const theme = /** @type {"light" | "dark"} */ (page.dataset.theme ?? (dark.matches ? "dark" : "light"));
const { store, commands } = assemble(boot, beginning(boot, raw, { theme, presenting: compact(), shortcuts: false }), LEAST); // single letters belong to the document around

/** Without an inspector, or without room for one beside it, the network is drawn as for presenting: dense, and its letters large. */
function compact() {
  return small.matches || !document.querySelector('[data-view="inspector"]');
}

/** The way to the same on the step page. */
async function pointOut() {
  const state = store.get();
  const address = await addressOf(state).catch((error) => {
    if (error instanceof LongLink) return "";
    throw error;
  });
  if (state === store.get()) out.href = `${out.dataset.page}${address}`;
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;
store.subscribe((state, before) => {
  if (state.preset !== before.preset) document.title = `${state.preset.title} · Backprop Visualiser`;
  clearTimeout(waiting);
  waiting = setTimeout(pointOut, WAITS);
});
small.addEventListener("change", () => store.send({ type: "present", on: compact() }));
attachKeys(store, {
  ...commands,
  leave() {
    const { pinned, target } = store.get();
    if (pinned || target) commands.leave(); // else it would leave presenting, which here is no mode
  },
});
await arrive(store, commands, boot);
await pointOut();
attachMessages(store, {
  ...commands,
  load: (problem, cursor) => commands.bring(problem, presetNamed(boot, problem.preset) ?? ownNetwork("A network of your own"), { look: { cursor } }),
});
