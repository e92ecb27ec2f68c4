// The two networks that every engine trains, and how: written once, so that no engine can be given another task.

/** @typedef {"mlp" | "dcgan"} NetworkId */
/** @typedef {{batch: number, latent: number, units: number, channels: number}} Network */

/** Pixels of an image, and its side. */
export const PIXELS = 784;
export const SIDE = 28;
/** Adam with the rates of Radford et al. 2016 for both players. */
export const ADAM = { rate: 2e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 };
/** Slope of the discriminators' leaky rectifier. */
export const SLOPE = 0.2;
/** Standard deviation of the convolutional networks' first weights (Radford et al. 2016, section 4). */
export const CONV_DEVIATION = 0.02;
/** Batch normalisation: added to the variance, and the newest batch's share of the running statistics. */
export const NORM = { epsilon: 1e-5, momentum: 0.1 };

/**
 * mlp: z -> units (ReLU) -> units (ReLU) -> 784 (tanh); 784 -> units -> units (both leaky) -> 1; no normalisation.
 * dcgan: z -> linear -> 2 channels x 7x7, BN, ReLU -> up to channels x 14x14, BN, ReLU -> up to 28x28, tanh;
 * 28x28 -> channels x 14x14, leaky -> 2 channels x 7x7, leaky -> linear -> 1; every convolution 4x4, stride 2, padding 1.
 * @type {Record<NetworkId, Network>}
 */
export const NETWORKS = {
  mlp: { batch: 64, latent: 64, units: 128, channels: 0 },
  dcgan: { batch: 32, latent: 64, units: 0, channels: 16 },
};
