// TensorFlow.js 4.22, as its documentation says is fast: production mode, everything inside `tidy`, weights as
// variables, its own optimizer, one pass of D over real and fake together, losses kept on the device and read together.

import * as tf from "@tensorflow/tfjs-core";
// Which gradient belongs to which kernel: the whole package would do this by itself.
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import { Batches } from "../page/data.js";
import { ADAM, NETWORKS, PIXELS } from "../page/networks.js";
import { networks } from "./tfjs-nets.js";

/** @import { Job, Run } from "../page/worker.js" */

/** @param {Job} job @returns {Promise<Run>} */
export async function start({ device, network, images }) {
  tf.enableProdMode();
  if (!(await tf.setBackend(device))) throw new Error(`TensorFlow.js could not start its backend ${device}`);
  await tf.ready();
  const { batch, latent } = NETWORKS[network];
  const random = new Batches(images);
  const { g, d } = networks(random, NETWORKS[network]);
  const optimizer = () => tf.train.adam(ADAM.rate, ADAM.beta1, ADAM.beta2, ADAM.epsilon);
  const [gAdam, dAdam] = [optimizer(), optimizer()];
  // -1 on real, 1 on fake: both halves of D's loss are softplus(sign x logit).
  const sign = tf.concat([tf.fill([batch, 1], -1), tf.ones([batch, 1])]);
  const noise = () => tf.tensor2d(random.normal(batch * latent), [batch, latent]);
  /** D's and G's of each step, in turn. @type {tf.Tensor[]} */
  let losses = [];
  const update = (
    /** @type {tf.Optimizer} */ adam,
    /** @type {() => tf.Scalar} */ loss,
    /** @type {tf.Variable[]} */ weights,
  ) => /** @type {tf.Scalar} */ (adam.minimize(loss, true, weights));

  const dStep = () =>
    tf.tidy(() => {
      const both = /** @type {tf.Tensor2D} */ (
        tf.concat([tf.tensor2d(random.real(batch), [batch, PIXELS]), g.forward(noise())])
      );
      // Mean over the 2n of both, twice: the sum of the two means.
      return update(dAdam, () => tf.mul(tf.mean(tf.softplus(tf.mul(d.forward(both), sign))), 2), d.weights);
    });
  const gStep = () =>
    tf.tidy(() => {
      const z = noise();
      const loss = update(gAdam, () => tf.mean(tf.softplus(tf.neg(d.forward(g.train(z))))), g.weights);
      g.absorb();
      return loss;
    });
  return {
    step: () => {
      losses.push(dStep(), gStep());
    },
    async read() {
      const all = tf.stack(losses);
      tf.dispose(losses);
      losses = [];
      const values = [...(await all.data())];
      all.dispose();
      return { d: values.filter((_, i) => i % 2 === 0), g: values.filter((_, i) => i % 2 === 1) };
    },
  };
}
