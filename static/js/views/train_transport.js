/** Play, one batch, one epoch, and back to the start; how fast it goes. */

import { html } from "../draw/svg.js";
import { paceOf, SPEEDS } from "../model/pace.js";

/** @import {Pace} from "../model/pace.js" */
/** @import {Run, State} from "../model/training.js" */

const ICONS = { play: "M7 4.5v15l12-7.5z", pause: "M8 5v14M16 5v14" };
const COUNT = new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 3 });

/** @param {HTMLElement} root @param {{toggle: () => void, batch: () => void, epoch: () => void, reset: () => void, newWeights: () => void, speed: (speed: number | null) => void, present: () => void}} commands */
export function mountTransport(root, commands) {
  const find = (/** @type {string} */ name) => /** @type {HTMLElement} */ (root.querySelector(`[data-part="${name}"]`));
  const play = find("play");
  const pace = /** @type {HTMLElement} */ (root.querySelector(".pace"));
  const acts = { play: commands.toggle, batch: commands.batch, epoch: commands.epoch, reset: commands.reset, "new-weights": commands.newWeights, leave: commands.present };
  for (const [name, act] of Object.entries(acts)) find(name).addEventListener("click", act);

  const speed = /** @type {HTMLSelectElement} */ (find("speed"));
  speed.replaceChildren(...SPEEDS.map((it) => html("option", { value: it ?? "" }, [it === null ? "full speed" : `${it} epoch${it === 1 ? "" : "s"}/s`])));
  speed.addEventListener("change", () => commands.speed(speed.value ? Number(speed.value) : null));

  return {
    /** @param {State} state @param {State} [before] */
    update({ playing, runs, speed: chosen }, before) {
      speed.value = String(chosen ?? "");
      if (!before || playing !== before.playing) {
        play.setAttribute("aria-label", playing ? "Pause" : "Play");
        play.querySelector("path")?.setAttribute("d", ICONS[playing ? "pause" : "play"]);
      }
      const rates = runs.map(({ clock, end }) => (end ? null : paceOf(clock)));
      const words = !playing ? endOf(runs) : runs.length === 1 || chosen !== null ? said(rates.find(Boolean) ?? null) : saidOfEach(runs, rates);
      if (pace.textContent !== words) pace.textContent = words;
      pace.dataset.epochs = String(rates[0]?.epochs ?? "");
    },
    destroy() {},
  };
}

/** Why it plays no more, where it has an end of its own. @param {Run[]} runs */
function endOf(runs) {
  const [{ end, report }] = runs;
  if (runs.some((run) => !run.end) || !end || !report) return "";
  return { epochs: `epoch ${report.epoch.toLocaleString("en-GB")} reached; Play goes on`, loss: "the loss asked for is reached", accuracy: "the accuracy asked for is reached", max_updates: "", non_finite: "" }[end.reason];
}

/** @param {Run[]} runs @param {(Pace | null)[]} rates */
function saidOfEach(runs, rates) {
  const each = rates.flatMap((rate, k) => (rate ? `${runs[k].label} ${COUNT.format(rate.epochs)}` : []));
  return each.length ? `${each.join(" · ")} epochs/s` : "";
}

/** @param {Pace | null} pace */
function said(pace) {
  return pace ? `${COUNT.format(pace.epochs)} epochs/s · ${COUNT.format(pace.updates)} updates/s` : "";
}
