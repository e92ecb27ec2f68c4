// Slow motion over the plane: the minibatch of the next update, from noise to generated samples, D's word on each, and
// where they are pulled.

/** @import { Overlay } from "../../app/slow-motion.js" */
/** @typedef {{x: (v: number) => number, y: (v: number) => number}} ToPixel numbers to pixels along each axis */
/** @typedef {{left: number, top: number, width: number, height: number}} Box */
/** @typedef {{text: string, panel: string, real: string, generator: string, discriminator: string}} Colours */

/** So many of a minibatch are drawn. */
const SHOWN = 48;
/** Pixels of the longest arrow, and of the arrows that say which way D's word is to move. */
const [LONGEST, ASKED] = [48, 16];
/** Pixels that a ring is wider where a network lacks everything. */
const LACK = 16;
/** A cloud of noise is drawn so wide: pixels for a standard deviation. */
const NOISE_PX = 26;
const ORDER = ["noise", "generate", "score", "loss", "gradient", "update"];

/**
 * Draws over the plane. At first z lies in a box in the corner, as the plane is not where z lives; then everything is where it is.
 * @param {CanvasRenderingContext2D} ctx in pixels of the page @param {ToPixel} to @param {Overlay} overlay
 * @param {{colours: Colours, box: Box, probability: boolean}} look `box` is the picture's, `probability` whether D's output is one
 */
export function drawWalk(ctx, to, { stage, network, walk }, { colours, box, probability }) {
  if (walk.width !== 2) return;
  const at = ORDER.indexOf(stage);
  const place = (/** @type {Float32Array} */ points, /** @type {number} */ i) =>
    /** @type {[number, number]} */ ([to.x(points[2 * i]), to.y(points[2 * i + 1])]);
  const all = (/** @type {Float32Array} */ points) =>
    Array.from({ length: Math.min(points.length / 2, SHOWN) }, (_, i) => place(points, i));
  ctx.save();
  ctx.beginPath();
  ctx.rect(box.left, box.top, box.width, box.height);
  ctx.clip();
  veil(ctx, colours, box);
  const noise = noisePlaces(walk, box);
  if (at <= 1) drawNoise(ctx, noise, colours, at === 0);
  if (at >= 1) {
    const fake = all(walk.fake);
    const real = all(walk.real);
    const judged = stage === "score" || (stage === "loss" && !probability);
    if (at === 1)
      strokes(
        ctx,
        noise.places.map((z, i) => [z, fake[i]]),
        colours.generator,
        0.7,
      );
    if (stage === "loss" && probability) drawLoss(ctx, { real, fake, network, walk }, colours);
    if (stage === "gradient") drawGradients(ctx, { real, fake, network, arrows: walk.arrows }, colours);
    // After the update they show where things were.
    const was = stage === "update";
    marks(ctx, real, was ? colours.panel : colours.real, was ? colours.real : colours.panel, (x, y) =>
      ctx.arc(x, y, 4.5, 0, 2 * Math.PI),
    );
    marks(ctx, fake, was ? colours.panel : colours.generator, was ? colours.generator : colours.panel, (x, y) =>
      rhombus(ctx, x, y, 6),
    );
    if (judged) drawScores(ctx, real, walk.realScores, colours);
    if (judged) drawScores(ctx, fake, walk.fakeScores, colours);
  }
  ctx.restore();
}

/** Rings whose radius grows with the distance of D(x) from its target. @param {CanvasRenderingContext2D} ctx @param {{real: [number, number][], fake: [number, number][], network: string, walk: Overlay["walk"]}} batch @param {Colours} colours */
function drawLoss(ctx, { real, fake, network, walk }, colours) {
  const fool = network === "generator";
  ctx.strokeStyle = fool ? colours.generator : colours.discriminator;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  const ring = (/** @type {[number, number]} */ [x, y], /** @type {number} */ lack) => {
    const r = 6 + LACK * lack;
    ctx.moveTo(x + r, y);
    ctx.arc(x, y, r, 0, 2 * Math.PI);
  };
  if (!fool) real.forEach((at, i) => ring(at, 1 - walk.realScores[i]));
  fake.forEach((at, i) => ring(at, fool ? 1 - walk.fakeScores[i] : walk.fakeScores[i]));
  ctx.stroke();
}

/** Dims what is below the highlighted stage. @param {CanvasRenderingContext2D} ctx @param {Colours} colours @param {Box} box */
function veil(ctx, colours, { left, top, width, height }) {
  ctx.globalAlpha = 0.45;
  ctx.fillStyle = colours.panel;
  ctx.fillRect(left, top, width, height);
  ctx.globalAlpha = 1;
}

/** Where the first two numbers of each z are drawn, in the corner. @param {Overlay["walk"]} walk @param {Box} box */
function noisePlaces({ z, zWidth }, { left, top }) {
  const side = 6 * NOISE_PX;
  const [cx, cy] = [left + 8 + side / 2, top + 8 + side / 2];
  const inside = (/** @type {number} */ v) => Math.min(Math.max(v, -2.7), 2.7) * NOISE_PX;
  const count = Math.min(z.length / zWidth, SHOWN);
  const places = Array.from(
    { length: count },
    (_, i) =>
      /** @type {[number, number]} */ ([cx + inside(z[i * zWidth]), cy - (zWidth > 1 ? inside(z[i * zWidth + 1]) : 0)]),
  );
  return { places, left: left + 8, top: top + 8, side };
}

