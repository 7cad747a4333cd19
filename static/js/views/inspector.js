/** The current step in full: sentence, chain, matrices with live shapes, and one entry term by term. */

import { attachPointing } from "../draw/pointing.js";
import { html } from "../draw/svg.js";
import { maths } from "../draw/mathml.js";
import { exact, factor, full, short } from "../geometry/numbers.js";
import { arrange, expand, fill, isEinsum } from "../model/component.js";
import { firstEntry, inWords, isGradient, isKnown, numberAt, symbolOf } from "../model/trace.js";

/** @import {Store} from "../model/store.js" */
/** @import {Event, State} from "../model/reduce.js" */
/** @import {Trace} from "../model/trace.js" */
/** @import {Term, Factor} from "../model/component.js" */
/** @import {Entry, Step} from "../types.js" */

const ROWS = 5; // of a matrix shown at once
const COLUMNS = 4;
const UNFOLDED = 4; // terms of a long sum

/** @param {HTMLElement} root @param {Store<State, Event>} store @param {{again: () => void}} commands */
export function mountInspector(root, store, commands) {
  const head = html("div", { class: "head" });
  const cards = html("div", { class: "cards" });
  const entryCard = html("section", { class: "card entry-card", "aria-label": "One entry, term by term" });
  const foot = html("div", { class: "foot" });
  const live = html("p", { class: "visually-hidden", role: "status" });
  root.append(head, cards, entryCard, foot, live);
  attachPointing(root, store);

  /** @param {State} state */
  function step(state) {
    const { trace, cursor } = state;
    head.replaceChildren();
    cards.replaceChildren();
    foot.replaceChildren();
    if (cursor === 0) return start(state);
    const now = trace.steps[cursor - 1];
    root.dataset.phase = now.phase;
    const [, motion] = now.title.split(": ");
    head.append(
      html("p", { class: "kicker" }, [`${now.phase} · step ${cursor} of ${trace.steps.length}`]),
      html("h2", {}, [maths(now.symbol.mathml), html("span", {}, [motion ?? now.title])]),
      html("p", { class: "sentence" }, [now.explanation]),
    );
    if (now.note) head.append(html("p", { class: "note", role: "note" }, [now.note]));
    if (now.chain) {
      const chain = html("section", { class: "card chain", "aria-label": "Chain rule" }, [html("h3", {}, ["chain rule"]), html("div", { class: "formula" }, [maths(now.chain.mathml)])]);
      chain.append(html("p", { class: "because" }, [html("span", { class: "not-easy" }, ["already known"]), " × ", html("span", { class: "easy" }, ["it is ", maths(now.chain.local.is.mathml)])]));
      cards.append(chain);
    }
    const numbers = html("section", { class: "card numbers", "aria-label": "With numbers" }, [html("h3", {}, [now.chain ? "so, with numbers" : "with numbers"]), html("div", { class: "formula" }, [maths(now.equation.mathml)]), matrices(now, state)]);
    cards.append(numbers);
    const next = trace.steps[cursor];
    if (next) foot.append(html("p", { class: "next" }, ["next: ", maths(next.symbol.mathml), ` ${next.title.split(": ")[1] ?? ""}`]));
    else if (now.phase === "update" && trace.start.omitted.length === 0) {
      const again = html("button", { type: "button", class: "button primary" }, ["Apply and go again"]);
      again.addEventListener("click", commands.again);
      foot.append(html("p", { class: "next" }, ["The new parameters can become the current ones."]), again);
    }
    live.textContent = `Step ${cursor} of ${trace.steps.length}. ${now.title}. ${now.explanation}`;
  }

  /** @param {State} state */
  function start({ trace, preset }) {
    root.dataset.phase = "start";
    head.append(
      html("p", { class: "kicker" }, [`start · ${trace.steps.length} steps`]),
      html("h2", {}, [html("span", {}, [preset.title])]),
      html("p", { class: "sentence" }, [preset.description]),
    );
    if (preset.source) head.append(html("p", { class: "source" }, [`Numbers: ${preset.source}`]));
    const keys = html("p", { class: "next" }, ["Press ", html("kbd", {}, ["→"]), " for the first step, ", html("kbd", {}, ["space"]), " to play."]);
    foot.append(keys);
    live.textContent = `${preset.title}. ${trace.steps.length} steps.`;
  }

  /** @param {State} state */
  function entry(state) {
    const { trace, cursor, pinned, hover, example } = state;
    const now = cursor > 0 ? trace.steps[cursor - 1] : null;
    const looked = [pinned, hover].find((it) => it && isKnown(trace, it.quantity, cursor)) ?? (now ? { quantity: now.id, entry: firstEntry(trace, now.id, Math.max(0, example)) } : null);
    entryCard.replaceChildren();
    entryCard.hidden = !looked;
    if (!looked) return;
    const x = numberAt(trace, looked.quantity, looked.entry);
    const isPinned = pinned !== null && pinned.quantity === looked.quantity && pinned.entry.join() === looked.entry.join();
    const title = html("h3", {}, [isPinned ? "this entry · pinned, Esc lets go" : "one entry, term by term · point at any number"]);
    const name = html("p", { class: "entry-name" }, [maths(symbolOf(trace, looked.quantity).mathml), html("sub", {}, [looked.entry.map((i) => i + 1).join(", ")]), html("span", { class: kind(looked.quantity, x) }, [x === undefined ? " not sent: too large" : ` = ${full(x)}`])]);
    name.setAttribute("aria-label", `${inWords(looked, trace)} is ${x === undefined ? "not sent" : full(x)}`);
    entryCard.append(title, name);
    const index = trace.stepOf.get(looked.quantity) ?? ownerOf(trace, looked.quantity);
    if (index === undefined) {
      entryCard.append(html("p", { class: "given" }, [looked.quantity === "a0" ? "An input: given." : looked.quantity === "y" ? "A target: given." : "A parameter: given, and changed only by the update."]));
      return;
    }
    if (x !== undefined) entryCard.append(expansion(trace, trace.steps[index], looked, x));
  }

  return {
    /** @param {State} state @param {State} [before] */
    update(state, before) {
      const moved = !before || state.cursor !== before.cursor || state.trace !== before.trace || state.example !== before.example;
      if (moved) step(state);
      if (moved || state.hover !== before.hover || state.pinned !== before.pinned) {
        entry(state);
        light(root, state);
      }
      if (moved) root.scrollTop = 0;
    },
    destroy: () => root.replaceChildren(),
  };
}

