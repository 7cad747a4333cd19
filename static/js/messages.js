/**
 * What an embedded page and the document around it say to each other, by postMessage. README has the list.
 * Any document may embed the page and drive it: there is nothing secret in it, and a message reaches nothing but the picture. Nobody but the document around it is listened to.
 */

import { exactly, strictly } from "./model/json.js";

/** @import {Store} from "./model/store.js" */
/** @import {Event, State} from "./model/reduce.js" */

const VERSION = 1;
const DEEPEST = 16;

/**
 * @typedef {{do: "go", step: number} | {do: "play"} | {do: "pause"} | {do: "load", problem: object, step: number} | {do: "theme", theme: "light" | "dark"}} Message
 */

/** A message that is meant for us but makes no sense; its message is for who wrote it. */
export class Misunderstood extends Error {}

/** A message from outside, checked in full; null for one that is not meant for us. Throws Misunderstood. @param {unknown} data @returns {Message | null} */
export function understood(data) {
  if (data === null || typeof data !== "object" || /** @type {any} */ (data).backprop !== VERSION) return null;
  const message = /** @type {Record<string, unknown>} */ (data);
  switch (message.do) {
    case "play":
    case "pause":
      return { do: message.do };
    case "go":
      return { do: "go", step: stepOf(message.step) };
    case "theme":
      if (message.theme !== "light" && message.theme !== "dark") throw new Misunderstood('expected a theme, "light" or "dark"');
      return { do: "theme", theme: message.theme };
    case "load":
      return { do: "load", problem: problemOf(message.problem), step: message.step === undefined ? 0 : stepOf(message.step) };
    default:
      throw new Misunderstood("expected do: go, play, pause, load or theme");
  }
}

/** @param {unknown} value */
function stepOf(value) {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0) throw new Misunderstood("expected a step, a whole number from 0");
  return value;
}

/** A problem as JSON would have brought it: of what messages can carry besides (cycles, dates, big integers) the server takes nothing. @param {unknown} value @returns {object} */
function problemOf(value) {
  try {
    const problem = strictly(exactly(value), DEEPEST);
    if (problem !== null && typeof problem === "object" && !Array.isArray(problem)) return problem;
  } catch {
    // said below
  }
  throw new Misunderstood("expected a problem, an object as the API takes it");
}

/** Where the page is, for the document around it. @param {State} state */
export function report({ cursor, trace }) {
  const step = trace.steps[cursor - 1];
  return { step: cursor, steps: trace.steps.length, id: step?.id ?? null, title: step?.title ?? null, loss: trace.end.loss };
}

/**
 * @param {Store<State, Event>} store
 * @param {{go: (step: number) => void, step: (by: number) => void, load: (problem: any, step: number) => void}} commands
 */
export function attachMessages(store, commands) {
  if (window.parent === window) return;
  const tell = (/** @type {string} */ event, more = {}) => window.parent.postMessage({ backprop: VERSION, event, ...report(store.get()), ...more }, "*");

  addEventListener("message", ({ source, data }) => {
    if (source !== window.parent) return;
    try {
      const message = understood(data);
      if (message) act(message);
    } catch (error) {
      if (!(error instanceof Misunderstood)) throw error;
      tell("fault", { detail: error.message });
    }
  });

  /** @param {Message} message */
  function act(message) {
    const { cursor, target } = store.get();
    if (message.do === "play") store.send({ type: "play" });
    else if (message.do === "pause") store.send({ type: "pause" });
    else if (message.do === "theme") store.send({ type: "theme", theme: message.theme });
    else if (message.do === "load") commands.load(message.problem, message.step);
    else if (message.step === cursor + 1 && !target) commands.step(1); // as → does, with its motion
    else commands.go(message.step);
  }

  store.subscribe((state, before) => {
    if (state.request !== before.request) tell("loaded");
    else if (state.cursor !== before.cursor) tell("step");
    if (state.fault && state.fault !== before.fault) tell("fault", { detail: state.fault });
  });
  tell("ready");
}
