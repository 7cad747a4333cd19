/** Plotly as a thin adapter: figures come from the server without a colour, roles get theirs from the style sheet. */

/** @typedef {{data: any[], layout: any}} Figure */

export const CONFIG = { displayModeBar: false, displaylogo: false, responsive: true, scrollZoom: false, doubleClick: false, showTips: false };
/** @type {WeakMap<HTMLElement, string>} what of a figure costs much to draw, as it is drawn now */
const drawn = new WeakMap();

/** Loads the library, a large script that no numbers should wait for. @param {string} address @returns {Promise<void>} */
export function load(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.addEventListener("load", () => resolve());
    script.addEventListener("error", () => reject(new Error("The chart library could not be loaded.")));
    script.src = address;
    document.head.append(script);
  });
}

/** Draw a figure, or change what is there to it: where only shapes moved, they alone. @param {HTMLElement} node @param {Figure} figure @returns {Promise<unknown>} */
export function draw(node, { data, layout }) {
  const { Plotly } = /** @type {any} */ (globalThis);
  const style = getComputedStyle(node);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const shapes = layout.shapes.map((/** @type {any} */ shape) => shaped(shape, colour));
  const still = JSON.stringify([data, { ...layout, shapes: [] }, colour("--ink")]);
  if (drawn.get(node) === still) return Plotly.relayout(node, { shapes });
  drawn.set(node, still);
  return Plotly.react(node, data.map((trace) => traced(trace, colour)), { ...dressed(layout, style, colour), shapes }, CONFIG);
}

/** @param {any} trace @param {(name: string) => string} colour */
function traced(trace, colour) {
  return { ...trace, line: { ...trace.line, color: colour(trace.meta.role === "value" ? "--value-pos" : "--soft") } };
}

/** @param {any} shape @param {(name: string) => string} colour */
function shaped(shape, colour) {
  const { name, line } = shape;
  if (name === "now") return { ...shape, fillcolor: colour("--now"), line: { ...line, color: colour("--ink") } };
  if (name === "guide") return { ...shape, line: { ...line, color: colour("--soft") } };
  const sign = name === "gradient-" ? "neg" : "pos";
  return { ...shape, fillcolor: colour(`--grad-${sign}-soft`), line: { ...line, color: colour(`--grad-${sign}`) } };
}

/** A layout in the colours and letters of the page. @param {any} layout @param {CSSStyleDeclaration} style @param {(name: string) => string} colour */
export function dressed(layout, style, colour) {
  const font = { family: style.fontFamily, size: parseFloat(style.fontSize), color: colour("--soft") };
  const axis = (/** @type {any} */ it) => ({
    ...it,
    title: { ...it.title, font: { family: colour("--letters"), size: font.size * 1.5, color: colour("--ink") } },
    gridcolor: colour("--line"),
    zerolinecolor: colour("--frame"),
  });
  const clear = "rgba(0,0,0,0)";
  const hoverlabel = { bgcolor: colour("--panel"), bordercolor: colour("--frame"), font: { color: colour("--ink") } };
  return { ...layout, font, xaxis: axis(layout.xaxis), yaxis: axis(layout.yaxis), paper_bgcolor: clear, plot_bgcolor: clear, hoverlabel };
}
