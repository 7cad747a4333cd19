/** The current step in full: sentence, what is noteworthy, chain, matrices with live shapes. */

import { drawBadge } from "../draw/badge.js";
import { drawMatrices, refill } from "../draw/matrix.js";
import { maths } from "../draw/mathml.js";
import { attachPointing, entryFrom } from "../draw/pointing.js";
import { html } from "../draw/svg.js";
import { isGradient } from "../geometry/colours.js";
import { matricesOf } from "../model/matrices.js";
import { feedsOf, fits, operandsOf } from "../model/operands.js";
import { lookedAt } from "../model/reduce.js";
import { sameEntry } from "../model/subject.js";
import { along } from "../model/walk.js";

/** @import {Store} from "../model/store.js" */
/** @import {Event, State} from "../model/reduce.js" */
/** @import {Step} from "../types.js" */

/** @param {HTMLElement} root @param {Store<State, Event>} store @param {{again: () => void, go: (step: number) => void}} commands */
export function mountInspector(root, store, commands) {
  const head = html("div", { class: "head" });
  const cards = html("div", { class: "cards" });
  const foot = html("div", { class: "foot" });
  const live = html("p", { class: "visually-hidden", role: "status" });
  const current = html("div", { class: "current", tabindex: 0, role: "region", "aria-label": "The step" }, [head, cards]);
  root.prepend(current, foot);
  let scrolled = false; // known without asking: to ask, or to scroll in vain, is to lay the page out there and then
  current.addEventListener("scroll", () => (scrolled = current.scrollTop > 0), { passive: true });
  root.append(live);
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
      html("div", { class: "kicker-row" }, [html("p", { class: "kicker" }, [`${now.phase} · step ${cursor} of ${trace.steps.length}`])]),
      html("h2", {}, [maths(now.symbol.mathml), html("span", {}, [motion ?? now.title])]),
      html("p", { class: "sentence" }, [now.explanation]),
    );
    const broken = trace.end.flags.find(({ kind, step }) => kind === "non_finite" && step < cursor - 1);
    if (now.note) head.append(html("p", { class: "note", role: "note" }, [now.note]));
    for (const flag of trace.end.flags) if (flag.step === cursor - 1 && flag.kind !== "non_finite") head.append(html("p", { class: "note", role: "note" }, [flag.text]));
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
    verify(state);
    const next = trace.steps[along(state, 1) - 1];
    if (next && next !== now) foot.append(html("p", { class: "next" }, ["next: ", maths(next.symbol.mathml), ` ${next.title.split(": ")[1] ?? ""}`]));
    else if (state.target) foot.append(html("p", { class: "next" }, ["The walk has arrived."]));
    else if (now.phase === "update" && trace.start.omitted.length === 0 && trace.end.finite) {
      const again = html("button", { type: "button", class: "button primary" }, ["Apply and go again"]);
      again.addEventListener("click", commands.again);
      foot.append(html("p", { class: "next" }, ["The new parameters can become the current ones."]), again);
    }
    if (!state.playing) live.textContent = `Step ${cursor} of ${trace.steps.length}. ${now.title}. ${now.explanation}`;
  }

  /** Whether the gradient of this step is verified. @param {State} state */
  function verify(state) {
    head.querySelector(".kicker-row .badge")?.remove();
    if (state.cursor > 0) head.querySelector(".kicker-row")?.append(...verdictOn(state, state.trace.steps[state.cursor - 1].id));
  }

  /** The same step with other numbers; false where it has to be drawn anew. @param {State} state */
  function renumber(state) {
    verify(state);
    return state.cursor === 0 || refill(cards, matricesOf(state.trace.steps[state.cursor - 1], state));
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
    foot.append(keys, html("p", { class: "next" }, ["Double-click an input, a target, a weight or a bias to change it."]));
    live.textContent = `${preset.title}. ${trace.steps.length} steps.`;
  }

  return {
    /** @param {State} state @param {State} [before] */
    update(state, before) {
      const moved = !before || state.cursor !== before.cursor || state.trace.structure !== before.trace.structure || state.preset !== before.preset || state.example !== before.example;
      const changed = !moved && state.trace !== before.trace;
      if (moved || state.target !== before.target || state.more !== before.more || (changed && !(noted(state) === noted(before) && renumber(state)))) step(state);
      else if (state.check !== before.check) verify(state);
      if (moved || changed || state.hover !== before.hover || state.pinned !== before.pinned) light(root, state);
      if (moved && scrolled) current.scrollTo(0, 0);
    },
    destroy: () => root.replaceChildren(),
  };
}

/** What the words on a step depend on, of its numbers. @param {State} state */
function noted({ trace, cursor }) {
  return JSON.stringify([trace.steps[cursor - 1]?.note, trace.end.flags, trace.end.finite]);
}

/** @param {State} state @param {string} id */
function verdictOn({ check }, id) {
  const agreement = check?.quantities[id];
  if (check?.refused && isGradient(id)) return [html("span", { class: "badge unknown", title: check.refused, "data-verdict": "unknown" }, ["not verified", html("span", { class: "visually-hidden" }, [`: ${check.refused}`])])];
  return agreement ? [drawBadge(agreement, true)] : [];
}

/** Light up the looked-at number in the matrices, what it is made of and what it goes into. @param {HTMLElement} root @param {State} state */
function light(root, state) {
  const { trace, pinned } = state;
  const looked = lookedAt(state);
  const parts = new Set((looked ? operandsOf(trace, looked) : []).map(({ quantity, entry }) => `${quantity} ${entry}`));
  const next = looked ? feedsOf(trace, looked) : [];
  for (const element of root.querySelectorAll("button[data-quantity]")) {
    const quantity = /** @type {HTMLElement} */ (element).dataset.quantity ?? "";
    const entry = entryFrom(element)?.entry ?? [];
    const mine = sameEntry(looked, { quantity, entry });
    element.classList.toggle("looked", mine);
    element.classList.toggle("operand", parts.has(`${quantity} ${entry}`));
    element.classList.toggle("feeds", next.some((it) => it.quantity === quantity && fits(it.entry, entry)));
    element.setAttribute("aria-pressed", String(mine && pinned !== null));
  }
}
