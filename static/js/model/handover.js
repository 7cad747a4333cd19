/**
 * What passes between the Train page and the Step view. The problem of the update that is looked at goes as any link does, `/#p=…`, so a reload keeps it and nobody has to remember it;
 * `&from=train` beside it has the step page name it after the training. The training itself waits in the session storage of the tab, where a reload of either page finds it again:
 *
 *     leave(tabStorage(), {summary: {title, epoch, updates}, history, …});
 *     history.replaceState(null, "", "#back");  // so that the browser's own Back comes back as well
 *     location.assign(`${root}/#${await write({}, updateProblem(…))}&from=train`);  // write (permalink.js) refuses what is too long for a link, in words
 *
 * and where the Train page opens at `#back`: `come(tabStorage())`. It stays there until another is left.
 */

import { exactly } from "./json.js";
import { FORMAT, KEY, parsed, waiting } from "./waiting.js";

/** @import {Data, Problem, Quantity, Request} from "../types.js" */
/** @import {Place, Summary} from "./waiting.js" */

/** @typedef {{summary: Summary, history?: unknown, [more: string]: unknown}} Left `history` is what can be done without, where there is no room */

/**
 * A training is left behind, in place of any other. It says how much of it: a browser keeps about five million characters.
 * @param {Place | null} storage @param {Left} state @returns {"all" | "without history" | "nothing"}
 */
export function leave(storage, { summary, history, ...rest }) {
  if (put(storage, summary, { ...rest, history })) return "all";
  if (put(storage, summary, rest)) return "without history";
  return "nothing";
}

/** One that fits no more leaves none: an older training would be taken for it. @param {Place | null} storage @param {Summary} summary @param {object} rest */
function put(storage, { title, epoch, updates }, rest) {
  try {
    storage?.setItem(KEY, `${exactly({ format: FORMAT, title, epoch, updates })}\n${exactly(rest)}`); // in two lines: who asks for the summary need not read the rest
    return storage !== null;
  } catch {
    storage?.removeItem(KEY);
    return false;
  }
}

/** The training that was left, as it was; null where there is none, or none that can be read. @param {Place | null} storage @returns {Left | null} */
export function come(storage) {
  const summary = waiting(storage);
  const rest = parsed(storage?.getItem(KEY)?.split("\n")[1]);
  return summary && rest ? { ...rest, summary } : null;
}

/**
 * The problem of one update, as a trace of it is asked for: the rows of its batch, with these parameters and this state of the optimizer.
 * Inputs and targets have to be there: `start` leaves large ones out, and a data set is had from /datasets.
 * @param {Problem} problem of `start`, with all rows @param {Record<string, Numbers>} parameters @param {Record<string, Numbers> | null} state of the optimizer @param {number[]} batch row numbers
 * @returns {Request}
 */
export function updateProblem(problem, parameters, state, batch) {
  const rows = /** @type {any} */ ((/** @type {any[] | null} */ all) => all && batch.map((n) => all[n]));
  const layers = problem.layers.map((layer, k) => ({ ...layer, ...placed("weights", parameters[`W${k + 1}`]), ...placed("bias", parameters[`b${k + 1}`]) }));
  const remembered = Object.entries(state ?? {}).map(([id, numbers]) => [id, bare(numbers)]);
  return {
    ...problem,
    layers: /** @type {Problem["layers"]} */ (layers),
    inputs: rows(problem.inputs),
    targets: rows(problem.targets),
    ...(remembered.length ? { optimizer_state: Object.fromEntries(remembered) } : {}),
  };
}

/** @typedef {Quantity | Data} Numbers an array, bare or as a quantity of an answer */

/** @param {Numbers} numbers @returns {Data | null} */
function bare(numbers) {
  return typeof numbers === "object" && !Array.isArray(numbers) ? numbers.data : numbers;
}

/** A layer without a bias has none to be put in place. @param {"weights" | "bias"} field @param {Numbers | undefined} numbers */
function placed(field, numbers) {
  return numbers === undefined ? {} : { [field]: bare(numbers) };
}
