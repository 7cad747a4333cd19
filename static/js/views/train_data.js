/** The data set: noise, size, seed and how much is held out. Another data set begins the training anew. */

import { numberField } from "../draw/fields.js";
import { html } from "../draw/svg.js";
import { POINTERS } from "../model/training_request.js";

/** @import {Field} from "../draw/fields.js" */
/** @import {Dataset, DatasetAbout, Run, State} from "../model/training.js" */
/** @import {Fault} from "../types.js" */

const WAITS = 300; // ms: who types on has not said it yet

/** @typedef {"noise" | "size" | "seed" | "test_fraction"} Name */

/** @param {HTMLElement} root @param {{data: (settings: Partial<Dataset> & {test_fraction?: number}) => void}} commands */
export function mountData(root, commands) {
  /** @type {Partial<Record<Name, Field>>} */
  let fields = {};
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  /** @type {Partial<Record<Name, number>>} */
  let values = {};
  /** @type {Fault[]} */
  let faults = [];

  /** @param {Name} name @param {string} label @param {boolean} whole */
  function field(name, label, whole) {
    const put = (/** @type {number} */ value) => {
      clearTimeout(waiting);
      if (value !== values[name] || faults.length) waiting = setTimeout(() => commands.data({ [name]: value }), whole ? 0 : WAITS);
    };
    return numberField({ pointer: POINTERS[name], label, whole }, put, () => {});
  }

  /** @param {DatasetAbout | null} about */
  function build(about) {
    fields = { ...(about?.noise ? { noise: field("noise", `Noise, ${about.noise.minimum} to ${about.noise.maximum}`, false) } : {}), ...(about ? { size: field("size", `Examples, ${about.size.minimum} to ${about.size.maximum.toLocaleString("en-GB")}`, true), seed: field("seed", "Seed of the data", true) } : {}), test_fraction: field("test_fraction", "Share held out for testing", false) };
    const words = about ? about.description : "The examples came with the network; change them on its page.";
    root.replaceChildren(html("h2", {}, [about?.title ?? "Data of your own"]), html("p", { class: "hint" }, [words]), ...Object.values(fields).map((it) => it.root), html("p", { class: "hint" }, ["Other data begin the training anew."]));
  }

  return {
    /** @param {State} state @param {State} [before] */
    update({ runs }, before) {
      const [run, was] = [runs[0], before?.runs[0]];
      if (!was || run.about !== was.about) build(run.about);
      if (was && run.start === was.start && run.refused === was.refused && run.wanted === was.wanted) return;
      [values, faults] = [valuesOf(run), run.refused];
      for (const [name, it] of /** @type {[Name, Field][]} */ (Object.entries(fields))) {
        const refused = run.refused.find(({ pointer }) => pointer === POINTERS[name]);
        if (values[name] !== undefined && !refused && !run.wanted) it.show(values[name]); // what was refused, or is being asked for, stays as it was typed
        it.refuse(refused?.detail ?? "");
      }
    },
    destroy: () => root.replaceChildren(),
  };
}

/** @param {Run} run @returns {Partial<Record<Name, number>>} */
function valuesOf({ start, request }) {
  const { noise, size, seed } = start?.training.dataset ?? {};
  return { noise: noise ?? undefined, size, seed, test_fraction: request.test_fraction ?? 0 };
}
