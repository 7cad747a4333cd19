/** The keys of the Train page, as commands. */

/** @param {{toggle: () => void, batch: () => void, epoch: () => void, reset: () => void, newWeights: () => void, step: (k: number) => void, faster: (by: 1 | -1) => void, log: () => void, present: () => void, theme: () => void, help: () => void, leave: () => void}} commands */
export function attachTrainingKeys(commands) {
  /** @type {Record<string, () => void>} */
  const keys = {
    " ": commands.toggle,
    ArrowRight: commands.batch,
    PageDown: commands.batch,
    "Shift ArrowRight": commands.epoch,
    Home: commands.reset,
    Escape: commands.leave,
    n: commands.newWeights,
    s: () => commands.step(0),
    "+": () => commands.faster(1),
    "=": () => commands.faster(1),
    "-": () => commands.faster(-1),
    "−": () => commands.faster(-1),
    l: () => commands.log(),
    f: commands.present,
    d: commands.theme,
    "?": commands.help,
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && document.querySelector(":popover-open")) return; // it closes that
    const target = event.target instanceof Element ? event.target : document.body;
    const name = event.key.length === 1 ? event.key.toLowerCase() : event.shiftKey ? `Shift ${event.key}` : event.key;
    const typing = target.matches("select, input");
    if (!(name in keys) || (typing && event.key !== "Escape")) return;
    if (event.key === " " && target.matches("button, a")) return; // space presses what has the focus
    event.preventDefault();
    keys[name]();
  });

  /** A menu that is used with a pointer gives the keys back: who chooses a scenario presses Space to play it. */
  let pointed = false;
  document.addEventListener("pointerdown", () => (pointed = true));
  document.addEventListener("keydown", () => (pointed = false));
  document.addEventListener("change", ({ target }) => pointed && target instanceof HTMLSelectElement && target.blur());
}
