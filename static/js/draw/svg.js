/** SVG and HTML elements in one line each. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} name @param {Record<string, string | number | null | undefined>} [attributes] @param {(Node | string)[]} [children]
 * @returns {SVGElementTagNameMap[K]}
 */
export function svg(name, attributes = {}, children = []) {
  const element = document.createElementNS(SVG, name);
  return dress(element, attributes, children);
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name @param {Record<string, string | number | null | undefined>} [attributes] @param {(Node | string)[]} [children]
 * @returns {HTMLElementTagNameMap[K]}
 */
export function html(name, attributes = {}, children = []) {
  return dress(document.createElement(name), attributes, children);
}

/**
 * @template {Element} T
 * @param {T} element @param {Record<string, string | number | null | undefined>} attributes @param {(Node | string)[]} children
 */
function dress(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== undefined) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** A symbol with indices as SVG text: z₁ of layer 1. @param {string} letter @param {{sub?: string, sup?: string, x: number, y: number, size: number, anchor?: string, cls?: string}} at */
export function symbol(letter, { sub = "", sup = "", x, y, size, anchor = "middle", cls = "caption" }) {
  const shift = size * 0.28;
  const text = svg("text", { x, y, class: cls, "text-anchor": anchor, "font-size": size, "aria-hidden": "true" }, [letter]);
  if (sup) text.append(svg("tspan", { dy: -shift * 1.15, "font-size": size * 0.72 }, [sup]));
  if (sub) text.append(svg("tspan", { dy: sup ? shift * 1.9 : shift * 0.75, "font-size": size * 0.72 }, [sub]));
  return text;
}
