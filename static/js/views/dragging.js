/** A given number follows a drag: to the right or up it grows, Shift ten times as fast, Alt a tenth; Esc gives it back. */

import { entryFrom, NUMBER } from "../draw/pointing.js";
import { nudged } from "../geometry/reading.js";
import { givenAt } from "../model/document.js";

/** @import {Store} from "../model/store.js" */
/** @import {Event, State} from "../model/reduce.js" */
/** @import {Entry} from "../types.js" */

const SLACK = 4; // px that a click may wander before it is a drag
const PER_NUDGE = 3; // px

/**
 * @param {HTMLElement} root the part of the page that holds numbers @param {Store<State, Event>} store
 * @param {{edit: (entry: Entry, value: number) => void, unedit: (entry: Entry) => void, settle: () => void}} commands
 */
export function mountDragging(root, store, commands) {
  /** @type {{entry: Entry, from: number, value: number, x: number, y: number, moving: boolean, given?: boolean} | null} `given`: back, so that it follows no more */
  let drag = null;
  let over = false; // it has just ended: the click that follows is no click on a number

  root.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.pointerType === "touch") return; // a finger scrolls and swipes
    const entry = entryFrom(/** @type {Element} */ (event.target));
    const from = givenAt(store.get().trace, entry);
    if (entry && from !== undefined) drag = { entry, from, value: from, x: event.clientX, y: event.clientY, moving: false };
  });

  document.addEventListener("pointermove", (event) => {
    if (!drag || drag.given) return;
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    if (!drag.moving && Math.hypot(dx, dy) < SLACK) return;
    if (!drag.moving) {
      drag.moving = true;
      /** @type {Element} */ (event.target).closest(NUMBER)?.setPointerCapture(event.pointerId); // pointed at until the end
      root.classList.add("dragging");
    }
    const value = nudged(drag.from, Math.round((dx - dy) / PER_NUDGE), event);
    if (value !== drag.value) commands.edit(drag.entry, (drag.value = value));
  });

  function release() {
    if (drag?.moving) {
      commands.settle();
      over = true;
      setTimeout(() => (over = false));
    }
    root.classList.remove("dragging");
    drag = null;
  }
  /** Esc puts the number back, as in the field. @param {KeyboardEvent} event */
  function escape(event) {
    if (event.key !== "Escape" || !drag?.moving || drag.given) return;
    event.stopPropagation();
    drag.given = true;
    commands.unedit(drag.entry);
    root.classList.remove("dragging");
  }
  document.addEventListener("keydown", escape, true);
  document.addEventListener("pointerup", release);
  document.addEventListener("pointercancel", release);
  root.addEventListener("click", (event) => over && event.stopPropagation(), true);

  return { update() {}, destroy() {} };
}
