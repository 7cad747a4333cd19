/** Composition root of the page about the chain rule. */

import { load } from "./draw/plotly.js";
import { askedBy, linkTo, moved, reduce } from "./model/chain_rule.js";
import { createStore } from "./model/store.js";
import { remember, remembered } from "./remembering.js";
import { askChainRule } from "./stream.js";
import { mountControls } from "./views/chain_controls.js";
import { mountEquation } from "./views/chain_equation.js";
import { mountPanels } from "./views/chain_panels.js";

/** @import {Asked, Event, State} from "./model/chain_rule.js" */

const STEP = { fine: 0.01, usual: 0.05, large: 0.5 };
const page = document.documentElement;
const $ = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (document.querySelector(selector));
const boot = JSON.parse($("#boot").textContent ?? "{}");
const answer = JSON.parse($("#answer").textContent ?? "{}");
const dark = matchMedia("(prefers-color-scheme: dark)");

/** @type {State} */
const initial = { answer, asked: askedBy(answer), theme: /** @type {"light" | "dark"} */ (remembered("theme") ?? (dark.matches ? "dark" : "light")), lost: null, fault: boot.fault };
/** @type {import("./model/store.js").Store<State, Event>} */
const store = createStore(reduce, initial);
const ask = askChainRule(boot.api, {
  answer: (it) => store.send({ type: "answer", answer: it }),
  fault: (text) => store.send({ type: "fault", text }),
  lost: (text) => store.send({ type: "lost", text }),
});

const commands = {
  /** @param {Partial<Asked>} asked */
  ask(asked) {
    store.send({ type: "ask", asked });
    ask(store.get().asked);
  },
  /** @param {number} by */
  move(by) {
    commands.ask({ theta: moved(store.get().asked.theta, by, boot.theta) });
  },
  theme() {
    const theme = store.get().theme === "dark" ? "light" : "dark";
    remember("theme", theme);
    store.send({ type: "theme", theme });
  },
};

/** @type {ReturnType<typeof setTimeout> | undefined} */
let written;

/** The address follows, a moment later: browsers allow only so many changes. @param {Asked} asked */
function writeLink(asked) {
  clearTimeout(written);
  written = setTimeout(() => history.replaceState(null, "", linkTo(asked)), 300);
}

/** @param {State} state @param {State} [before] */
function frame(state, before) {
  page.dataset.theme = state.theme;
  page.dataset.stale = String(state.asked.theta !== state.answer.theta || state.asked.outer !== state.answer.outer.name || state.asked.inner !== state.answer.inner.name);
  const trouble = state.fault ?? state.lost;
  $(".banner").hidden = !trouble;
  $(".banner p").textContent = trouble;
  if (before && state.asked !== before.asked) writeLink(state.asked);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const target = event.target instanceof Element ? event.target : document.body;
  const typing = target.matches("select, input:not([type=range])");
  const by = event.shiftKey ? STEP.fine : STEP.usual;
  const sliding = target.matches("input[type=range]");
  /** @type {Record<string, () => void>} */
  const keys = {
    ArrowRight: () => commands.move(by),
    ArrowLeft: () => commands.move(-by),
    ...(sliding ? { ArrowUp: () => commands.move(by), ArrowDown: () => commands.move(-by) } : {}),
    PageDown: () => commands.move(STEP.large),
    PageUp: () => commands.move(-STEP.large),
    d: commands.theme,
    D: commands.theme,
  };
  if (typing || !(event.key in keys)) return;
  event.preventDefault();
  keys[event.key]();
});

const panels = mountPanels($(".panels"), load(/** @type {HTMLLinkElement} */ (document.querySelector("#chart-library")).href), (text) => store.send({ type: "fault", text }));
const views = [mountControls(document.body, store, commands, boot.theta), mountEquation($(".equation"), store), panels];

/** @param {State} state @param {State} [before] */
function update(state, before) {
  frame(state, before);
  for (const view of views) view.update(state, before);
}

store.subscribe(update);
$(".banner button").addEventListener("click", () => store.send({ type: "fault", text: null }));
update(store.get());
panels.drawn.then(() => (page.dataset.ready = "true"));
