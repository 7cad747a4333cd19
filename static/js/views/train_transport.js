/** Play, one batch, one epoch, and back to the start; how fast it goes. */

import { paceOf } from "../model/pace.js";

/** @import {Pace} from "../model/pace.js" */
/** @import {State} from "../model/training.js" */

const ICONS = { play: "M7 4.5v15l12-7.5z", pause: "M8 5v14M16 5v14" };
const COUNT = new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 3 });

/** @param {HTMLElement} root @param {{toggle: () => void, batch: () => void, epoch: () => void, reset: () => void, newWeights: () => void, present: () => void}} commands */
export function mountTransport(root, commands) {
  const find = (/** @type {string} */ name) => /** @type {HTMLElement} */ (root.querySelector(`[data-part="${name}"]`));
  const play = find("play");
  const pace = /** @type {HTMLElement} */ (root.querySelector(".pace"));
  const acts = { play: commands.toggle, batch: commands.batch, epoch: commands.epoch, reset: commands.reset, "new-weights": commands.newWeights, leave: commands.present };
  for (const [name, act] of Object.entries(acts)) find(name).addEventListener("click", act);

  return {
    /** @param {State} state @param {State} [before] */
    update({ playing, runs }, before) {
      if (!before || playing !== before.playing) {
        play.setAttribute("aria-label", playing ? "Pause" : "Play");
        play.querySelector("path")?.setAttribute("d", ICONS[playing ? "pause" : "play"]);
      }
      const rates = runs.map(({ clock }) => paceOf(clock));
      const words = !playing ? "" : runs.length === 1 ? said(rates[0]) : rates.map((rate, k) => rate && `${runs[k].label} ${COUNT.format(rate.epochs)} epochs/s`).filter(Boolean).join(" · ");
      if (pace.textContent !== words) pace.textContent = words;
      pace.dataset.epochs = String(rates[0]?.epochs ?? "");
    },
    destroy() {},
  };
}

/** @param {Pace | null} pace */
function said(pace) {
  return pace ? `${COUNT.format(pace.epochs)} epochs/s · ${COUNT.format(pace.updates)} updates/s` : "";
}
