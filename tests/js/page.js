/** As much of a document as drawing needs: elements that hold what they are given. No layout, no styles, no events. */

class Node {
  /** @type {Element | null} */
  parentNode = null;

  remove() {
    const siblings = this.parentNode?.childNodes;
    siblings?.splice(siblings.indexOf(this), 1);
    this.parentNode = null;
  }
}

class Text extends Node {
  /** @param {string} textContent */
  constructor(textContent) {
    super();
    this.textContent = textContent;
  }
}

class Element extends Node {
  /** @type {Node[]} */
  childNodes = [];
  /** @type {Map<string, string>} */
  attributes = new Map();
  /** @type {Record<string, string>} */
  style = {};

  /** @param {string} name @param {string} namespace */
  constructor(name, namespace) {
    super();
    this.localName = name;
    this.namespaceURI = namespace;
  }

  /** @param {(Node | string)[]} children */
  append(...children) {
    for (const child of children) {
      const node = child instanceof Node ? child : new Text(String(child));
      node.remove();
      node.parentNode = this;
      this.childNodes.push(node);
    }
  }

  /** @param {(Node | string)[]} children */
  replaceChildren(...children) {
    for (const child of [...this.childNodes]) child.remove();
    this.append(...children);
  }

  get children() {
    return this.childNodes.filter((node) => node instanceof Element);
  }

  get firstElementChild() {
    return this.children[0] ?? null;
  }

  /** @returns {string} */
  get textContent() {
    return this.childNodes.map((node) => (node instanceof Element || node instanceof Text ? node.textContent : "")).join("");
  }

  /** @param {string} text */
  set textContent(text) {
    this.replaceChildren(...(text ? [text] : []));
  }

  /** @param {string} name @param {string} value */
  setAttribute(name, value) {
    this.attributes.set(name, String(value));
  }

  /** @param {string} name */
  getAttribute(name) {
    return this.attributes.get(name) ?? null;
  }

  /** A template holds its markup apart; markup as the server writes it, which is well-formed. */
  content = this;

  /** @param {string} markup */
  set innerHTML(markup) {
    /** @type {Element[]} */
    const open = [this];
    for (const [, end, name, attributes, empty, text] of markup.matchAll(/<(\/?)([a-z]+)((?:\s[^>]*?)?)(\/?)>|([^<]+)/g)) {
      if (text !== undefined) open[open.length - 1].append(text);
      else if (end) open.pop();
      else {
        const element = new Element(name, MATHML);
        for (const [, key, value] of attributes.matchAll(/([\w-]+)="([^"]*)"/g)) element.setAttribute(key, value);
        open[open.length - 1].append(element);
        if (!empty) open.push(element);
      }
    }
    if (open.length !== 1) throw new Error(`not well-formed: ${markup}`);
  }
}

const HTML = "http://www.w3.org/1999/xhtml";
export const SVG = "http://www.w3.org/2000/svg";
export const MATHML = "http://www.w3.org/1998/Math/MathML";

/** @typedef {Element} Drawn */

/** Make it the document of this test file. */
export function openPage() {
  const page = { createElement: (/** @type {string} */ name) => new Element(name, HTML), createElementNS: (/** @type {string} */ namespace, /** @type {string} */ name) => new Element(name, namespace) };
  globalThis.document = /** @type {any} */ (page);
}

/** What was drawn, in one element. @param {unknown} drawn a node or a list of nodes and texts @returns {Drawn} */
export function holding(drawn) {
  const root = new Element("div", HTML);
  root.append(.../** @type {(Node | string)[]} */ (Array.isArray(drawn) ? drawn : [drawn]));
  return root;
}

/** All elements under a root, in the order of the document, of a name, with a class, with an attribute: `li`, `.row`, `[data-term]`, `p.sum`. @param {Drawn} root @param {string} selector @returns {Drawn[]} */
export function all(root, selector) {
  const [, name, cls, attribute] = /^([a-z]*)(?:\.([\w-]+))?(?:\[([\w-]+)\])?$/.exec(selector) ?? [];
  if (name === undefined) throw new Error(`not understood: ${selector}`);
  return root.children.flatMap((element) => {
    const fits = (!name || element.localName === name) && (!cls || (element.getAttribute("class") ?? "").split(" ").includes(cls)) && (!attribute || element.attributes.has(attribute));
    return [...(fits ? [element] : []), ...all(element, selector)];
  });
}

/** The only one. @param {Drawn} root @param {string} selector @returns {Drawn} */
export function one(root, selector) {
  const found = all(root, selector);
  if (found.length !== 1) throw new Error(`${found.length} of ${selector} in “${root.textContent}”`);
  return found[0];
}

/** @param {Drawn} element @param {string} attribute */
export const numberOf = (element, attribute) => Number(element.getAttribute(attribute) ?? NaN);

/** The classes of an element. @param {Drawn} element */
export const classes = (element) => (element.getAttribute("class") ?? "").split(" ").filter(Boolean);
