/** The part of a network that is seen: in the middle where there is room, scrolling where there is none, zooming around a place. */

import { html } from "./svg.js";
import { attachZoom } from "./zoom.js";

/** @import {Layout} from "../geometry/columns.js" */

/**
 * @typedef {object} Scene
 * @property {Layout} layout
 * @property {number} scale
 * @property {number} suggested scale without zoom
 * @property {HTMLElement} world
 * @property {HTMLElement} scroll
 * @property {{scrollLeft: number, clientWidth: number}} view of the scroll, as it was last read: to read it after a change is to lay the network out there and then
 */

const LARGEST = 6; // times as large as the page suggests

/** @param {HTMLElement} root @param {Element} picture @param {{look: () => void, zoom: (zoom: number) => void}} told when the view has moved; when another zoom is wanted */
export function createViewport(root, picture, { look, zoom: wish }) {
  const world = html("div", { class: "world" }, [picture]);
  const scroll = html("div", { class: "scroll", tabindex: -1 }, [world]);
  root.prepend(scroll);
  /** @type {Scene} */
  const scene = { layout: /** @type {any} */ (null), scale: 1, suggested: 1, world, scroll, view: { scrollLeft: 0, clientWidth: 0 } };
  /** @type {{x: number, y: number} | null} where the pointer zooms */
  let around = null;

  /** @param {number} zoom */
  function zoomed(zoom) {
    const { suggested, layout } = scene;
    const whole = Math.min(suggested, scroll.clientWidth / layout.width, scroll.clientHeight / layout.height);
    return zoom === 0 ? whole : Math.max(whole, suggested * zoom);
  }

  /** The world at its scale, in the middle where there is room. */
  function put() {
    const { layout, scale } = scene;
    const [left, top] = [Math.max(0, (scroll.clientWidth - layout.width * scale) / 2), Math.max(0, (scroll.clientHeight - layout.height * scale) / 2)];
    Object.assign(world.style, { transform: `scale(${scale})`, left: `${left}px`, top: `${top}px` });
    return { left, top };
  }

  function read() {
    scene.view = { scrollLeft: scroll.scrollLeft, clientWidth: scroll.clientWidth };
  }

  root.addEventListener("scroll", () => {
    read();
    look();
  }, { capture: true, passive: true }); // first of all who follow the view
  attachZoom(scroll, (factor, at) => {
    around = at;
    wish(Math.min(LARGEST, (scene.scale / scene.suggested) * factor));
    around = null;
  });

  return {
    scene: () => scene,
    /** Another layout, at the scale that the page suggests. @param {Layout} layout @param {number} suggested @param {number} zoom */
    show(layout, suggested, zoom) {
      Object.assign(scene, { layout, suggested });
      scene.scale = zoomed(zoom);
      read();
      for (const [name, size] of /** @type {["width" | "height", number][]} */ ([["width", layout.width], ["height", layout.height]])) {
        picture.setAttribute(name, String(size));
        world.style[name] = `${size}px`;
      }
      picture.setAttribute("viewBox", `0 0 ${layout.width} ${layout.height}`);
      put();
    },
    /** Zoom around the pointer, or the middle: what is there stays there. @param {number} zoom */
    zoom(zoom) {
      const box = scroll.getBoundingClientRect();
      const [from, before] = [world.getBoundingClientRect(), scene.scale];
      const { x, y } = around ?? { x: box.left + box.width / 2, y: box.top + box.height / 2 };
      const [wx, wy] = [(x - from.left) / before, (y - from.top) / before];
      scene.scale = zoomed(zoom);
      const { left, top } = put();
      scroll.scrollTo({ left: wx * scene.scale + left - (x - box.left), top: wy * scene.scale + top - (y - box.top), behavior: "instant" });
      scroll.dispatchEvent(new Event("scroll")); // also where nothing scrolls, for all that keeps its place in view
    },
    /** Keep a place in view. @param {number} x in design units */
    follow(x) {
      const { layout, scale, view: { scrollLeft, clientWidth } } = scene;
      if (layout.width * scale <= clientWidth + 1) return;
      const seen = x * scale - scrollLeft;
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      if (seen < clientWidth * 0.2 || seen > clientWidth * 0.8) scroll.scrollTo({ left: x * scale - clientWidth / 2, behavior: calm ? "auto" : "smooth" });
    },
  };
}
