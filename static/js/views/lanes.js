/** The lanes: above the network the chain of maps, below it the chain of gradients, each entry a button to its step; Θ starts a walk. */

import { html, svg } from "../draw/svg.js";
import { maths } from "../draw/mathml.js";
import { drawBadge } from "../draw/badge.js";
import { createNearness } from "../draw/near.js";
import { lookedAt } from "../model/reduce.js";
import { symbolOf } from "../model/trace.js";
import { litBy } from "../model/walk.js";

/** @import {Scene} from "./stage.js" */
/** @import {Store} from "../model/store.js" */
/** @import {Event, State} from "../model/reduce.js" */
/** @import {Formula} from "../types.js" */

/** @type {(keyof State)[]} what a lane shows, but for what is looked at */
const ABOUT = ["cursor", "target", "more", "check"];

/** @param {HTMLElement} root @param {Store<State, Event>} store @param {() => Scene} scene @param {{go: (step: number) => void, walk: (target: string) => void}} commands */
export function mountLanes(root, store, scene, commands) {
  const forward = html("div", { class: "lane", "data-view": "forward-lane", role: "group", "aria-label": "Forward lane" });
  const backward = html("div", { class: "lane", "data-view": "backward-lane", role: "group", "aria-label": "Backward lane" });
  const arrows = svg("svg", { class: "lane-arrows", "aria-hidden": "true" });
  const nearness = createNearness();
  /** @type {{id: string, element: Element, badge?: unknown}[]} `badge`: the agreement it shows */
  let marks = [];

  /** @param {State} state */
  function build(state) {
    const { layout, world, view, scale } = scene();
    const { trace } = state;
    const m = layout.metrics;
    nearness.clear();
    nearness.look(view, layout.width, scale);
    forward.replaceChildren();
    backward.replaceChildren();
    arrows.replaceChildren(arrowHead());
    arrows.setAttribute("width", String(layout.width));
    arrows.setAttribute("height", String(layout.height));
    marks = [];
    world.append(arrows, forward, backward);
    const hasLoss = trace.stepOf.has("loss");
    const stops = layout.columns.map(({ quantity, lane }) => ({ id: quantity, x: lane }));
    if (hasLoss) stops.push({ id: "loss", x: layout.loss.x });
    heading(forward, "forward", layout.forwardY - (m.captions ? 34 : 0), m.captions);
    const y = layout.forwardY;
    stops.forEach((stop, k) => {
      entry(forward, stop.id, symbolOf(trace, stop.id), stop.x, y, "map");
      if (k === 0) return;
      const reach = m.captions ? 19 : 30;
      const words = stop.id === "loss" ? "loss" : stop.id.startsWith("z") ? "linear" : "activation";
      arrow(stops[k - 1].x + reach, stop.x - reach, y, "forward", stop.id);
      const room = stop.x - stops[k - 1].x - reach * 2;
      if (room > words.length * 6.2 && m.captions) label(forward, words, (stop.x + stops[k - 1].x) / 2, y - 12, "map-name");
    });
    if (!hasLoss) return;
    const low = layout.backwardY;
    heading(backward, "backward", low - (m.captions ? 52 : 0), m.captions);
    const half = m.captions ? 25 : 34;
    const back = layout.columns.map(({ quantity, lane }) => ({ id: `d${quantity}`, x: lane }));
    entry(backward, "loss", symbolOf(trace, "loss"), layout.loss.x, low, "map");
    [...back, { id: "loss", x: layout.loss.x }].forEach((stop, k, all) => {
      if (stop.id === "loss") return;
      entry(backward, stop.id, symbolOf(trace, stop.id), stop.x, low, "gradient");
      const next = all[k + 1];
      const right = next.x - (next.id === "loss" ? (m.captions ? 14 : 24) : half);
      arrow(right - 3, stop.x + half + 3, low, "backward", stop.id);
      const step = trace.steps[trace.stepOf.get(stop.id) ?? 0];
      const room = right - stop.x - half;
      if (step.chain && room > (m.captions ? 34 : 60)) {
        const middle = (stop.x + half + right) / 2;
        formula(backward, step.chain.local, middle, low - (m.captions ? 22 : 40), "local");
        if (m.captions) label(backward, "easy", middle, low + 13, "easy-name");
      }
      if (!stop.id.startsWith("dz")) return;
      const l = stop.id.slice(2);
      const bias = trace.stepOf.has(`db${l}`);
      const apart = m.captions ? 36 : 56;
      const below = low + (m.captions ? 60 : 78);
      for (const [id, x] of /** @type {[string, number][]} */ ([[`dW${l}`, stop.x - (bias ? apart : 0)], ...(bias ? [[`db${l}`, stop.x + apart]] : [])])) {
        down(stop.x, x, low + (m.captions ? 25 : 36), below - (m.captions ? 21 : 34), id);
        entry(backward, id, symbolOf(trace, id), x, below, "parameter");
      }
      const theta = trace.start.theta?.find(({ layer }) => layer === Number(l));
      if (theta && bias) themed(theta.symbol, Number(l), stop.x, below);
    });
    update(state);
  }

  /** @param {HTMLElement} lane @param {string} id @param {Formula} formula @param {number} x @param {number} y @param {string} cls */
  function entry(lane, id, { mathml }, x, y, cls) {
    const index = store.get().trace.stepOf.get(id);
    const name = index === undefined ? "the input" : store.get().trace.steps[index].title;
    const button = html("button", { class: `entry ${cls}`, type: "button", "aria-label": `Go to ${name}`, title: name }, [maths(mathml), ...(id.startsWith("d") ? [drawBadge(undefined)] : [])]);
    button.style.left = `${x}px`;
    button.style.top = `${y}px`;
    button.addEventListener("click", () => {
      if (store.get().target && /^d[Wb]/.test(id)) commands.walk(id.slice(1));
      commands.go(index === undefined ? 0 : index + 1);
    });
    lane.append(button);
    nearness.add(button, x);
    marks.push({ id, element: button });
  }

  /** Θ stands for W and b: a button between them that starts the walk to both. @param {Formula} symbol @param {number} layer @param {number} x @param {number} y */
  function themed({ mathml }, layer, x, y) {
    const button = html("button", { class: "entry theta", type: "button", "aria-label": `Walk to Θ of layer ${layer}, both at once`, title: `The walk to Θ[${layer}], W and b at once`, "data-target": `Theta${layer}` }, [maths(mathml)]);
    button.style.left = `${x}px`;
    button.style.top = `${y}px`;
    button.addEventListener("click", () => commands.walk(`Theta${layer}`));
    backward.append(button);
    nearness.add(button, x);
  }

  /** @param {HTMLElement} lane @param {Formula} text @param {number} x @param {number} y @param {string} cls */
  function formula(lane, text, x, y, cls) {
    const holder = html("div", { class: `float ${cls}`, "aria-hidden": "true" }, [maths(text.mathml)]);
    holder.style.left = `${x}px`;
    holder.style.top = `${y}px`;
    lane.append(holder);
    nearness.add(holder, x);
  }

  /** @param {HTMLElement} lane @param {string} text @param {number} x @param {number} y @param {string} cls */
  function label(lane, text, x, y, cls) {
    const holder = html("div", { class: `float ${cls}` }, [text]);
    holder.style.left = `${x}px`;
    holder.style.top = `${y}px`;
    lane.append(holder);
    nearness.add(holder, x);
  }

  /** @param {HTMLElement} lane @param {string} text @param {number} y @param {boolean} shown */
  function heading(lane, text, y, shown) {
    if (!shown) return;
    const holder = html("div", { class: `float heading ${text}` }, [text]);
    holder.style.top = `${y + 8}px`;
    lane.append(holder);
  }

  /** @param {number} from @param {number} to @param {number} y @param {string} cls @param {string} id */
  function arrow(from, to, y, cls, id) {
    if (Math.abs(to - from) < 7) return;
    const path = svg("path", { class: `arrow ${cls}`, d: `M${from} ${y}H${to}` });
    arrows.append(path);
    nearness.add(path, from);
    marks.push({ id, element: path });
  }

  /** @param {number} x0 @param {number} x @param {number} from @param {number} to @param {string} id */
  function down(x0, x, from, to, id) {
    const path = svg("path", { class: "arrow backward", d: `M${x0 + (x - x0) * 0.35} ${from}L${x} ${to}` });
    arrows.append(path);
    nearness.add(path, x);
    marks.push({ id, element: path });
  }

  /** Pointing at a number changes next to nothing here, and must cost next to nothing. @param {State} state @param {State} [before] */
  function update(state, before) {
    const same = before && state.trace.structure === before.trace.structure && ABOUT.every((key) => state[key] === before[key]);
    if (same) return look(state);
    const { trace, cursor, target, check } = state;
    const current = cursor > 0 ? trace.steps[cursor - 1].id : "";
    const atStart = cursor === 0;
    const lit = litBy(state);
    for (const lane of [forward, backward, arrows]) lane.classList.toggle("walking", lit !== null);
    for (const button of backward.querySelectorAll(".theta")) button.classList.toggle("on-walk", /** @type {HTMLElement} */ (button).dataset.target === target);
    for (const mark of marks) {
      const { id, element } = mark;
      const born = trace.bornAt.get(id) ?? -1;
      const now = id === current || (atStart && id === "a0");
      element.classList.toggle("done", born < cursor);
      element.classList.toggle("now", now);
      element.classList.toggle("on-walk", lit?.has(id) ?? false);
      const agreement = born < cursor ? check?.quantities[id] : undefined;
      if (mark.badge !== agreement) element.querySelector(".badge")?.replaceWith(drawBadge(agreement));
      mark.badge = agreement;
      if (element instanceof HTMLButtonElement) {
        if (now) element.setAttribute("aria-current", "step");
        else element.removeAttribute("aria-current");
      }
    }
    for (const lane of [forward, backward]) {
      const buttons = [...lane.querySelectorAll("button")];
      const stop = buttons.find((button) => button.hasAttribute("aria-current")) ?? buttons[0];
      for (const button of buttons) if (button.tabIndex !== (button === stop ? 0 : -1)) button.tabIndex = button === stop ? 0 : -1; // one tab stop a lane
    }
    look(state);
  }

  /** @param {State} state */
  function look(state) {
    const looked = lookedAt(state)?.quantity;
    for (const { id, element } of marks) element.classList.toggle("looked", id === looked);
  }

  /** Arrow keys go along a lane. @param {KeyboardEvent} event */
  function along(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const buttons = [.../** @type {HTMLElement} */ (event.currentTarget).querySelectorAll("button")];
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    if (!by || at < 0) return;
    event.preventDefault();
    event.stopPropagation();
    buttons[at + by]?.focus();
  }

  for (const lane of [forward, backward]) lane.addEventListener("keydown", along);

  /** Headings stay in sight while a deep network scrolls. */
  function stick() {
    const { layout, scroll, scale, view } = scene();
    for (const holder of scroll.querySelectorAll(".heading")) /** @type {HTMLElement} */ (holder).style.left = `${view.scrollLeft / scale + 18}px`;
    nearness.look(view, layout.width, scale);
  }

  root.addEventListener("scroll", stick, { capture: true, passive: true });
  root.addEventListener("relayout", () => {
    build(store.get());
    stick();
  });
  return { update, destroy: () => [forward, backward, arrows].forEach((element) => element.remove()) };
}

/** In the colour of the line it ends. */
function arrowHead() {
  return svg("marker", { id: "arrow-head", class: "head", viewBox: "0 0 8 8", refX: 6.5, refY: 4, markerWidth: 10, markerHeight: 10, markerUnits: "userSpaceOnUse", orient: "auto-start-reverse" }, [svg("path", { d: "M1 1L7 4L1 7" })]);
}
