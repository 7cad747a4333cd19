/** MathML that the server wrote, as elements. The server is the only source, so nothing here can be somebody else's markup. */

const MATHML = "http://www.w3.org/1998/Math/MathML";

/** @param {string} mathml @returns {Element} */
export function maths(mathml) {
  const holder = document.createElement("template");
  holder.innerHTML = mathml;
  return /** @type {Element} */ (holder.content.firstElementChild ?? document.createElement("span"));
}

/** The same with fractions at full size, as in a formula on a line of its own. @param {string} mathml @returns {Element} */
export function display(mathml) {
  const formula = maths(mathml);
  formula.setAttribute("displaystyle", "true");
  return formula;
}

/** A formula with a brace and a word under it. @param {string} mathml @param {string} word @param {string} cls @returns {Element} */
export function braced(mathml, word, cls) {
  const formula = display(mathml);
  const make = (/** @type {string} */ name, /** @type {(Node | string)[]} */ children) => {
    const element = document.createElementNS(MATHML, name);
    element.append(...children);
    return element;
  };
  const brace = make("mo", ["⏟"]);
  brace.setAttribute("stretchy", "true");
  const label = make("mtext", [word]);
  label.setAttribute("class", cls);
  formula.replaceChildren(make("munder", [make("munder", [make("mrow", [...formula.childNodes]), brace]), label]));
  return formula;
}
