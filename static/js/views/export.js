/** Taking something away: the network as a picture, this step's equation, a quantity with all its digits, the whole problem as a script or a document. */

import { fill as layOut } from "../draw/dialog.js";
import { display } from "../draw/mathml.js";
import { bitmap, picture } from "../draw/picture.js";
import { html } from "../draw/svg.js";
import { indexTrace, isKnown } from "../model/trace.js";
import { csv, latex, numpy, plain } from "../model/written.js";
import { copied, save } from "../saving.js";
import { asData, ServerFault } from "../stream.js";

/** @import {Scene} from "./stage.js" */
/** @import {Store} from "../model/store.js" */
/** @import {Event, State} from "../model/reduce.js" */
/** @import {Quantity, Request} from "../types.js" */

/** @typedef {{ask: (kind: string, body: object) => Promise<any>, download: (kind: string, problem: Request, convention: string) => Promise<{name: string, content: Blob}>}} Client */

/**
 * @param {HTMLDialogElement} root @param {Store<State, Event>} store @param {Client} client
 * @param {{scene: () => Scene, kinds: {name: string, title: string}[]}} what the whole network, and what the server can write
 */
export function mountExport(root, store, client, { scene, kinds }) {
  const equation = html("div", { class: "formula", tabindex: 0, role: "group", "aria-label": "Equation" });
  const step = html("div", { class: "line" }, [button("Copy LaTeX", () => copy(now().equation.latex)), button("Copy MathML", () => copy(now().equation.mathml))]);
  const choice = html("select", { "aria-label": "Quantity" });
  const said = html("p", { role: "status" });
  const text = html("textarea", { readonly: "", rows: 5, "aria-label": "What to copy", hidden: "" });
  const foot = html("div", { class: "sheet-foot", hidden: "" }, [said, text]);
  layOut(root, "Export", [
    section("Picture of the network", [line([button("SVG", () => drawn("svg")), button("PNG", () => drawn("png"))])]),
    section("This step", [equation, step]),
    section("One quantity, all digits", [
      choice,
      line([button("Save CSV", () => tell(csv, "csv")), button("Copy LaTeX", () => tell(latex)), button("Copy numpy", () => tell((q) => numpy(choice.value, q)))]),
    ]),
    section("The whole problem", [line(kinds.map(({ name, title }) => button(title, () => whole(name))))]),
  ]);
  root.append(foot);

  /** @param {State} state */
  function fill(state) {
    const { trace, cursor } = state;
    foot.hidden = true;
    const current = trace.steps[cursor - 1];
    equation.replaceChildren(current ? display(current.equation.mathml) : html("p", { class: "hint" }, ["Take a step first: nothing has been computed yet."]));
    for (const it of step.children) /** @type {HTMLButtonElement} */ (it).disabled = !current;
    const known = [...trace.quantities.keys()].filter((id) => isKnown(trace, id, cursor));
    choice.replaceChildren(...known.map((id) => html("option", { value: id }, [[plain(id), ...[trace.quantities.get(id)?.shape.join(" × ") ?? ""].filter(Boolean)].join("  ·  ")])));
    choice.value = state.pinned && known.includes(state.pinned.quantity) ? state.pinned.quantity : (current?.id ?? known[0]);
  }

  function now() {
    const { trace, cursor } = store.get();
    return trace.steps[cursor - 1];
  }

  /** @param {string} words @param {boolean} [wrong] */
  function say(words, wrong = false) {
    said.textContent = words;
    text.hidden = true;
    foot.hidden = false;
    foot.classList.toggle("wrong", wrong);
  }

  /** A button that works while it waits, and says what went wrong. @param {string} words @param {() => Promise<void>} act */
  function button(words, act) {
    const element = html("button", { type: "button", class: "button" }, [words]);
    element.addEventListener("click", async () => {
      try {
        await act();
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        say(error instanceof ServerFault ? error.message : `That did not work: ${error.message}`, true);
      }
    });
    return element;
  }

  /** @param {string} words */
  async function copy(words) {
    if (await copied(words)) return say("Copied.");
    say("It is selected: copy it with Ctrl C, or from its menu.");
    text.value = words;
    text.hidden = false;
    text.focus();
    text.select();
    text.scrollTop = 0;
  }

  /** @param {string} name @param {Blob} content */
  function saved(name, content) {
    save(name, content);
    say(`Saved as ${name}.`);
  }

  /** @param {"svg" | "png"} kind */
  async function drawn(kind) {
    const { preset, cursor } = store.get();
    const font = await asData(/** @type {HTMLLinkElement} */ (document.querySelector("link[as=font]")).href);
    const svg = picture(scene().world, { font, family: "Maths", title: `${preset.title}, step ${cursor}` });
    const content = kind === "png" ? await bitmap(svg) : new Blob([svg], { type: "image/svg+xml" });
    saved(`backprop-${preset.name || "network"}-step-${cursor}.${kind}`, content);
  }

  /** The chosen quantity in one of its forms, copied, or saved where there is an ending. @param {(q: Quantity) => string} form @param {string} [ending] */
  async function tell(form, ending) {
    const id = choice.value;
    const words = form(await inFull(id));
    if (ending) saved(`${id}.${ending}`, new Blob([words], { type: "text/csv" }));
    else await copy(words);
  }

  /** A quantity that was too large to be sent unasked is asked for. @param {string} id @returns {Promise<Quantity>} */
  async function inFull(id) {
    const { trace, request } = store.get();
    const q = /** @type {Quantity} */ (trace.quantities.get(id));
    if (q.data !== null) return q;
    say("Asking the server for all of it …");
    const from = Math.max(0, trace.bornAt.get(id) ?? 0);
    const answer = await client.ask(`trace?${new URLSearchParams({ max_values: "0", quantities: id, from_step: String(from) })}`, request);
    return /** @type {Quantity} */ (indexTrace(answer).quantities.get(id));
  }

  /** @param {string} kind */
  async function whole(kind) {
    const { request, convention } = store.get();
    say("The server is writing it …");
    const { name, content } = await client.download(kind, request, convention);
    saved(name, content);
  }

  return {
    /** @param {State} state @param {State} [before] */
    update(state, before) {
      if (state.dialog !== "export") return root.open && root.close();
      if (state.dialog === before?.dialog) return;
      fill(state);
      root.showModal();
    },
    destroy: () => root.replaceChildren(),
  };
}

/** @param {string} title @param {(Node | string)[]} children */
function section(title, children) {
  return [html("h3", {}, [title]), ...children];
}

/** @param {Node[]} children */
function line(children) {
  return html("div", { class: "line" }, children);
}
