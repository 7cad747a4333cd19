/** Of a network that is many screens wide only what is near the view is rendered. The rest is in the document but hidden: to style, lay out and paint it would be most of the work of a step. */

const SCREENS = 4; // as much as this is rendered whole
const AROUND = 0.5; // of a screen on either side is near
const REST = 60; // ms
const BIT = 0.15; // of a screen

/** @param {() => void} [told] when something else is near */
export function createNearness(told = () => {}) {
  /** @type {{element: Element, x: number}[]} */
  let all = [];
  let whole = true;
  let [from, to] = [0, 0];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let rest;
  const place = (/** @type {{element: Element, x: number}} */ { element, x }) => element.classList.toggle("far", !whole && (x < from || x > to));

  /** @param {{scrollLeft: number, clientWidth: number}} view @param {number} width @param {number} scale @param {number} [most] screens that either end may move at once */
  function settle({ scrollLeft, clientWidth }, width, scale, most = Infinity) {
    const before = [whole, from, to];
    const towards = (/** @type {number} */ now, /** @type {number} */ wanted) => Math.max(now - (most * clientWidth) / scale, Math.min(now + (most * clientWidth) / scale, wanted / scale));
    whole = width * scale <= clientWidth * SCREENS;
    [from, to] = [towards(from, scrollLeft - clientWidth * AROUND), towards(to, scrollLeft + clientWidth * (1 + AROUND))];
    if ([whole, from, to].every((it, k) => it === before[k])) return false;
    all.forEach(place);
    told();
    return true;
  }

  /** Bit by bit, so that no key press has to wait for all of it. @param {Parameters<typeof settle>} how */
  function soon(...how) {
    rest = setTimeout(() => settle(...how) && soon(...how), REST);
  }

  return {
    clear() {
      clearTimeout(rest);
      all = [];
      [from, to] = [0, 0];
    },
    /** @param {Element} element @param {number} x where it stands, in design units */
    add(element, x) {
      const it = { element, x };
      all.push(it);
      place(it);
    },
    /** @param {number} left @param {number} right */
    has: (left, right) => right >= from && left <= to,
    /** The view has moved: what it shows must be there at once, what will be near can wait until it rests. @param {{scrollLeft: number, clientWidth: number}} view @param {number} width of the network @param {number} scale */
    look(view, width, scale) {
      clearTimeout(rest);
      const there = view.scrollLeft / scale >= from && (view.scrollLeft + view.clientWidth) / scale <= to;
      if (there) soon(view, width, scale, BIT);
      else settle(view, width, scale);
    },
  };
}
