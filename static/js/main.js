/** The step page: the assembly, its keys, its address, presenting, and the ways to the Train page. */

import { arrive, attachAddress } from "./address.js";
import { assemble, beginning, brought } from "./assembly.js";
import { attachKeys } from "./keys.js";
import { attachOpening } from "./opening.js";
import { attachPresenting } from "./presenting.js";
import { remember, remembered } from "./remembering.js";
import { attachTraining } from "./towards_training.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
const { boot, raw } = brought();
const theme = /** @type {"light" | "dark"} */ (remembered("theme") ?? (dark.matches ? "dark" : "light"));
const { store, client, commands } = assemble(boot, beginning(boot, raw, { theme, shortcuts: remembered("shortcuts") !== "off" }));

store.subscribe((state, before) => {
  if (state.theme !== before.theme) remember("theme", state.theme);
  if (state.shortcuts !== before.shortcuts) remember("shortcuts", state.shortcuts ? "on" : "off");
  if (state.preset !== before.preset) document.title = `${state.preset.title} · Backprop Visualiser`;
});
attachKeys(store, commands);
attachPresenting(store);
attachTraining(store);
attachChoosing(attachOpening(store, client, commands));
attachAddress(store, commands, boot);
await arrive(store, commands, boot);

/** The file chooser of the network menu. @param {(file: File) => void} open */
function attachChoosing(open) {
  const chooser = /** @type {HTMLInputElement} */ (document.querySelector("[data-part=file]"));
  chooser.addEventListener("change", () => {
    if (chooser.files?.[0]) open(chooser.files[0]);
    chooser.value = ""; // so that the same file can be opened again
  });
}
