/** The network: boxes, dots or strips by its width, edges, ℒ; every number in it follows the cursor. */

import { drawBoxes } from "../draw/boxes.js";
import { entryOf, paint, write } from "../draw/cells.js";
import { drawDots } from "../draw/dots.js";
import { drawEdges } from "../draw/edges.js";
import { entryFrom, attachPointing } from "../draw/pointing.js";
import { drawStrips, paintStrip } from "../draw/strips.js";
import { html, svg } from "../draw/svg.js";
import { maths } from "../draw/mathml.js";
import { layout as lay, levelOf, NAMED_UP_TO } from "../geometry/columns.js";
import { columnsOf, port } from "../geometry/edges.js";
import { ease } from "../geometry/curves.js";
import { full, short, subscript } from "../geometry/numbers.js";
import { expand, isEinsum } from "../model/component.js";
import { inWords, isKnown, numberAt, symbolOf } from "../model/trace.js";

/** @import {Layout} from "../geometry/columns.js" */
/** @import {Cell} from "../draw/cells.js" */
/** @import {Strip} from "../draw/strips.js" */
/** @import {Store} from "../model/store.js" */
/** @import {Event, State} from "../model/reduce.js" */
/** @import {Trace} from "../model/trace.js" */
/** @import {Entry} from "../types.js" */

/** @typedef {{layout: Layout, scale: number, world: HTMLElement, scroll: HTMLElement}} Scene */

const HOOKS = 2500; // edges that carry their numbers as attributes
const FITS = 0.68; // a network may shrink so far to be seen whole; beyond that it scrolls

/**
 * @param {HTMLElement} root
 * @param {Store<State, Event>} store
 * @param {Record<string, string>} glyphs of the activations
 */
