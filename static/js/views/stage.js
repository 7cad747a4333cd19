/** The network: boxes, dots or strips by its width, edges, ℒ; every number in it follows the cursor. */

import { drawBoxes } from "../draw/boxes.js";
import { createRegistry, entryOf, paint, write } from "../draw/cells.js";
import { drawDots } from "../draw/dots.js";
import { dressCarriers, dressMarked, light } from "../draw/dressing.js";
import { drawEdges } from "../draw/edges.js";
import { drawLoss } from "../draw/loss.js";
import { paletteOf } from "../draw/heat.js";
import { drawOutputs, lettersOf, writeVerdicts } from "../draw/outputs.js";
import { attachPlatePointing } from "../draw/plate_pointing.js";
import { drawPlates } from "../draw/plates.js";
import { attachPointing } from "../draw/pointing.js";
import { createNearness } from "../draw/near.js";
import { svg } from "../draw/svg.js";
import { createViewport } from "../draw/viewport.js";
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

/** @typedef {import("../draw/viewport.js").Scene} Scene */

const EDGES = 2500; // so many are elements that carry their numbers; more are drawn on canvases, layer by layer as they come into view

/**
 * @param {HTMLElement} root
 * @param {Store<State, Event>} store
 * @param {Record<string, string>} glyphs of the activations
 * @param {number} [least] how far the network may shrink to be seen whole
 */
