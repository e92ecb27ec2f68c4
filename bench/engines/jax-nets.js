// The networks in jax-js. An array passed to a function belongs to it: each weight and each input is used once, or with
// `.ref`.

import { lax, nn, numpy as np } from "@jax-js/jax";
import { CONV_DEVIATION, NORM, PIXELS, SIDE, SLOPE } from "../page/networks.js";

/** @import { Batches } from "../page/data.js" */
/** @import { Network } from "../page/networks.js" */
/** @typedef {np.Array} A */
/** @typedef {Record<string, A>} Weights */
/**
 * `forward` takes weights and input and gives the output and what batch normalisation saw, by the names of the running statistics.
 * @typedef {{weights: Weights, statistics: Weights, forward: (w: Weights, x: A) => [A, Weights]}} Net
 */

/** Weights from a normal distribution. @param {Batches} random @param {number[]} shape @param {number} deviation @param {number} [mean] */
function weight(random, shape, deviation, mean = 0) {
  const n = shape.reduce((a, b) => a * b);
  return np.array(
    random
      .normal(n + (n % 2), deviation)
      .slice(0, n)
      .map((x) => x + mean),
    { shape },
  );
}

/** @param {Batches} random @param {number[]} sizes @param {(x: A) => A} hidden @param {(x: A) => A} out @returns {Net} */
function mlp(random, sizes, hidden, out) {
  /** @type {Weights} */
  const weights = {};
  sizes.slice(1).forEach((to, i) => {
    weights[`w${i}`] = weight(random, [sizes[i], to], Math.sqrt(2 / sizes[i]));
    weights[`b${i}`] = np.zeros([to]);
  });
  const layers = sizes.slice(1).map((_, i) => i);
  return {
    weights,
    statistics: {},
    forward: (w, x) => [
      out(layers.reduce((y, i) => np.dot(i === 0 ? y : hidden(y), w[`w${i}`]).add(w[`b${i}`]), x)),
      {},
    ],
  };
}

/**
 * Batch normalisation over batch and place.
 * @param {A} x [n, c, h, w] @param {A} scale [c] @param {A} shift [c]
 * @returns {[A, A, A]} output, mean, variance
 */
function batchNorm(x, scale, shift) {
  const over = { keepdims: true };
  const mean = np.mean(x.ref, [0, 2, 3], over);
  const centred = x.sub(mean.ref);
  const variance = np.mean(np.square(centred.ref), [0, 2, 3], over);
  const perChannel = (/** @type {A} */ v) => v.reshape([1, -1, 1, 1]);
  const out = centred.mul(perChannel(scale).div(np.sqrt(variance.ref.add(NORM.epsilon)))).add(perChannel(shift));
  return [out, lax.stopGradient(mean.reshape([-1])), lax.stopGradient(variance.reshape([-1]))];
}

/** @type {[number, number][]} */
const PADDING = [
  [1, 1],
  [1, 1],
];

/** @param {Batches} random @param {Network} network @returns {Net} */
function convGenerator(random, { batch, latent, channels }) {
  const wide = 2 * channels;
  const weights = {
    dense: weight(random, [latent, wide * 49], CONV_DEVIATION),
    // [to, from, height, width]
    up0: weight(random, [channels, wide, 4, 4], CONV_DEVIATION),
    up1: weight(random, [1, channels, 4, 4], CONV_DEVIATION),
    bias: np.zeros([1]),
    scale0: weight(random, [wide], CONV_DEVIATION, 1),
    shift0: np.zeros([wide]),
    scale1: weight(random, [channels], CONV_DEVIATION, 1),
    shift1: np.zeros([channels]),
  };
  const statistics = {
    mean0: np.zeros([wide]),
    variance0: np.ones([wide]),
    mean1: np.zeros([channels]),
    variance1: np.ones([channels]),
  };
  return {
    weights,
    statistics,
    forward: (w, z) => {
      const [x0, mean0, variance0] = batchNorm(np.dot(z, w.dense).reshape([batch, wide, 7, 7]), w.scale0, w.shift0);
      const up = lax.convTranspose(nn.relu(x0), w.up0, [2, 2], PADDING);
      const [x1, mean1, variance1] = batchNorm(up, w.scale1, w.shift1);
      const image = lax.convTranspose(nn.relu(x1), w.up1, [2, 2], PADDING).add(w.bias);
      return [np.tanh(image).reshape([batch, PIXELS]), { mean0, variance0, mean1, variance1 }];
    },
  };
}

/** @param {Batches} random @param {Network} network @returns {Net} */
function convDiscriminator(random, { channels }) {
  const wide = 2 * channels;
  const weights = {
    down0: weight(random, [channels, 1, 4, 4], CONV_DEVIATION),
    bias0: np.zeros([channels, 1, 1]),
    down1: weight(random, [wide, channels, 4, 4], CONV_DEVIATION),
    bias1: np.zeros([wide, 1, 1]),
    dense: weight(random, [wide * 49, 1], CONV_DEVIATION),
    bias2: np.zeros([1]),
  };
  return {
    weights,
    statistics: {},
    forward: (w, image) => {
      const n = image.shape[0];
      let x = image.reshape([n, 1, SIDE, SIDE]);
      x = nn.leakyRelu(lax.convGeneralDilated(x, w.down0, [2, 2], PADDING).add(w.bias0), SLOPE);
      x = nn.leakyRelu(lax.convGeneralDilated(x, w.down1, [2, 2], PADDING).add(w.bias1), SLOPE);
      return [np.dot(x.reshape([n, wide * 49]), w.dense).add(w.bias2), {}];
    },
  };
}

/** @param {Batches} random @param {Network} network @returns {{g: Net, d: Net}} */
export function networks(random, network) {
  const { latent, units } = network;
  if (network.channels) return { g: convGenerator(random, network), d: convDiscriminator(random, network) };
  return {
    g: mlp(random, [latent, units, units, PIXELS], nn.relu, np.tanh),
    d: mlp(
      random,
      [PIXELS, units, units, 1],
      (x) => nn.leakyRelu(x, SLOPE),
      (x) => x,
    ),
  };
}
