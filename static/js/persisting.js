/** Asking again where the server is lost or at its limit. The step page does it inside stream.js; a training has to be asked for anew each time, from where it stands by then. */

import { LOST, pause, ServerFault } from "./stream.js";

export const TRIES = 8; // of a server that is at its limit; one that is lost is waited for

/**
 * Ask until it is answered, or nobody wants it any more. A pause is longer than the one before it, until something was gained again.
 * @param {(gained: () => void) => Promise<void>} ask calls `gained` whenever it got further
 * @param {(text: string) => void} say told what is being tried
 * @param {AbortSignal} signal
 * @returns {Promise<void>} throws ServerFault: what was asked is refused, or the server stays at its limit
 */
export async function persist(ask, say, signal) {
  let [attempt, refusals] = [0, 0];
  const gained = () => ([attempt, refusals] = [0, 0]);
  while (!signal.aborted) {
    try {
      return await ask(gained);
    } catch (error) {
      if (!(error instanceof ServerFault) || !error.passing) throw error;
      if (error.after && refusals++ === TRIES) throw error;
      say(error.after ? `${wrong(error)}. Trying again, ${refusals} of ${TRIES}; nothing is lost.` : LOST);
      await pause(attempt++, error.after);
    }
  }
}

/** A fault as a sentence, without what its caller is to do about it, which stands behind a semicolon: that is being done. @param {ServerFault} fault */
function wrong({ message }) {
  const [first, ...rest] = message.split(";")[0];
  return first.toUpperCase() + rest.join("");
}
