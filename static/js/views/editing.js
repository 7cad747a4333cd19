/** Changing a number where it stands: double-click, F2 or typing opens a field over it. The trace follows while the hand moves. */

import { entryFrom, NUMBER } from "../draw/pointing.js";
import { html } from "../draw/svg.js";
import { ACCEPTED, nudged, read, typed } from "../geometry/reading.js";
import { givenAt } from "../model/document.js";
import { inWords } from "../model/trace.js";

/** @import {Store} from "../model/store.js" */
/** @import {Event, State} from "../model/reduce.js" */
/** @import {Entry} from "../types.js" */

const COMPUTED = "This number is computed. What can be changed is given: inputs, targets, weights and biases, before their update.";
const BEGINS = /^[\d.,+\-−]$/;

/**
 * @param {HTMLElement} root the part of the page that holds numbers @param {Store<State, Event>} store
 * @param {{edit: (entry: Entry, value: number) => void, unedit: (entry: Entry) => void, settle: () => void}} commands
 */
export function mountEditing(root, store, commands) {
  const input = html("input", { type: "text", inputmode: "decimal", autocomplete: "off", spellcheck: "false", class: "num", "aria-describedby": "edit-note" });
  const note = html("span", { class: "edit-note", id: "edit-note", role: "status" });
  const field = html("div", { class: "edit-field", hidden: "" }, [input, note]);
  root.append(field);
  /** @type {Element | null} where the number stands that is to be changed */
  let anchor = null;
  /** @type {string | null} what was typed on it already */
  let begun = null;
  /** @type {{entry: Entry, from: number, value: number, within: Element} | null} */
  let open = null;

  /** @param {Element | null} element @param {string | null} [text] */
  function ask(element, text = null) {
    const entry = entryFrom(element);
    if (givenAt(store.get().trace, entry) === undefined) return entry && store.send({ type: "hint", text: COMPUTED });
    [anchor, begun] = [element, text];
    store.send({ type: "editing", entry });
  }

  /** @param {Entry} entry */
  function begin(entry) {
    const { trace } = store.get();
    const from = givenAt(trace, entry);
    anchor = anchor?.isConnected ? anchor : (placeOf(entry, root) ?? root.querySelector(".entry-name"));
    if (from === undefined || !anchor) return store.send({ type: "editing", entry: null });
    open = { entry, from, value: from, within: anchor.closest("[data-view]") ?? root };
    input.setAttribute("aria-label", inWords(entry, trace));
    field.hidden = false;
    place(anchor);
    input.value = begun ?? typed(from);
    say("");
    input.focus();
    if (begun === null) input.select();
    else change();
    begun = null;
  }

  /** @param {Entry} entry @param {Element} within */
  function placeOf({ quantity, entry }, within) {
    return within.querySelector(`[data-quantity="${quantity}"][data-entry="${entry.join(",")}"][tabindex]`);
  }

  /** Over the number, as large as it is on the screen. @param {Element} element */
  function place(element) {
    const [box, page] = [(element.querySelector("text") ?? element).getBoundingClientRect(), (field.offsetParent ?? root).getBoundingClientRect()]; // on a phone `root` has no box
    const cell = element instanceof HTMLElement ? element.dataset.cell?.split(",").map(Number) : undefined; // of a picture of many numbers
    const [across, down] = cell ?? [0.5, 0.5];
    const wide = cell ? 118 : Math.max(118, box.width + 44);
    field.style.width = `${wide}px`;
    field.style.left = `${Math.max(4, Math.min(page.width - wide - 4, box.left + box.width * across - page.left - wide / 2))}px`;
    field.style.top = `${Math.max(4, Math.min(page.height - 64, box.top + box.height * down - page.top - 17))}px`;
  }

  /** @param {string} text */
  function say(text) {
    note.textContent = text;
    note.hidden = !text;
    input.setAttribute("aria-invalid", String(text !== ""));
  }

  function change() {
    const value = read(input.value);
    if (value === null) return say(ACCEPTED);
    say("");
    put(value);
  }

  /** @param {number} value */
  function put(value) {
    if (!open || value === open.value) return;
    open.value = value;
    commands.edit(open.entry, value);
  }

  /** @param {{keep: boolean, focus: boolean}} how keep: else it is the number again that it was */
  function finish({ keep, focus }) {
    if (!open) return;
    const { entry, within } = open;
    open = null;
    if (!keep) commands.unedit(entry);
    commands.settle();
    store.send({ type: "editing", entry: null });
    if (focus) /** @type {HTMLElement | null} */ (anchor?.isConnected ? anchor : placeOf(entry, within))?.focus({ preventScroll: true }); // drawn anew meanwhile, perhaps
  }

  /** It stays over its number, which is drawn anew perhaps. */
  function follow() {
    if (open && !anchor?.isConnected) anchor = placeOf(open.entry, open.within);
    if (open && anchor) place(anchor);
  }
  for (const moved of ["scroll", "relayout"]) root.addEventListener(moved, follow, true);
  input.addEventListener("input", change);
  input.addEventListener("blur", () => finish({ keep: true, focus: false }));
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    const up = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (event.key === "Tab") return finish({ keep: true, focus: true }); // on from where the number stands
    if (up) {
      const value = nudged(read(input.value) ?? open?.from ?? 0, up, event);
      input.value = typed(value);
      say("");
      put(value);
    } else if (event.key === "Escape") finish({ keep: false, focus: true });
    else if (event.key !== "Enter") return;
    else if (note.hidden) finish({ keep: true, focus: true }); // what is wrong stays to be mended
    event.preventDefault();
  });

  root.addEventListener("dblclick", (event) => ask(/** @type {Element} */ (event.target).closest(NUMBER)));
  root.addEventListener("keydown", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (target === input || !target.matches(NUMBER) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key !== "F2" && !(BEGINS.test(event.key) && givenAt(store.get().trace, entryFrom(target)) !== undefined)) return;
    event.preventDefault();
    event.stopPropagation();
    ask(target, event.key === "F2" ? null : event.key);
  }, true);

  return {
    /** @param {State} state @param {State} [before] */
    update({ editing, draft, faults, fault }, before) {
      if (editing !== (before?.editing ?? null)) {
        if (editing) begin(editing);
        else {
          finish({ keep: true, focus: false });
          field.hidden = true;
          anchor = null;
        }
      }
      if (open && draft && draft !== before?.draft) say(faults[0]?.detail ?? fault ?? "");
    },
    destroy: () => field.remove(),
  };
}