/** @param {CanvasRenderingContext2D} ctx @param {ReturnType<typeof noisePlaces>} noise @param {Colours} colours @param {boolean} lit */
function drawNoise(ctx, { places, left, top, side }, colours, lit) {
  ctx.globalAlpha = lit ? 1 : 0.55;
  ctx.fillStyle = colours.panel;
  ctx.strokeStyle = colours.generator;
  ctx.lineWidth = lit ? 2 : 1;
  ctx.fillRect(left, top, side, side);
  ctx.strokeRect(left, top, side, side);
  ctx.fillStyle = colours.text;
  ctx.font = "12px system-ui, sans-serif";
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  ctx.fillText("noise z", left + 6, top + 16);
  marks(ctx, places, colours.generator, colours.panel, (x, y) => ctx.arc(x, y, 3, 0, 2 * Math.PI));
  ctx.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} ctx @param {[number, number][]} places @param {string} colour @param {string} rim @param {(x: number, y: number) => void} shape */
function marks(ctx, places, colour, rim, shape) {
  ctx.fillStyle = colour;
  ctx.strokeStyle = rim;
  ctx.lineWidth = 1.5;
  for (const [x, y] of places) {
    ctx.beginPath();
    shape(x, y);
    ctx.fill();
    ctx.stroke();
  }
}

/** @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {number} r */
function rhombus(ctx, x, y, r) {
  ctx.moveTo(x - r, y);
  ctx.lineTo(x, y - r);
  ctx.lineTo(x + r, y);
  ctx.lineTo(x, y + r);
  ctx.closePath();
}

/** @param {CanvasRenderingContext2D} ctx @param {[[number, number], [number, number]][]} pairs @param {string} colour @param {number} alpha */
function strokes(ctx, pairs, colour, alpha) {
  ctx.globalAlpha = alpha;
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (const [[x, y], [tx, ty]] of pairs) {
    ctx.moveTo(x, y);
    ctx.lineTo(tx, ty);
  }
  ctx.stroke();
  ctx.globalAlpha = 1;
}

/** Scores beside every fourth mark: all of them would overlap. @param {CanvasRenderingContext2D} ctx @param {[number, number][]} places @param {Float32Array} scores @param {Colours} colours */
function drawScores(ctx, places, scores, colours) {
  ctx.font = "11px system-ui, sans-serif";
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.lineWidth = 3;
  ctx.lineJoin = "round";
  places.forEach(([x, y], i) => {
    if (i % 4 > 0) return;
    const words = scores[i].toFixed(2).replace("-", "−");
    ctx.strokeStyle = colours.panel;
    ctx.strokeText(words, x + 8, y);
    ctx.fillStyle = colours.discriminator;
    ctx.fillText(words, x + 8, y);
  });
}

/** In a D step, arrows up for real and down for generated samples; in a G step, minus the gradient of each sample. @param {CanvasRenderingContext2D} ctx @param {{real: [number, number][], fake: [number, number][], network: string, arrows: Float32Array}} batch @param {Colours} colours */
function drawGradients(ctx, { real, fake, network, arrows }, colours) {
  const heads = (
    /** @type {[number, number][]} */ places,
    /** @type {(i: number) => [number, number]} */ by,
    /** @type {string} */ colour,
  ) => {
    ctx.strokeStyle = colour;
    ctx.lineWidth = 2;
    ctx.beginPath();
    places.forEach(([x, y], i) => arrow(ctx, x, y, ...by(i)));
    ctx.stroke();
  };
  if (network === "discriminator") {
    heads(real, () => [0, -ASKED], colours.discriminator);
    heads(fake, () => [0, ASKED], colours.discriminator);
    return;
  }
  const length = (/** @type {number} */ i) => Math.hypot(arrows[2 * i], arrows[2 * i + 1]);
  const unit = LONGEST / Math.max(...fake.map((_, i) => length(i)), 1e-9);
  heads(fake, (i) => [unit * arrows[2 * i], -unit * arrows[2 * i + 1]], colours.text);
}

/** @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {number} dx @param {number} dy */
function arrow(ctx, x, y, dx, dy) {
  const length = Math.hypot(dx, dy);
  if (!(length > 1)) return;
  const [ux, uy] = [dx / length, dy / length];
  const head = Math.min(6, 0.5 * length);
  const [tx, ty] = [x + dx, y + dy];
  ctx.moveTo(x, y);
  ctx.lineTo(tx, ty);
  ctx.moveTo(tx - head * (ux - 0.6 * uy), ty - head * (uy + 0.6 * ux));
  ctx.lineTo(tx, ty);
  ctx.lineTo(tx - head * (ux + 0.6 * uy), ty - head * (uy - 0.6 * ux));
}
