/** Which training this is, and what stands beside every page: theme, keys, presenting; what is to be said stands in the banner. */

/** @import {Store} from "../model/store.js" */
/** @import {Event, State} from "../model/training.js" */

/** @param {HTMLElement} root @param {Store<State, Event>} store @param {{choose: (name: string) => Promise<void>, theme: () => void, help: () => void, present: () => void}} commands */
export function mountHeader(root, store, commands) {
  const find = (/** @type {string} */ name) => /** @type {any} */ (root.querySelector(`[data-part="${name}"]`));
  const scenario = /** @type {HTMLSelectElement} */ (find("scenario"));
  const banner = /** @type {HTMLElement} */ (root.querySelector(".banner"));
  const words = /** @type {HTMLElement} */ (banner.querySelector("p"));
  const dismiss = /** @type {HTMLElement} */ (banner.querySelector("button"));
  scenario.addEventListener("change", async () => {
    await commands.choose(scenario.value);
    scenario.value = store.get().scenario.name; // what was chosen may not have come
  });
  for (const name of /** @type {const} */ (["theme", "help", "present"])) find(name).addEventListener("click", commands[name]);
  dismiss.addEventListener("click", () => store.send({ type: "fault", text: null }));

  return {
    /** @param {State} state @param {State} [before] */
    update(state, before) {
      if (!before || state.scenario !== before.scenario) {
        const { name, title, description } = state.scenario;
        if (!name) scenario.options[0].textContent = title;
        scenario.value = name;
        find("description").textContent = find("description").title = description;
      }
      const lost = state.runs.find((run) => run.lost)?.lost;
      const text = lost ?? state.fault ?? "";
      banner.hidden = !text;
      dismiss.hidden = Boolean(lost); // it is over when the server is back
      if (words.textContent !== text) words.textContent = text;
      find("theme").setAttribute("aria-label", state.theme === "dark" ? "Light colours" : "Dark colours");
    },
    destroy() {},
  };
}
