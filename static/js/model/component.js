/**
 * From a step's rule to one entry of its value, term by term. Generic over every einsum the server sends: no formula of backpropagation is written here.
 */

/** @import {EinsumRule, FunctionRule, Rule} from "../types.js" */

/**
 * @typedef {{quantity: string, entry: number[], value: number}} Factor
 * @typedef {{factors: Factor[], value: number, at?: Record<string, number>}} Term `at`: the summed indices, by letter; a bias has none
 * @typedef {(quantity: string, entry: number[]) => number | undefined} Read
 * @typedef {(quantity: string) => number[]} Shape
 */

/** @param {Rule} rule @returns {rule is EinsumRule} */
export function isEinsum(rule) {
  return "einsum" in rule;
}

/**
 * The terms whose sum is an entry.
 * @param {EinsumRule} rule @param {number[]} entry @param {Read} read @param {Shape} shape
 * @returns {Term[]}
 */
export function expand(rule, entry, read, shape) {
  const { inputs, output, summed } = letters(rule);
  /** @type {Record<string, number>} */
  const size = {};
  rule.operands.forEach((id, k) => [...inputs[k]].forEach((letter, axis) => (size[letter] = shape(id)[axis])));
  /** @type {Record<string, number>} */
  const at = Object.fromEntries([...output].map((letter, axis) => [letter, entry[axis]]));
  const count = summed.reduce((product, letter) => product * size[letter], 1);
  /** @type {Term[]} */
  const terms = Array.from({ length: count }, (_, term) => {
    let rest = term;
    for (const letter of [...summed].reverse()) [at[letter], rest] = [rest % size[letter], Math.floor(rest / size[letter])];
    const factors = rule.operands.map((id, k) => factorAt(id, [...inputs[k]].map((letter) => at[letter]), read));
    return { ...product(factors), at: Object.fromEntries(summed.map((letter) => [letter, at[letter]])) };
  });
  if (rule.add) terms.push(product([factorAt(rule.add, entry.slice(entry.length - shape(rule.add).length), read)]));
  return terms;
}

/** @param {EinsumRule} rule */
export function letters(rule) {
  const [left, output] = rule.einsum.split("->");
  const inputs = left.split(",");
  const summed = [...new Set(inputs.join(""))].filter((letter) => !output.includes(letter));
  return { inputs, output, summed };
}

/**
 * The entries of a step's value that one entry of an operand goes into; null in place of an index: every one.
 * @param {Rule} rule @param {{quantity: string, entry: number[]}} part @param {number} axes of the value
 * @returns {(number | null)[][]}
 */
export function reach(rule, { quantity, entry }, axes) {
  const whole = Array.from({ length: axes }, (_, k) => entry[entry.length - axes + k] ?? null);
  const operands = isEinsum(rule) ? [...rule.operands, ...(rule.add ? [rule.add] : [])] : rule.operands;
  return operands.flatMap((id, k) => {
    if (id !== quantity) return [];
    if (!isEinsum(rule)) return [rule.formula.includes("}_j") ? whole.map((i, axis) => (axis === axes - 1 ? null : i)) : whole];
    const { inputs, output } = letters(rule);
    if (k >= inputs.length) return [whole];
    return [[...output].map((letter) => (inputs[k].includes(letter) ? entry[inputs[k].indexOf(letter)] : null))];
  });
}

/** @param {Factor[]} factors @returns {Term} */
function product(factors) {
  return { factors, value: factors.reduce((value, factor) => value * factor.value, 1) };
}

/** @param {string} quantity @param {number[]} entry @param {Read} read @returns {Factor} */
function factorAt(quantity, entry, read) {
  return { quantity, entry, value: read(quantity, entry) ?? NaN };
}

/**
 * A function's formula, cut at its operands: text and numbers in turn. Operands with fewer axes take the last of the entry's.
 * @param {FunctionRule} rule @param {number[]} entry @param {Read} read @param {Shape} shape
 * @returns {(string | Factor)[]}
 */
export function fill(rule, entry, read, shape) {
  return rule.formula.split(/(\{\w+\}(?!_))/).map((piece) => {
    const id = /^\{(\w+)\}$/.exec(piece)?.[1];
    if (!id) return piece.replace(/\{[a-z]\w*\}_j/g, "z_j");
    const axes = shape(id).length;
    return factorAt(id, axes ? entry.slice(entry.length - axes) : [], read);
  });
}

/**
 * How a two-operand einsum is a product of matrices: which operand stands left, and which is transposed; for one example where there is a stack of Jacobians.
 * @param {EinsumRule} rule
 * @returns {{left: {operand: string, transposed: boolean}, right: {operand: string, transposed: boolean}, elementwise: boolean, stacked: boolean} | null}
 */
export function arrange(rule) {
  if (rule.operands.length !== 2) return null;
  const { inputs, output, summed } = letters(rule);
  const [first, second] = inputs;
  const elementwise = summed.length === 0;
  const stacked = second.length === 3;
  const inner = summed[0];
  const leftIsFirst = elementwise || stacked || first.includes(output[0]);
  const [l, r] = leftIsFirst ? [0, 1] : [1, 0];
  const rows = (/** @type {string} */ s) => (stacked && s.length === 3 ? s.slice(1) : s);
  return {
    left: { operand: rule.operands[l], transposed: !elementwise && !stacked && rows(inputs[l])[0] === inner },
    right: { operand: rule.operands[r], transposed: !elementwise && rows(inputs[r])[1] === inner },
    elementwise,
    stacked,
  };
}
