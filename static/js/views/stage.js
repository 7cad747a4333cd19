/** The network: boxes, dots or strips by its width, edges, ℒ; every number in it follows the cursor. */

import { drawBoxes } from "../draw/boxes.js";
import { createRegistry, entryOf, paint, write } from "../draw/cells.js";
import { drawDots } from "../draw/dots.js";
import { drawEdges } from "../draw/edges.js";
import { drawLoss } from "../draw/loss.js";
import { paletteOf } from "../draw/heat.js";
import { drawOutputs, lettersOf, writeVerdicts } from "../draw/outputs.js";
import { attachPlatePointing } from "../draw/plate_pointing.js";
import { drawPlates } from "../draw/plates.js";
import { attachPointing } from "../draw/pointing.js";
import { createNearness } from "../draw/near.js";
import { html, svg } from "../draw/svg.js";
import { attachZoom } from "../draw/zoom.js";
import { sign } from "../geometry/colours.js";
import { fitted, levelOf, NAMED_UP_TO } from "../geometry/columns.js";
import { ease, sweepAt } from "../geometry/curves.js";
import { short } from "../geometry/numbers.js";
import { centreOf } from "../geometry/places.js";
import { platesOf } from "../geometry/plates.js";
import { marksOf } from "../model/marks.js";
import { changeOf } from "../model/change.js";
import { carriedIn } from "../model/operands.js";
import { imageOf, shownOn } from "../model/plates.js";
import { inWords, isKnown, mixes, numberAt } from "../model/trace.js";
import { litBy } from "../model/walk.js";

/** @import {Layout} from "../geometry/columns.js" */
/** @import {Cell} from "../draw/cells.js" */
/** @import {Palette} from "../draw/heat.js" */
/** @import {Plates} from "../draw/plates.js" */
/** @import {Store} from "../model/store.js" */
/** @import {Event, State} from "../model/reduce.js" */

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
const HOOKS = 2500; // edges that carry their numbers as attributes

/** What else turns amber, by its attribute: with which quantities. @type {[string, (at: string) => string[]][]} */
const HOOKED = [["gate", (at) => [`a${at.split(",")[0]}`, `dz${at.split(",")[0]}`]]];

/**
 * @param {HTMLElement} root
 * @param {Store<State, Event>} store
 * @param {Record<string, string>} glyphs of the activations
 * @param {number} [least] how far the network may shrink to be seen whole
 */
