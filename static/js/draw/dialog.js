/** What all dialogs have: a heading, a way out, and whatever stands between. */

import { html } from "./svg.js";

/** @param {HTMLDialogElement} root @param {string} title @param {(Node | string)[]} children @param {(HTMLButtonElement)[]} [actions] beside the way out */
export function fill(root, title, children, actions = []) {
  const close = html("button", { type: "button", class: "button" }, [actions.length ? "Cancel" : "Close"]);
  close.addEventListener("click", () => root.close());
  root.replaceChildren(html("h2", {}, [title]), ...children, html("div", { class: "actions" }, [...actions, close]));
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

/** A text to be taken away: selected at a touch, copied where the browser lets a page do that (not over plain http). @param {string} name @param {string} text @param {{rows?: number}} [how] */
export function takeaway(name, text, { rows = 2 } = {}) {
  const area = html("textarea", { readonly: "", rows, "aria-label": name, spellcheck: "false", class: "takeaway" });
  area.value = text;
  area.addEventListener("focus", () => area.select());
  const copy = button("Copy", async () => {
    area.focus();
    area.select();
    const done = navigator.clipboard ? await navigator.clipboard.writeText(text).then(() => true, () => false) : document.execCommand("copy");
    copy.textContent = done ? "Copied" : "Press Ctrl C";
    setTimeout(() => (copy.textContent = "Copy"), 2000);
  });
  return html("div", { class: "taken" }, [area, copy]);
}
