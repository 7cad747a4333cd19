/** The step page: the assembly, its keys, its address, and presenting. */

import { attachAddress, openAddress } from "./address.js";
import { assemble, beginning, brought } from "./assembly.js";
import { attachKeys } from "./keys.js";
import { attachPresenting } from "./presenting.js";
import { remember, remembered } from "./remembering.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
const { boot, raw } = brought();
const theme = /** @type {"light" | "dark"} */ (remembered("theme") ?? (dark.matches ? "dark" : "light"));
const { store, commands } = assemble(boot, beginning(boot, raw, { theme, shortcuts: remembered("shortcuts") !== "off" }));

store.subscribe((state, before) => {
  if (state.theme !== before.theme) remember("theme", state.theme);
  if (state.shortcuts !== before.shortcuts) remember("shortcuts", state.shortcuts ? "on" : "off");
  if (state.preset !== before.preset) document.title = `${state.preset.title} · Backprop Visualiser`;
});
attachKeys(store, commands);
attachPresenting(store);
attachAddress(store, commands, boot);
// Nothing is shown before it is what the address says, unless that is long in coming.
const shown = new Promise((seen) => store.subscribe((state, before) => (state.trace !== before.trace || state.lost) && seen(null)));
await Promise.race([openAddress(store, commands, boot), shown]);
document.documentElement.dataset.ready = "true";
