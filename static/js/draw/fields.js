/** Fields of a form: each with its label, its place in the problem as a JSON pointer, and beside it what is wrong with it. */

import { ACCEPTED, nudged, read, typed } from "../geometry/reading.js";
import { html } from "./svg.js";

/**
 * @typedef {object} Field
 * @property {HTMLElement} root
 * @property {(value: any) => void} show what it stands at, in a field that nobody types in
 * @property {(text: string) => void} refuse what the server says of it; empty: nothing
 */

/** @param {string} pointer @param {string} label @param {HTMLElement} control @param {(Node | string)[]} [parts] what stands in place of the control alone */
function fieldOf(pointer, label, control, parts = [control]) {
  const id = `at${pointer.replaceAll("/", "-")}`;
  const words = html("p", { class: "refusal", id: `${id}-refusal`, role: "status" });
  control.id = id;
  control.dataset.pointer = pointer;
  control.setAttribute("aria-describedby", words.id);
  const root = html("div", { class: "setting" }, [html("label", { for: id }, [label]), html("span", { class: "control" }, parts), words]);
  const refuse = (/** @type {string} */ text) => {
    if (words.textContent !== text) words.textContent = text;
    root.classList.toggle("refused", text !== "");
    control.setAttribute("aria-invalid", String(text !== ""));
  };
  return { root, refuse };
}

/**
 * A number as it is typed. What is none stays, with words beside it, and goes nowhere.
 * @param {{pointer: string, label: string, whole?: boolean, parts?: (input: HTMLElement) => HTMLElement[], wrong?: (value: number) => string | false}} what whole: it is taken when it is complete, for 1 on the way to 12 might do harm; wrong: what is wrong with a value
 * @param {(value: number) => void} put @param {() => void} settle @returns {Field}
 */
export function numberField({ pointer, label, whole = false, parts, wrong: wrongWith }, put, settle) {
  const input = html("input", { type: "text", inputmode: whole ? "numeric" : "decimal", autocomplete: "off", spellcheck: "false", class: "num" });
  const { root, refuse } = fieldOf(pointer, label, input, parts?.(input));
  let [value, wrong] = [NaN, ""];

  function take() {
    const number = read(input.value);
    wrong = number === null ? ACCEPTED : wrongWith?.(number) || "";
    refuse(wrong);
    if (number !== null && !wrong) put(number);
  }
  input.addEventListener(whole ? "change" : "input", take);
  input.addEventListener("blur", settle);
  input.addEventListener("keydown", (event) => {
    const up = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    const now = read(input.value);
    if (event.key === "Enter") settle();
    if (!up || now === null) return;
    event.preventDefault();
    input.value = typed(whole ? now + up : nudged(now, up, event));
    take();
  });
  return {
    root,
    show(now) {
      if (document.activeElement !== input) {
        if (now !== value) wrong = "";
        if (!wrong && read(input.value) !== now) input.value = typed(now);
      }
      value = now;
    },
    refuse: (text) => refuse(wrong || text),
  };
}

/**
 * A number of things that goes up and down, from 1 on.
 * @param {{pointer: string, label: string, what: string, most: number}} of
 * @param {(value: number) => void} put @param {(by: number) => void} move @param {() => void} settle @returns {Field}
 */
export function stepperField({ pointer, label, what, most }, put, move, settle) {
  const [less, more] = [signButton("−", () => move(-1)), signButton("+", () => move(1))];
  const wrong = (/** @type {number} */ n) => !(Number.isInteger(n) && n >= 1 && n <= most) && `A whole number from 1 to ${most}.`;
  const field = numberField({ pointer, label, whole: true, parts: (input) => [less.button, input, more.button], wrong }, put, settle);
  return {
    ...field,
    show(now) {
      field.show(now);
      less.name(`One ${what} less`, now <= 1 && "At least one is needed");
      more.name(`One ${what} more`, now >= most && `At most ${most}`);
    },
  };
}

/** @param {{pointer: string, label: string, options: [string, string][]}} what @param {(value: string) => void} put @returns {Field} */
export function menuField({ pointer, label, options }, put) {
  const menu = html("select", {}, options.map(([value, name]) => html("option", { value }, [name])));
  menu.addEventListener("change", () => put(menu.value));
  return { ...fieldOf(pointer, label, menu), show: (value) => (menu.value = value) };
}

/** @param {{pointer: string, label: string}} what @param {(on: boolean) => void} put @returns {Field} */
export function checkField({ pointer, label }, put) {
  const box = html("input", { type: "checkbox" });
  box.addEventListener("change", () => put(box.checked));
  return { ...fieldOf(pointer, label, box), show: (on) => (box.checked = on) };
}

/** A small button; where something forbids to press it, that is its title. @param {string} sign @param {() => void} press */
export function signButton(sign, press) {
  const button = html("button", { type: "button", class: "small-button" }, [html("span", { "aria-hidden": "true" }, [sign])]);
  button.addEventListener("click", () => button.getAttribute("aria-disabled") !== "true" && press());
  return {
    button,
    /** It stays in the tab order, so that the focus is not lost at a limit. @param {string} name @param {string | false} forbidden */
    name(name, forbidden = false) {
      button.setAttribute("aria-label", name);
      button.title = forbidden || name;
      button.setAttribute("aria-disabled", String(Boolean(forbidden)));
    },
  };
}