/** The step that brings a local derivative or a new optimizer state along. @param {Trace} trace @param {string} id */
function ownerOf(trace, id) {
  const born = trace.bornAt.get(id) ?? -1;
  return born >= 0 ? born : undefined;
}

/** @param {string} quantity @param {number | undefined} x */
function kind(quantity, x) {
  return `num ${isGradient(quantity) ? "gradient" : "value"} ${x !== undefined && x < 0 ? "neg" : "pos"}`;
}

/** @param {Factor} f */
function number(f) {
  return html("span", { class: kind(f.quantity, f.value), title: full(f.value) }, [factor(f.value)]);
}

/** @param {Trace} trace @param {Step} step @param {Entry} looked @param {number} total */
function expansion(trace, step, looked, total) {
  const read = (/** @type {string} */ id, /** @type {number[]} */ at) => numberAt(trace, id, at);
  const shape = (/** @type {string} */ id) => trace.quantities.get(id)?.shape ?? [];
  const holder = html("div", { class: "expansion", "data-expansion": looked.quantity, "data-entry": looked.entry.join(","), "data-total": exact(total) });
  const result = html("strong", { class: kind(looked.quantity, total) }, [short(total)]);
  if (step.id !== looked.quantity) {
    holder.append(html("p", { class: "sum", "data-term": exact(total) }, ["the local derivative of the activation: ", result]));
    return holder;
  }
  const unsent = step.rule.operands.find((id) => trace.quantities.get(id)?.data === null);
  if (unsent) {
    holder.append(html("p", { class: "given" }, [maths(symbolOf(trace, unsent).mathml), ` has ${shape(unsent).join(" × ")} numbers, too many to be sent here; ask the API for quantities=${unsent}.`]));
    return holder;
  }
  if (!isEinsum(step.rule)) {
    const parts = fill(step.rule, looked.entry, read, shape);
    const line = html("p", { class: "sum", "data-term": exact(total) }, parts.map((part) => (typeof part === "string" ? part : number(part))));
    if (step.operation === "loss") line.replaceChildren(...lossTerms(trace, step.rule));
    line.append(" = ", result);
    holder.append(line);
    return holder;
  }
  const terms = expand(step.rule, looked.entry, read, shape);
  if (terms.length <= UNFOLDED) {
    const line = html("p", { class: "sum" });
    terms.forEach((term, k) => line.append(k ? " + " : "", product(term)));
    line.append(" = ", result);
    holder.append(line);
    return holder;
  }
  const order = [...terms].sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const rows = order.slice(0, UNFOLDED).map(row);
  const rest = order.slice(UNFOLDED);
  const more = html("details", {}, [html("summary", {}, [`${rest.length} smaller terms, together ${short(rest.reduce((sum, term) => sum + term.value, 0))}`]), ...rest.map(row)]);
  holder.append(html("p", { class: "of" }, [`largest ${UNFOLDED} of ${terms.length} terms`]), ...rows, more, html("p", { class: "sum total" }, ["sum = ", result]));
  return holder;
}

