/** The page about f(a(θ)): its state, what changes it, and its link. */

/**
 * @typedef {{latex: string, mathml: string}} Formula
 * @typedef {{name: string, title: string, latex: string, window: [number, number]}} Scalar
 * @typedef {{outer: string, inner: string, theta: number}} Asked
 * @typedef {"inner" | "outer" | "product"} Slope
 * @typedef {"inner" | "outer" | "composite"} Panel
 * @typedef {object} Answer
 * @property {Scalar} outer
 * @property {Scalar} inner
 * @property {number} theta
 * @property {number | null} a
 * @property {number | null} f
 * @property {Record<Slope, number | null>} slopes
 * @property {{epsilon: number, quotient: number | null, difference: number | null, agrees: boolean, kink: boolean, comparable: boolean}} check
 * @property {Record<string, "nan" | "inf" | "-inf">} non_finite
 * @property {Record<Slope, Formula>} symbols
 * @property {Record<string, Formula>} equations
 * @property {string} sentence
 * @property {string | null} note
 * @property {Record<Panel, {data: any[], layout: any}>} figures
 *
 * @typedef {object} State
 * @property {Answer} answer the last one
 * @property {Asked} asked what is wanted now; the answer may be a moment behind
 * @property {"light" | "dark"} theme
 * @property {string | null} lost why there is no newer answer
 * @property {string | null} fault what was refused
 *
 * @typedef {{type: "ask", asked: Partial<Asked>} | {type: "answer", answer: Answer} | {type: "lost", text: string | null}
 *   | {type: "fault", text: string | null} | {type: "theme", theme: "light" | "dark"}} Event
 */

const SPECIAL = { nan: NaN, inf: Infinity, "-inf": -Infinity };

/** @param {State} state @param {Event} event @returns {State} */
export function reduce(state, event) {
  switch (event.type) {
    case "ask":
      return { ...state, asked: { ...state.asked, ...event.asked }, fault: null };
    case "answer":
      return { ...state, answer: event.answer };
    case "lost":
      return state.lost === event.text ? state : { ...state, lost: event.text };
    case "fault":
      return { ...state, fault: event.text };
    case "theme":
      return { ...state, theme: event.theme };
  }
}

/** What is asked by an answer. @param {Answer} answer @returns {Asked} */
export function askedBy({ outer, inner, theta }) {
  return { outer: outer.name, inner: inner.name, theta };
}

/** A number of the answer by its pointer; those that JSON has no sign for are told apart. @param {Answer} answer @param {string} pointer @returns {number} */
export function numberAt(answer, pointer) {
  /** @type {any} */
  let found = answer;
  for (const name of pointer.split("/").slice(1)) found = found[name];
  return found ?? SPECIAL[answer.non_finite[pointer]];
}

/** @param {Asked} asked */
export function linkTo({ outer, inner, theta }) {
  return `?${new URLSearchParams({ outer, inner, theta: String(theta) })}`;
}

/** θ so much further, on the grid of that step, within limits. @param {number} theta @param {number} by @param {{minimum: number, maximum: number}} limits */
export function moved(theta, by, { minimum, maximum }) {
  const step = Math.abs(by);
  const on = Math.round((theta + by) / step) * step;
  return Math.min(maximum, Math.max(minimum, Number(on.toFixed(6))));
}
