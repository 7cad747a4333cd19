/**
 * Where everything stands, in design units: columns left to right a⁰ | z¹ σ a¹ | z² σ a² | ℒ, the forward lane above, the backward lane below.
 * Space means the same as on the slides: what is earlier in the forward pass is further left, and each gradient stands under its quantity.
 */

import { betweenStrips } from "./plates.js";

/**
 * @typedef {"boxes" | "dots" | "strips"} Level
 * @typedef {{x: number, y: number, w: number, h: number}} Box
 * @typedef {object} Column
 * @property {string} quantity a0, z1, a1 …
 * @property {"a" | "z"} kind
 * @property {number} layer
 * @property {number} x centre
 * @property {Box[]} units
 * @property {number} lane where its entry in the lanes is centred
 * @typedef {object} Weights between two columns
 * @property {number} layer
 * @property {boolean} labels whether every weight has room for its number
 * @property {number} left where edges start
 * @property {number} label left end of the labels
 * @property {number} right where edges end
 * @typedef {object} Metrics
 * @property {number} font
 * @property {number} weightFont
 * @property {number} smallFont
 * @property {number} boxW
 * @property {number} boxH
 * @property {number} tagH
 * @property {number} labelW
 * @property {number} labelH
 * @property {number} gate
 * @property {number} fan
 * @property {number} lossR
 * @property {number} laneH
 * @property {number} backH
 * @property {number} margin
 * @property {boolean} captions
 * @typedef {object} Layout
 * @property {Level} level
 * @property {Metrics} metrics
 * @property {number} width
 * @property {number} height
 * @property {Column[]} columns
 * @property {Weights[]} weights
 * @property {{x: number, y: number, r: number}} loss
 * @property {number} forwardY
 * @property {number} backwardY
 * @property {number} normsY where the sizes of the gradients stand
 * @property {[number, number]} [image] rows and columns of the inputs, where they are an image
 * @property {number} [targets] width of the targets' strip, where there is one
 * @property {number} top of the network
 * @property {number} bottom
 */

export const BOXES_UP_TO = 6;
export const DOTS_UP_TO = 24;
export const NAMED_UP_TO = 14; // outputs of a strip that have their numbers beside it

/** @param {number[]} sizes @returns {Level} */
export function levelOf(sizes) {
  const widest = Math.max(...sizes);
  return widest <= BOXES_UP_TO ? "boxes" : widest <= DOTS_UP_TO ? "dots" : "strips";
}

/** @param {boolean} presenting @returns {Metrics} */
export function metricsFor(presenting) {
  const font = presenting ? 24 : 15.5;
  const weightFont = presenting ? 24 : 13;
  return {
    font,
    weightFont,
    smallFont: presenting ? 24 : 11.5,
    boxW: Math.ceil(font * 0.602 * 8.1 + (presenting ? 3 : 10)),
    boxH: presenting ? 84 : 88,
    tagH: presenting ? 62 : 38,
    labelW: Math.ceil(weightFont * 0.602 * 7.6 + 4),
    labelH: presenting ? 56 : 32,
    gate: presenting ? 90 : 48,
    fan: presenting ? 16 : 26,
    lossR: presenting ? 62 : 40,
    laneH: presenting ? 50 : 72,
    backH: presenting ? 160 : 176,
    margin: presenting ? 14 : 18,
    captions: !presenting,
  };
}

/**
 * @typedef {object} LayoutInput
 * @property {number[]} sizes n₀ … n_L
 * @property {boolean[]} biases
 * @property {boolean} loss
 * @property {Level} level
 * @property {boolean} presenting
 * @property {number} wide room there is, in design units
 * @property {number} high
 * @property {number} [named] so many letters of names, with numbers, stand beside the outputs' strip; 0: none
 * @property {number} [stripW] width of one heat strip
 * @property {[number, number]} [image] the inputs are an image of so many rows and columns
 */
