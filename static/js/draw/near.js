/** Of a network that is many screens wide only what is near the view is rendered. The rest is in the document but hidden: to style, lay out and paint it would be most of the work of a step. */

const SCREENS = 4; // as much as this is rendered whole

export function createNearness() {
  /** @type {{element: Element, x: number}[]} */
  let all = [];
  let [from, to] = [-Infinity, Infinity];
  const place = (/** @type {{element: Element, x: number}} */ { element, x }) => element.classList.toggle("far", x < from || x > to);
  return {
    clear: () => (all = []),
    /** @param {Element} element @param {number} x where it stands, in design units */
    add(element, x) {
      const it = { element, x };
      all.push(it);
      if (from !== -Infinity) place(it);
    },
    /** @param {{scrollLeft: number, clientWidth: number}} scroll @param {number} width of the network @param {number} scale */
    look({ scrollLeft, clientWidth }, width, scale) {
      const whole = width * scale <= clientWidth * SCREENS;
      const before = from;
      [from, to] = whole ? [-Infinity, Infinity] : [(scrollLeft - clientWidth / 2) / scale, (scrollLeft + clientWidth * 1.5) / scale];
      if (from !== before) all.forEach(place);
    },
  };
}
