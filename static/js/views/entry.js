/** One number in full: term by term, over all k, as the sum of its paths, or moved by ±ε. */

import { drawBadge, verdictOf } from "../draw/badge.js";
import { drawExpansion, drawShares } from "../draw/expansion.js";
import { kind } from "../draw/matrix.js";
import { maths } from "../draw/mathml.js";
import { drawPaths } from "../draw/paths.js";
import { drawProbe } from "../draw/probe.js";
import { html } from "../draw/svg.js";
import { isGradient } from "../geometry/colours.js";
import { exact, full, short, subscript } from "../geometry/numbers.js";
import { changeOf } from "../model/change.js";
import { isGiven } from "../model/document.js";
import { expansionOf, inSpeech, sharesOf } from "../model/expansion.js";
import { lookedAt } from "../model/reduce.js";
import { movableOf, parameterOf, sameEntry, subjectOf } from "../model/subject.js";
import { inWords, numberAt, symbolOf } from "../model/trace.js";

/** @import {Store} from "../model/store.js" */
/** @import {Event, State, Tool} from "../model/reduce.js" */
/** @import {Entry} from "../types.js" */

const SPEAKS_AFTER = 350; // ms: who runs along a row of numbers hears the last

/** @type {[Tool, string, string][]} */
const TOOLS = [
  ["terms", "terms", "The sum it is, term by term"],
  ["all-k", "all k", "The index form: every k, also those that are 0 (K)"],
  ["paths", "paths", "Every path from ℒ to this weight (P)"],
  ["check", "±ε check", "Move it by ε and compare the quotient with the gradient (V)"],
];

