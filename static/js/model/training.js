/** The Train page: its state and what changes it. The server keeps nothing, so a run here is all there is of it: what was asked, and what was last said. */

import { EMPTY, epochsOf, extended } from "./curve.js";
import { noted, usualSpeed } from "./pace.js";

/** @import {Curve} from "./curve.js" */
/** @import {Moment} from "./pace.js" */
/** @import {Fault, Formula, Problem, Quantity, Request} from "../types.js" */

/**
 * @typedef {{epoch: number, batch: number}} Position what the next update is
 * @typedef {{name: string, size?: number, noise?: number | null, seed?: number}} Dataset
 * @typedef {Request & {dataset?: Dataset, epochs?: number, batch_size?: number | null, shuffle?: boolean, test_fraction?: number, stop?: {loss?: number, accuracy?: number}, position?: Position, optimizer_state?: any, max_updates?: number}} Training what the API is asked
 * @typedef {{name: string, title: string, description: string, watch: Watch, runs: {label: string, train: Training}[]}} Scenario
 * @typedef {"surface" | "norms" | "loss" | "histograms" | "network"} Watch the chart that makes the point
 *
 * @typedef {object} Surface what the network says all over its inputs, and every unit of it
 * @property {number[]} shape
 * @property {any[]} data the second input ascends along the first axis; then the first; then outputs, where there are more than one
 * @property {[number, number]} x
 * @property {[number, number]} [y]
 * @property {Record<string, any[]>} [units]
 *
 * @typedef {{low: number, high: number, counts: number[]}} Histogram
 *
 * @typedef {object} Report
 * @property {number} epoch
 * @property {number} updates
 * @property {Position} position
 * @property {number[]} [batch]
 * @property {number[]} [next_batch]
 * @property {number | null} loss
 * @property {number | null} test_loss
 * @property {number | null} accuracy
 * @property {number | null} test_accuracy
 * @property {Record<string, number | null>} [gradient_rms]
 * @property {Record<string, Quantity>} [parameters]
 * @property {Record<string, Quantity>} [optimizer_state]
 * @property {Surface} [surface]
 * @property {Record<string, Histogram>} [histograms]
 *
 * @typedef {{examples: number, test_examples: number, test: number[], updates_per_epoch: number, epochs: number, batch_size: number, dataset: Dataset | null, classification: boolean}} About
 * @typedef {{layer_sizes: number[], problem: Problem, quantities: Record<string, Quantity>, symbols: Record<string, Formula>, words: string, training: About}} Start
 * @typedef {Report & Start & {event: "start"}} Opening
 * @typedef {Report & {event: "progress"}} Progress
 * @typedef {Report & {event: "end", reason: Reason, explanation?: string[]}} Ending
 * @typedef {"epochs" | "loss" | "accuracy" | "max_updates" | "non_finite"} Reason
 *
 * @typedef {{name: string, title: string, description: string, inputs: number, input_names: string[], class_names: string[] | null, image: [number, number] | null, size: Range, noise: Range | null}} DatasetAbout as the catalog has it
 * @typedef {{default: number, minimum: number, maximum: number}} Range
 *
 * @typedef {object} Run
 * @property {string} label
 * @property {DatasetAbout | null} about null: its data are somebody's own
 * @property {Training} request the last one that was not refused
 * @property {{request: Training, anew: boolean} | null} wanted in its place, once the server takes it; `anew`: from the first update on
 * @property {Start | null} start
 * @property {Report | null} report the last one
 * @property {Curve} history
 * @property {Moment[]} clock
 * @property {{reason: Reason, explanation: string[]} | null} end
 * @property {Fault[]} refused
 * @property {string | null} lost the server cannot be reached, or takes no more: what is being tried
 *
 * @typedef {"W" | "a" | "dz"} Tab
 * @typedef {{run: number, quantity: string, entry: number[]}} Looked a number, or a unit by its activation
 * @typedef {object} State
 * @property {Record<string, DatasetAbout>} datasets all there are
 * @property {Scenario} scenario
 * @property {Run[]} runs
 * @property {boolean} playing
 * @property {boolean} asking whether an answer is on its way
 * @property {number | null} speed epochs a second; null: as fast as it goes
 * @property {boolean | null} log whether the loss is drawn on a logarithmic axis; null: where it needs one
 * @property {Tab} tab of the histograms
 * @property {Looked | null} looked
 * @property {"light" | "dark"} theme
 * @property {boolean} presenting
 * @property {"help" | null} dialog
 * @property {string | null} fault
 *
 * @typedef {{type: "open", scenario: Scenario} | {type: "want", run: number, request: Training, anew: boolean}
 *   | {type: "start", run: number, start: Opening} | {type: "progress", run: number, report: Report, at: number} | {type: "end", run: number, end: Ending, at: number}
 *   | {type: "refuse", run: number, faults: Fault[]} | {type: "lost", run: number, text: string} | {type: "restore", saved: Partial<State>}
 *   | {type: "playing", on: boolean} | {type: "asking", on: boolean} | {type: "speed", speed: number | null} | {type: "log", on: boolean} | {type: "tab", tab: Tab} | {type: "look", looked: Looked | null}
 *   | {type: "theme", theme: "light" | "dark"} | {type: "present", on: boolean} | {type: "dialog", dialog: "help" | null} | {type: "fault", text: string | null}} Event
 */

