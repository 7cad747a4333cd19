/** Examples of somebody's own: pasted or dropped as a table, or changed cell by cell. */

import { button, fill, menu } from "../draw/dialog.js";
import { html } from "../draw/svg.js";
import { short } from "../geometry/numbers.js";
import { ACCEPTED, read, typed } from "../geometry/reading.js";
import { oneLess, oneMore, ownNetwork, withTable } from "../model/bringing.js";
import { numberAt } from "../model/trace.js";

/** @import {Column, Table} from "../model/bringing.js" */
/** @import {Store} from "../model/store.js" */
/** @import {Event, State} from "../model/reduce.js" */
/** @import {Entry, Preset, Request} from "../types.js" */

const WAITS = 400; // ms after the last key in the text
const LONG = 5000; // letters: browsers paste thousands of lines one by one, for minutes
const AGAIN = 1000; // ms until a server that could not be reached is asked again
const SHOWN = 4000; // bytes of a file: it is shown whole or only hinted at
const EXAMPLE = "x1,x2,class\n0.5,1.2,red\n…";
const ROWS = 60; // examples that have their cells shown
const CELLS = 2400; // and cells at most
const USES = /** @type {[string, string][]} */ ([["input", "input"], ["target", "target"], ["left out", "left out"]]);

/**
 * @param {HTMLDialogElement} root @param {Store<State, Event>} store @param {{hand: (kind: string, body: Blob | string) => Promise<any>}} client
 * @param {{bring: (problem: Request, about: Preset) => Promise<void>, afterwards: (making: (state: State) => Request | null) => Promise<void>, edit: (entry: Entry, value: number) => void, settle: () => void}} commands
 */
