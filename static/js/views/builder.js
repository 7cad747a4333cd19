/** Building: the network from its inputs to its loss as a list of fields, with all menus from the catalog. */

import { button } from "../draw/dialog.js";
import { checkField, menuField, numberField, signButton, stepperField } from "../draw/fields.js";
import { html } from "../draw/svg.js";
import { chosen, moved, outline, withBias, withFunction, withInputs, withLayer, withoutLayer, withUnits } from "../model/building.js";

/** @import {Field} from "../draw/fields.js" */
/** @import {Making, Outline, Place} from "../model/building.js" */
/** @import {Store} from "../model/store.js" */
/** @import {Event, State} from "../model/reduce.js" */
/** @import {Choice, Fault, Named, Parameter} from "../types.js" */

const MINE = '[data-view="builder"], [data-view="handles"]'; // what a focus leaves behind when building ends
const inWords = (/** @type {string} */ name) => name.replaceAll("_", " ");

/**
 * @param {HTMLElement} root @param {Store<State, Event>} store
 * @param {{make: (making: Making, session?: string) => void, settle: () => void, build: () => void, reroll: () => void, reset: () => void}} commands
 */
export function mountBuilder(root, store, commands) {
  const words = html("p", { class: "refusal", role: "alert" });
  const form = html("div", { class: "parts" });
  root.append(html("div", { class: "head" }, [html("h2", {}, ["Build"]), button("Close", commands.build)]), words, form);
  /** @type {Map<string, Field>} that were made once, by their pointer and kind */
  const made = new Map();
  /** @type {{pointer: string, field: Field, valueOf: (now: Outline) => unknown}[]} those that are there */
  let fields = [];
  /** @type {((now: Outline) => void)[]} what names the buttons */
  let buttons = [];
  let plan = "";
  /** @type {Element | null} what had the focus before */
  let opener = null;

  /** @param {string} pointer @param {object} kind @param {() => Field} make @param {(now: Outline) => unknown} valueOf */
  function place(pointer, kind, make, valueOf) {
    const key = pointer + JSON.stringify(kind);
    const field = made.get(key) ?? make();
    made.set(key, field);
    fields.push({ pointer, field, valueOf });
    return field.root;
  }

  /** A number of units that goes up and down. @param {string} pointer @param {string} label @param {string} what @param {(to: (now: number) => number) => Making} making @param {(now: Outline) => number} valueOf */
  function stepper(pointer, label, what, making, valueOf) {
    const most = store.get().catalog?.limits.units ?? Infinity;
    const make = () => stepperField({ pointer, label, what, most }, (n) => commands.make(making(() => n)), (by) => commands.make(making(moved(by))), commands.settle);
    return place(pointer, { most }, make, valueOf);
  }

  /** A function and its parameters. @param {Place} which @param {string} pointer @param {string} label @param {Choice[]} choices @param {(now: Outline) => Named | null} valueOf @param {Outline} now @param {string} [none] */
  function functionFields(which, pointer, label, choices, valueOf, now, none) {
    const options = [...(none ? [["", none]] : []), ...choices.map(({ name }) => [name, inWords(name)])];
    const choose = (/** @type {string} */ name) => commands.make(withFunction(which, (before) => choices.filter((it) => it.name === name).map((it) => chosen(it, before))[0] ?? null));
    const menu = place(pointer, {}, () => menuField({ pointer, label, options: /** @type {[string, string][]} */ (options) }, choose), (at) => valueOf(at)?.name ?? "");
    const parameters = choices.find(({ name }) => name === valueOf(now)?.name)?.parameters ?? [];
    return [menu, ...parameters.map((it) => parameterField(which, `${pointer}/${it.name}`, it, (at) => valueOf(at)?.[it.name] ?? it.default))];
  }

  /** @param {Place} which @param {string} pointer @param {Parameter} parameter @param {(now: Outline) => unknown} valueOf */
  function parameterField(which, pointer, { name, type, choices }, valueOf) {
    const put = (/** @type {number | string | boolean} */ value) => commands.make(withFunction(which, (now) => ({ ...now, [name]: value })), pointer);
    const label = inWords(name);
    const make = () =>
      choices ? menuField({ pointer, label, options: choices.map((it) => [it, it]) }, put) : type === "boolean" ? checkField({ pointer, label }, put) : numberField({ pointer, label }, put, commands.settle);
    return place(pointer, { type, choices }, make, valueOf);
  }

  /** @param {number} l @param {Outline} now @param {Choice[]} activations */
  function layerRow(l, now, activations) {
    const at = `/layers/${l - 1}`;
    const layerOf = (/** @type {Outline} */ now) => now.layers[l - 1];
    const remove = signButton("×", () => commands.make(withoutLayer(l)));
    buttons.push(({ layers }) => remove.name(`Remove layer ${l}`, layers.length === 1 && "A network has at least one layer"));
    const units = stepper(`${at}/units`, "units", `unit of layer ${l}`, (to) => withUnits(l, to), (now) => layerOf(now).units);
    const bias = place(`${at}/bias`, {}, () => checkField({ pointer: `${at}/bias`, label: "bias" }, (on) => commands.make(withBias(l, on))), (now) => layerOf(now).bias !== false);
    const [activation, ...parameters] = functionFields(l, `${at}/activation`, "activation", activations, (now) => layerOf(now).activation, now);
    return part(`Layer ${l}`, [units, activation, bias, ...parameters], "line", remove.button);
  }

  /** @param {number} l */
  function adder(l) {
    const add = signButton("+ layer", () => commands.make(withLayer(l)));
    const { layers: most } = store.get().catalog?.limits ?? { layers: Infinity };
    buttons.push(({ layers }) => add.name(l ? `Add a layer after layer ${l}` : "Add a layer after the inputs", layers.length >= most && `At most ${most} layers`));
    add.button.classList.add("adder");
    return add.button;
  }

  /** All rows anew, of fields that are kept. @param {Outline} now @param {import("../types.js").Catalog} catalog */
  function arrange(now, catalog) {
    [fields, buttons] = [[], []];
    const seed = (/** @type {number} */ n) => commands.make(withFunction("initializer", (before) => ({ ...before, seed: n })), "seed");
    form.replaceChildren(
      part("Inputs", [stepper("/inputs", "values", "input", withInputs, ({ inputs }) => inputs)], "line"),
      adder(0),
      ...now.layers.flatMap((_, k) => [layerRow(k + 1, now, catalog.activations), adder(k + 1)]),
      part("Loss", functionFields("loss", "/loss", "function", catalog.losses, ({ loss }) => loss, now)),
      part("Update", functionFields("optimizer", "/optimizer", "optimizer", catalog.optimizers, ({ optimizer }) => optimizer, now, "none")),
      part("Weights", [
        ...functionFields("initializer", "/initializer", "initializer", catalog.initializers, ({ initializer }) => initializer, now),
        place("/initializer/seed", {}, () => numberField({ pointer: "/initializer/seed", label: "seed", whole: true }, seed, commands.settle), ({ initializer }) => initializer.seed ?? 0),
        html("p", { class: "remark" }, ["Another initializer or seed draws all weights anew."]),
        html("div", { class: "again" }, [button("Re-roll", commands.reroll), button("Reset", commands.reset)]),
      ]),
    );
  }

  /** What is wrong, beside the field that it is about; above them what is about none. @param {Fault[]} faults */
  function refuse(faults) {
    const holder = (/** @type {Fault} */ { pointer: at }) => fields.filter(({ pointer }) => at === pointer || at.startsWith(`${pointer}/`)).sort((a, b) => b.pointer.length - a.pointer.length)[0];
    for (const one of fields) one.field.refuse(faults.filter((it) => holder(it) === one).map(({ detail }) => detail).join("; "));
    words.textContent = faults.filter((it) => !holder(it)).map(({ pointer, detail }) => `${pointer.split("/")[1] ?? "network"}: ${detail}`).join("; ");
  }

  /** @param {State} state @param {State} [before] */
  function opened({ building }, before) {
    if (building === (before?.building ?? false)) return;
    const mine = document.activeElement === document.body || document.activeElement?.closest(MINE);
    root.hidden = !building;
    if (building) {
      opener = document.activeElement;
      root.focus({ preventScroll: true });
    } else if (mine && opener instanceof HTMLElement) opener.focus({ preventScroll: true });
  }

  return {
    /** @param {State} state @param {State} [before] */
    update(state, before) {
      opened(state, before);
      const { catalog, trace, draft, faults } = state;
      if (!state.building || !catalog || state.stale) return; // fields show what is asked for, until it is answered
      const now = outline(draft ?? trace.start.problem, trace.start);
      const focused = /** @type {HTMLElement | null} */ (root.contains(document.activeElement) ? document.activeElement : null);
      const then = JSON.stringify([now.layers.map(({ activation }) => activation.name), now.loss.name, now.optimizer?.name, now.initializer.name]);
      if (then !== plan) {
        const at = controls().indexOf(/** @type {any} */ (focused));
        arrange(now, catalog);
        plan = then;
        if (focused && focused !== root) (focused.isConnected ? focused : (controls()[Math.min(at, controls().length - 1)] ?? root)).focus({ preventScroll: true });
      }
      for (const { field, valueOf } of fields) field.show(valueOf(now));
      for (const name of buttons) name(now);
      refuse(faults);
    },
    destroy: () => root.replaceChildren(),
  };

  function controls() {
    return /** @type {HTMLElement[]} */ ([...form.querySelectorAll("button, input, select")]);
  }
}

/** @param {string} name @param {HTMLElement[]} settings @param {string} [cls] @param {HTMLElement} [remove] */
function part(name, settings, cls = "", remove) {
  return html("section", { class: `part ${cls}`, role: "group", "aria-label": name }, [html("h3", {}, [name]), html("div", { class: "settings" }, settings), ...(remove ? [remove] : [])]);
}
