/** From a link to the state that a page begins with, and from a state to its link. */

import { presetNamed } from "./assembly.js";
import { DamagedLink, read, write } from "./model/permalink.js";
import { indexTrace } from "./model/trace.js";
import { targetsOf } from "./model/walk.js";
import { createClient, ServerFault } from "./stream.js";

/** @import {Boot} from "./assembly.js" */
/** @import {View} from "./model/permalink.js" */
/** @import {State} from "./model/reduce.js" */
/** @import {Trace} from "./model/trace.js" */
/** @import {Preset, RawTrace} from "./types.js" */

/** What a problem is called that is no preset's. @type {Preset} */
export const OWN = { name: "", title: "A network of your own", description: "It came with its own numbers.", source: null };

/**
 * What differs from the usual beginning. A link that is damaged or refused opens the preset, and says what is wrong.
 * @param {Boot} boot @param {RawTrace} raw the trace of the address's preset @param {string} fragment
 * @returns {Promise<Partial<State>>}
 */
export async function opened(boot, raw, fragment) {
  try {
    const { view, problem } = await read(fragment);
    if (!problem && view.convention !== "column") return seen(view, indexTrace(raw));
    const request = /** @type {State["request"]} */ (problem ?? { preset: boot.preset });
    const trace = indexTrace(await createClient(boot.api, () => {}).trace(request, view.convention));
    const preset = presetNamed(boot, /** @type {any} */ (request).preset) ?? OWN;
    return { request, trace, preset, convention: trace.start.convention ?? "row", ...seen(view, trace) };
  } catch (error) {
    if (!(error instanceof DamagedLink || error instanceof ServerFault)) throw error;
    return { fault: error.message };
  }
}

/** A view as far as this trace has it. @param {Partial<View>} view @param {Trace} trace @returns {Partial<State>} */
function seen({ step = 0, target = null, more = false, pin = null, tool = "terms", example = 0, numbers = true }, trace) {
  const shape = pin && trace.quantities.get(pin.quantity)?.shape;
  const pinned = shape && pin.entry.length === shape.length && pin.entry.every((i, axis) => i < shape[axis]) ? pin : null;
  const walk = targetsOf(trace).includes(target ?? "") ? target : null;
  return { cursor: Math.min(step, trace.steps.length), target: walk, more: more && walk !== null, pinned, tool: pinned ? tool : "terms", example: example < trace.examples ? example : 0, numbers };
}

/** Where the step page shows the same: the preset's address, or one with the problem and all its numbers in it. @param {string} page @param {State} state */
export async function linkTo(page, { request, trace, cursor, target, more, pinned, tool, convention, example, numbers }) {
  const preset = Object.keys(request).join() === "preset" ? /** @type {{preset: string}} */ (request).preset : null;
  const problem = preset ? null : trace.start.omitted.length ? request : trace.start.problem;
  const fragment = await write({ step: cursor, target, more, pin: pinned, tool, convention, example, numbers }, problem);
  return `${page}${preset ? `?preset=${encodeURIComponent(preset)}` : ""}${fragment && "#"}${fragment}`;
}
