/** One run's numbers and settings: how far it has come, η and batch size, and what is to be said where it broke. */

import { html } from "../draw/svg.js";
import { exact, full, short } from "../geometry/numbers.js";
import { ACCEPTED, read, typed } from "../geometry/reading.js";
import { diverged } from "../model/training.js";
import { POINTERS } from "../model/training_request.js";

/** @import {Report, Run, State} from "../model/training.js" */

const SETTINGS = /** @type {const} */ (["learning_rate", "batch_size"]);
const READINGS = /** @type {const} */ (["epoch", "loss", "test_loss", "accuracy", "test_accuracy"]);

/**
 * @param {HTMLElement} root @param {number} k which run
 * @param {{set: (k: number, settings: {learning_rate?: number, batch_size?: number}) => void, step: (k: number) => void, halve: (k: number) => void}} commands
 */
export function mountRun(root, k, commands) {
  const find = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (root.querySelector(selector));
  find("[data-part=step]").addEventListener("click", () => commands.step(k));
  find("[data-part=broken]").addEventListener("click", () => commands.step(k));
  find("[data-part=halve]").addEventListener("click", () => commands.halve(k));
  const settings = SETTINGS.map((name) => settingOf(find(`[data-setting=${name}]`), `run-${k}-${name}`, (value) => commands.set(k, { [name]: value })));
  const readings = READINGS.map((name) => ({ name, node: find(`[data-reading=${name}]`), number: find(`[data-reading=${name}] .num`) }));

  /** @param {Run} run @param {boolean} playing */
  function readOff({ report, start }, playing) {
    if (!report || !start) return;
    for (const { name, node, number } of readings) {
      const [text, value] = sayings[name](report, start.training.updates_per_epoch, playing);
      node.hidden = value === undefined;
      if (number.textContent === text) continue;
      number.textContent = text;
      number.dataset.value = String(value);
      number.title = typeof value === "number" ? full(value) : "";
    }
  }

  return {
    /** @param {State} state @param {State} [before] */
    update({ runs, playing }, before) {
      const run = runs[k];
      if (before && run === before.runs[k] && playing === before.playing) return;
      const label = run.label || "The training";
      root.setAttribute("aria-label", label);
      find(".label").textContent = label;
      readOff(run, playing);
      const now = { learning_rate: run.start?.problem.optimizer?.learning_rate, batch_size: run.start?.training.batch_size };
      for (const [at, name] of SETTINGS.entries()) {
        const refused = run.refused.find(({ pointer }) => pointer === POINTERS[name]);
        settings[at].show(/** @type {number | undefined} */ (now[name]), refused?.detail ?? "", run.wanted !== null);
      }
      const broke = find(".broke");
      const hidden = !diverged(run);
      if (hidden === broke.hidden) return;
      broke.hidden = hidden;
      if (!hidden) find(".why").replaceChildren(...(run.end?.explanation ?? []).map((sentences) => html("span", {}, [`${sentences} `])));
    },
    destroy() {},
  };
}

/** What each reading says and its value; undefined: there is none. @type {Record<typeof READINGS[number], (report: Report, batches: number, playing: boolean) => [string, number | string | undefined]>} */
const sayings = {
  epoch: ({ position: { epoch, batch } }, batches, playing) => [`${epoch.toLocaleString("en-GB")}${batch && !playing ? ` + ${batch}/${batches}` : ""}`, epoch],
  loss: ({ loss }) => [loss === null ? "not finite" : short(loss), loss ?? "NaN"],
  test_loss: ({ test_loss }) => (test_loss === null ? ["", undefined] : [short(test_loss), test_loss]),
  accuracy: ({ accuracy }) => percent(accuracy),
  test_accuracy: ({ test_accuracy }) => percent(test_accuracy),
};

/** @param {number | null} share @returns {[string, number | undefined]} */
function percent(share) {
  return share === null ? ["", undefined] : [`${(100 * share).toFixed(1)} %`, share];
}

/** A number as it is typed; what is none, or was refused, stays with words beside it. @param {HTMLElement} root @param {string} id @param {(value: number) => void} put */
function settingOf(root, id, put) {
  const input = /** @type {HTMLInputElement} */ (root.querySelector("input"));
  const words = /** @type {HTMLElement} */ (root.querySelector(".refusal"));
  const whole = input.inputMode === "numeric";
  input.id = id;
  words.id = `${id}-refusal`;
  input.setAttribute("aria-describedby", words.id);
  /** @type {HTMLLabelElement} */ (root.querySelector("label")).htmlFor = id;
  let value = NaN;
  let [wrong, refused] = ["", false];

  /** @param {string} text */
  function say(text) {
    if (words.textContent !== text) words.textContent = text;
    input.setAttribute("aria-invalid", String(text !== ""));
  }
  function take() {
    const number = read(input.value);
    wrong = number === null ? ACCEPTED : "";
    say(wrong);
    if (number !== null && (number !== value || refused)) put(number);
  }
  /** @param {number} factor */
  function scale(factor) {
    const number = (read(input.value) ?? value) * factor;
    input.value = typed(whole ? Math.max(1, Math.round(number)) : Number(number.toPrecision(12)));
    take();
  }
  input.addEventListener("change", take);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") return take();
    const factor = { ArrowUp: 2, ArrowDown: 0.5 }[event.key];
    if (!factor) return;
    event.preventDefault();
    scale(factor);
  });
  for (const button of root.querySelectorAll("button")) button.addEventListener("click", () => scale(Number(button.dataset.times)));

  return {
    /** @param {number | undefined} now what it stands at @param {string} refusal in the server's words @param {boolean} waiting for its answer */
    show(now, refusal, waiting) {
      refused = refusal !== "";
      say(wrong || refusal);
      if (now === undefined) return;
      const settled = !wrong && !refused && !waiting && (now !== value || document.activeElement !== input); // else it is being typed
      if (settled && read(input.value) !== now) input.value = typed(now);
      if (now === value) return;
      value = now;
      root.dataset.value = exact(now);
    },
  };
}
