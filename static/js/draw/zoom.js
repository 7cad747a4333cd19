/** Zooming by what points: the wheel with Ctrl (which is also how a touchpad's pinch arrives), or two fingers. The place under the pointer stays where it is. */

/** @typedef {{x: number, y: number}} Point on the screen */

/** @param {HTMLElement} root what scrolls @param {(factor: number, at: Point) => void} zoom */
export function attachZoom(root, zoom) {
  /** @type {{apart: number} | null} */
  let pinch = null;
  root.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(Math.exp(-Math.max(-25, Math.min(25, event.deltaY)) / 100), { x: event.clientX, y: event.clientY });
  }, { passive: false });
  root.addEventListener("touchmove", (event) => {
    if (event.touches.length !== 2) return;
    event.preventDefault();
    const [a, b] = [...event.touches];
    const apart = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
    if (pinch && pinch.apart > 0) zoom(apart / pinch.apart, { x: (a.clientX + b.clientX) / 2, y: (a.clientY + b.clientY) / 2 });
    pinch = { apart };
  }, { passive: false });
  for (const name of ["touchstart", "touchend", "touchcancel"]) root.addEventListener(name, () => (pinch = null), { passive: true });
}
