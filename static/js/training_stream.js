/** Trainings as they come from the server, event by event, and the prepared ones. It shares the reader of stream.js, and is apart so that the step page need not load it. */

import { exactly } from "./model/json.js";
import { faultOf, readLines, ServerFault } from "./stream.js";

/** @import {Ending, Opening, Progress, Scenario, Training} from "./model/training.js" */

/** @typedef {(event: Opening | Progress | Ending) => void | Promise<void>} Told */

const UNREACHABLE = "The server cannot be reached. What is shown is kept; Play goes on from here.";

/** @param {string} api base path of the API */
export function createTrainer(api) {
  /**
   * Train until the end, or until nobody wants it any more: then nothing more is told, and the server stops. It waits where whoever is told takes time.
   * @param {Training} request @param {Told} told @param {AbortSignal} signal @param {Record<string, string>} [query]
   * @returns {Promise<void>} throws ServerFault
   */
  async function train(request, told, signal, query = {}) {
    let [ended, telling] = [false, false];
    try {
      const response = await fetch(`${api}/train?${new URLSearchParams(query)}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/x-ndjson" },
        body: exactly(request),
        signal,
      });
      if (!response.ok) throw await faultOf(response);
      await readLines(response, async (event) => {
        if (signal.aborted) return;
        if (event.event === "error") throw new ServerFault(event.detail, event.status === 503 ? { passing: true, after: 1 } : {});
        ended ||= event.event === "end";
        telling = true;
        await told(event);
        telling = false;
      });
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ServerFault || telling) throw error; // whoever was told is at fault, not the server
      throw new ServerFault(UNREACHABLE, { passing: true });
    }
    if (!ended && !signal.aborted) throw new ServerFault(UNREACHABLE, { passing: true });
  }

  /** One of the prepared trainings. @param {string} name @returns {Promise<Scenario>} throws ServerFault */
  async function scenario(name) {
    let response;
    try {
      response = await fetch(`${api}/scenarios/${encodeURIComponent(name)}`);
    } catch {
      throw new ServerFault(UNREACHABLE, { passing: true });
    }
    if (!response.ok) throw await faultOf(response);
    return response.json();
  }

  return { train, scenario };
}