export function mountStage(root, store, glyphs, least) {
  const picture = svg("svg", { class: "scene", role: "group", "aria-label": "Network" });
  const viewport = createViewport(root, picture, { look, zoom: (zoom) => store.send({ type: "zoom", zoom }) });
  const scene = viewport.scene();
  const { scroll, world } = scene;
  attachPlatePointing(world, () => plates, { look: (entry) => store.send({ type: "hover", entry }), pin: (entry) => store.send({ type: "pin", entry }) });
  attachPointing(root, store);
  /** @type {Awaited<ReturnType<typeof fetchThreads>> | null} what draws many edges, once a network has so many */
  let threads = null;
  /** @type {{layout: Layout, sizes: number[]} | null} a network whose edges are many */
  let dense = null;

  let cells = createRegistry();
  /** @type {SVGGElement[]} of layer 1 and on, where edges are elements */
  let edges = [];
  /** @type {Plates | null} */
  let plates = null;
  /** @type {SVGTextElement[]} */
  let verdicts = [];
  /** @type {Map<string, number[]>} */
  const cursors = new Map();
  /** @type {Palette | null} */
  let palette = null;
  const nearness = createNearness(() => showThreads(store.get()));
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
    viewport.show(layout, suggested, state.zoom);
    picture.replaceChildren();
    nearness.clear();
    threads?.of((dense = null));
    nearness.look(scene.view, layout.width, scene.scale);
    for (const layer of [plates?.root, plates?.over]) layer?.remove();
    plates = null;
    verdicts = [];
    const net = {
      biases,
      targets: loss,
      batch: trace.examples > 1,
      glyphs: trace.start.problem.layers.map((layer) => glyphs[layer.activation.name] ?? layer.activation.name),
      mixes: biases.map((_, k) => mixes(trace, k + 1)),
      names: { inputs: state.preset.view?.input_names, outputs: state.preset.view?.output_names },
    };
    cells = createRegistry();
    const many = layout.weights.reduce((sum, { layer: l }) => sum + sizes[l] * sizes[l - 1], 0) > EDGES;
    const made = many || level === "strips" ? [] : layout.weights.map(({ layer: l }) => drawEdges(layout, l, sizes[l], sizes[l - 1]));
    edges = made.map(({ group }) => group);
    picture.append(svg("g", { class: "edge-layer" }, edges));
    for (const it of made) cells.add(it.cells);
    dense = many && level !== "strips" ? { layout, sizes } : null;
    if (threads) threads.of(dense);
    else if (dense) fetchThreads().then(begin, () => {}); // a lost server is told of elsewhere
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
    showThreads(state);
    paintAll(state);
    dim(state);
  }

  /** What is near the view, after it has moved. */
  function look() {
    nearness.look(scene.view, scene.layout.width, scene.scale);
    showThreads(store.get());
  }

  async function fetchThreads() {
    const [{ createThreads }, { threadsOf }] = await Promise.all([import("../draw/threads.js"), import("../model/threads.js")]);
    return { ...createThreads(world, (entry) => store.send({ type: "hover", entry })), threadsOf };
  }

  /** @param {Awaited<ReturnType<typeof fetchThreads>>} come */
  function begin(come) {
    threads ??= come;
    threads.of(dense);
    showThreads(store.get());
  }

  /** The edges of what is near, where they are drawn layer by layer, or of all. @param {State} state @param {boolean} [whole] with pixels enough for a picture */
  function showThreads(state, whole = false) {
    const { layout, scale } = scene;
    const seen = layout.weights.filter(({ left, right }) => whole || nearness.has(left, right));
    threads?.show(seen.map(({ layer }) => layer), whole ? Math.max(2, scale) : scale);
    paintThreads(state);
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
    const { trace, cursor, example } = state;
    palette ??= paletteOf(root);
    const late = lateIn(state);
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

  /** @param {State} state */
  function paintThreads(state) {
    if (!threads || !dense) return;
    palette ??= paletteOf(root);
    threads.paint(threads.threadsOf(state, lateIn(state)), palette);
  }

  /** What has happened but is not to be seen before its animation has come so far. @param {State} state */
  function lateIn({ trace, moving }) {
    return moving === null || revealed ? [] : Object.keys(trace.steps[moving].values);
  }

  /** Amber for what happens now, a ring for what is looked at and for what it is made of. @param {State} state */
  function mark(state) {
    const { trace, cursor, example } = state;
    const now = new Set(cursor > 0 ? Object.keys(trace.steps[cursor - 1].values) : []);
    const marks = marksOf(state);
    plates?.mark(marks, now, state.pinned !== null);
    dressMarked(cells, marks, { example, pinned: state.pinned !== null });
    edges.forEach((group, k) => group.classList.toggle("now", now.has(`dW${k + 1}`)));
    paintThreads(state);
    const step = trace.steps[cursor - 1];
    const carried = step && carriedIn(trace, step, Math.max(0, example));
    if (carried) dressCarriers(cells, `W${step.layer}`, carried, step.phase === "backward");
    for (const gate of /** @type {NodeListOf<SVGElement>} */ (picture.querySelectorAll("[data-gate]"))) {
      const layer = gate.dataset.gate?.split(",")[0];
      gate.classList.toggle("now", now.has(`a${layer}`) || now.has(`dz${layer}`));
    }
  }

  /** What a walk touches is lit, the rest dims. @param {State} state */
  function dim(state) {
    const lit = litBy(state);
    picture.classList.toggle("walking", lit !== null);
    light(cells, lit);
    plates?.dim(lit);
    paintThreads(state);
  }

  /** Keep the layer of the current step in view. @param {State} state */
  function follow({ trace, cursor }) {
    viewport.follow(cursor === 0 ? 0 : (centreOf(scene.layout, trace.steps[cursor - 1].id) ?? 0));
  }

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
      showThreads(store.get(), true);
      return scene;
    },
    /** @param {State} state @param {State} [before] */
    update(state, before) {
      revealed = revealed && state.moving === before?.moving;
      const fresh = !before || state.trace.structure !== before.trace.structure;
      const anew = fresh || state.presenting !== before.presenting || state.preset !== before.preset || state.example < 0 !== before.example < 0;
      if (!anew && state.cursor !== before.cursor) follow(state); // before anything changes: to scroll is to lay out what has
      if (anew) {
        build(state);
        root.dispatchEvent(new CustomEvent("relayout"));
      } else if (state.example !== before.example || state.delta !== before.delta || state.trace.steps !== before.trace.steps) paintAll(state);
      else if (state.trace !== before.trace) paintFilled(state, before);
      else if (state.cursor !== before.cursor || state.moving !== before.moving) paintChange(state, before);
      if (before && state.theme !== before.theme) {
        palette = null;
        paintPlates(state);
        paintThreads(state);
      }
      if (state.hover !== before?.hover || state.pinned !== before?.pinned || state.path !== before?.path) mark(state);
      if (before && (state.target !== before.target || state.more !== before.more)) dim(state);
      if (before && state.zoom !== before.zoom && !fresh) viewport.zoom(state.zoom);
      if (anew && (state.cursor !== before?.cursor || fresh)) follow(state);
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