/** @param {Term} term */
function product(term) {
  const span = html("span", { class: "term", "data-term": exact(term.value) });
  term.factors.forEach((f, k) => span.append(k ? " · " : "", number(f)));
  return span;
}

/** @param {Term} term */
function row(term) {
  const line = html("div", { class: "row", "data-term": exact(term.value) });
  const left = html("span");
  term.factors.forEach((f, k) => left.append(k ? " · " : "", number(f)));
  line.append(left, html("span", { class: "equals" }, [`= ${short(term.value)}`]));
  return line;
}

/** The loss written out over outputs and examples. @param {Trace} trace @param {import("../types.js").FunctionRule} rule @returns {(Node | string)[]} */
function lossTerms(trace, rule) {
  const [front, inner] = rule.formula.split("Σ ");
  const [rows, columns] = trace.quantities.get(rule.operands[0])?.shape ?? [0, 0];
  /** @type {(Node | string)[]} */
  const parts = [front, "["];
  let shown = 0;
  for (let n = 0; n < rows && shown < 6; n += 1) {
    for (let i = 0; i < columns && shown < 6; i += 1, shown += 1) {
      const one = fill({ ...rule, formula: inner }, [n, i], (id, at) => numberAt(trace, id, at), (id) => trace.quantities.get(id)?.shape ?? []);
      parts.push(shown ? " + " : "", ...one.map((part) => (typeof part === "string" ? part : number(part))));
    }
  }
  parts.push(rows * columns > 6 ? ` + … ${rows * columns - 6} more]` : "]");
  return parts;
}

/** @param {Step} step @param {State} state */
function matrices(step, state) {
  const { rule } = step;
  const { trace } = state;
  const line = html("div", { class: "matrices" });
  if (!isEinsum(rule)) {
    const result = matrix(trace, step.id, state, {});
    rule.operands.forEach((id, k) => line.append(group(k ? "," : "", matrix(trace, id, state, {}))));
    line.append(group("↦", result));
    return line;
  }
  const shapes = arrange(rule);
  if (!shapes) {
    line.append(group(trace.examples > 1 ? "Σₙ" : "", matrix(trace, rule.operands[0], state, {})));
  } else {
    const { left, right, elementwise, stacked } = shapes;
    line.append(group("", matrix(trace, left.operand, state, { transposed: left.transposed, stacked })), group(elementwise ? "⊙" : "·", matrix(trace, right.operand, state, { transposed: right.transposed, stacked })));
  }
  if (rule.add) line.append(group("+", matrix(trace, rule.add, state, {})));
  line.append(group("=", matrix(trace, step.id, state, { stacked: shapes?.stacked })));
  return line;
}

/** An operator stays with the matrix after it. @param {string} sign @param {HTMLElement} operand */
function group(sign, operand) {
  return html("div", { class: "operand" }, [...(sign ? [html("span", { class: "op" }, [sign])] : []), operand]);
}

