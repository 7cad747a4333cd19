/** MathML that the server wrote, as elements. The server is the only source, so nothing here can be somebody else's markup. */

/** @param {string} mathml @returns {Element} */
export function maths(mathml) {
  const holder = document.createElement("template");
  holder.innerHTML = mathml;
  return /** @type {Element} */ (holder.content.firstElementChild ?? document.createElement("span"));
}
