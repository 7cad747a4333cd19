/** The step page: the assembly, its keys, its address, and presenting. */

import { assemble, beginning, brought } from "./assembly.js";
import { attachKeys } from "./keys.js";
import { attachPresenting } from "./presenting.js";
import { remember, remembered } from "./remembering.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
const { boot, raw } = brought();
const { store, commands } = assemble(
  boot,
  beginning(boot, raw, {
    cursor: Math.min(stepInLink(), raw.steps.length),
    theme: /** @type {"light" | "dark"} */ (remembered("theme") ?? (dark.matches ? "dark" : "light")),
    shortcuts: remembered("shortcuts") !== "off",
  }),
);

/** How many steps in a link opens: …#step=8. */
function stepInLink() {
  return Number(/^#step=(\d{1,5})$/.exec(location.hash)?.[1] ?? 0);
}

/** Back, forward, or another #step: only what differs is fetched. */
function followLink() {
  const name = new URLSearchParams(location.search).get("preset") ?? boot.presets[0].name;
  if (name === store.get().preset.name && !store.get().stale) commands.go(stepInLink());
  else commands.show(name, stepInLink());
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let written;

/** The address follows the cursor, a moment later: browsers allow only so many changes. @param {number} cursor */
function writeLink(cursor) {
  clearTimeout(written);
  written = setTimeout(() => history.replaceState(null, "", `${location.pathname}${location.search}${cursor ? `#step=${cursor}` : ""}`), 500);
}

store.subscribe((state, before) => {
  if (state.theme !== before.theme) remember("theme", state.theme);
  if (state.shortcuts !== before.shortcuts) remember("shortcuts", state.shortcuts ? "on" : "off");
  if (state.cursor !== before.cursor) writeLink(state.cursor);
  if (state.preset !== before.preset) document.title = `${state.preset.title} · Backprop Visualiser`;
});
attachKeys(store, commands);
attachPresenting(store);
addEventListener("popstate", followLink);
