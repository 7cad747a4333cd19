/** ∂f/∂θ = ∂f/∂a · ∂a/∂θ with its three numbers, the check by a difference quotient, and the same in words. */

import { maths } from "../draw/mathml.js";
import { exact, full, short } from "../geometry/numbers.js";
import { numberAt } from "../model/chain_rule.js";

/** @import {Answer, Event, Slope, State} from "../model/chain_rule.js" */
/** @import {Store} from "../model/store.js" */

const SAY_AFTER_MS = 600; // a moving slider must not talk without end

/** @param {HTMLElement} root @param {Store<State, Event>} store */
export function mountEquation(root, store) {
  const find = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (root.querySelector(selector));
  const check = find(".check");
  const note = find(".note");
  const spoken = find('[role="status"]');
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let speaking;

  /** @param {Slope} name @param {Answer} answer */
  function slope(name, answer) {
    const x = numberAt(answer, `/slopes/${name}`);
    const number = find(`[data-slope="${name}"] .num`);
    number.textContent = short(x);
    number.className = `num gradient ${x < 0 ? "neg" : "pos"}`;
    number.dataset.value = exact(x);
    number.title = full(x);
  }

  return {
    /** @param {State} state @param {State} [before] */
    update({ answer }, before) {
      if (before && answer === before.answer) return;
      slope("product", answer);
      slope("outer", answer);
      slope("inner", answer);
      for (const part of /** @type {const} */ (["outer", "inner"])) formula(find(`[data-slope="${part}"] .formula`), answer.equations[`${part}_slope`].mathml);
      const { agrees, comparable, kink } = answer.check;
      check.dataset.verdict = agrees ? "agrees" : kink ? "kink" : comparable ? "differs" : "silent";
      find(".check .mark").textContent = agrees ? "✓" : kink || !comparable ? "–" : "✗";
      find(".check .verdict").textContent = agrees ? "checked numerically" : kink ? "a kink" : comparable ? "does not agree" : "nothing to check";
      find(".check .quotient").textContent = short(numberAt(answer, "/check/quotient"));
      find(".check .difference").textContent = `differs by ${short(numberAt(answer, "/check/difference"))}`;
      find(".check .quotient").dataset.value = exact(numberAt(answer, "/check/quotient"));
      formula(find(".check .epsilon"), answer.equations.epsilon.mathml);
      note.textContent = answer.note ?? "";
      note.hidden = !answer.note;
      for (const part of [".sum", ".difference", ".epsilon"]) find(`.check ${part}`).hidden = !note.hidden;
      clearTimeout(speaking);
      if (before) speaking = setTimeout(() => (spoken.textContent = `${store.get().answer.sentence} ${store.get().answer.note ?? ""}`), SAY_AFTER_MS);
    },
    destroy() {
      clearTimeout(speaking);
    },
  };
}

/** @param {HTMLElement} node @param {string} mathml */
function formula(node, mathml) {
  if (node.dataset.shown === mathml) return;
  node.dataset.shown = mathml;
  node.replaceChildren(maths(mathml));
}
