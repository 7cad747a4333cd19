/** What the step page needs to know of a training that waits on the Train page; the rest of it is in handover.js. */

/** @typedef {{title: string, epoch: number, updates: number}} Summary what is trained, epochs completed, updates made */
/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Place */

export const KEY = "backprop-training";
export const FORMAT = 1;

/** What is said of the training that waits. @param {Place | null} storage @returns {Summary | null} */
export function waiting(storage) {
  const { format, title, epoch, updates } = parsed(storage?.getItem(KEY)?.split("\n", 1)[0]) ?? {};
  return format === FORMAT && typeof title === "string" && [epoch, updates].every((n) => Number.isInteger(n) && n >= 0) ? { title, epoch, updates } : null;
}

/** An object of a JSON text, if it is one. @param {string | undefined} text @returns {Record<string, any> | null} */
export function parsed(text) {
  try {
    const value = JSON.parse(text ?? "null");
    return typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** The update that comes next, for people: they count from one. Its number is first, where a menu has no room for all. @param {Summary} summary */
export function nextUpdate({ title, epoch, updates }) {
  return `Update ${updates + 1} · ${title} (epoch ${epoch + 1})`;
}
