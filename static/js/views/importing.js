/** A network from a file, before it is opened: what was found, in what order, and what the file does not say. */

import { button, fill, menu } from "../draw/dialog.js";
import { html } from "../draw/svg.js";
import { ownNetwork, withModel } from "../model/bringing.js";
import { ServerFault } from "../stream.js";

/** @import {Brought, Model} from "../model/bringing.js" */
/** @import {Store} from "../model/store.js" */
/** @import {Event, State} from "../model/reduce.js" */
/** @import {Named, Preset, Request} from "../types.js" */

/**
 * @param {HTMLDialogElement} root @param {Store<State, Event>} store @param {{look: (what: string) => Promise<any>}} client
 * @param {{bring: (problem: Request, about: Preset) => Promise<void>}} commands
 */
export function mountImporting(root, store, client, commands) {
  /** @type {(Named | string)[]} */
  let activations = [];
  let loss = "squared_error";

  /** @param {Brought & {model: Model}} brought */
  async function ask({ name, model }) {
    activations = model.layers.map(({ activation }) => activation);
    loss = "squared_error";
    const catalog = await client.look("catalog");
    const kinds = /** @type {[string, string][]} */ (catalog.activations.map((/** @type {Named} */ it) => [it.name, it.name.replaceAll("_", " ")]));
    const losses = /** @type {[string, string][]} */ (catalog.losses.map((/** @type {Named} */ it) => [it.name, it.name.replaceAll("_", " ")]));
    const nameOf = (/** @type {Named | string} */ it) => (typeof it === "string" ? it : it.name);
    const lossMenu = menu("Loss", losses, loss, (value) => (loss = value));
    const last = model.layers.length - 1;
    const choosers = model.layers.map((layer, k) =>
      menu(`Activation of layer ${k + 1}`, kinds, nameOf(layer.activation), (value) => {
        activations[k] = value;
        if (k === last) lossMenu.value = loss = { softmax: "cross_entropy", sigmoid: "binary_cross_entropy" }[value] ?? "squared_error";
      }),
    );
    const hidden = menu("Activation of all hidden layers", [["", "all hidden layers …"], ...kinds], "", (value) => {
      choosers.slice(0, last).forEach((chooser, k) => (chooser.value = String((activations[k] = value))));
    });
    const rows = model.layers.map((layer, k) => html("tr", {}, [html("th", { scope: "row" }, [`layer ${k + 1}`]), html("td", {}, [layer.name ?? ""]), html("td", { class: "num" }, [`${model.sizes[k + 1]} × ${model.sizes[k]}${layer.bias === false ? "" : " + bias"}`]), html("td", {}, [choosers[k]])]));
    const found = model.tensors.map((tensor) => html("tr", {}, [html("td", {}, [tensor.name]), html("td", { class: "num" }, [tensor.shape.join(" × ") || "1"]), html("td", {}, [tensor.dtype]), html("td", {}, [tensor.text])]));
    const open = button("Open this network", () => {
      commands.bring(withModel(store.get(), model, activations, loss), ownNetwork(name, `${model.sizes.join(" → ")}, read from ${name}.`));
      root.close();
    }, "primary");
    fill(root, name, [[
      html("p", { class: "hint" }, [`${model.sizes.join(" → ")}. Files of this kind do not say which activations lie between the layers: choose them, then open the network and bring an example with Data.`]),
      html("div", { class: "grid", tabindex: 0, role: "region", "aria-label": "Layers" }, [html("table", {}, [html("tbody", {}, rows)])]),
      ...(last > 1 ? [html("p", {}, [hidden])] : []),
      html("p", {}, [html("label", {}, ["loss ", lossMenu])]),
      ...model.notes.map((note) => html("p", { class: "hint" }, [note])),
    ], [
      html("details", {}, [html("summary", {}, [`What the file holds: ${model.tensors.length} arrays`]), html("div", { class: "grid", tabindex: 0, role: "region", "aria-label": "Arrays" }, [html("table", {}, [html("tbody", {}, found)])])]),
    ]], [open]);
    if (!root.open) root.showModal();
  }

  /** Without the catalog there is nothing to choose from. @param {unknown} error */
  function refused(error) {
    if (!(error instanceof ServerFault)) throw error;
    store.send({ type: "dialog", dialog: null });
    store.send({ type: "fault", text: error.message, aside: true });
  }

  return {
    /** @param {State} state @param {State} [before] */
    update({ dialog, brought }, before) {
      if (dialog !== "import") return root.open && root.close();
      if (brought?.model && brought !== before?.brought) ask({ ...brought, model: brought.model }).catch(refused);
    },
    destroy: () => root.replaceChildren(),
  };
}