export function mountStage(root, store, glyphs, least) {
  const scroll = html("div", { class: "scroll", tabindex: -1 });
  const world = html("div", { class: "world" });
  const picture = svg("svg", { class: "scene", role: "group", "aria-label": "Network" });
  world.append(picture);
  scroll.append(world);
  root.prepend(scroll);
  attachPlatePointing(world, () => plates, { look: (entry) => store.send({ type: "hover", entry }), pin: (entry) => store.send({ type: "pin", entry }) });
  attachPointing(root, store);

  /** @type {Scene} */
  let scene = { layout: /** @type {any} */ (null), scale: 1, suggested: 1, world, scroll, view: { scrollLeft: 0, clientWidth: 0 } };
  let cells = createRegistry();
  /** @type {Map<number, SVGGElement>} */
  const edges = new Map();
  /** @type {Plates | null} */
  let plates = null;
  /** @type {SVGTextElement[]} */
  let verdicts = [];
  /** @type {Map<string, number[]>} */
  const cursors = new Map();
  /** @type {Palette | null} */
  let palette = null;
  let edgeLayer = svg("g");
  const nearness = createNearness();
  let revealed = false; // the moving step's numbers have landed although its animation still runs

  /** @param {State} state */
  function build(state) {
    const { trace, presenting, example } = state;
    const sizes = trace.start.layer_sizes;
    const biases = trace.start.problem.layers.map((layer) => layer.bias !== false);
    const level = example < 0 ? "strips" : levelOf(sizes);
    const image = level === "strips" && example >= 0 ? imageOf(state) : null;
    const names = state.preset.view?.output_names;
    const stripW = example < 0 ? Math.max(20, Math.min(64, trace.examples * 8)) : presenting ? 32 : 20;
    const loss = trace.quantities.has("y");
    const outputs = sizes[sizes.length - 1];
    const named = level === "strips" && example >= 0 && outputs <= NAMED_UP_TO ? lettersOf(outputs, names) : 0;
    const [wide, high] = [scroll.clientWidth, scroll.clientHeight];
    const { layout, scale: suggested } = fitted({ sizes, biases, loss, level, presenting, stripW, named, ...(image ? { image } : {}) }, wide, high, least);
    const scale = zoomed(state.zoom, suggested, layout);
    scene = { layout, scale, suggested, world, scroll, view: { scrollLeft: scroll.scrollLeft, clientWidth: wide } };
    picture.replaceChildren();
    nearness.clear();
    nearness.look(scene.view, layout.width, scale);
    picture.setAttribute("viewBox", `0 0 ${layout.width} ${layout.height}`);
    picture.setAttribute("width", String(layout.width));
    picture.setAttribute("height", String(layout.height));
    world.style.width = `${layout.width}px`;
    world.style.height = `${layout.height}px`;
    put();
    edges.clear();
    for (const layer of [plates?.root, plates?.over]) layer?.remove();
    plates = null;
    verdicts = [];
    edgeLayer = svg("g", { class: "edge-layer" });
    picture.append(edgeLayer);
    const net = {
      biases,
      targets: loss,
      batch: trace.examples > 1,
      glyphs: trace.start.problem.layers.map((layer) => glyphs[layer.activation.name] ?? layer.activation.name),
      mixes: biases.map((_, k) => mixes(trace, k + 1)),
      names: { inputs: state.preset.view?.input_names, outputs: state.preset.view?.output_names },
    };
    cells = createRegistry();
    if (level === "strips") {
      plates = drawPlates(platesOf(layout, sizes, biases), layout, nearness.add, cursors);
      world.append(plates.root, plates.over);
      const beside = named ? drawOutputs(layout, outputs, names) : { cells: [], verdicts: [], roots: [] };
      verdicts = beside.verdicts;
      picture.append(...beside.roots, ...verdicts);
      cells.add(beside.cells);
    } else {
      const drawn = level === "boxes" ? drawBoxes(layout, net) : drawDots(layout, net);
      for (const part of drawn.group.children) nearness.add(part, Number(/** @type {SVGElement} */ (part).dataset.x));
      picture.append(drawn.group);
      cells.add(drawn.cells);
    }
    if (loss) {
      const drawn = drawLoss(layout);
      picture.prepend(drawn.wires);
      picture.append(drawn.cell.root);
      cells.add([drawn.cell]);
    }
    showEdges(state);
    paintAll(state);
    dim(state);
  }

  /** @param {number} zoom @param {number} suggested @param {Layout} layout */
  function zoomed(zoom, suggested, { width, height }) {
    const whole = Math.min(suggested, scroll.clientWidth / width, scroll.clientHeight / height);
    return zoom === 0 ? whole : Math.max(whole, suggested * zoom);
  }

  /** The world at its scale, in the middle where there is room. */
  function put() {
    const { layout, scale } = scene;
    const [left, top] = [Math.max(0, (scroll.clientWidth - layout.width * scale) / 2), Math.max(0, (scroll.clientHeight - layout.height * scale) / 2)];
    Object.assign(world.style, { transform: `scale(${scale})`, left: `${left}px`, top: `${top}px` });
    return { left, top };
  }

  /** Zoom around a place on the screen, which stays where it is. @param {number} zoom @param {{x: number, y: number}} at */
  function rescale(zoom, { x, y }) {
    const box = scroll.getBoundingClientRect();
    const [from, before] = [world.getBoundingClientRect(), scene.scale];
    const [wx, wy] = [(x - from.left) / before, (y - from.top) / before];
    scene.scale = zoomed(zoom, scene.suggested, scene.layout);
    const { left, top } = put();
    scroll.scrollTo({ left: wx * scene.scale + left - (x - box.left), top: wy * scene.scale + top - (y - box.top), behavior: "instant" });
    scroll.dispatchEvent(new Event("scroll")); // also where nothing scrolls, for all that keeps its place in view
  }

  /** What is near the view, after it has moved. */
  function look() {
    scene.view = { scrollLeft: scroll.scrollLeft, clientWidth: scroll.clientWidth };
    nearness.look(scene.view, scene.layout.width, scene.scale);
    showEdges(store.get());
  }

  /** All edges of a network that has few, those of the layers in view otherwise, unless it is to be seen whole. @param {State} state @param {boolean} [whole] */
  function showEdges(state, whole = false) {
    const { layout, scale, view } = scene;
    if (layout.level === "strips") return;
    const from = (view.scrollLeft - 200) / scale;
    const to = (view.scrollLeft + view.clientWidth + 200) / scale;
    const sizes = state.trace.start.layer_sizes;
    const total = layout.weights.reduce((sum, { layer }) => sum + sizes[layer] * sizes[layer - 1], 0);
    let hooked = 0;
    for (const { layer, left, right } of layout.weights) {
      const seen = whole || total <= HOOKS || (right >= from && left <= to);
      const has = edges.get(layer);
      if (seen && !has) {
        const count = sizes[layer] * sizes[layer - 1];
        const drawn = drawEdges(layout, layer, sizes[layer], sizes[layer - 1], hooked + count <= HOOKS);
        edges.set(layer, drawn.group);
        edgeLayer.append(drawn.group);
        cells.add(drawn.cells);
        paintCells(state, drawn.cells);
        if (state.target) dim(state);
      } else if (!seen && has) {
        has.remove();
        edges.delete(layer);
        for (const id of [`W${layer}`, `dW${layer}`]) cells.drop(id);
      }
      if (seen) hooked += sizes[layer] * sizes[layer - 1];
    }
  }

  /** @param {State} state */
  function paintAll(state) {
    paintCells(state, cells.all());
    paintPlates(state);
    mark(state);
  }

  /** Paint only what the steps between two states define. @param {State} state @param {State} before */
  function paintChange(state, before) {
    const { steps } = state.trace;
    const from = Math.min(state.cursor, before.cursor, state.moving ?? Infinity, before.moving ?? Infinity);
    const to = Math.max(state.cursor, before.cursor);
    for (let k = from; k < to; k += 1) for (const id of Object.keys(steps[k].values)) paintCells(state, cells.of(id));
    paintPlates(state);
    mark(state);
  }

  /** Paint what more numbers of the same trace have come for. @param {State} state @param {State} before */
  function paintFilled(state, before) {
    for (const [id, q] of state.trace.quantities) if (q !== before.trace.quantities.get(id)) paintCells(state, cells.of(id));
    paintPlates(state);
    mark(state);
  }

  /** @param {State} state @param {Iterable<Cell>} which */
  function paintCells(state, which) {
    const { trace, cursor, moving, example } = state;
    const movingIds = moving === null || revealed ? null : Object.keys(trace.steps[moving].values);
    for (const cell of which) {
      const renewed = `${cell.quantity}_new`;
      const ticking = movingIds?.includes(renewed) ?? false;
      const quantity = isKnown(trace, renewed, cursor) ? renewed : cell.quantity;
      const entry = entryOf(cell, example);
      const known = isKnown(trace, quantity, cursor);
      const pending = !ticking && (movingIds?.includes(quantity) ?? false);
      const label = cell.root.hasAttribute("role") ? inWords({ quantity, entry }, trace) : "";
      paint(cell, known ? numberAt(trace, quantity, entry) : undefined, { entry, quantity, largest: trace.largest, pending, label, change: changeOf(state, { quantity, entry }) });
    }
  }

  /** @param {State} state */
  function paintPlates(state) {
    if (!plates) return;
    const { trace, cursor, example, moving } = state;
    palette ??= paletteOf(root);
    const late = moving === null || revealed ? [] : Object.keys(trace.steps[moving].values);
    plates.paint({
      show: (quantity) => shownOn(state, quantity, late),
      read: (quantity, entry) => numberAt(trace, quantity, entry),
      words: (quantity, entry) => inWords({ quantity, entry }, trace),
      example,
      image: scene.layout.image ?? null,
      palette,
    });
    plates.reveal(late[0] ?? null, 0);
    const row = (/** @type {string} */ id) => (isKnown(trace, id, cursor) ? verdicts.map((_, i) => numberAt(trace, id, [example, i]) ?? NaN) : null);
    writeVerdicts(verdicts, row(`a${trace.layers}`), row("y"));
  }

  /** Amber for what happens now, a ring for what is looked at and for what it is made of. @param {State} state */
  function mark(state) {
    const { trace, cursor, example } = state;
    cells.undress();
    const now = new Set(cursor > 0 ? Object.keys(trace.steps[cursor - 1].values) : []);
    const marks = marksOf(state);
    plates?.mark(marks, now, state.pinned !== null);
    for (const { mark, quantity, on } of marks) {
      for (const cell of cells.of(quantity)) {
        if (!on(entryOf(cell, example)) || (mark === "now" && cell.show === "thread")) continue; // a layer's lines are now together
        const line = cell.fill && (cell.show === "thread" || cell.show === "width") ? cell.fill : null;
        cells.dress(cell.root, mark);
        if (line && mark === "on-path") cells.dress(line, mark);
        if (mark === "looked" && state.pinned && cell.root.hasAttribute("role")) cell.root.setAttribute("aria-pressed", "true");
      }
    }
    for (const [layer, group] of edges) group.classList.toggle("now", now.has(`dW${layer}`));
    if (cursor > 0) carry(state);
    for (const [hook, names] of HOOKED) {
      for (const element of picture.querySelectorAll(`[data-${hook}]`)) {
        const at = /** @type {SVGElement} */ (element).dataset[hook] ?? "";
        element.classList.toggle("now", names(at).some((id) => now.has(id)));
      }
    }
  }

  /** What a walk touches is lit, the rest dims. @param {State} state */
  function dim(state) {
    const lit = litBy(state);
    picture.classList.toggle("walking", lit !== null);
    for (const cell of cells.all()) {
      const on = lit?.has(cell.quantity) ?? false;
      cell.root.classList.toggle("on-walk", on);
      if (cell.fill && (cell.show === "width" || cell.show === "thread")) cell.fill.classList.toggle("on-walk", on);
    }
    plates?.dim(lit);
  }

  /** Edges keep the colour of what they carried in the current step. @param {State} state */
  function carry({ trace, cursor, example }) {
    const step = trace.steps[cursor - 1];
    const carried = carriedIn(trace, step, Math.max(0, example));
    if (!carried) return;
    for (const { fill, rest: [i, j], show } of cells.of(`W${step.layer}`)) {
      if (!fill || (show !== "width" && show !== "thread")) continue;
      cells.dress(fill, `carries-${sign(carried(i, j))}`);
      if (step.phase === "backward") cells.dress(fill, "carries-gradient");
    }
  }

  /** Keep the layer of the current step in view. @param {State} state */
  function follow({ trace, cursor }) {
    const step = trace.steps[Math.max(0, cursor - 1)];
    const { layout, scale, view: { scrollLeft, clientWidth } } = scene;
    if (layout.width * scale <= clientWidth + 1) return;
    const wanted = cursor === 0 ? 0 : (centreOf(layout, step.id) ?? 0) * scale - clientWidth / 2;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const seen = wanted + clientWidth / 2 - scrollLeft;
    if (seen < clientWidth * 0.2 || seen > clientWidth * 0.8) scroll.scrollTo({ left: wanted, behavior: calm ? "auto" : "smooth" });
  }

  root.addEventListener("scroll", look, { capture: true, passive: true }); // first of all who follow the view
  /** @type {{x: number, y: number} | null} where the pointer zooms */
  let around = null;
  attachZoom(scroll, (factor, at) => {
    const zoom = Math.min(LARGEST, (scene.scale / scene.suggested) * factor);
    around = at;
    store.send({ type: "zoom", zoom });
    around = null;
  });
  const observer = new ResizeObserver(() => {
    build(store.get());
    follow(store.get());
    root.dispatchEvent(new CustomEvent("relayout"));
  });
  observer.observe(scroll);

  return {
    scene: () => scene,
    /** The scene with everything in it, for a picture; edges out of view go with the next scrolling. */
    whole() {
      showEdges(store.get(), true);
      return scene;
    },
    /** @param {State} state @param {State} [before] */
    update(state, before) {
      revealed = revealed && state.moving === before?.moving;
      const fresh = !before || state.trace.structure !== before.trace.structure;
      if (!before || fresh || state.presenting !== before.presenting || state.preset !== before.preset || state.example < 0 !== before.example < 0) {
        build(state);
        root.dispatchEvent(new CustomEvent("relayout"));
      } else if (state.example !== before.example || state.delta !== before.delta || state.trace.steps !== before.trace.steps) paintAll(state);
      else if (state.trace !== before.trace) paintFilled(state, before);
      else if (state.cursor !== before.cursor || state.moving !== before.moving) paintChange(state, before);
      if (before && state.theme !== before.theme) {
        palette = null;
        paintPlates(state);
      }
      if (state.hover !== before?.hover || state.pinned !== before?.pinned || state.path !== before?.path) mark(state);
      if (before && (state.target !== before.target || state.more !== before.more)) dim(state);
      if (before && state.zoom !== before.zoom && !fresh) {
        const box = scroll.getBoundingClientRect();
        rescale(state.zoom, around ?? { x: box.left + box.width / 2, y: box.top + box.height / 2 });
      }
      if (state.cursor !== before?.cursor || fresh) follow(state);
      root.classList.toggle("no-numbers", !state.numbers);
      root.classList.toggle("deltas", state.delta);
    },
    /** The moving step's numbers land shortly before its animation ends; updated parameters tick to their new values. @param {number} t */
    frame(t) {
      const state = store.get();
      if (state.moving === null) return;
      const step = state.trace.steps[state.moving];
      plates?.reveal(step.id, sweepAt(t));
      if (step.operation === "parameter_update") tick(state, ease(t));
      else if (step.operation === "activation_gradient" && t > 0.25 && t <= 0.8) showSlope(state);
      else if (t > 0.8 && !revealed) {
        revealed = true;
        paintChange(state, state);
      }
    },
    destroy() {
      observer.disconnect();
      scroll.remove();
    },
  };

  /** The slope stands on the gate before the gradient passes it. @param {State} state */
  function showSlope({ trace, moving, example }) {
    const id = moving === null ? null : (trace.steps[moving].chain?.local.id ?? null);
    for (const cell of id ? cells.of(id) : []) {
      const x = numberAt(trace, id ?? "", entryOf(cell, example));
      if (cell.text && x !== undefined) write(cell.text, short(x));
    }
  }

  /** @param {State} state @param {number} t */
  function tick({ trace, moving, example }, t) {
    if (moving === null) return;
    const id = trace.steps[moving].id;
    for (const cell of cells.of(id)) {
      if (!cell.text) continue;
      const entry = entryOf(cell, example);
      const [from, to] = [numberAt(trace, cell.quantity, entry), numberAt(trace, id, entry)];
      if (from !== undefined && to !== undefined) write(cell.text, short(from + (to - from) * t));
    }
  }
}
