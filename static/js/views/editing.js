/** Changing a number where it stands: double-click, F2 or typing opens a field over it; dragging moves it. The trace follows while the hand moves. */

import { entryFrom, NUMBER } from "../draw/pointing.js";
import { html } from "../draw/svg.js";
import { ACCEPTED, nudged, read, typed } from "../geometry/reading.js";
import { isGiven } from "../model/document.js";
import { inWords, numberAt } from "../model/trace.js";

/** @import {Store} from "../model/store.js" */
/** @import {Event, State} from "../model/reduce.js" */
/** @import {Entry} from "../types.js" */

const SLACK = 4; // px that a click may wander before it is a drag
const PER_NUDGE = 3; // px of a drag
const BEGINS = /^[\d.,+\-−]$/;

/**
 * @param {HTMLElement} root the part of the page that holds numbers @param {Store<State, Event>} store
 * @param {{edit: (entry: Entry, value: number) => void, settle: () => void, undo: () => void}} commands
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
  /** @type {{entry: Entry, from: number, changed: boolean} | null} */
  let open = null;
  /** @type {{entry: Entry, from: number, x: number, y: number, moving: boolean} | null} */
  let drag = null;

  /** The number that can be changed at an element. @param {EventTarget | null} target */
  function givenAt(target) {
    const entry = entryFrom(target instanceof Element ? target : null);
    const value = entry && isGiven(entry) ? numberAt(store.get().trace, entry.quantity, entry.entry) : undefined;
    return entry && value !== undefined ? { entry, value } : null;
  }

  /** @param {Element | null} element @param {string | null} [text] */
  function ask(element, text = null) {
    const given = givenAt(element);
    if (!given) return;
    [anchor, begun] = [element, text];
    store.send({ type: "editing", entry: given.entry });
  }

  /** @param {Entry} entry */
  function begin(entry) {
    const { trace } = store.get();
    const from = numberAt(trace, entry.quantity, entry.entry);
    anchor = anchor?.isConnected ? anchor : placeOf(entry, root);
    if (from === undefined || !anchor) return store.send({ type: "editing", entry: null });
    open = { entry, from, changed: false };
    input.setAttribute("aria-label", inWords(entry, trace));
    place(anchor);
    field.hidden = false;
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
    const [box, page] = [(element.querySelector("text") ?? element).getBoundingClientRect(), root.getBoundingClientRect()];
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
    if (!open) return;
    open.changed = true;
    commands.edit(open.entry, value);
  }

  /** @param {boolean} keep false: the number it was before */
  function finish(keep) {
    if (!open) return;
    const { entry, changed } = open;
    open = null;
    commands.settle();
    if (!keep && changed) commands.undo();
    store.send({ type: "editing", entry: null });
    if (document.activeElement !== input && document.activeElement !== document.body) return;
    const view = anchor?.closest("[data-view]") ?? root; // drawn anew meanwhile, perhaps
    /** @type {HTMLElement | null} */ (anchor?.isConnected ? anchor : placeOf(entry, view))?.focus({ preventScroll: true });
  }

  input.addEventListener("input", change);
  input.addEventListener("blur", () => finish(true));
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    const up = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (up) {
      const value = nudged(read(input.value) ?? open?.from ?? 0, up, event);
      input.value = typed(value);
      say("");
      put(value);
    } else if (event.key === "Enter") finish(true);
    else if (event.key === "Escape") finish(false);
    else return;
    event.preventDefault();
  });

  root.addEventListener("dblclick", (event) => ask(/** @type {Element} */ (event.target).closest(NUMBER)));
  root.addEventListener("keydown", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (target === input || !target.matches(NUMBER) || event.ctrlKey || event.metaKey || event.altKey || !givenAt(target)) return;
    if (event.key !== "F2" && !BEGINS.test(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    ask(target, event.key === "F2" ? null : event.key);
  }, true);

  root.addEventListener("pointerdown", (event) => {
    const given = event.button === 0 && event.pointerType !== "touch" ? givenAt(event.target) : null;
    if (given) drag = { entry: given.entry, from: given.value, x: event.clientX, y: event.clientY, moving: false };
  });
  root.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    if (!drag.moving && Math.hypot(dx, dy) < SLACK) return;
    if (!drag.moving) {
      drag.moving = true;
      root.setPointerCapture(event.pointerId); // so that the end of a drag is no click on a number
      root.classList.add("dragging");
    }
    commands.edit(drag.entry, nudged(drag.from, Math.round((dx - dy) / PER_NUDGE), event));
  });
  const release = () => {
    if (drag?.moving) commands.settle();
    root.classList.remove("dragging");
    drag = null;
  };
  root.addEventListener("pointerup", release);
  root.addEventListener("pointercancel", release);

  return {
    /** @param {State} state @param {State} [before] */
    update({ editing, faults }, before) {
      if (editing !== (before?.editing ?? null)) {
        if (editing) begin(editing);
        else {
          finish(true);
          field.hidden = true;
          anchor = null;
        }
      }
      if (open && faults.length && faults !== before?.faults) say(faults[0].detail);
    },
    destroy: () => field.remove(),
  };
}
