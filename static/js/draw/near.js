/** Of a network that is many screens wide only what is near the view is rendered. The rest is in the document but hidden: to style, lay out and paint it would be most of the work of a step. */

const SCREENS = 4; // as much as this is rendered whole
const AROUND = 0.5; // of a screen on either side is near
const REST = 100; // ms

/** @param {() => void} [told] when something else is near */
export function createNearness(told = () => {}) {
  /** @type {{element: Element, x: number}[]} */
  let all = [];
  let whole = true;
  let [from, to] = [0, 0];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let rest;
  const place = (/** @type {{element: Element, x: number}} */ { element, x }) => element.classList.toggle("far", !whole && (x < from || x > to));

  /** @param {{scrollLeft: number, clientWidth: number}} view @param {number} width @param {number} scale */
  function settle({ scrollLeft, clientWidth }, width, scale) {
    const before = [whole, from, to];
    whole = width * scale <= clientWidth * SCREENS;
    [from, to] = [(scrollLeft - clientWidth * AROUND) / scale, (scrollLeft + clientWidth * (1 + AROUND)) / scale];
    if ([whole, from, to].every((it, k) => it === before[k])) return;
    all.forEach(place);
    told();
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
      if (there) rest = setTimeout(settle, REST, view, width, scale);
      else settle(view, width, scale);
    },
  };
}
