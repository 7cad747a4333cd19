/** Plotly as a thin adapter: figures come from the server without a colour, roles get theirs from the style sheet. */

/** @typedef {{data: any[], layout: any}} Figure */

const CONFIG = { displayModeBar: false, displaylogo: false, responsive: true, scrollZoom: false, doubleClick: false, showTips: false };

/** Resolves when the library has come: a large script, loaded beside the page. @param {HTMLScriptElement} script @returns {Promise<void>} */
export function library(script) {
  if ("Plotly" in globalThis) return Promise.resolve();
  return new Promise((resolve, reject) => {
    script.addEventListener("load", () => resolve());
    script.addEventListener("error", () => reject(new Error("The chart library could not be loaded.")));
  });
}

/** Draw a figure, or change what is there to it. @param {HTMLElement} node @param {Figure} figure @returns {Promise<unknown>} */
export function draw(node, figure) {
  const { Plotly } = /** @type {any} */ (globalThis);
  const style = getComputedStyle(node);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return Plotly.react(node, figure.data.map((trace) => coloured(trace, colour)), dressed(figure.layout, style, colour), CONFIG);
}

/** @param {any} trace @param {(name: string) => string} colour */
function coloured(trace, colour) {
  const { role, sign } = trace.meta;
  if (role === "now") return { ...trace, marker: { ...trace.marker, color: colour("--now"), line: { ...trace.marker.line, color: colour("--ink") } } };
  const name = role === "value" ? "--value-pos" : role === "guide" ? "--soft" : sign < 0 ? "--grad-neg" : "--grad-pos";
  const line = { ...trace.line, color: colour(name) };
  return trace.fill ? { ...trace, line, fillcolor: colour(sign < 0 ? "--grad-neg-soft" : "--grad-pos-soft") } : { ...trace, line };
}

/** @param {any} layout @param {CSSStyleDeclaration} style @param {(name: string) => string} colour */
function dressed(layout, style, colour) {
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
