/** Keys and swipes, as commands. */

/** @import {Store} from "./model/store.js" */
/** @import {Event, State} from "./model/reduce.js" */

/**
 * @typedef {object} Commands
 * @property {(by: number) => void} step
 * @property {(step: number) => void} go
 * @property {() => void} last
 * @property {() => void} toggle
 * @property {(direction: 1 | -1) => void} phase
 * @property {(direction: 1 | -1) => void} speed
 * @property {() => void} theme
 * @property {() => void} numbers
 * @property {() => void} present
 * @property {() => void} zoom
 * @property {() => void} help
 * @property {() => void} leave
 * @property {(by: 1 | -1) => void} nextWalk
 * @property {() => void} more
 * @property {() => void} convention
 * @property {() => void} delta
 * @property {() => void} build
 * @property {() => void} undo
 * @property {() => void} redo
 * @property {(tool: import("./model/reduce.js").Tool) => void} tool
 */

/** @param {Store<State, Event>} store @param {Commands} commands */
export function attachKeys(store, commands) {
  /** @type {Record<string, () => void>} */
  const named = {
    ArrowRight: () => commands.step(1),
    ArrowLeft: () => commands.step(-1),
    PageDown: () => commands.step(1),
    PageUp: () => commands.step(-1),
    Home: () => commands.go(0),
    End: commands.last,
    " ": commands.toggle,
    Escape: commands.leave,
  };
  /** @type {Record<string, () => void>} */
  const single = {
    "]": () => commands.phase(1),
    "[": () => commands.phase(-1),
    "+": () => commands.speed(1),
    "=": () => commands.speed(1),
    "-": () => commands.speed(-1),
    "−": () => commands.speed(-1),
    f: commands.present,
    d: commands.theme,
    n: commands.numbers,
    z: commands.zoom,
    w: () => commands.nextWalk(1),
    l: commands.more,
    r: commands.convention,
    b: commands.build,
    c: commands.delta,
    k: () => commands.tool("all-k"),
    p: () => commands.tool("paths"),
    v: () => commands.tool("check"),
    "?": commands.help,
  };
  document.addEventListener("keydown", (event) => {
    const back = /** @type {Element} */ (event.target).matches?.("input:not([type=range], [type=checkbox]), textarea") ? "" : event.key.toLowerCase(); // a field undoes its own typing
    if ((event.ctrlKey || event.metaKey) && !event.altKey && (back === "z" || back === "y")) {
      event.preventDefault();
      return back === "z" && !event.shiftKey ? commands.undo() : commands.redo();
    }
    if (((event.ctrlKey || event.altKey) && !event.getModifierState("AltGraph")) || event.metaKey || event.isComposing) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (document.querySelector("dialog[open]")) return;
    const sideways = target.matches("select") && /^Arrow(Left|Right)$/.test(event.key); // a menu has ↑ and ↓
    const typing = target.matches("select, textarea, input:not([type=range]), [data-part=epsilon]") && !sideways;
    if (event.key === "W" && event.shiftKey && store.get().shortcuts && !typing) return commands.nextWalk(-1);
    const act = named[event.key] ?? (store.get().shortcuts ? single[event.key.length === 1 ? event.key.toLowerCase() : event.key] : undefined);
    if (!act || (typing && event.key !== "Escape" && !event.key.startsWith("Page"))) return;
    if (event.key === " " && target.matches("button, a, summary")) return; // space presses what has the focus
    event.preventDefault();
    act();
  });

  /** @type {{x: number, y: number, scrolls: boolean} | null} */
  let touch = null;
  const stage = /** @type {HTMLElement} */ (document.querySelector("main"));
  stage.addEventListener(
    "touchstart",
    (event) => {
      const scroller = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest(".scroll"));
      const scrolls = scroller !== null && scroller.scrollWidth > scroller.clientWidth + 1;
      touch = event.touches.length === 1 ? { x: event.touches[0].clientX, y: event.touches[0].clientY, scrolls } : null;
    },
    { passive: true },
  );
  stage.addEventListener(
    "touchend",
    (event) => {
      if (!touch || touch.scrolls) return;
      const [dx, dy] = [event.changedTouches[0].clientX - touch.x, event.changedTouches[0].clientY - touch.y];
      if (Math.abs(dx) > 48 && Math.abs(dx) > 2 * Math.abs(dy)) commands.step(dx < 0 ? 1 : -1);
    },
    { passive: true },
  );
}
