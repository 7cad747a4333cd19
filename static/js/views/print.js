/** On paper: a worked solution, one step a block. Made only when somebody prints. */

import { drawMatrices } from "../draw/matrix.js";
import { maths } from "../draw/mathml.js";
import { html } from "../draw/svg.js";
import { matricesOf } from "../model/matrices.js";

/** @import {Store} from "../model/store.js" */
/** @import {Event, State} from "../model/reduce.js" */

/** @param {HTMLElement} root @param {Store<State, Event>} store */
export function mountPrint(root, store) {
  const write = () => {
    const state = store.get();
    root.replaceChildren(
      html("h2", {}, [state.preset.title]),
      ...state.trace.steps.map((step) =>
        html("section", { class: "block" }, [
          html("h3", {}, [`${step.index + 1}. `, maths(step.symbol.mathml), ` ${step.title.split(": ")[1] ?? ""}`]),
          html("p", {}, [step.explanation]),
          html("div", { class: "formula" }, [maths(step.equation.mathml)]),
          drawMatrices(matricesOf(step, state)),
        ]),
      ),
    );
  };
  const clear = () => root.replaceChildren();
  addEventListener("beforeprint", write);
  addEventListener("afterprint", clear);
  return {
    update() {},
    destroy() {
      removeEventListener("beforeprint", write);
      removeEventListener("afterprint", clear);
    },
  };
}
