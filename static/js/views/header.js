/** What is being looked at: the preset, the network in a line, its loss and optimizer, the example of the batch; theme, keys, presenting. */

import { html } from "../draw/svg.js";
import { isPlain } from "../model/document.js";

/** @import {Store} from "../model/store.js" */
/** @import {Event, State} from "../model/reduce.js" */
/** @import {Named, Problem} from "../types.js" */

const FILE = "file:"; // no preset is called so
/** @type {(keyof State)[]} */
const ABOUT = ["trace", "request", "preset", "example", "stale", "past", "future", "before", "delta", "building", "convention", "theme"];

/** @param {HTMLElement} root @param {Store<State, Event>} store @param {{show: (name: string) => void, present: () => void, theme: () => void, convention: () => void, build: () => void, undo: () => void, redo: () => void, delta: () => void}} commands */
export function mountHeader(root, store, commands) {
  const find = (/** @type {string} */ name) => /** @type {HTMLElement} */ (root.querySelector(`[data-part="${name}"]`));
  const preset = /** @type {HTMLSelectElement} */ (find("preset"));
  const facts = find("facts");
  const example = /** @type {HTMLSelectElement} */ (find("example"));
  const exampleField = find("example-field");
  preset.addEventListener("change", () => {
    if (preset.value !== FILE) return commands.show(preset.value);
    nameIt(store.get());
    /** @type {HTMLInputElement} */ (find("file")).click();
  });
  for (const dialog of /** @type {const} */ (["data", "share", "export", "help"])) find(dialog).addEventListener("click", () => store.send({ type: "dialog", dialog }));
  example.addEventListener("change", () => store.send({ type: "example", example: Number(example.value) }));
  find("theme").addEventListener("click", commands.theme);
  for (const name of /** @type {const} */ (["convention", "present", "build", "undo", "redo", "delta"])) find(name).addEventListener("click", () => commands[name]());

  /** The preset in the menu, or what was made of it. @param {State} state */
  function nameIt({ preset: { name, title }, request }) {
    const own = !name || !isPlain(request);
    const shown = own ? "" : name;
    const text = own ? (name ? `changed: ${title}` : title) : "";
    if (preset.options[0].textContent !== text) preset.options[0].textContent = text;
    if (preset.value !== shown) preset.value = shown;
  }

  /** A button that is there while it has something to do; its focus goes to the other one. @param {string} name @param {string} other @param {boolean} has */
  function offer(name, other, has) {
    const left = !has && document.activeElement === find(name);
    find(name).hidden = !has;
    if (!left) return;
    find(other).hidden = false;
    find(other).focus();
  }

  let written = "";

  /** Facts and examples, where they are not what they were: numbers alone change neither. @param {State} state */
  function write(state) {
    const count = state.trace.examples;
    const [network, ...rest] = factsOf(state);
    const texts = [network, rest.join(" · ")];
    const options = Array.from({ length: count }, (_, n) => `${n + 1} of ${count}${classOf(state, n)}`);
    if (written === (written = [...texts, ...options].join("\n"))) return;
    facts.replaceChildren(...texts.map((text) => html("span", { class: "fact", title: text }, [text])));
    exampleField.hidden = count < 2;
    example.replaceChildren(...options.map((text, n) => html("option", { value: n }, [text])), html("option", { value: -1 }, [`all ${count}`]));
  }

  return {
    /** @param {State} state @param {State} [before] */
    update(state, before) {
      if (before && ABOUT.every((key) => state[key] === before[key])) return;
      if (!before || state.trace !== before.trace) write(state);
      if (!state.stale) nameIt(state); // also after a refused request
      offer("undo", "redo", state.past.length > 0);
      offer("redo", "undo", state.future.length > 0);
      find("delta").hidden = state.before === null;
      find("delta").setAttribute("aria-pressed", String(state.delta));
      find("build").setAttribute("aria-pressed", String(state.building));
      example.value = String(state.example);
      find("convention").textContent = state.convention === "column" ? "z = W a" : "z = a Wᵀ";
      find("convention").setAttribute("aria-label", `Vectors are ${state.convention === "column" ? "columns, z = W a + b; change to rows" : "rows, z = a Wᵀ + b; change to columns"}`);
      find("theme").setAttribute("aria-label", state.theme === "dark" ? "Light colours" : "Dark colours");
    },
    destroy() {},
  };
}

/** Sizes, activations, loss with its reductions, optimizer. @param {State} state */
function factsOf({ trace }) {
  const { problem, layer_sizes: sizes } = trace.start;
  const names = problem.layers.map((layer) => layer.activation.name.replace("_", " "));
  const runs = names.filter((name, k) => name !== names[k - 1]);
  const shape = sizes.length > 7 ? `${sizes.slice(0, 3).join(" → ")} → … → ${sizes[sizes.length - 1]} (${sizes.length - 1} layers)` : sizes.join(" → ");
  const facts = [`${shape} · ${runs.join(", ")}`];
  if (trace.stepOf.has("loss")) facts.push(lossInWords(problem.loss, trace.examples, sizes[sizes.length - 1]));
  if (problem.optimizer) facts.push(`${problem.optimizer.name} · η ${problem.optimizer.learning_rate}`);
  return facts;
}

/** @param {Named} loss @param {number} examples @param {number} outputs */
function lossInWords(loss, examples, outputs) {
  const scale = loss.scale === 0.5 ? "½ " : loss.scale === 1 ? "" : `${loss.scale} · `;
  const parts = [`${scale}${loss.name.replaceAll("_", " ")}`];
  if (outputs > 1) parts.push(`${loss.over_outputs} over ${outputs} outputs`);
  parts.push(examples > 1 ? `${loss.over_batch} over ${examples} examples` : "one example");
  return parts.join(" · ");
}

/** The class of an example, where the problem knows it. @param {State} state @param {number} n */
function classOf({ trace, preset }, n) {
  const target = /** @type {Problem["targets"]} */ (trace.start.problem.targets)?.[n];
  if (typeof target !== "number") return "";
  return ` · ${preset.view?.output_names?.[target] ?? `class ${target}`}`;
}