/** @param {Trace} trace @param {string} id @param {State} state @param {{transposed?: boolean, stacked?: boolean}} how stacked: one example alone, because the other operand is its Jacobian */
function matrix(trace, id, state, { transposed = false, stacked = false }) {
  const q = trace.quantities.get(id);
  const holder = html("figure", { class: `matrix-holder ${isGradient(id) ? "gradient" : "value"}` });
  if (!q) return holder;
  if (q.data === null) {
    holder.append(html("div", { class: "brackets absent" }, ["too large to send"]), caption(trace, id, q.shape.join("×"), transposed));
    return holder;
  }
  const n = Math.max(0, state.example);
  const dims = q.shape.length;
  const stackedHere = stacked && dims >= 2;
  const [rows, columns] = dims === 0 ? [1, 1] : dims === 1 ? [1, q.shape[0]] : stackedHere ? (dims === 3 ? [q.shape[1], q.shape[2]] : [1, q.shape[1]]) : [q.shape[0], q.shape[1]];
  /** @param {number} r @param {number} c */
  const at = (r, c) => (dims === 0 ? [] : dims === 1 ? [c] : dims === 3 ? [n, r, c] : stackedHere ? [n, c] : [r, c]);
  const [high, wide] = transposed ? [columns, rows] : [rows, columns];
  const focus = state.pinned?.quantity === id ? state.pinned.entry : q.axes[0] === "example" && dims === 2 && !stackedHere ? (transposed ? [0, n] : [n, 0]) : [0, 0];
  const [shownRows, shownColumns] = [crop(high, ROWS, focus[focus.length - 2] ?? 0), crop(wide, COLUMNS, focus[focus.length - 1] ?? 0)];
  const table = html("table", { class: "matrix", role: "presentation" });
  for (const r of shownRows) {
    const tr = html("tr");
    for (const c of shownColumns) {
      const entry = transposed ? at(c, r) : at(r, c);
      const x = numberAt(trace, id, entry);
      if (r < 0 || c < 0 || x === undefined) {
        tr.append(html("td", {}, [r < 0 && c < 0 ? "⋱" : r < 0 ? "⋮" : "…"]));
        continue;
      }
      const button = html("button", { type: "button", class: kind(id, x), tabindex: table.querySelector("button") || tr.querySelector("button") ? -1 : 0, "data-quantity": id, "data-entry": entry.join(","), "data-value": exact(x), title: full(x), "aria-label": `${inWords({ quantity: id, entry }, trace)}: ${short(x)}` }, [short(x)]);
      if (dims === 2 && q.axes[0] === "example" && !stackedHere && trace.examples > 1 && entry[0] === n) button.classList.add("mine");
      tr.append(html("td", {}, [button]));
    }
    table.append(tr);
  }
  holder.append(html("div", { class: "brackets" }, [table]), caption(trace, id, `${high}×${wide}`, transposed));
  return holder;
}

/** A matrix's symbol and live shape. @param {Trace} trace @param {string} id @param {string} shape @param {boolean} transposed */
function caption(trace, id, shape, transposed) {
  return html("figcaption", {}, [maths(symbolOf(trace, id).mathml), ...(transposed ? [html("sup", {}, ["T"])] : []), html("span", { class: "shape" }, [shape])]);
}

/** Indices to show of so many: all, or a window around the one in focus with −1 for what is left out. @param {number} count @param {number} most @param {number} focus */
function crop(count, most, focus) {
  if (count <= most) return Array.from({ length: count }, (_, k) => k);
  const from = Math.max(0, Math.min(count - (most - 1), focus - Math.floor((most - 1) / 2)));
  const window = Array.from({ length: most - 1 }, (_, k) => from + k);
  return [...(from > 0 ? [-1] : []), ...(from > 0 ? window.slice(1) : window), ...(from + most - 1 < count ? [-1] : [])];
}

/** Light up the looked-at number in the matrices. @param {HTMLElement} root @param {State} state */
function light(root, { hover, pinned }) {
  const looked = pinned ?? hover;
  for (const element of root.querySelectorAll("button[data-quantity]")) {
    const { quantity, entry } = /** @type {HTMLElement} */ (element).dataset;
    const mine = looked !== null && quantity === looked.quantity && entry === looked.entry.join(",");
    element.classList.toggle("looked", mine);
    element.setAttribute("aria-pressed", String(mine && pinned !== null));
  }
}

