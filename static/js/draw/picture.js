/** The network as a picture by itself: SVG in which every style is written out and the maths font is inside, or PNG of that. */

const SVG = "http://www.w3.org/2000/svg";
const HTML = "http://www.w3.org/1999/xhtml";
const MARGIN = "18px"; // of headings
const LARGEST = 16_000; // pixels a side that every browser's canvas can have

/** Styles that are written out where they differ from what an element has anyway. @type {Record<string, string>} */
const DRAWN = {
  "fill": "rgb(0, 0, 0)", "fill-opacity": "1", "stroke": "none", "stroke-width": "1px", "stroke-opacity": "1", "stroke-dasharray": "none", "stroke-linecap": "butt",
  "opacity": "1", "marker-end": "none", "rx": "auto",
};
/** @type {Record<string, string>} */
const WRITTEN = { "font-family": "", "font-size": "", "font-weight": "400", "font-variant-numeric": "normal", "letter-spacing": "normal", "text-anchor": "start" };
/** @type {Record<string, string>} */
const PLACED = {
  "position": "static", "left": "auto", "top": "auto", "right": "auto", "bottom": "auto", "width": "auto", "height": "auto", "min-width": "auto", "box-sizing": "content-box",
  "display": "inline", "transform": "none", "padding": "0px", "border": "", "border-radius": "0px", "background-color": "rgba(0, 0, 0, 0)", "box-shadow": "none", "color": "",
  "opacity": "1", "overflow": "visible", "line-height": "normal", "white-space": "normal", "text-transform": "none", "text-align": "start", "vertical-align": "baseline",
  "align-items": "normal", "justify-items": "normal", "justify-content": "normal", "gap": "normal", "clip-path": "none",
};

/** @type {Record<string, string>} */
const MATHS = { "font-family": "", "font-size": "", "color": "" };
const LEFT_OUT = /^(class|style|role|tabindex|type|title|aria-.*|data-.*|xmlns)$/; // what a page needs and a picture does not

/**
 * All that stands in the world, however much of it is in view. Text, not elements: the content security policy allows no style attributes here.
 * @param {HTMLElement} world the network at full size, without its scale
 * @param {{font: string, family: string, title: string}} more the maths font as a data: address, and what it is called
 */
export function picture(world, { font, family, title }) {
  const [width, height] = [world.offsetWidth, world.offsetHeight];
  const paper = getComputedStyle(world).getPropertyValue("--paper");
  world.classList.add("whole"); // also what is far from the view
  const layers = [...world.children].map((child) => within(child, width, height));
  world.classList.remove("whole");
  return [
    `<svg xmlns="${SVG}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>@font-face{font-family:"${family}";src:url("${font}")}</style>`,
    `<rect width="${width}" height="${height}" fill="${paper}"/>`,
    ...layers,
    "</svg>\n",
  ].join("\n");
}

/** The picture as PNG, twice the size. @param {string} text the SVG @param {number} [scale] @returns {Promise<Blob>} */
export async function bitmap(text, scale = 2) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const by = Math.min(scale, LARGEST / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(image.width * by), Math.round(image.height * by)];
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the picture is too large"))), "image/png"));
}

/** A layer of the world: drawings as they are, strips as images, lanes and gauges as the HTML they are. @param {Element} layer @param {number} width @param {number} height */
function within(layer, width, height) {
  if (layer instanceof SVGElement) return written(layer);
  const strips = [...layer.querySelectorAll("canvas")];
  if (strips.length) return strips.map(image).join("\n");
  return `<foreignObject width="${width}" height="${height}">${written(layer)}</foreignObject>`;
}

/** @param {HTMLCanvasElement} canvas */
function image(canvas) {
  const { backgroundColor, outlineColor, opacity, imageRendering } = getComputedStyle(canvas);
  const place = `x="${canvas.offsetLeft}" y="${canvas.offsetTop}" width="${canvas.offsetWidth}" height="${canvas.offsetHeight}"`;
  const pixels = `<image ${place} href="${canvas.toDataURL("image/png")}" preserveAspectRatio="none" style="image-rendering:${imageRendering}"/>`;
  return `<g opacity="${opacity}"><rect ${place} fill="${backgroundColor}" stroke="${outlineColor}"/>${pixels}</g>`;
}

/** An element that needs no style sheet and nothing else of the page; nothing where nothing is to be seen. @param {Element} element @returns {string} */
function written(element) {
  const style = getComputedStyle(element);
  if (style.display === "none" || element.classList.contains("visually-hidden")) return "";
  const isHtml = element.namespaceURI === HTML;
  const name = isHtml && element.localName === "button" ? "div" : element.localName;
  const outermost = element.namespaceURI !== element.parentElement?.namespaceURI || element.parentElement?.classList.contains("world");
  const attributes = [...element.attributes].filter((it) => !LEFT_OUT.test(it.name)).map((it) => ` ${it.name}="${escaped(it.value)}"`);
  if (outermost && element.namespaceURI !== SVG) attributes.push(` xmlns="${element.namespaceURI}"`);
  const usual = isHtml ? { ...PLACED, ...WRITTEN } : element instanceof SVGElement ? (element.closest("text") ? { ...DRAWN, ...WRITTEN } : DRAWN) : element.localName === "math" ? MATHS : {};
  const differing = Object.entries(usual).map(([key, value]) => [key, style.getPropertyValue(key), value]).filter(([, now, value]) => now !== value);
  if (element.classList.contains("heading")) differing.push(["left", MARGIN]); // on the page it follows the scrolling
  if (differing.length) attributes.push(` style="${escaped(differing.map(([key, now]) => `${key}:${now}`).join(";"))}"`);
  const children = [...element.childNodes].map((child) => (child instanceof Element ? written(child) : escaped(child.textContent ?? "")));
  return `<${name}${attributes.join("")}>${children.join("")}</${name}>`;
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
