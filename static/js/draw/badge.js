/** Whether a gradient agrees with central differences: a tick, or truthfully why not. */

import { short } from "../geometry/numbers.js";
import { html } from "./svg.js";

/** @import {Agreement} from "../types.js" */

/** @param {Agreement} it @returns {{mark: "ok" | "kink" | "wrong" | "unknown", text: string}} */
export function verdictOf(it) {
  const notes = [...(it.checked < it.of ? [`${it.checked} of ${it.of} entries tried`] : []), ...(it.refined ? [`${it.refined} at a finer step`] : [])];
  const sampled = notes.length ? ` (${notes.join(", ")})` : "";
  const where = it.at.length ? ` at (${it.at.map((i) => i + 1).join(", ")})` : "";
  const worst = it.max_abs === null ? "" : `worst difference ${short(it.max_abs)}${where}`;
  if (!it.comparable) return { mark: "unknown", text: `cannot be compared: not all numbers are finite${sampled}` };
  if (!it.agrees) return { mark: "wrong", text: `differs from central differences: ${worst}${sampled}` };
  if (it.kinks) return { mark: "kink", text: `agrees with central differences but at ${it.kinks === 1 ? "one kink" : `${it.kinks} kinks`}, where ℒ has no derivative and a convention picks the slope${it.kinks < it.checked ? `; elsewhere ${worst}` : ""}${sampled}` };
  return { mark: "ok", text: `agrees with central differences; ${worst}${sampled}` };
}

const SIGNS = { ok: "✓", kink: "✓", wrong: "✗", unknown: "–" };

const BRIEF = { ok: "verified", kink: "verified, with kinks", wrong: "differs", unknown: "not comparable" };

/** @param {Agreement | undefined} agreement @param {boolean} [wordy] with a word beside it; all words are in its title */
export function drawBadge(agreement, wordy = false) {
  if (!agreement) return html("span", { class: "badge none" });
  const { mark, text } = verdictOf(agreement);
  const sign = html("span", { class: "sign", "aria-hidden": "true" }, [SIGNS[mark]]);
  const brief = html("span", { class: "verdict", "aria-hidden": "true" }, [BRIEF[mark]]);
  return html("span", { class: `badge ${mark}`, title: text, "data-verdict": mark }, [sign, ...(wordy ? [brief] : []), html("span", { class: "visually-hidden" }, [text])]);
}