/** @param {LayoutInput} input @returns {Layout} */
export function layout({ sizes, biases, loss, level, presenting, wide, high, named = 0, stripW = 20, image }) {
  const m = metricsFor(presenting);
  const L = sizes.length - 1;
  const rows = level === "boxes" ? boxRows(sizes, m, biases.some(Boolean), loss, high) : level === "dots" ? dotRows(sizes, m, high) : stripRows(sizes, m, high);
  const unitW = level === "boxes" ? m.boxW : level === "dots" ? 30 : stripW;
  const strips = level === "strips";
  const inputW = !strips ? unitW : image ? (image[1] * IMAGE) / Math.max(...image) : unitW * 2;
  const pair = level === "boxes" ? m.gate : level === "dots" ? 0 : stripW * 1.5;
  const labels = rows.labels;
  /** @param {number} l */
  const linear = (l) => (level === "boxes" ? (labels[l] ? m.labelW + 10 : 26) + m.fan : level === "dots" ? 96 : betweenStrips(sizes[l - 1], biases[l - 1], m.captions));
  const layerW = level === "boxes" ? unitW * 2 + pair : level === "dots" ? 62 : unitW * 4 + pair;
  const targets = strips && loss ? Math.max(m.captions ? 12 : 24, unitW > 20 ? unitW : 0) : 0;
  const lossGap = level === "boxes" ? (presenting ? 24 : 48) : (targets ? targets + 8 : 0) + (named ? outputRoom(named, m.captions) + 28 : 60);
  let natural = m.margin * 2 + inputW + (loss ? lossGap + m.lossR * 2 : 0);
  for (let l = 1; l <= L; l += 1) natural += linear(l) + layerW;
  // Room to spare goes to the fans of edges (up to a limit: long edges say nothing more).
  const stretch = Math.max(0, Math.min((wide - natural) / (L + (loss ? 0.5 : 0)), level === "boxes" ? 110 : 150));
  const width = natural + stretch * (L + (loss ? 0.5 : 0));
  const top = m.laneH;
  const height = top + rows.block + m.backH;
  const middle = top + rows.block / 2;

  /** @type {Column[]} */
  const columns = [];
  /** @type {Weights[]} */
  const weights = [];
  /** @param {number} l @param {"a" | "z"} kind @param {number} left @param {number} w */
  const column = (l, kind, left, w) => {
    const units = rows.units(l, kind).map(({ offset, h }) => ({ x: left, y: middle + offset - h / 2, w, h }));
    return { quantity: `${kind}${l}`, kind, layer: l, x: left + w / 2, units, lane: left + w / 2 };
  };
  let x = m.margin;
  columns.push(column(0, "a", x, inputW));
  x += inputW;
  for (let l = 1; l <= L; l += 1) {
    const right = x + linear(l) + stretch;
    weights.push({ layer: l, labels: labels[l], left: x, label: right - m.labelW - 10, right });
    const columnW = level === "dots" ? layerW : strips ? unitW * 2 : unitW;
    const z = column(l, "z", right, columnW);
    const a = column(l, "a", level === "dots" ? right : right + columnW + pair, columnW);
    if (level === "dots") {
      z.lane = right + layerW / 2 - 27;
      a.lane = right + layerW / 2 + 27;
    }
    columns.push(z, a);
    x = right + layerW;
  }
  const lossX = x + lossGap + stretch / 2 + m.lossR;
  return {
    level,
    metrics: m,
    width,
    height,
    columns,
    weights,
    loss: { x: lossX, y: middle - (level === "boxes" && loss ? m.tagH / 2 : 0), r: m.lossR },
    forwardY: m.laneH / 2 + (m.captions ? 8 : 4),
    backwardY: top + rows.block + (presenting ? 44 : 50),
    normsY: top + rows.block + (presenting ? 154 : 152),
    ...(image ? { image } : {}),
    ...(targets ? { targets } : {}),
    top,
    bottom: top + rows.block,
  };
}

const IMAGE = 126; // the longer side of an image: two of them fit the lowest network

/** Room for the names and numbers of the outputs and for which of them is the target. @param {number} letters @param {boolean} captions */
export function outputRoom(letters, captions) {
  return captions ? 152 + letters * 7.6 : 255 + letters * 14.5;
}

const FITS = { page: 0.65, presenting: 0.58 }; // a network may shrink so far to be seen whole; beyond that it scrolls
const FAN_ROOM = 64;
const LARGEST = { page: 1.3, presenting: 1.6 };