export const EPOCHS = 100; // where a request does not say how many: the server's default

/** @param {Scenario} scenario @param {Record<string, DatasetAbout>} datasets @returns {Run[]} */
export function runsOf({ runs }, datasets) {
  const fresh = { wanted: null, start: null, report: null, history: EMPTY, clock: [], end: null, refused: [], lost: null };
  return runs.map(({ label, train }) => ({ label, about: datasets[train.dataset?.name ?? ""] ?? null, request: train, ...fresh }));
}

/** @param {Scenario} scenario */
export function speedFor({ runs }) {
  return usualSpeed(Math.max(...runs.map(({ train }) => train.epochs ?? EPOCHS)));
}

/** @param {State} state @param {Event} event @returns {State} */
export function reduce(state, event) {
  switch (event.type) {
    case "open":
      return { ...state, scenario: event.scenario, runs: runsOf(event.scenario, state.datasets), speed: speedFor(event.scenario), log: null, looked: null, fault: null };
    case "restore":
      return { ...state, ...event.saved };
    case "want":
      return changed(state, event.run, ({ anew, request }) => ({ wanted: { request, anew }, refused: [] }), event);
    case "refuse":
      return changed(state, event.run, ({ faults }) => ({ wanted: null, refused: faults, lost: null }), event);
    case "lost":
      return changed(state, event.run, ({ text }) => ({ lost: text, clock: [] }), event);
    case "start":
      return { ...changed(state, event.run, started, event), fault: state.runs[event.run].lost ? null : state.fault }; // a server that is back ends what was said of it
    case "progress":
      return changed(state, event.run, progressed, event);
    case "end":
      return changed(state, event.run, ended, event);
    case "playing":
      return state.playing === event.on ? state : { ...state, playing: event.on, fault: event.on ? null : state.fault, runs: event.on ? state.runs.map((run) => ({ ...run, clock: [] })) : state.runs };
    case "asking":
      return state.asking === event.on ? state : { ...state, asking: event.on, runs: state.runs.map((run) => (run.lost && !event.on ? { ...run, lost: null } : run)) };
    case "speed":
      return { ...state, speed: event.speed };
    case "log":
      return { ...state, log: event.on };
    case "tab":
      return { ...state, tab: event.tab };
    case "look":
      return { ...state, looked: event.looked };
    case "theme":
      return { ...state, theme: event.theme };
    case "present":
      return { ...state, presenting: event.on };
    case "dialog":
      return { ...state, dialog: event.dialog };
    case "fault":
      return { ...state, fault: event.text };
  }
}

/** @template E @param {State} state @param {number} which @param {(event: E, run: Run) => Partial<Run>} change @param {E} event @returns {State} */
function changed(state, which, change, event) {
  return { ...state, runs: state.runs.map((run, k) => (k === which ? { ...run, ...change(event, run) } : run)) };
}

/** The server took what was wanted. Words that it left out are those that are here already. @param {{start: Opening}} event @param {Run} run @returns {Partial<Run>} */
function started({ start: opening }, run) {
  const { layer_sizes, problem, quantities, symbols = run.start?.symbols ?? {}, words, training, ...report } = opening;
  const start = { layer_sizes, problem, quantities, symbols, words, training };
  const now = { start, end: null, lost: null, ...(run.wanted ? { request: run.wanted.request, wanted: null, refused: [] } : {}) };
  const { epoch, updates, position } = report; // where it goes on: with another batch size that is not where it stood
  if (run.report && !run.wanted?.anew) return { ...now, report: { ...run.report, epoch, updates, position } };
  return { ...now, report, history: extended(EMPTY, pointOf(report, training)), clock: [] };
}

/** @param {{report: Report, at: number}} event @param {Run} run @returns {Partial<Run>} */
function progressed({ report, at }, run) {
  if (!run.start) return {};
  const { training } = run.start;
  const moment = { at, epochs: epochsOf(report, training.updates_per_epoch), updates: report.updates };
  return { report, history: extended(run.history, pointOf(report, training)), clock: noted(run.clock, moment) };
}

/** An end without an update tells only where the run stands. @param {{end: Ending, at: number}} event @param {Run} run @returns {Partial<Run>} */
function ended({ end: { event, reason, explanation = [], ...report }, at }, run) {
  const end = reason === "max_updates" ? null : { reason, explanation };
  if (Object.keys(report.gradient_rms ?? {}).length === 0 && run.report) {
    const { epoch, updates, position, next_batch, parameters, optimizer_state } = report;
    return { report: { ...run.report, epoch, updates, position, next_batch, parameters, optimizer_state }, end };
  }
  return { ...progressed({ report, at }, run), end };
}

/** @param {Report} report @param {About} about */
function pointOf(report, { updates_per_epoch }) {
  return { x: epochsOf(report, updates_per_epoch), loss: report.loss, test_loss: report.test_loss, rms: report.gradient_rms ?? {} };
}

/** Whether there are numbers that are not finite, where the training broke. @param {Run} run */
export function diverged({ end }) {
  return end?.reason === "non_finite";
}
