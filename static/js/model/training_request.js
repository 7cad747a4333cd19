/** What the page asks of /train: to begin, to go on from where a run stands, with other settings, with other data. Nothing is computed here; what does not fit, the server says. */

import { redrawn } from "./building.js";
import { EPOCHS } from "./training.js";

/** @import {Dataset, Position, Run, Scenario, Start, Training} from "./training.js" */
/** @import {Request} from "../types.js" */

const PICTURES = { 1: { resolution: 200, units: 32 }, 2: { resolution: 48, units: 16 } }; // of the output and of every unit, by how many inputs there are
const BINS = 41; // odd: 0 has a bin of its own where they reach as far to the left as to the right

/** Where in a request each field of the page stands; what is refused there is said beside the field. */
export const POINTERS = { learning_rate: "/optimizer/learning_rate", batch_size: "/batch_size", noise: "/dataset/noise", size: "/dataset/size", seed: "/dataset/seed", test_fraction: "/test_fraction" };

/**
 * From where the run stands, with what is wanted of it; anew where that is wanted anew.
 * @param {Run} run @param {object} [more] @returns {Training}
 */
export function asked(run, more = {}) {
  const { request, anew } = run.wanted ?? { request: run.request, anew: false };
  const stands = anew ? { ...run, report: null } : run;
  const { parameters, optimizer_state } = stands.report ?? {};
  const from = parameters ? { parameters, optimizer_state, position: positionFor(run, request) } : {}; // a start tells none: what was asked has them
  const pictures = PICTURES[/** @type {1 | 2} */ (run.about?.inputs ?? request.inputs?.[0]?.length)];
  return /** @type {Training} */ ({ ...request, stop: goal(stands), epochs: until(stands), ...from, ...(pictures ? { surface: pictures } : {}), histograms: { bins: BINS }, include: ["parameters", "optimizer_state"], ...more });
}

/**
 * What was asked, taken up where the run stands by now: with the goals it had, and of the updates those that were not made.
 * @param {Training} first @param {Run} run @returns {Training}
 */
export function resumed(first, { wanted, start, report }) {
  if (wanted || !start || !report?.parameters) return first; // nothing is trained yet
  const { parameters, optimizer_state, position, updates } = report;
  const { epoch, batch } = first.position ?? { epoch: 0, batch: 0 };
  const made = updates - (epoch * start.training.updates_per_epoch + batch);
  return /** @type {Training} */ ({ ...first, parameters, optimizer_state, position, ...(first.max_updates === undefined ? {} : { max_updates: first.max_updates - made }) });
}

/** Another batch size cuts the epoch in another way: it takes over at the next epoch's beginning, and the rest of this one is left out. @param {Run} run @param {Training} request @returns {Position} */
function positionFor({ report, request: now }, { batch_size }) {
  const position = report?.position ?? { epoch: 0, batch: 0 };
  return batch_size === now.batch_size || position.batch === 0 ? position : { epoch: position.epoch + 1, batch: 0 };
}

/** What is reached already is no goal any more. @param {Run} run */
function goal({ request: { stop }, report }) {
  const reached = stop && report && ((report.loss ?? Infinity) <= (stop.loss ?? -Infinity) || (report.accuracy ?? -1) >= (stop.accuracy ?? Infinity));
  return reached ? undefined : stop;
}

/** Until when to play: as many epochs as were asked for, and as many again whenever they are over. @param {Run} run */
function until({ request, report }) {
  const lot = request.epochs ?? EPOCHS;
  return lot * (Math.floor((report?.position.epoch ?? 0) / lot) + 1);
}

/** @param {Run} run @param {{learning_rate?: number, batch_size?: number}} settings @returns {Training} */
export function withSettings({ request, start }, { learning_rate, batch_size }) {
  const optimizer = /** @type {any} */ (start?.problem.optimizer ?? request.optimizer);
  return { ...request, ...(learning_rate === undefined ? {} : { optimizer: { ...optimizer, learning_rate } }), ...(batch_size === undefined ? {} : { batch_size }) };
}

/** @param {Run} run @param {Partial<Dataset> & {test_fraction?: number}} settings of those that have a data set @returns {Training} */
export function withData({ request }, { test_fraction = request.test_fraction, ...dataset }) {
  return { ...request, test_fraction, ...(request.dataset ? { dataset: { ...request.dataset, ...dataset } } : {}) };
}

/** The same network, drawn with the next seed. @param {Run} run @returns {Training} */
export function withNewWeights({ request, start }) {
  if (!start) return request;
  const { seed, ...initializer } = start.problem.initializer;
  return /** @type {Training} */ (redrawn(request, /** @type {any} */ (start), { ...initializer, seed: Number(seed) + 1 }));
}

/** A training of a problem of somebody's own, whose inputs are the data. @param {Request} problem @returns {Scenario} */
export function ownScenario({ optimizer_state, ...problem }) {
  const optimizer = problem.optimizer ?? { name: "sgd", learning_rate: 0.1 };
  const train = { epochs: 1000, ...problem, optimizer };
  return { name: "", title: "A network of your own", description: "Its examples are what it is trained on.", watch: "surface", runs: [{ label: "", train }] };
}