export function mountData(root, store, client, commands) {
  const text = html("textarea", { rows: 6, spellcheck: "false", "aria-label": "A table: CSV, TSV or JSON", placeholder: EXAMPLE });
  const file = html("input", { type: "file", accept: ".csv,.tsv,.txt,.json", class: "visually-hidden", tabindex: -1, "aria-label": "A table" });
  const said = html("div", { class: "said", role: "status" });
  const columns = html("div", { class: "columns" });
  const use = button("Use these examples", take, "primary");
  const examples = html("div", { class: "examples" });
  const wrong = html("p", { class: "wrong", role: "status" });
  /** @type {{name: string, body: string | Blob, table: Table | null, uses: Map<string, string>, labels: Set<string>}} */
  let brought = { name: "Own data", body: "", table: null, uses: new Map(), labels: new Set() };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  let asked = 0;

  /** @param {string | Blob} body @param {string} name */
  function bring(body, name) {
    brought = { name, body, table: null, uses: new Map(), labels: new Set() };
    if (typeof body === "string") look();
    else body.slice(0, SHOWN).text().then((head) => {
      const whole = body.size <= SHOWN;
      text.value = whole ? head : "";
      text.placeholder = whole ? EXAMPLE : `${head}…`; // who types into a part of a table would lose the rest
      look();
    });
  }

  /** Ask the server what is in it; the last question counts. */
  async function look() {
    const mine = (asked += 1);
    const { body, uses, labels } = brought;
    use.hidden = true;
    if (typeof body === "string" && !body.trim()) return say([]);
    const query = new URLSearchParams();
    for (const [name, as] of uses) if (as !== "left out") query.append(`${as}s`, name);
    for (const as of ["input", "target"]) if (uses.size && ![...uses.values()].includes(as)) query.append(`${as}s`, "");
    for (const name of labels) query.append("labels", name);
    try {
      const table = /** @type {Table} */ (await client.hand(`table?${query}`, body));
      if (mine !== asked) return;
      brought.table = table;
      brought.uses = new Map(table.columns.map(({ name, use }) => [name, use]));
      use.hidden = !table.inputs;
      say([inWords(table), ...table.notes]);
      drawColumns(table);
    } catch (error) {
      if (mine !== asked) return;
      if (!brought.table) columns.replaceChildren(); // they are of another text
      const { faults = [], passing } = /** @type {import("../stream.js").ServerFault} */ (error);
      if (passing) waiting = setTimeout(look, AGAIN);
      say(faults.length ? faults.map(({ detail }) => detail) : [/** @type {Error} */ (error).message], true);
    }
  }

  /** @param {string[]} lines @param {boolean} [wrong] */
  function say(lines, wrong = false) {
    said.classList.toggle("wrong", wrong);
    said.replaceChildren(...lines.map((line) => html("p", {}, [line])));
    if (lines.length === 0) columns.replaceChildren();
  }

  /** @param {Table} table */
  function drawColumns(table) {
    const rows = table.columns.map((column) => {
      const chooser = menu(`${column.name} is`, USES, column.use, (as) => {
        brought.uses.set(column.name, as);
        look();
      });
      const few = column.kind === "number" && column.distinct <= 20;
      const classes = html("input", { type: "checkbox", "aria-label": `the numbers of ${column.name} are names of classes` });
      classes.checked = brought.labels.has(column.name);
      classes.addEventListener("change", () => {
        if (classes.checked) brought.labels.add(column.name);
        else brought.labels.delete(column.name);
        look();
      });
      return html("tr", {}, [html("th", { scope: "row" }, [column.name]), html("td", {}, [rangeOf(column)]), html("td", {}, [chooser]), html("td", {}, few || classes.checked ? [html("label", {}, [classes, " classes"])] : [])]);
    });
    columns.replaceChildren(html("table", {}, [html("tbody", {}, rows)]));
  }

  function take() {
    const { table, name } = brought;
    if (!table?.inputs) return;
    const about = { ...ownNetwork(name, `${inWords(table)}.`), view: { input_names: table.input_names, output_names: table.output_names } };
    commands.bring(withTable(store.get(), table), about);
    root.close();
  }

  /** The examples that are there, and the focus where it was. @param {State} state */
  function redrawExamples(state) {
    const focusable = () => /** @type {HTMLButtonElement[]} */ ([...examples.querySelectorAll("button:enabled, input")]);
    const name = examples.contains(document.activeElement) ? nameOf(/** @type {HTMLElement} */ (document.activeElement)) : null;
    drawExamples(state);
    if (name !== null) (focusable().find((it) => nameOf(it) === name) ?? focusable().at(-1))?.focus(); // what it was on is gone: to the end
  }

  /** The examples that are there, cell by cell. @param {State} state */
  function drawExamples({ trace, example, preset }) {
    const { a0, y } = trace.start.quantities;
    const [count, wide] = a0.shape;
    const outputs = y?.shape[1] ?? 0;
    const rows = Math.min(count, ROWS, Math.floor(CELLS / (wide + outputs)));
    const all = [.../** @type {[string, number, string[] | undefined][]} */ ([["a0", wide, preset.view?.input_names], ["y", outputs, preset.view?.output_names]])];
    const heads = all.flatMap(([id, n, names]) => Array.from({ length: n }, (_, k) => html("th", { scope: "col", class: id }, [names?.[k] ?? `${id === "a0" ? "a" : "y"}${k + 1}`])));
    const body = Array.from({ length: rows }, (_, n) => {
      const show = html("button", { type: "button", class: "tab", "aria-pressed": String(example === n), "aria-label": `Show example ${n + 1}` }, [String(n + 1)]);
      show.addEventListener("click", () => store.send({ type: "example", example: n }));
      const cells = all.flatMap(([id, size, names]) => Array.from({ length: size }, (_, k) => html("td", {}, [cell({ quantity: id, entry: [n, k] }, `${names?.[k] ?? `${id === "a0" ? "input" : "target"} ${k + 1}`}, example ${n + 1}`)])));
      const less = html("button", { type: "button", class: "tab", "aria-label": `Remove example ${n + 1}` }, ["×"]);
      less.disabled = count === 1;
      less.addEventListener("click", () => commands.afterwards((now) => (now.trace.examples === count ? oneLess(now, n) : null)));
      return html("tr", {}, [html("th", { scope: "row" }, [show]), ...cells, html("td", {}, [less])]);
    });
    const complete = trace.start.problem.inputs !== null && (!y || trace.start.problem.targets !== null);
    const more = button("Add an example", () => commands.afterwards(oneMore));
    if (!complete) return examples.replaceChildren(html("h3", {}, ["Examples"]), html("p", {}, [`${count} examples of ${wide} inputs: too many to be changed here.`]));
    const note = rows < count ? [html("p", { class: "hint" }, [`the first ${rows} of ${count}`])] : [];
    examples.replaceChildren(html("h3", {}, ["Examples"]), html("div", { class: "grid", tabindex: 0, role: "region", "aria-label": "Examples" }, [html("table", {}, [html("thead", {}, [html("tr", {}, [html("td"), ...heads, html("td")])]), html("tbody", {}, body)])]), ...note, more);
  }

  /** @param {Entry} it @param {string} name */
  function cell(it, name) {
    const value = numberAt(store.get().trace, it.quantity, it.entry);
    const input = html("input", { type: "text", inputmode: "decimal", "aria-label": name, autocomplete: "off", value: value === undefined ? "" : typed(value), "data-cell": `${it.quantity} ${it.entry}` });
    input.addEventListener("input", () => {
      const x = read(input.value);
      input.setAttribute("aria-invalid", String(x === null));
      wrong.textContent = x === null ? ACCEPTED : "";
      if (x !== null) commands.edit(it, x);
    });
    input.addEventListener("blur", () => commands.settle());
    return input;
  }

  /** Numbers that changed elsewhere; the cell that is being typed in stays as it is. @param {State} state */
  function refill({ trace, faults }) {
    for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (examples.querySelectorAll("[data-cell]"))) {
      const [quantity, entry] = (input.dataset.cell ?? "").split(" ");
      const value = numberAt(trace, quantity, entry.split(",").map(Number));
      if (input !== document.activeElement && value !== undefined) input.value = typed(value);
      if (input === document.activeElement && faults.length) {
        input.setAttribute("aria-invalid", "true");
        wrong.textContent = faults[0].detail;
      }
    }
  }

  text.addEventListener("paste", (event) => {
    const pasted = event.clipboardData?.getData("text/plain") ?? "";
    if (pasted.length < LONG) return;
    event.preventDefault();
    text.setRangeText(pasted, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input"));
  });
  text.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => bring(text.value, "Own data"), WAITS);
  });
  file.addEventListener("change", () => file.files?.[0] && bring(file.files[0], file.files[0].name));
  use.hidden = true;

  return {
    /** @param {State} state @param {State} [before] */
    update(state, before) {
      if (state.dialog !== "data") return root.open && root.close();
      if (state.dialog !== before?.dialog || state.brought !== before?.brought) {
        fill(root, "Data", [[html("p", { class: "hint" }, ["Paste a table, or drop a file anywhere: CSV, TSV or JSON. A header names the columns; the last column is the target unless you say otherwise."]), text, html("p", {}, [button("Open a file…", () => file.click()), file]), said, columns, html("p", {}, [use])], [examples, wrong]]);
        drawExamples(state);
        if (!root.open) root.showModal();
        if (state.brought?.text !== undefined) {
          if (typeof state.brought.text === "string") text.value = state.brought.text;
          bring(state.brought.text, state.brought.name);
        }
      } else if (state.trace.structure !== before.trace.structure || state.example !== before.example || state.preset !== before.preset) redrawExamples(state);
      else refill(state);
    },
    destroy: () => root.replaceChildren(),
  };
}

/** @param {HTMLElement} element */
function nameOf({ ariaLabel, textContent }) {
  return ariaLabel ?? textContent;
}

/** @param {Column} column */
function rangeOf({ kind, labels, minimum, maximum, distinct, missing }) {
  const lacks = missing ? `, ${missing} missing` : "";
  if (kind === "label") return `${(labels ?? []).slice(0, 5).join(", ")}${distinct > 5 ? ` … ${distinct} labels` : ""}${lacks}`;
  return minimum === null || maximum === null ? `empty${lacks}` : `${short(minimum)} … ${short(maximum)}${lacks}`;
}

/** @param {Table} table */
function inWords({ rows, inputs, targets, input_names: ins, output_names: outs }) {
  if (!inputs) return `${rows} rows`;
  const to = !targets ? "no targets" : Array.isArray(targets[0]) ? `${outs.length} ${outs.length === 1 ? "target" : "targets"}` : `${outs.length} classes`;
  return `${rows} ${rows === 1 ? "example" : "examples"}, ${ins.length} ${ins.length === 1 ? "input" : "inputs"}, ${to}`;
}
