/** Pointing inside a plate: by mouse the cell under it, by keyboard arrows, Home and End. The number meant is what the canvas says it is; pinning and leaving are those of every number. */

/** @import {Grid} from "../geometry/grids.js" */
/** @import {Plates} from "./plates.js" */
/** @import {Entry} from "../types.js" */

/**
 * @param {HTMLElement} root in which plates are drawn, again and again
 * @param {() => Plates | null} current
 * @param {{look: (entry: Entry) => void, pin: (entry: Entry) => void}} tell
 */
export function attachPlatePointing(root, current, tell) {
  /** @param {Element} canvas @param {number[]} entry */
  const mean = (canvas, entry) => {
    const quantity = current()?.on(canvas)?.quantity ?? "";
    current()?.mean(canvas, entry);
    tell.look({ quantity, entry });
  };
  /** @param {MouseEvent} event */
  const under = (event) => {
    if (event.buttons) return; // a number that is dragged stays the one that is meant
    const canvas = /** @type {HTMLElement} */ (event.target);
    const plate = current()?.on(canvas);
    if (plate) mean(canvas, entryUnder(plate.grid, canvas.getBoundingClientRect(), event));
  };
  root.addEventListener("pointermove", under);
  root.addEventListener("pointerover", under);
  root.addEventListener("focusin", ({ target }) => {
    const plate = current()?.on(/** @type {Element} */ (target));
    if (plate) tell.look(plate);
  });
  // A number that has not been sent yet is no number to the page's pointing: it is pinned here, and comes.
  root.addEventListener("click", (event) => pinUnsent(event));
  root.addEventListener("keydown", (event) => {
    const canvas = /** @type {HTMLElement} */ (event.target);
    const plate = current()?.on(canvas);
    if (!plate || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") return pinUnsent(event);
    const entry = moved(plate.grid, plate.entry, event.key);
    if (!entry && !(event.repeat && event.key.startsWith("Arrow"))) return; // at the edge an arrow leads to the next number of the network
    event.preventDefault();
    event.stopPropagation();
    if (entry) mean(canvas, entry);
  });

  /** @param {UIEvent} event */
  function pinUnsent(event) {
    const canvas = /** @type {HTMLElement} */ (event.target);
    const plate = current()?.on(canvas);
    if (!plate || canvas.dataset.value !== undefined) return;
    event.preventDefault();
    event.stopPropagation();
    tell.pin({ quantity: plate.quantity, entry: plate.entry });
  }
}

/** @param {Grid} grid @param {{left: number, top: number, width: number, height: number}} box @param {{clientX: number, clientY: number}} pointer @returns {number[]} */
export function entryUnder({ rows, columns, entryAt }, box, pointer) {
  const cell = (/** @type {number} */ way, /** @type {number} */ count) => Math.max(0, Math.min(count - 1, Math.floor(way * count)));
  return entryAt(cell((pointer.clientY - box.top) / box.height, rows), cell((pointer.clientX - box.left) / box.width, columns));
}

/** Where a key leads from an entry: a cell further, or to an end (of the row, where there is one); null: nowhere. @param {Grid} grid @param {number[]} entry @param {string} key @returns {number[] | null} */
export function moved({ rows, columns, entryAt, areaOf }, entry, key) {
  const at = areaOf(entry);
  if (!at) return null;
  const { row, column } = at;
  const [r, c] = {
    ArrowUp: [row - 1, column],
    ArrowDown: [row + 1, column],
    ArrowLeft: [row, column - 1],
    ArrowRight: [row, column + 1],
    Home: columns > 1 ? [row, 0] : [0, 0],
    End: columns > 1 ? [row, columns - 1] : [rows - 1, 0],
  }[key] ?? [-1, -1];
  return r >= 0 && c >= 0 && r < rows && c < columns ? entryAt(r, c) : null;
}
