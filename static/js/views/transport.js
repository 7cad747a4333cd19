/** The timeline: first, previous, play, next, last, speed, and a scrubber divided into phases. */

import { html, svg } from "../draw/svg.js";
import { SPEEDS } from "../model/reduce.js";
import { layerOf, stepsOf, targetsOf } from "../model/walk.js";

/** @import {Store} from "../model/store.js" */
/** @import {Event, State} from "../model/reduce.js" */

const ICONS = {
  first: "M6 5v14M19 5L9 12l10 7z",
  back: "M17 5L7 12l10 7z",
  play: "M7 4.5v15l12-7.5z",
  pause: "M8 5v14M16 5v14",
  next: "M7 5l10 7-10 7z",
  last: "M18 5v14M5 5l10 7-10 7z",
  leave: "M6 6l12 12M18 6L6 18",
};
/** @type {(keyof State)[]} what the timeline shows */
const ABOUT = ["cursor", "playing", "target", "more", "speed"];
const PHASES = { forward: "forward · z, a", loss: "loss", backward: "backward · ∂ℒ", update: "update · W, b" };

/** @param {HTMLElement} root @param {Store<State, Event>} store @param {{step: (by: number) => void, go: (step: number) => void, last: () => void, toggle: () => void, present: () => void, walk: (target: string | null) => void}} commands */
export function mountTransport(root, store, commands) {
  const first = button("First step", "first", () => commands.go(0));
  const back = button("Previous step", "back", () => commands.step(-1));
  const play = button("Play", "play", commands.toggle, "play");
  const next = button("Next step", "next", () => commands.step(1));
  const last = button("Last step", "last", commands.last);
  const speed = html("select", { class: "speed", "aria-label": "Speed" }, SPEEDS.map((s) => html("option", { value: s }, [`${s}×`])));
  speed.addEventListener("change", () => store.send({ type: "speed", speed: Number(speed.value) }));
  const walk = html("select", { class: "walk-menu", "aria-label": "Walk to", title: "Follow the whole trace, or the walk to one parameter (W)" });
  walk.addEventListener("change", () => commands.walk(walk.value || null));
  const track = html("div", { class: "track" });
  const range = html("input", { type: "range", min: 0, step: 1, "aria-label": "Step" });
  range.addEventListener("input", () => commands.go(Number(range.value)));
  const scrubber = html("div", { class: "scrubber" }, [track, range]);
  const counter = html("output", { class: "counter" });
  const hints = html("div", { class: "hints", "aria-hidden": "true" });
  for (const [keys, does] of [["← →", "step"], ["space", "play"], ["F", "present"], ["?", "all keys"]]) {
    hints.append(...keys.split(" ").map((key) => html("kbd", {}, [key])), html("span", {}, [does]));
  }
  root.append(html("div", { class: "buttons", role: "group", "aria-label": "Playback" }, [first, back, play, next, last]), speed, walk, scrubber, counter, hints, button("Stop presenting", "leave", commands.present, "leave"));

  /** @type {{element: HTMLElement, from: number, to: number}[]} */
  let segments = [];

  /** @param {State} state */
  function build({ trace }) {
    track.replaceChildren();
    segments = [];
    for (const phase of /** @type {(keyof typeof PHASES)[]} */ (Object.keys(PHASES))) {
      const steps = trace.steps.filter((step) => step.phase === phase);
      if (steps.length === 0) continue;
      const fill = html("div", { class: "fill" });
      const name = html("span", { class: "phase-name" }, [PHASES[phase]]);
      const element = html("div", { class: `segment ${phase}` }, [html("div", { class: "bar" }, [fill]), name]);
      element.style.flexGrow = String(steps.length);
      track.append(element);
      segments.push({ element: fill, from: steps[0].index, to: steps[steps.length - 1].index + 1 });
    }
    range.max = String(trace.steps.length);
    const targets = targetsOf(trace);
    const groups = Array.from({ length: trace.layers }, (_, k) => html("optgroup", { label: `layer ${k + 1}` }, targets.filter((target) => layerOf(target) === k + 1).map((target) => html("option", { value: target }, [`walk to ${nameOf(target)}`]))));
    walk.hidden = targets.length === 0;
    walk.replaceChildren(html("option", { value: "" }, ["all steps"]), ...groups);
  }

  /** Where the walk stops, on the track. @param {State} state */
  function stops(state) {
    for (const mark of track.querySelectorAll(".stop")) mark.remove();
    for (const id of stepsOf(state)) {
      const index = state.trace.stepOf.get(id) ?? 0;
      const segment = segments.find(({ from, to }) => index >= from && index < to);
      if (!segment) continue;
      const mark = html("i", { class: "stop" });
      mark.style.left = `${((index + 1 - segment.from) / (segment.to - segment.from)) * 100}%`;
      segment.element.parentElement?.append(mark);
    }
  }

  return {
    /** @param {State} state @param {State} [before] */
    update(state, before) {
      if (!before || state.trace.structure !== before.trace.structure) build(state);
      else if (ABOUT.every((key) => state[key] === before[key])) return;
      const { cursor, trace, playing } = state;
      range.value = String(cursor);
      const step = trace.steps[cursor - 1];
      range.setAttribute("aria-valuetext", step ? `${cursor} of ${trace.steps.length}: ${step.title}` : `start, ${trace.steps.length} steps`);
      counter.textContent = `${cursor} / ${trace.steps.length}`;
      for (const { element, from, to } of segments) element.style.width = `${Math.max(0, Math.min(1, (cursor - from) / (to - from))) * 100}%`;
      if (!before || state.trace.structure !== before.trace.structure || state.target !== before.target || state.more !== before.more) stops(state);
      walk.value = state.target ?? "";
      speed.value = String(state.speed);
      if (!before || playing !== before.playing) {
        play.setAttribute("aria-label", playing ? "Pause" : "Play");
        play.replaceChildren(icon(playing ? "pause" : "play"));
      }
      first.disabled = back.disabled = cursor === 0;
      next.disabled = last.disabled = cursor === trace.steps.length;
    },
    destroy: () => root.replaceChildren(),
  };
}

/** @param {string} target */
function nameOf(target) {
  return `${target.replace(/\d+$/, "").replace("Theta", "Θ")}[${layerOf(target)}]`;
}

/** @param {string} name @param {keyof typeof ICONS} shape @param {() => void} act @param {string} [cls] */
function button(name, shape, act, cls = "") {
  const element = html("button", { type: "button", class: `round ${cls}`, "aria-label": name, title: name }, [icon(shape)]);
  element.addEventListener("click", act);
  return element;
}

/** @param {keyof typeof ICONS} shape */
function icon(shape) {
  return svg("svg", { viewBox: "0 0 24 24", width: 20, height: 20, "aria-hidden": "true", class: "icon" }, [svg("path", { d: ICONS[shape] })]);
}
