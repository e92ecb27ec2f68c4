// The networks in TensorFlow.js: NHWC, the only layout whose convolutions have gradients; its fused layers where they
// have one.

import * as tf from "@tensorflow/tfjs-core";
import { CONV_DEVIATION, NORM, PIXELS, SIDE, SLOPE } from "../page/networks.js";

/** @import { Batches } from "../page/data.js" */
/** @import { Network } from "../page/networks.js" */
/**
 * @typedef {object} Net
 * @property {(x: tf.Tensor2D) => tf.Tensor2D} forward
 * @property {tf.Variable[]} weights
 * @property {() => void} absorb takes the newest batch's statistics into the running ones
 */

const nothing = () => {};
// Variables are tensors of any rank to the type checker.
const any = (/** @type {any} */ x) => x;

/** Weights from a normal distribution. @param {Batches} random @param {number[]} shape @param {number} deviation @param {number} [mean] */
function weight(random, shape, deviation, mean = 0) {
  const n = shape.reduce((a, b) => a * b);
  const values = random
    .normal(n + (n % 2), deviation)
    .subarray(0, n)
    .map((x) => x + mean);
  return tf.variable(tf.tensor(values, shape));
}

const zeros = (/** @type {number} */ n) => tf.variable(tf.zeros([n]));

/** x W + b, in one kernel. @param {any} x @param {any} w @param {any} b @returns {tf.Tensor2D} */
const linear = (x, w, b) => any(tf.fused.matMul({ a: x, b: w, bias: b }));

/** @typedef {(x: tf.Tensor2D) => tf.Tensor2D} Activation */
/** @param {Batches} random @param {number[]} sizes @param {Activation} hidden @param {Activation} out @returns {Net} */
function mlp(random, sizes, hidden, out) {
  const layers = sizes
    .slice(1)
    .map((to, i) => ({ w: weight(random, [sizes[i], to], Math.sqrt(2 / sizes[i])), b: zeros(to) }));
  return {
    weights: layers.flatMap(({ w, b }) => [w, b]),
    forward: (x) => out(layers.reduce((y, { w, b }, i) => linear(i === 0 ? y : hidden(y), w, b), x)),
    absorb: nothing,
  };
}

/** Batch normalisation over all axes but the last, by the batch's own statistics. @param {Batches} random @param {number} channels */
function batchNorm(random, channels) {
  const [scale, shift] = [weight(random, [channels], CONV_DEVIATION, 1), zeros(channels)];
  const running = [tf.variable(tf.zeros([channels]), false), tf.variable(tf.ones([channels]), false)];
  /** Mean and variance of the newest batch, kept for `absorb`. @type {tf.Tensor[]} */
  let newest = [];
  return {
    weights: [scale, shift],
    apply: (/** @type {tf.Tensor4D} */ x, /** @type {boolean} */ keep) => {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      if (keep) newest = [tf.keep(mean), tf.keep(variance)];
      return tf.batchNorm4d(x, any(mean), any(variance), any(shift), any(scale), NORM.epsilon);
    },
    absorb: () => {
      tf.tidy(() =>
        running.forEach((r, i) => r.assign(tf.add(tf.mul(r, 1 - NORM.momentum), tf.mul(newest[i], NORM.momentum)))),
      );
      tf.dispose(newest);
    },
  };
}

/** @param {Batches} random @param {Network} network @returns {Net & {train: Net["forward"]}} */
function convGenerator(random, { batch, latent, channels }) {
  const wide = 2 * channels;
  const dense = weight(random, [latent, wide * 49], CONV_DEVIATION);
  // [height, width, to, from], as its transposed convolution wants them.
  const ups = [
    weight(random, [4, 4, channels, wide], CONV_DEVIATION),
    weight(random, [4, 4, 1, channels], CONV_DEVIATION),
  ];
  const norms = [batchNorm(random, wide), batchNorm(random, channels)];
  const bias = zeros(1);
  const forward = (/** @type {tf.Tensor2D} */ z, /** @type {boolean} */ keep) => {
    let x = tf.relu(norms[0].apply(any(tf.reshape(tf.matMul(z, any(dense)), [batch, 7, 7, wide])), keep));
    x = tf.relu(norms[1].apply(tf.conv2dTranspose(x, any(ups[0]), [batch, 14, 14, channels], 2, "same"), keep));
    x = tf.conv2dTranspose(x, any(ups[1]), [batch, SIDE, SIDE, 1], 2, "same");
    return /** @type {tf.Tensor2D} */ (tf.reshape(tf.tanh(tf.add(x, bias)), [batch, PIXELS]));
  };
  return {
    weights: [dense, ...ups, bias, ...norms.flatMap((n) => n.weights)],
    forward: (z) => forward(z, false),
    train: (z) => forward(z, true),
    absorb: () => norms.forEach((norm) => norm.absorb()),
  };
}

/** @param {Batches} random @param {Network} network @returns {Net} */
function convDiscriminator(random, { channels }) {
  const wide = 2 * channels;
  const downs = [
    weight(random, [4, 4, 1, channels], CONV_DEVIATION),
    weight(random, [4, 4, channels, wide], CONV_DEVIATION),
  ];
  const biases = [zeros(channels), zeros(wide), zeros(1)];
  const dense = weight(random, [wide * 49, 1], CONV_DEVIATION);
  return {
    weights: [...downs, ...biases, dense],
    forward: (images) => {
      let x = /** @type {tf.Tensor4D} */ (tf.reshape(images, [-1, SIDE, SIDE, 1]));
      downs.forEach((filter, i) => {
        x = tf.leakyRelu(tf.fused.conv2d({ x, filter: any(filter), strides: 2, pad: "same", bias: biases[i] }), SLOPE);
      });
      return linear(tf.reshape(x, [-1, wide * 49]), dense, biases[2]);
    },
    absorb: nothing,
  };
}

/** @param {Batches} random @param {Network} network @returns {{g: Net & {train: Net["forward"]}, d: Net}} */
export function networks(random, network) {
  const { latent, units } = network;
  if (network.channels) return { g: convGenerator(random, network), d: convDiscriminator(random, network) };
  const g = mlp(random, [latent, units, units, PIXELS], tf.relu, tf.tanh);
  return {
    g: { ...g, train: g.forward },
    d: mlp(
      random,
      [PIXELS, units, units, 1],
      (x) => tf.leakyRelu(x, SLOPE),
      (x) => x,
    ),
  };
}