/** @param {HTMLElement} root @param {Store<State, Event>} store @param {{tool: (tool: Tool) => void, walk: (target: string) => void}} commands */
export function mountEntry(root, store, commands) {
  const tabs = html("div", { class: "tabs", role: "toolbar", "aria-label": "Ways to look at this number" });
  const name = html("p", { class: "entry-name" });
  const body = html("div", { class: "entry-body", tabindex: 0, role: "region", "aria-label": "One entry, term by term" });
  const live = html("p", { class: "visually-hidden", role: "status" });
  root.append(tabs, name, body, live);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let speech;

  /** @param {State} state @param {Entry} subject */
  function drawTabs(state, subject) {
    const held = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.tool;
    const has = { terms: true, "all-k": Boolean(indexFormOf(state, subject)), paths: Boolean(pathsTarget(state)), check: Boolean(movableOf(subject)) && state.trace.stepOf.has("loss") };
    const buttons = TOOLS.filter(([tool]) => has[tool]).map(([tool, text, title]) => {
      const button = html("button", { type: "button", class: "tab", title, "data-tool": tool, "aria-pressed": String(toolOf(state, subject) === tool) }, [text]);
      button.addEventListener("click", () => commands.tool(tool));
      return button;
    });
    const parameter = parameterOf(subject);
    if (parameter && state.trace.stepOf.has(`d${parameter.quantity}`) && state.target !== parameter.quantity) {
      const walk = html("button", { type: "button", class: "tab", title: "Follow the walk from ℒ to it (W)", "data-tool": "walk" }, ["walk here"]);
      walk.addEventListener("click", () => commands.walk(parameter.quantity));
      buttons.push(walk);
    }
    if (isGiven(subject)) {
      const change = html("button", { type: "button", class: "tab", title: "Another number in its place (double-click it, F2, or type)", "data-tool": "change" }, ["change"]);
      change.addEventListener("click", () => store.send({ type: "editing", entry: subject }));
      buttons.push(change);
    }
    const hint = state.pinned && sameEntry(state.pinned, subject) ? "pinned · Esc" : "point at any number";
    tabs.replaceChildren(...buttons, html("span", { class: "hint", "aria-hidden": "true" }, [hint]));
    if (held) /** @type {HTMLElement | null} */ (tabs.querySelector(`[data-tool="${held}"]`))?.focus();
  }

  /** @param {State} state @param {Entry} subject */
  function drawName(state, subject) {
    const { trace, check, cursor } = state;
    const change = changeOf(state, subject);
    const x = numberAt(trace, subject.quantity, subject.entry);
    const agreement = check?.quantities[subject.quantity] ?? check?.quantities[`d${subject.quantity}`];
    const known = cursor > (trace.stepOf.get(check?.quantities[subject.quantity] ? subject.quantity : `d${subject.quantity}`) ?? Infinity);
    name.replaceChildren(
      maths(symbolOf(trace, subject.quantity).mathml),
      html("sub", {}, [subject.entry.map((i) => i + 1).join(", ")]),
      html("span", { class: kind(isGradient(subject.quantity), x ?? 0) }, [x === undefined ? " …" : ` = ${full(x)}`]),
      ...(change ? [html("span", { class: "num change" }, [`Δ ${short(change, { signed: true })}`])] : []),
      ...(agreement && known ? [drawBadge(agreement)] : []),
      ...(trace.examples > 1 ? [html("span", { class: "words" }, [inWords(subject, trace)])] : []),
    );
    name.setAttribute("aria-label", `${inWords(subject, trace)} is ${x === undefined ? "on its way" : full(x)}${change ? `, changed by ${short(change)}` : ""}`);
  }

  /** @param {State} state @param {Entry} subject @returns {(Node | string)[]} */
  function content(state, subject) {
    const { trace, paths, probe } = state;
    const tool = toolOf(state, subject);
    const total = numberAt(trace, subject.quantity, subject.entry);
    if (tool === "all-k") {
      const step = trace.steps[trace.stepOf.get(subject.quantity) ?? 0];
      const shares = sharesOf(trace, step, subject.entry);
      return step.index_form && total !== undefined ? [holder(subject, total, drawShares(step.index_form, shares, total))] : [];
    }
    if (tool === "paths") return paths ? pathsOf(state) : [html("p", { class: "given" }, ["Following the paths …"])];
    if (tool === "check") {
      const agreement = state.check?.quantities[`d${movableOf(subject)?.quantity}`];
      const verdict = agreement ? [html("p", { class: "of" }, ["All entries: ", verdictOf(agreement).text, "."])] : [];
      return probe ? [epsilons(state), ...drawProbe(probe, plain(probe)), ...verdict] : [html("p", { class: "given" }, ["Moving it …"])];
    }
    const expansion = expansionOf(trace, subject);
    if (expansion.kind === "given") return [html("p", { class: "given" }, [expansion.text])];
    if (expansion.kind === "unsent") {
      const shape = trace.quantities.get(expansion.quantity)?.shape.join(" × ");
      const looked = lookedAt(state) !== null;
      const fetch = html("button", { type: "button", class: "tab" }, ["fetch them"]);
      fetch.addEventListener("click", () => store.send({ type: "pin", entry: subject }));
      return [html("p", { class: "given" }, [maths(symbolOf(trace, expansion.quantity).mathml), ` has ${shape} numbers, ${looked ? "on their way …" : "sent only when they are looked at. "}`, ...(looked ? [] : [fetch])])];
    }
    if (expansion.kind === "slope") return [holder(subject, expansion.total, [html("p", { class: "sum", "data-term": exact(expansion.total) }, ["the local derivative of the activation: ", html("strong", { class: "num" }, [short(expansion.total)])])])];
    return [holder(subject, expansion.total, drawExpansion(expansion, isGradient(subject.quantity)))];
  }

  /** @param {State} state */
  function pathsOf({ paths, trace, example }) {
    if (!paths) return [];
    const nodes = drawPaths(paths, trace.examples);
    for (const line of nodes.flatMap((node) => (node instanceof HTMLElement ? [.../** @type {NodeListOf<HTMLElement>} */ (node.querySelectorAll("[data-path]"))] : []))) {
      const look = () => store.send({ type: "path", path: Number(line.dataset.path) });
      line.addEventListener("pointerenter", look);
      line.addEventListener("focus", look);
      line.addEventListener("pointerleave", () => store.send({ type: "path", path: null }));
      line.addEventListener("blur", () => store.send({ type: "path", path: null }));
    }
    for (const list of nodes.filter((node) => node instanceof HTMLOListElement)) list.addEventListener("keydown", (event) => alongPaths(/** @type {KeyboardEvent} */ (event)));
    if (trace.examples > 1 && example >= 0) {
      const whole = html("button", { type: "button", class: "tab" }, [paths.example === null ? `only example ${example + 1}` : `all ${trace.examples} examples`]);
      whole.addEventListener("click", () => store.send({ type: "wide", on: paths.example !== null }));
      nodes.push(html("p", { class: "of" }, [whole]));
    }
    return nodes;
  }

  /** A slider over the ε that the server tried. @param {State} state */
  function epsilons({ probe, epsilon }) {
    const stops = (probe?.sweep ?? []).map((it) => it.epsilon).sort((a, b) => a - b);
    const range = html("input", { type: "range", min: 0, max: stops.length - 1, step: 1, "aria-label": "ε", "data-part": "epsilon" });
    range.value = String(Math.max(0, stops.findIndex((stop) => stop >= epsilon * 0.999)));
    range.setAttribute("aria-valuetext", `epsilon ${short(epsilon)}`);
    range.addEventListener("input", () => store.send({ type: "epsilon", epsilon: stops[Number(range.value)] }));
    return html("label", { class: "epsilon" }, [html("span", {}, [`ε = ${short(epsilon)}`]), range]);
  }

  /** @param {State} state */
  function draw(state) {
    const subject = subjectOf(state);
    root.hidden = !subject;
    if (!subject) return;
    const dragging = document.activeElement instanceof HTMLElement && document.activeElement.dataset.part === "epsilon";
    root.dataset.tool = toolOf(state, subject);
    root.dataset.pinned = String(sameEntry(state.pinned, subject));
    drawTabs(state, subject);
    drawName(state, subject);
    const range = dragging ? body.querySelector("label.epsilon") : null;
    const nodes = content(state, subject);
    const [first, ...rest] = nodes;
    if (range && first instanceof HTMLElement && first.matches("label.epsilon")) {
      // The slider that is being dragged stays the same element, or the drag would end.
      range.firstElementChild?.replaceWith(/** @type {Element} */ (first.firstElementChild));
      while (range.nextSibling) range.nextSibling.remove();
      range.after(...rest);
    } else body.replaceChildren(...nodes);
    if (!lookedAt(state) || toolOf(state, subject) !== "terms") return;
    clearTimeout(speech);
    speech = setTimeout(() => (live.textContent = `${inWords(subject, state.trace)}: ${inSpeech(expansionOf(state.trace, subject), short)}`), SPEAKS_AFTER);
  }

  return {
    /** @param {State} state @param {State} [before] */
    update(state, before) {
      /** @type {(keyof State)[]} */
      const about = ["trace", "cursor", "example", "hover", "pinned", "tool", "target", "check", "paths", "probe", "epsilon", "editing", "delta"];
      if (!before || about.some((key) => state[key] !== before[key])) draw(state);
    },
    destroy: () => root.replaceChildren(),
  };
}