/** The layout and the scale at which it fills so many pixels. @param {Omit<LayoutInput, "wide" | "high">} input @param {number} wide @param {number} high @param {number} [least] scale, below which it scrolls @returns {{layout: Layout, scale: number}} */
export function fitted(input, wide, high, least = input.presenting ? FITS.presenting : FITS.page) {
  const natural = layout({ ...input, wide: 0, high });
  const fit = Math.min(wide / natural.width, high / natural.height);
  // Room to spare goes to the fans first, so that edges are no vertical bundle, and only then to larger letters.
  const roomy = Math.min(wide / (natural.width + FAN_ROOM * (input.sizes.length - 1)), high / natural.height);
  const largest = input.presenting ? LARGEST.presenting : LARGEST.page;
  // While presenting the height decides: both lanes stay in view, and what is too wide scrolls.
  const scale = fit >= least ? Math.min(largest, input.presenting ? fit : Math.max(Math.min(fit, 0.9), roomy)) : Math.max(Math.min(least, input.presenting ? 0.5 : 1), Math.min(1, high / natural.height));
  // What scrolls anyway need not be narrow.
  const room = natural.width * scale > wide ? natural.width + (FAN_ROOM / 2) * (input.sizes.length - 1) : wide / scale;
  return { layout: layout({ ...input, wide: room, high: high / scale }), scale };
}

/**
 * @typedef {object} Rows
 * @property {number} block height of the network
 * @property {boolean[]} labels by layer, from 1
 * @property {(l: number, kind: "a" | "z") => {offset: number, h: number}[]} units centres, from the middle of the network
 */

/** @param {number[]} sizes @param {Metrics} m @param {boolean} tags @param {boolean} loss @param {number} high @returns {Rows} */
function boxRows(sizes, m, tags, loss, high) {
  const gap = m.captions ? 20 : 14;
  const pitch = m.boxH + (tags || loss ? m.tagH : 0) + gap;
  const floor = Math.max(...sizes.map((n) => n * pitch));
  const roomy = Math.max(floor, 560);
  const labels = sizes.map((n, l) => l > 0 && n * Math.max(pitch, sizes[l - 1] * m.labelH + 12) <= roomy);
  const pitches = sizes.map((_, l) => (labels[l] ? Math.max(pitch, sizes[l - 1] * m.labelH + 12) : pitch));
  // A unit's weights are centred on its box, the drawer hangs below it: the first unit's may reach above its pitch.
  const drawer = tags || loss ? m.tagH : 0;
  const rows = sizes.map((_, l) => (labels[l] ? sizes[l - 1] * m.labelH + drawer : 0));
  const least = Math.max(loss ? m.lossR * 2 + m.tagH : 0, ...sizes.map((n, l) => Math.max(n * pitches[l] + 8, (n - 1) * pitches[l] + rows[l])));
  const block = Math.max(least, Math.min(least * 1.3, high - m.laneH - m.backH - 36));
  return {
    block,
    labels,
    units: (l) => {
      const n = sizes[l];
      // Small layers spread out a little, so that their edges can be told apart.
      const spread = n > 1 ? Math.min((block - 8) / n, (block - rows[l]) / (n - 1), pitches[l] * 1.6) : 0;
      const step = Math.max(pitches[l], spread);
      return Array.from({ length: n }, (_, i) => ({ offset: (i - (n - 1) / 2) * step - drawer / 2, h: m.boxH }));
    },
  };
}

/** @param {number[]} sizes @param {Metrics} m @param {number} high @returns {Rows} */
function dotRows(sizes, m, high) {
  const widest = Math.max(...sizes);
  const pitch = Math.max(26, Math.min(46, (high - m.laneH - m.backH - 20) / widest));
  return {
    block: widest * pitch + 16,
    labels: sizes.map(() => false),
    units: (l) => Array.from({ length: sizes[l] }, (_, i) => ({ offset: (i - (sizes[l] - 1) / 2) * pitch, h: Math.min(30, pitch - 5) })),
  };
}

/** @param {number[]} sizes @param {Metrics} m @param {number} high @returns {Rows} */
function stripRows(sizes, m, high) {
  const block = Math.max(260, Math.min(600, high - m.laneH - m.backH - 44));
  const widest = Math.max(...sizes);
  return {
    block: block + 44, // captions stand below
    labels: sizes.map(() => false),
    // One box a column: the strip. Narrow layers get shorter strips, but never so short that a cell cannot be told.
    units: (l) => [{ offset: m.captions ? 0 : -6, h: Math.max(Math.min(block, sizes[l] * (m.captions ? 22 : 30)), block * Math.sqrt(sizes[l] / widest)) }],
  };
}
