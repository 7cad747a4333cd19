/** Pointing at numbers: hover or focus looks at an entry, click or Enter pins it. The same for the stage and for matrices. */

/** @import {Store} from "../model/store.js" */
/** @import {Event, State} from "../model/reduce.js" */
/** @import {Entry} from "../types.js" */

export const NUMBER = "[data-quantity][data-entry]";

/** @param {Element | null} element @returns {Entry | null} */
export function entryFrom(element) {
  const found = /** @type {HTMLElement | null} */ (element?.closest(NUMBER) ?? null);
  if (!found?.dataset.quantity || found.dataset.value === undefined) return null;
  return { quantity: found.dataset.quantity, entry: found.dataset.entry ? found.dataset.entry.split(",").map(Number) : [] };
}

/** @param {HTMLElement} root @param {Store<State, Event>} store */
export function attachPointing(root, store) {
  root.addEventListener("pointerover", (event) => {
    const entry = entryFrom(/** @type {Element} */ (event.target));
    if (entry) store.send({ type: "hover", entry });
  });
  root.addEventListener("pointerleave", () => store.send({ type: "hover", entry: null }));
  root.addEventListener("focusin", (event) => {
    const entry = entryFrom(/** @type {Element} */ (event.target));
    if (entry) store.send({ type: "hover", entry });
  });
  root.addEventListener("click", (event) => {
    const entry = entryFrom(/** @type {Element} */ (event.target));
    if (entry) store.send({ type: "pin", entry });
  });
  root.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const entry = entryFrom(target);
    if ((event.key === "Enter" || event.key === " ") && entry && target.matches(NUMBER)) {
      event.preventDefault();
      event.stopPropagation();
      store.send({ type: "pin", entry });
    } else if (event.key.startsWith("Arrow") && target.matches(NUMBER) && !event.ctrlKey && !event.altKey && !event.metaKey) {
      const next = neighbour(root, target, event.key);
      event.preventDefault();
      event.stopPropagation();
      next?.focus();
    } else if (event.key === "Escape" && target.matches(NUMBER)) {
      event.stopPropagation();
      if (store.get().pinned) store.send({ type: "pin", entry: null });
      else target.blur();
      store.send({ type: "hover", entry: null });
    }
  });
}

/** The nearest number in the direction of an arrow key. @param {HTMLElement} root @param {HTMLElement} from @param {string} key @returns {HTMLElement | null} */
function neighbour(root, from, key) {
  const here = centre(from);
  const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key] ?? [0, 0];
  let best = null;
  let bestCost = Infinity;
  for (const element of root.querySelectorAll(`${NUMBER}[tabindex]`)) {
    if (element === from) continue;
    const there = centre(element);
    if (there.hidden) continue;
    const along = (there.x - here.x) * dx + (there.y - here.y) * dy;
    const aside = Math.abs((there.x - here.x) * dy) + Math.abs((there.y - here.y) * dx);
    const cost = along + aside * 2.5;
    if (along > 2 && cost < bestCost) [best, bestCost] = [/** @type {HTMLElement} */ (element), cost];
  }
  return best;
}

/** @param {Element} element */
function centre(element) {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2, hidden: width === 0 && height === 0 };
}
