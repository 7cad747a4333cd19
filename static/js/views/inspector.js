/** The current step in full: sentence, chain, matrices with live shapes, and one entry term by term. */

import { drawMatrices, kind } from "../draw/matrix.js";
import { attachPointing } from "../draw/pointing.js";
import { html } from "../draw/svg.js";
import { maths } from "../draw/mathml.js";
import { exact, factor, full, short } from "../geometry/numbers.js";
import { expand, fill, isEinsum } from "../model/component.js";
import { matricesOf } from "../model/matrices.js";
import { lookedAt } from "../model/reduce.js";
import { firstEntry, inWords, isGradient, numberAt, readersOf, symbolOf } from "../model/trace.js";

/** @import {Store} from "../model/store.js" */
/** @import {Event, State} from "../model/reduce.js" */
/** @import {Trace} from "../model/trace.js" */
/** @import {Term, Factor} from "../model/component.js" */
/** @import {Entry, Step} from "../types.js" */

const UNFOLDED = 4; // terms of a long sum

/** @param {HTMLElement} root @param {Store<State, Event>} store @param {{again: () => void, go: (step: number) => void}} commands */
export function mountInspector(root, store, commands) {
  const head = html("div", { class: "head" });
  const cards = html("div", { class: "cards" });
  const entryCard = html("section", { class: "card entry-card", tabindex: 0, "aria-label": "One entry, term by term" });
  const foot = html("div", { class: "foot" });
  const live = html("p", { class: "visually-hidden", role: "status" });
  root.append(html("div", { class: "current", tabindex: 0 }, [head, cards]), foot, entryCard, live);
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
    const broken = trace.end.flags.find(({ kind, step }) => kind === "non_finite" && step < cursor - 1);
    if (now.note) head.append(html("p", { class: "note", role: "note" }, [now.note]));
    if (broken) {
      const back = html("button", { type: "button", class: "button" }, [`See step ${broken.step + 1}`]);
      back.addEventListener("click", () => commands.go(broken.step + 1));
      head.append(html("p", { class: "note", role: "note" }, [`∞ or NaN since step ${broken.step + 1}. ${broken.text} `, back]));
    }
    if (now.chain) {
      cards.append(html("section", { class: "card chain", "aria-label": "Chain rule" }, [html("h3", {}, ["chain rule"]), html("div", { class: "formula" }, [maths(now.chain.mathml)])]));
    }
    const numbers = html("section", { class: "card numbers", "aria-label": "With numbers" }, [html("h3", {}, [now.chain ? "so, with numbers" : "with numbers"]), html("div", { class: "formula" }, [maths(now.equation.mathml)]), drawMatrices(matricesOf(now, state))]);
    cards.append(numbers);
    const next = trace.steps[cursor];
    if (next) foot.append(html("p", { class: "next" }, ["next: ", maths(next.symbol.mathml), ` ${next.title.split(": ")[1] ?? ""}`]));
    else if (now.phase === "update" && trace.start.omitted.length === 0 && trace.end.finite) {
      const again = html("button", { type: "button", class: "button primary" }, ["Apply and go again"]);
      again.addEventListener("click", commands.again);
      foot.append(html("p", { class: "next" }, ["The new parameters can become the current ones."]), again);
    }
    if (!state.playing) live.textContent = `Step ${cursor} of ${trace.steps.length}. ${now.title}. ${now.explanation}`;
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
    const { trace, cursor, pinned, example } = state;
    const now = cursor > 0 ? trace.steps[cursor - 1] : null;
    const looked = lookedAt(state) ?? (now ? { quantity: now.id, entry: firstEntry(trace, now.id, Math.max(0, example)) } : null);
    entryCard.replaceChildren();
    entryCard.hidden = !looked;
    if (!looked) return;
    const x = numberAt(trace, looked.quantity, looked.entry);
    const isPinned = pinned !== null && pinned.quantity === looked.quantity && pinned.entry.join() === looked.entry.join();
    const title = html("h3", {}, [isPinned ? "this entry · pinned; click it again or press Esc" : "one entry, term by term · point at any number"]);
    const name = html("p", { class: "entry-name" }, [maths(symbolOf(trace, looked.quantity).mathml), html("sub", {}, [looked.entry.map((i) => i + 1).join(", ")]), html("span", { class: kind(isGradient(looked.quantity), x ?? 0) }, [x === undefined ? " not sent: too large" : ` = ${full(x)}`])]);
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
      if (moved) root.firstElementChild?.scrollTo(0, 0);
    },
    destroy: () => root.replaceChildren(),
  };
}

/** The step that brings a local derivative or a new optimizer state along. @param {Trace} trace @param {string} id */
function ownerOf(trace, id) {
  const born = trace.bornAt.get(id) ?? -1;
  return born >= 0 ? born : undefined;
}

/** @param {Factor} f */
function number(f) {
  return html("span", { class: kind(isGradient(f.quantity), f.value), title: full(f.value) }, [factor(f.value)]);
}

/** @param {Trace} trace @param {Step} step @param {Entry} looked @param {number} total */
function expansion(trace, step, looked, total) {
  const { read, shape } = readersOf(trace);
  const holder = html("div", { class: "expansion", "data-expansion": looked.quantity, "data-entry": looked.entry.join(","), "data-total": exact(total) });
  const result = html("strong", { class: kind(isGradient(looked.quantity), total) }, [short(total)]);
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
  const { read, shape } = readersOf(trace);
  const [rows, columns] = shape(rule.operands[0]);
  /** @type {(Node | string)[]} */
  const parts = [front, "["];
  let shown = 0;
  for (let n = 0; n < rows && shown < 6; n += 1) {
    for (let i = 0; i < columns && shown < 6; i += 1, shown += 1) {
      const one = fill({ ...rule, formula: inner }, [n, i], read, shape);
      parts.push(shown ? " + " : "", ...one.map((part) => (typeof part === "string" ? part : number(part))));
    }
  }
  parts.push(rows * columns > 6 ? ` + … ${rows * columns - 6} more]` : "]");
  return parts;
}

/** Light up the looked-at number in the matrices. @param {HTMLElement} root @param {State} state */
function light(root, state) {
  const looked = lookedAt(state);
  for (const element of root.querySelectorAll("button[data-quantity]")) {
    const { quantity, entry } = /** @type {HTMLElement} */ (element).dataset;
    const mine = looked !== null && quantity === looked.quantity && entry === looked.entry.join(",");
    element.classList.toggle("looked", mine);
    element.setAttribute("aria-pressed", String(mine && state.pinned !== null));
  }
}

