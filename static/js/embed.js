/** The page in a frame of somebody else's document: as much of the assembly as its document has a place for, sized by the frame, driven by messages. */

import { assemble, beginning, brought, presetNamed } from "./assembly.js";
import { attachKeys } from "./keys.js";
import { attachMessages } from "./messages.js";
import { LongLink } from "./model/permalink.js";
import { linkTo, opened, OWN } from "./opening.js";

const LEAST = 0.36; // letters of 9 px: smaller networks scroll

const page = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
const small = matchMedia("(max-width: 1023px), (max-height: 559px)");
const out = /** @type {HTMLAnchorElement} */ (document.querySelector("a.out"));
const { boot, raw } = brought();
const { store, commands } = assemble(
  boot,
  beginning(boot, raw, {
    theme: /** @type {"light" | "dark"} */ (page.dataset.theme ?? (dark.matches ? "dark" : "light")),
    presenting: compact(),
    shortcuts: false, // letters belong to the document around
    ...(await opened(boot, raw, location.hash)),
  }),
  LEAST,
);

/** Without an inspector, or without room for one beside it, the network is drawn as for presenting: dense, and its letters large. */
function compact() {
  return small.matches || !document.querySelector('[data-view="inspector"]');
}

/** The way to the step page is up to date when somebody takes it. */
async function pointOut() {
  const state = store.get();
  const page = out.dataset.page ?? "";
  try {
    const link = await linkTo(page, state);
    if (state === store.get()) out.href = link;
  } catch (error) {
    if (!(error instanceof LongLink)) throw error;
    out.removeAttribute("href");
  }
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let later;
store.subscribe(() => {
  clearTimeout(later);
  later = setTimeout(pointOut, 200);
});
small.addEventListener("change", () => store.send({ type: "present", on: compact() }));
attachKeys(store, {
  ...commands,
  leave() {
    const { pinned, target } = store.get();
    if (pinned || target) commands.leave(); // else it would leave presenting, which here is no mode
  },
});
attachMessages(store, {
  ...commands,
  load: (problem, step) => commands.load(problem, presetNamed(boot, problem.preset) ?? OWN, step),
});
await pointOut();
