// jax-js 0.1.25, as its documentation says is fast: one `jit` around the whole step (both updates and both optimizers),
// so that it can fuse across all of it; one pass of D over real and fake together; losses read when they are wanted. An
// array passed to a function belongs to it; `.ref` keeps one more claim for later use.

import { defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { Batches } from "../page/data.js";
import { ADAM, NETWORKS, NORM, PIXELS } from "../page/networks.js";
import { networks } from "./jax-nets.js";

/** @import { Device } from "@jax-js/jax" */
/** @import { Job, Run } from "../page/worker.js" */
/** @import { Net, Weights } from "./jax-nets.js" */
/** @typedef {np.Array} A */
/** @typedef {{m: Weights, v: Weights}} Moments */
/** @typedef {{g: Weights, d: Weights, gMoments: Moments, dMoments: Moments, statistics: Weights, t: A}} State */

/** Applies `f` name by name. @template {any[]} Rest @param {(...values: A[]) => A} f @param {Weights[]} trees @returns {Weights} */
const each = (f, ...trees) =>
  Object.fromEntries(Object.keys(trees[0]).map((key) => [key, f(...trees.map((t) => t[key]))]));

/**
 * Algorithm 1 of Kingma and Ba 2015, bias corrections in the step size and in epsilon (end of their section 2).
 * @param {Weights} weights @param {Weights} gradient @param {Moments} moments @param {A} step @param {A} epsilon @returns {[Weights, Moments]}
 */
function adam(weights, gradient, moments, step, epsilon) {
  const { beta1, beta2 } = ADAM;
  const m = each((a, g) => a.mul(beta1).add(g.mul(1 - beta1)), moments.m, tree.ref(gradient));
  const v = each((a, g) => a.mul(beta2).add(np.square(g).mul(1 - beta2)), moments.v, gradient);
  const next = each(
    (w, a, b) => w.sub(a.mul(step.ref).div(np.sqrt(b).add(epsilon.ref))),
    weights,
    tree.ref(m),
    tree.ref(v),
  );
  return [next, { m, v }];
}

/** The step size and epsilon of update `t`. @param {A} t @returns {[A, A]} */
function corrected(t) {
  const { rate, beta1, beta2, epsilon } = ADAM;
  const root = np.sqrt(
    np
      .exp(t.ref.mul(Math.log(beta2)))
      .neg()
      .add(1),
  );
  return [
    root.ref.mul(rate).div(
      np
        .exp(t.mul(Math.log(beta1)))
        .neg()
        .add(1),
    ),
    root.mul(epsilon),
  ];
}

/** One step as a function of everything it needs. @param {Net} gNet @param {Net} dNet @param {number} n batch */
function stepOf(gNet, dNet, n) {
  const dLoss = (/** @type {Weights} */ d, /** @type {A} */ both) => {
    const logits = dNet.forward(d, both)[0];
    return nn
      .softplus(logits.ref.slice([0, n]).neg())
      .mean()
      .add(nn.softplus(logits.slice([n, 2 * n])).mean());
  };
  /** @returns {[A, Weights]} */
  const gLoss = (/** @type {Weights} */ g, /** @type {Weights} */ d, /** @type {A} */ z) => {
    const [fake, seen] = gNet.forward(g, z);
    return [nn.softplus(dNet.forward(d, fake)[0].neg()).mean(), seen];
  };
  return (/** @type {State} */ state, /** @type {A} */ real, /** @type {A} */ dNoise, /** @type {A} */ gNoise) => {
    const t = state.t.add(1);
    const [size, epsilon] = corrected(t.ref);
    const [fake, unused] = gNet.forward(tree.ref(state.g), dNoise);
    tree.dispose(unused);
    const [lossOfD, dGradient] = valueAndGrad(dLoss)(tree.ref(state.d), np.concatenate([real, fake]));
    const [d, dMoments] = adam(state.d, dGradient, state.dMoments, size.ref, epsilon.ref);
    const [[lossOfG, seen], gGradient] = valueAndGrad(gLoss, { hasAux: true })(tree.ref(state.g), tree.ref(d), gNoise);
    const [g, gMoments] = adam(state.g, gGradient, state.gMoments, size, epsilon);
    const statistics = each(
      (old, now) => old.mul(1 - NORM.momentum).add(now.mul(NORM.momentum)),
      state.statistics,
      seen,
    );
    return { state: { g, d, gMoments, dMoments, statistics, t }, losses: np.stack([lossOfD, lossOfG]) };
  };
}

/** @param {Job} job @returns {Promise<Run>} */
export async function open({ device, network, images }) {
  const name = /** @type {Device} */ (device);
  if (!(await init(name)).includes(name)) throw new Error(`jax-js could not start its backend ${device}`);
  defaultDevice(name);
  const { batch, latent } = NETWORKS[network];
  const random = new Batches(images);
  const nets = networks(random, NETWORKS[network]);
  const zeros = (/** @type {Weights} */ w) => each((a) => np.zeros(a.shape), w);
  const moments = (/** @type {Net} */ net) => ({ m: zeros(net.weights), v: zeros(net.weights) });
  /** @type {State} */
  let state = {
    g: nets.g.weights,
    d: nets.d.weights,
    gMoments: moments(nets.g),
    dMoments: moments(nets.d),
    statistics: nets.g.statistics,
    t: np.array(0, { dtype: np.float32 }),
  };
  const step = jit(stepOf(nets.g, nets.d, batch));
  const noise = () => np.array(random.normal(batch * latent), { shape: [batch, latent] });
  /** D's and G's of each step. @type {A[]} */
  let losses = [];
  return {
    step() {
      const done = step(
        /** @type {any} */ (state),
        np.array(random.real(batch), { shape: [batch, PIXELS] }),
        noise(),
        noise(),
      );
      state = /** @type {any} */ (done.state);
      losses.push(/** @type {any} */ (done.losses));
    },
    async read() {
      /** @type {ArrayLike<number>[]} */
      const values = await Promise.all(losses.map((l) => l.data()));
      losses = [];
      return { d: values.map((v) => Number(v[0])), g: values.map((v) => Number(v[1])) };
    },
  };
}