export function mountStage(root, store, glyphs) {
  const scroll = html("div", { class: "scroll", tabindex: -1 });
  const world = html("div", { class: "world" });
  const picture = svg("svg", { class: "scene", role: "group", "aria-label": "Network" });
  const tooltip = html("div", { class: "tooltip", hidden: "" });
  world.append(picture);
  scroll.append(world);
  root.prepend(scroll);
  root.append(tooltip);
  attachPointing(root, store);

  /** @type {Scene} */
  let scene = { layout: /** @type {any} */ (null), scale: 1, world, scroll };
  /** @type {Cell[]} */
  let cells = [];
  /** @type {Map<string, Cell[]>} */
  let byQuantity = new Map();
  /** @type {Set<Element>} what wears a mark, so that only that is undressed */
  let marked = new Set();
  /** @type {Map<number, {group: SVGGElement, cells: Cell[]}>} */
  const edges = new Map();
  /** @type {Strip[]} */
  let strips = [];
  let edgeLayer = svg("g");
  let revealed = false; // the moving step's numbers have landed although its animation still runs

  /** @param {State} state */
  function build(state) {
    const { trace, presenting, example } = state;
    const sizes = trace.start.layer_sizes;
    const biases = trace.start.problem.layers.map((layer) => layer.bias !== false);
    const level = example < 0 ? "strips" : levelOf(sizes);
    const image = level === "strips" && example >= 0 ? imageOf(state) : null;
    const stripW = example < 0 ? Math.max(20, Math.min(64, trace.examples * 8)) : 20;
    const input = { sizes, biases, loss: isLossThere(trace), level, presenting, stripW, named: level === "strips" && example >= 0 && sizes[sizes.length - 1] <= NAMED_UP_TO, ...(image ? { image } : {}) };
    const [wide, high] = [scroll.clientWidth, scroll.clientHeight];
    const natural = lay({ ...input, wide: 0, high });
    const fit = Math.min(wide / natural.width, high / natural.height);
    const scale = fit >= FITS ? Math.min(fit, presenting ? 1.6 : 1.3) : Math.max(FITS, Math.min(1, high / natural.height));
    const layout = lay({ ...input, wide: wide / scale, high: high / scale });
    scene = { layout, scale, world, scroll };
    picture.replaceChildren();
    picture.setAttribute("viewBox", `0 0 ${layout.width} ${layout.height}`);
    picture.setAttribute("width", String(layout.width));
    picture.setAttribute("height", String(layout.height));
    world.style.width = `${layout.width}px`;
    world.style.height = `${layout.height}px`;
    world.style.transform = `scale(${scale})`;
    const [w, h] = [layout.width * scale, layout.height * scale];
    world.style.left = `${Math.max(0, (wide - w) / 2)}px`;
    world.style.top = `${Math.max(0, (high - h) / 2)}px`;
    edges.clear();
    world.querySelector(".strips")?.remove();
    strips = [];
    edgeLayer = svg("g", { class: "edge-layer" });
    picture.append(edgeLayer);
    const net = {
      biases,
      targets: trace.quantities.has("y"),
      glyphs: trace.start.problem.layers.map((layer) => glyphs[layer.activation.name] ?? layer.activation.name),
      jacobians: trace.start.problem.layers.map((_, k) => (trace.quantities.get(`g${k + 1}`)?.shape.length ?? 2) === 3 || trace.start.problem.layers[k].activation.name === "softmax"),
      names: { inputs: state.preset.view?.input_names, outputs: state.preset.view?.output_names },
    };
    if (level === "strips") {
      const drawn = drawStrips(layout, image);
      world.append(drawn.root);
      strips = drawn.strips;
      cells = [];
      stripWires(layout, state);
      if (input.named) cells.push(...outputNumbers(layout, state));
    } else {
      const drawn = level === "boxes" ? drawBoxes(layout, net) : drawDots(layout, net);
      picture.append(drawn.group);
      cells = drawn.cells;
    }
    if (isLossThere(trace)) cells.push(lossCell(layout));
    tabStops(cells);
    byQuantity = new Map();
    marked = new Set();
    index(cells);
    showEdges(state);
    paintAll(state);
  }

  /** @param {Layout} layout @returns {Cell} */
  function lossCell({ columns, loss, metrics: m, level }) {
    const wires = svg("g", { class: "wires" });
    const last = columns[columns.length - 1];
    for (const box of last.units) {
      const from = port(box, "right");
      if (level === "dots") from.x = last.x + 17;
      if (level === "strips") from.x = Math.max(from.x, loss.x - loss.r - 36);
      const middle = (from.x + loss.x - loss.r) / 2;
      wires.append(svg("path", { class: "wire", d: `M${from.x} ${from.y}C${middle} ${from.y} ${middle} ${loss.y} ${loss.x - loss.r} ${loss.y}` }));
    }
    picture.prepend(wires);
    const number = svg("text", { class: "number", x: loss.x, y: loss.y + (m.captions ? 17 : 24), "text-anchor": "middle", "font-size": m.captions ? 14 : 24 });
    const name = svg("text", { class: "caption", x: loss.x, y: loss.y - (m.captions ? 3 : 8), "text-anchor": "middle", "font-size": m.captions ? 24 : 32, "aria-hidden": "true" }, ["ℒ"]);
    const disc = svg("circle", { class: "disc", cx: loss.x, cy: loss.y, r: loss.r });
    const ring = svg("circle", { class: "ring", cx: loss.x, cy: loss.y, r: loss.r });
    const root = svg("g", { class: "cell loss", role: "button", tabindex: -1, "data-column": "loss" }, [disc, name, number, ring]);
    picture.append(root);
    return { quantity: "loss", rest: [], batched: false, root, text: number, fill: null, kind: "value", show: "text" };
  }

  /** Bands between strips, and the outputs' numbers beside the last. @param {Layout} layout @param {State} state */
  function stripWires(layout, state) {
    layout.weights.forEach(({ layer, left, right }) => {
      const { before, z } = columnsOf(layout, layer);
      const [p, q] = [before.units[0], z.units[0]];
      const middle = (left + right) / 2;
      edgeLayer.append(
        svg("path", {
          class: "band",
          d: `M${left + 4} ${p.y}C${middle} ${p.y} ${middle} ${q.y} ${right - 4} ${q.y}V${q.y + q.h}C${middle} ${q.y + q.h} ${middle} ${p.y + p.h} ${left + 4} ${p.y + p.h}Z`,
        }),
        svg("text", { class: "size", x: middle, y: layout.top + (layout.bottom - layout.top) / 2, "text-anchor": "middle" }, [`${state.trace.start.layer_sizes[layer]} × ${state.trace.start.layer_sizes[layer - 1]}`]),
      );
    });
    for (const column of layout.columns) {
      const box = column.units[0];
      picture.append(svg("rect", { class: "strip-frame", x: box.x - 3, y: box.y - 3, width: box.w + 6, height: box.h + 6, rx: 7, "data-frame": column.quantity }));
    }
  }

  /** A narrow last layer's numbers stand beside its strip. @param {Layout} layout @param {State} state @returns {Cell[]} */
  function outputNumbers({ columns }, { trace, preset }) {
    const last = columns[columns.length - 1];
    const n = trace.start.layer_sizes[trace.layers];
    const box = last.units[0];
    return Array.from({ length: n }, (_, i) => {
      const y = box.y + (box.h * (i + 0.5)) / n + 4.5;
      const number = svg("text", { class: "number", x: box.x + box.w + 92, y, "text-anchor": "end", "font-size": 12.5 });
      const name = svg("text", { class: "unit-name", x: box.x + box.w + 12, y }, [preset.view?.output_names?.[i] ?? String(i + 1)]);
      const hit = svg("rect", { class: "hit", x: box.x + box.w + 8, y: y - 13, width: 88, height: 18 });
      const root = svg("g", { class: "cell tag value", role: "button", tabindex: -1, "data-column": last.quantity }, [hit, name, number]);
      picture.append(root);
      return { quantity: last.quantity, rest: [i], batched: true, root, text: number, fill: number, kind: /** @type {const} */ ("value"), show: /** @type {const} */ ("text") };
    });
  }

  /** All edges of a network that has few, those of the layers in view otherwise. @param {State} state */
  function showEdges(state) {
    const { layout, scale } = scene;
    if (layout.level === "strips") return;
    const from = (scroll.scrollLeft - 200) / scale;
    const to = (scroll.scrollLeft + scroll.clientWidth + 200) / scale;
    const sizes = state.trace.start.layer_sizes;
    const total = layout.weights.reduce((sum, { layer }) => sum + sizes[layer] * sizes[layer - 1], 0);
    let hooked = 0;
    for (const { layer, left, right } of layout.weights) {
      const seen = total <= HOOKS || (right >= from && left <= to);
      const has = edges.get(layer);
      if (seen && !has) {
        const count = sizes[layer] * sizes[layer - 1];
        const drawn = drawEdges(layout, layer, sizes[layer], sizes[layer - 1], hooked + count <= HOOKS);
        edges.set(layer, drawn);
        edgeLayer.append(drawn.group);
        tabStops(drawn.cells);
        index(drawn.cells);
        paintCells(state, drawn.cells);
      } else if (!seen && has) {
        has.group.remove();
        edges.delete(layer);
        for (const id of [`W${layer}`, `dW${layer}`]) byQuantity.delete(id);
      }
      if (seen) hooked += sizes[layer] * sizes[layer - 1];
    }
  }

  /** @param {State} state */
  function paintAll(state) {
    paintCells(state, allCells());
    paintStrips(state);
    mark(state);
  }

  /** @param {Cell[]} which */
  function index(which) {
    for (const cell of which) {
      const same = byQuantity.get(cell.quantity);
      if (same) same.push(cell);
      else byQuantity.set(cell.quantity, [cell]);
    }
  }

  /** The cells that may show a quantity: an updated parameter stands where the old one stood. @param {string} id */
  function cellsOf(id) {
    return byQuantity.get(id) ?? byQuantity.get(id.replace(/_new$/, "")) ?? [];
  }

  /** Paint only what the steps between two states define. @param {State} state @param {State} before */
  function paintChange(state, before) {
    const { steps } = state.trace;
    const from = Math.min(state.cursor, before.cursor, state.moving ?? Infinity, before.moving ?? Infinity);
    const to = Math.max(state.cursor, before.cursor);
    for (let k = from; k < to; k += 1) for (const id of Object.keys(steps[k].values)) paintCells(state, cellsOf(id));
    paintStrips(state);
    mark(state);
  }

  function* allCells() {
    yield* cells;
    for (const layer of edges.values()) yield* layer.cells;
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
      paint(cell, known ? numberAt(trace, quantity, entry) : undefined, { entry, quantity, largest: trace.largest, pending, label });
    }
  }

  /** @param {State} state */
  function paintStrips(state) {
    if (strips.length === 0) return;
    const palette = paletteOf(root);
    const { trace, cursor, example, moving } = state;
    for (const strip of strips) {
      const hidden = moving !== null && !revealed && strip.quantity in trace.steps[moving].values;
      const data = isKnown(trace, strip.quantity, cursor) && !hidden ? trace.quantities.get(strip.quantity) : undefined;
      const rows = /** @type {number[][] | null} */ (data?.data ?? data?.thumbnail ?? null);
      paintStrip(strip, rows && (example < 0 ? rows : [rows[Math.min(example, rows.length - 1)]]), { largest: trace.largest, palette });
    }
  }

  /** Amber for what happens now, a ring for what is looked at and for what it is made of. @param {State} state */
  function mark(state) {
    const { trace, cursor, example } = state;
    const now = /** @type {Set<string>} */ (cursor > 0 ? new Set(Object.keys(trace.steps[cursor - 1].values)) : new Set());
    const looked = state.pinned ?? state.hover;
    for (const element of marked) {
      element.classList.remove("now", "looked", "operand");
      element.removeAttribute("aria-pressed");
    }
    marked.clear();
    const dress = (/** @type {Element} */ element, /** @type {string} */ name) => {
      element.classList.add(name);
      marked.add(element);
    };
    for (const id of now) {
      for (const cell of cellsOf(id)) {
        dress(cell.root, "now");
        if (cell.show === "thread" && cell.fill) dress(cell.fill, "now");
      }
    }
    if (looked) {
      for (const cell of cellsOf(looked.quantity)) {
        if (entryOf(cell, example).join() !== looked.entry.join()) continue;
        dress(cell.root, "looked");
        if (state.pinned && cell.root.hasAttribute("role")) cell.root.setAttribute("aria-pressed", "true");
      }
      for (const { quantity, entry } of operandsOf(trace, looked)) {
        for (const cell of cellsOf(quantity)) if (entryOf(cell, example).join() === entry.join()) dress(cell.root, "operand");
      }
    }
    for (const frame of picture.querySelectorAll("[data-frame]")) {
      const quantity = /** @type {SVGElement} */ (frame).dataset.frame ?? "";
      frame.classList.toggle("now", now.has(quantity) || now.has(`d${quantity}`));
    }
    for (const gate of picture.querySelectorAll("[data-gate]")) {
      const layer = Number((/** @type {SVGElement} */ (gate).dataset.gate ?? "").split(",")[0]);
      gate.classList.toggle("now", now.has(`a${layer}`) || now.has(`dz${layer}`));
    }
  }

  /** Keep the layer of the current step in view. @param {State} state */
  function follow({ trace, cursor }) {
    const step = trace.steps[Math.max(0, cursor - 1)];
    const { layout, scale } = scene;
    const top = layout.height * scale - scroll.clientHeight;
    if (top > 4) scroll.scrollTop = Math.min(scroll.scrollTop, top);
    if (layout.width * scale <= scroll.clientWidth + 1) return;
    const wanted = cursor === 0 ? 0 : (centreOf(step.id) ?? 0) * scale - scroll.clientWidth / 2;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const seen = wanted + scroll.clientWidth / 2 - scroll.scrollLeft;
    if (seen < scroll.clientWidth * 0.2 || seen > scroll.clientWidth * 0.8) scroll.scrollTo({ left: wanted, behavior: calm ? "auto" : "smooth" });
  }

  /** The x of what a step is about. @param {string} id */
  function centreOf(id) {
    const { layout } = scene;
    if (id === "loss") return layout.loss.x;
    const [, , letter, layer] = /^(d?)([aWbz])(\d+)/.exec(id) ?? [];
    if (letter === "W") return (layout.weights[Number(layer) - 1].left + layout.weights[Number(layer) - 1].right) / 2;
    return layout.columns.find((column) => column.quantity === `${letter === "b" ? "z" : letter}${layer}`)?.x;
  }

  /** @param {PointerEvent} event */
  function tip(event) {
    const state = store.get();
    const entry = entryFrom(/** @type {Element} */ (event.target));
    tooltip.hidden = !entry;
    if (!entry) return;
    const x = numberAt(state.trace, entry.quantity, entry.entry);
    tooltip.replaceChildren(maths(symbolOf(state.trace, entry.quantity).mathml), html("span", {}, [`${subscript(entry.entry)} = ${x === undefined ? "·" : full(x)}`]));
    const box = root.getBoundingClientRect();
    const [w, h] = [tooltip.offsetWidth, tooltip.offsetHeight];
    tooltip.style.left = `${Math.max(4, Math.min(box.width - w - 4, event.clientX - box.left + 14))}px`;
    tooltip.style.top = `${Math.max(4, Math.min(box.height - h - 4, event.clientY - box.top + 18))}px`;
  }

  /** On a strip the pointer's place says which number it is on. @param {PointerEvent} event */
  function point(event) {
    const strip = strips.find(({ canvas }) => canvas === event.target);
    if (!strip || strip.canvas.classList.contains("unknown")) return;
    const { canvas, quantity, image } = strip;
    const { example } = store.get();
    const box = canvas.getBoundingClientRect();
    const column = Math.min(canvas.width - 1, Math.floor(((event.clientX - box.left) / box.width) * canvas.width));
    const row = Math.min(canvas.height - 1, Math.floor(((event.clientY - box.top) / box.height) * canvas.height));
    const entry = image ? [example, row * image[1] + column] : example < 0 ? [column, row] : [example, row];
    Object.assign(canvas.dataset, { quantity, entry: entry.join(","), value: String(numberAt(store.get().trace, quantity, entry)) });
    store.send({ type: "hover", entry: { quantity, entry } });
  }

  scroll.addEventListener("pointermove", (event) => {
    point(event);
    tip(event);
  });
  scroll.addEventListener("pointerleave", () => (tooltip.hidden = true));
  scroll.addEventListener("scroll", () => showEdges(store.get()), { passive: true });
  const observer = new ResizeObserver(() => {
    build(store.get());
    follow(store.get());
    root.dispatchEvent(new CustomEvent("relayout"));
  });
  observer.observe(scroll);

  return {
    scene: () => scene,
    /** @param {State} state @param {State} [before] */
    update(state, before) {
      revealed = revealed && state.moving === before?.moving;
      if (!before || state.presenting !== before.presenting || state.trace !== before.trace || state.example < 0 !== before.example < 0 || (state.example !== before.example && scene.layout.level === "strips")) {
        build(state);
        root.dispatchEvent(new CustomEvent("relayout"));
      } else if (state.example !== before.example) paintAll(state);
      else if (state.cursor !== before.cursor || state.moving !== before.moving) paintChange(state, before);
      else if (state.theme !== before.theme) paintStrips(state);
      if (state.hover !== before?.hover || state.pinned !== before?.pinned) mark(state);
      if (state.cursor !== before?.cursor || state.trace !== before?.trace) follow(state);
      root.classList.toggle("no-numbers", !state.numbers);
    },
    /** The moving step's numbers land shortly before its animation ends; updated parameters tick to their new values. @param {number} t */
    frame(t) {
      const state = store.get();
      if (state.moving === null) return;
      const step = state.trace.steps[state.moving];
      if (step.operation === "parameter_update") tick(state, ease(t));
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

  /** @param {State} state @param {number} t */
  function tick({ trace, moving, example }, t) {
    if (moving === null) return;
    const id = trace.steps[moving].id;
    for (const cell of cellsOf(id)) {
      if (!cell.text) continue;
      const entry = entryOf(cell, example);
      const [from, to] = [numberAt(trace, cell.quantity, entry), numberAt(trace, id, entry)];
      if (from !== undefined && to !== undefined) write(cell.text, short(from + (to - from) * t));
    }
  }
}

/** @param {Trace} trace */
function isLossThere(trace) {
  return trace.quantities.has("y");
}

/** Inputs that are pixels: as the preset says. @param {State} state @returns {[number, number] | null} */
function imageOf({ preset, trace }) {
  const image = preset.view?.image;
  return image && image[0] * image[1] === trace.start.layer_sizes[0] ? image : null;
}

/** One tab stop for each column: its first number; arrow keys reach the others. @param {Cell[]} cells */
function tabStops(cells) {
  const seen = new Set();
  for (const { root } of cells) {
    const column = root.getAttribute("data-column");
    if (!column || seen.has(column)) continue;
    seen.add(column);
    root.setAttribute("tabindex", "0");
  }
}

/** The numbers an entry is made of. @param {Trace} trace @param {Entry} looked @returns {Entry[]} */
function operandsOf(trace, looked) {
  const index = trace.stepOf.get(looked.quantity);
  if (index === undefined) return [];
  const { rule } = trace.steps[index];
  const shape = (/** @type {string} */ id) => trace.quantities.get(id)?.shape ?? [];
  const read = (/** @type {string} */ id, /** @type {number[]} */ entry) => numberAt(trace, id, entry);
  if (isEinsum(rule)) return expand(rule, looked.entry, read, shape).flatMap((term) => term.factors);
  return rule.operands.map((id) => ({ quantity: id, entry: shape(id).length ? looked.entry.slice(looked.entry.length - shape(id).length) : [] }));
}

/** The colours of the style sheet as numbers, for pixels. @param {Element} root */
function paletteOf(root) {
  const style = getComputedStyle(root);
  const rgb = (/** @type {string} */ name) => {
    return (style.getPropertyValue(name).match(/\d+/g) ?? []).slice(0, 3).map(Number);
  };
  return { paper: rgb("--strip"), pos: rgb("--value-pos"), neg: rgb("--value-neg"), gpos: rgb("--grad-pos"), gneg: rgb("--grad-neg") };
}
