/** What a browser remembers of this page: from one visit to the next, or as long as its tab is open. */

/** @param {string} key */
export function remembered(key) {
  try {
    return localStorage.getItem(`backprop.${key}`);
  } catch {
    return null;
  }
}

/** @param {string} key @param {string} value */
export function remember(key, value) {
  try {
    localStorage.setItem(`backprop.${key}`, value);
  } catch {
    // Private windows may forbid it: then the choice lasts as long as the page.
  }
}

/** What the tab remembers until it is closed; null where a browser forbids it. @returns {Storage | null} */
export function tabStorage() {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}
