/** What all dialogs have: a heading, a way out, and whatever stands between. */

import { html } from "./svg.js";

/** @param {HTMLDialogElement} root @param {string} title @param {(Node | string)[][]} sections @param {HTMLButtonElement[]} [actions] what the dialog is for */
export function fill(root, title, sections, actions = []) {
  const close = html("button", { type: "button", class: "button quiet icon-only", "aria-label": "Close" }, ["✕"]);
  close.addEventListener("click", () => root.close());
  const foot = actions.length ? [html("div", { class: "sheet-foot actions" }, actions)] : [];
  root.replaceChildren(html("div", { class: "sheet-head" }, [html("h2", {}, [title]), close]), ...sections.map((nodes) => html("section", {}, nodes)), ...foot);
}

/** @param {string} text @param {() => void} act @param {string} [cls] */
export function button(text, act, cls = "") {
  const element = html("button", { type: "button", class: `button ${cls}` }, [text]);
  element.addEventListener("click", act);
  return element;
}

/** A menu. @param {string} name @param {[string, string][]} options value and words @param {string} chosen @param {(value: string) => void} act */
export function menu(name, options, chosen, act) {
  const select = html("select", { "aria-label": name }, options.map(([value, words]) => html("option", { value }, [words])));
  select.value = chosen;
  select.addEventListener("change", () => act(select.value));
  return select;
}