/** The tool that is shown: the chosen one, as long as it has something to say of this number. @param {State} state @param {Entry} subject @returns {Tool} */
function toolOf(state, subject) {
  if (state.tool === "all-k") return indexFormOf(state, subject) ? "all-k" : "terms";
  // Paths and ε are of the pinned number: others may be pointed at meanwhile.
  const says = { terms: true, paths: parameterOf(subject) !== null, check: movableOf(subject) !== null };
  return sameEntry(state.pinned, subject) && says[state.tool] ? state.tool : "terms";
}

/** @param {State} state @param {Entry} subject */
function indexFormOf({ trace }, subject) {
  const index = trace.stepOf.get(subject.quantity);
  return index === undefined ? undefined : trace.steps[index].index_form;
}

/** @param {State} state */
function pathsTarget(state) {
  const parameter = parameterOf(subjectOf(state));
  return parameter && state.trace.stepOf.has(`d${parameter.quantity}`) ? parameter : null;
}

/** @param {Entry} looked @param {number} total @param {(Node | string)[]} children */
function holder(looked, total, children) {
  return html("div", { class: "expansion", "data-expansion": looked.quantity, "data-entry": looked.entry.join(","), "data-total": exact(total) }, children);
}

/** Arrow keys go from path to path. @param {KeyboardEvent} event */
function alongPaths(event) {
  const line = /** @type {HTMLElement} */ (event.target);
  const next = event.key === "ArrowDown" ? line.nextElementSibling : event.key === "ArrowUp" ? line.previousElementSibling : null;
  if (!line.matches("[data-path]") || !(next instanceof HTMLElement)) return;
  event.preventDefault();
  event.stopPropagation();
  next.focus();
}

/** @param {Entry} entry */
function plain({ quantity, entry }) {
  return `${quantity[0]}${subscript(entry)}`;
}
