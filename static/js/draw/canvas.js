/** The canvas above the network, for what moves. */

/** @param {HTMLCanvasElement} canvas */
export function createCanvas(canvas) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  let dirty = false;
  let ratio = 1;
  /** @type {string[]} */
  let covered = [];
  return {
    context,
    /** Lie over a part of the picture and nothing else, for every frame costs as much as the canvas is large. In CSS pixels, from the corner of what the canvas stands in. @param {{x: number, y: number, w: number, h: number}} part */
    cover({ x, y, w, h }) {
      const now = [x, y, w, h].map((it) => `${Math.round(it)}px`);
      if (now.every((it, k) => it === covered[k])) return;
      covered = now;
      [canvas.style.left, canvas.style.top, canvas.style.width, canvas.style.height] = now;
      ratio = Math.min(2, devicePixelRatio || 1);
      const [width, height] = [Math.round(w * ratio), Math.round(h * ratio)];
      if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    },
    clear() {
      if (!dirty) return;
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, canvas.width, canvas.height);
      dirty = false;
    },
    /** From now on drawing is in design units. @param {number} x @param {number} y of the world's corner on the canvas, in CSS pixels @param {number} scale */
    begin(x, y, scale) {
      this.clear();
      dirty = true;
      context.setTransform(scale * ratio, 0, 0, scale * ratio, x * ratio, y * ratio);
    },
    /** @param {number} x @param {number} y @param {number} r @param {string} colour @param {number} [alpha] */
    dot(x, y, r, colour, alpha = 1) {
      context.globalAlpha = alpha;
      context.fillStyle = colour;
      context.beginPath();
      context.arc(x, y, r, 0, Math.PI * 2);
      context.fill();
      context.globalAlpha = 1;
    },
    /** A place for a number, wiped clean. @param {number} x @param {number} y of its middle @param {number} w @param {number} h @param {string} colour */
    plate(x, y, w, h, colour) {
      context.fillStyle = colour;
      context.fillRect(x - w / 2, y - h / 2, w, h);
    },
    /** A number beside what it belongs to, with a rim that keeps it readable on lines. @param {string} text @param {number} x @param {number} y @param {number} size @param {string} colour @param {string} rim */
    label(text, x, y, size, colour, rim) {
      context.font = `600 ${size}px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace`;
      context.textAlign = "center";
      context.lineWidth = size / 3.2;
      context.lineJoin = "round";
      context.strokeStyle = rim;
      context.strokeText(text, x, y);
      context.fillStyle = colour;
      context.fillText(text, x, y);
    },
    /** @param {{x: number, y: number, w: number, h: number}} box @param {string} colour @param {number} width @param {number} alpha */
    frame({ x, y, w, h }, colour, width, alpha) {
      context.globalAlpha = alpha;
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.strokeRect(x - width / 2, y - width / 2, w + width, h + width);
      context.globalAlpha = 1;
    },
    /** A line from p to q, level at both ends. @param {{x: number, y: number}} p @param {{x: number, y: number}} q @param {string} colour @param {number} width @param {number} alpha */
    tie(p, q, colour, width, alpha) {
      const middle = (p.x + q.x) / 2;
      context.globalAlpha = alpha;
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.beginPath();
      context.moveTo(p.x, p.y);
      context.bezierCurveTo(middle, p.y, middle, q.y, q.x, q.y);
      context.stroke();
      context.globalAlpha = 1;
    },
    /** @param {number} x @param {number} y @param {number} r @param {string} colour @param {number} alpha @param {number} [width] */
    ring(x, y, r, colour, alpha, width = 2.5) {
      context.globalAlpha = alpha;
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.beginPath();
      context.arc(x, y, r, 0, Math.PI * 2);
      context.stroke();
      context.globalAlpha = 1;
    },
  };
}
