/** A small live network on a canvas: edges by the sign and size of their weights, in every unit a picture of what it computes, its bias as a tag at its corner. */

import { ends, thickness, threshold } from "../geometry/network.js";
import { createPicture, rampOf } from "./field.js";
import { between, css, hueOf, huesOf } from "./hues.js";

/** @import {Box} from "../geometry/columns.js" */
/** @import {Point} from "../geometry/curves.js" */
/** @import {Placed} from "../geometry/network.js" */

const PAINTED = 500; // edges of one layer: of more only the strongest
const CROWDED = 80; // edges of one layer from which on they are fine lines: without a graphics card thicker ones take five times as long

/** @param {HTMLCanvasElement} canvas */
export function createNetworkPicture(canvas) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const picture = createPicture();
  let hues = huesOf(canvas);
  let ramp = rampOf(hues.neg, hues.paper, hues.pos);
  let ratio = 1;

  /** @param {[Point, Point]} ends @param {string} colour @param {number} width */
  function stroke([p, q], colour, width) {
    const middle = (p.x + q.x) / 2;
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(p.x, p.y);
    context.bezierCurveTo(middle, p.y, middle, q.y, q.x, q.y);
    context.stroke();
  }

  /** @param {number} bias */
  const biasColour = (bias) => css(between(hues.panel, bias > 0 ? hues.pos : hues.neg, bias === 0 ? 0 : 0.2 + 0.8 * Math.min(1, Math.sqrt(Math.abs(bias)))));

  /** @param {Box} box @param {string} fill */
  function plain({ x, y, w, h }, fill) {
    context.fillStyle = fill;
    context.fillRect(x, y, w, h);
  }

  return {
    /** @param {number} wide @param {number} high */
    resize(wide, high) {
      ratio = Math.min(2, devicePixelRatio || 1);
      [canvas.width, canvas.height] = [Math.round(wide * ratio), Math.round(high * ratio)];
    },
    /** Colours are other ones. */
    dress() {
      hues = huesOf(canvas);
      ramp = rampOf(hues.neg, hues.paper, hues.pos);
    },
    begin() {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, canvas.width, canvas.height);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
    },
    /** @param {Placed} placed @param {number} l @param {number[][]} weights of layer l */
    edges(placed, l, weights) {
      const least = threshold(weights, PAINTED);
      const crowded = weights.length * weights[0].length > CROWDED;
      weights.forEach((row, i) => {
        row.forEach((weight, j) => {
          if (Math.abs(weight) < least || weight === 0) return;
          const width = thickness(weight);
          context.globalAlpha = crowded ? Math.min(0.9, 0.28 * width) : Math.min(0.92, 0.25 + 0.22 * width);
          stroke(ends(placed, l, i, j), css(weight > 0 ? hues.pos : hues.neg), crowded ? 1 : width);
        });
      });
      context.globalAlpha = 1;
    },
    /** What is looked at is told by ink: an edge. @param {[Point, Point]} ends */
    markEdge: (ends) => stroke(ends, css(hues.ink), 3),
    /** The same for a unit. @param {Box} box */
    markUnit: ({ x, y, w, h }) => plain({ x: x - 3, y: y - 3, w: w + 6, h: h + 6 }, css(hues.ink)),
    /** A unit before its picture. @param {Box} box */
    ground: (box) => plain(box, css(hues.paper)),
    /** The rim over a picture, and the bias where there is one, at the corner where what comes in arrives. @param {Box} box @param {number} [bias] */
    rim({ x, y, w, h }, bias) {
      context.lineWidth = 1;
      context.strokeStyle = css(between(hues.panel, hues.ink, 0.34));
      context.strokeRect(x + 0.5, y + 0.5, w - 1, h - 1);
      if (bias === undefined) return;
      const size = Math.max(4, Math.min(9, w * 0.2));
      const tag = { x: x - size / 2, y: y + h - size / 2, w: size, h: size };
      plain(tag, biasColour(bias));
      context.strokeStyle = css(between(hues.panel, hues.ink, 0.55));
      context.strokeRect(tag.x, tag.y, size, size);
    },
    /** A unit of which there is no picture: its bias. @param {Box} box @param {number} bias */
    coin({ x, y, w, h }, bias) {
      plain({ x: x - 1, y: y - 1, w: w + 2, h: h + 2 }, css(hues.panel));
      context.beginPath();
      context.arc(x + w / 2, y + h / 2, Math.min(w / 2, 15), 0, 2 * Math.PI);
      context.fillStyle = biasColour(bias);
      context.fill();
      context.strokeStyle = css(between(hues.panel, hues.ink, 0.45));
      context.stroke();
    },
    /** Numbers as pixels: smooth where they are a function, not where each is a number of its own. @param {Box} box @param {number[][]} rows first one at the bottom @param {{middle: number, reach: number, smooth: boolean, of?: [number, number]}} how `of`: the picture is that of one class of so many, in its hue */
    heat({ x, y, w, h }, rows, { middle, reach, smooth, of }) {
      picture.heat(rows, of ? rampOf(hues.paper, hues.paper, hueOf(hues, ...of), 0.75) : ramp, middle, reach || 1);
      context.imageSmoothingEnabled = smooth;
      context.drawImage(picture.canvas, x, y, w, h);
    },
    /** A function of one input. @param {Box} box @param {number[]} values @param {number} middle @param {number} reach */
    curve({ x, y, w, h }, values, middle, reach) {
      const most = Math.max(reach, ...values.map((value) => Math.abs(value - middle)));
      context.strokeStyle = css(hues.pos);
      context.lineWidth = 1.8;
      context.beginPath();
      values.forEach((value, at) => context.lineTo(x + (w * at) / (values.length - 1), y + h * (0.5 - (0.45 * (value - middle)) / most)));
      context.stroke();
    },
    /** What an input is over the inputs: itself. @param {Box} box @param {[number, number]} ends @param {boolean} upwards or to the right */
    ramp({ x, y, w, h }, [low, high], upwards) {
      const gradient = upwards ? context.createLinearGradient(0, y + h, 0, y) : context.createLinearGradient(x, 0, x + w, 0);
      const reach = Math.max(Math.abs(low), Math.abs(high));
      for (let t = 0; t <= 8; t += 1) {
        const value = (low + ((high - low) * t) / 8) / reach;
        gradient.addColorStop(t / 8, css(between(hues.paper, value < 0 ? hues.neg : hues.pos, Math.sqrt(Math.abs(value)) * 0.92)));
      }
      context.fillStyle = gradient;
      context.fillRect(x, y, w, h);
    },
  };
}
