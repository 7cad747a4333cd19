/** The lines of HTML that put the visualiser into another page. */

/** @type {Record<string, string>} */
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/**
 * @param {string} url of /embed, link and all
 * @param {{width: number | string, height: number | string, title: string}} how large, and what it is called for those who cannot see it
 */
export function snippet(url, { width, height, title }) {
  const attributes = { src: url, width, height, title, loading: "lazy", style: "border: 0" };
  return `<iframe ${Object.entries(attributes).map(([name, value]) => `${name}="${escaped(value)}"`).join(" ")}></iframe>`;
}

/** @param {number | string} value */
function escaped(value) {
  return String(value).replace(/[&<>"]/g, (letter) => ENTITIES[letter]);
}
