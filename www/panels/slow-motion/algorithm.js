// Algorithm 1 of Goodfellow et al. 2014 with the loss of the run, the lines that belong to each stage of slow motion,
// and a description of each stage in words.

import { signed } from "../../numbers.js";

/** @import { Algorithm, Output } from "../../protocol.js" */
/** @import { Overlay, NetworkName, Stage } from "../../app/slow-motion.js" */
/** @typedef {{id: string, depth: number, of: "of-d" | "of-g" | "", words: string}} Line */

/** Before there is a run. @type {Algorithm} */
const UNKNOWN = {
  discriminator: "descend the gradient of its loss",
  generator: "descend the gradient of its loss",
  gSeesReal: false,
};

/**
 * The algorithm, line by line. The core words the updates by the losses of the run.
 * @param {Algorithm | undefined} updates @param {number} k D steps per G step @param {number} m minibatch size
 * @returns {Line[]}
 */
export function algorithm({ discriminator, generator, gSeesReal } = UNKNOWN, k, m) {
  const compared = gSeesReal ? ", and real x to compare with" : "";
  return [
    { id: "loop", depth: 0, of: "", words: "for each training step:" },
    { id: "k", depth: 1, of: "of-d", words: `${k === 1 ? "once" : `${k} times`} (k = ${k}):` },
    { id: "d-noise", depth: 2, of: "of-d", words: `draw ${m} noise samples z from p(z)` },
    { id: "d-real", depth: 2, of: "of-d", words: `draw ${m} real samples x from p_data` },
    { id: "d-update", depth: 2, of: "of-d", words: `update D: ${discriminator}` },
    { id: "g-noise", depth: 1, of: "of-g", words: `draw ${m} noise samples z from p(z)${compared}` },
    { id: "g-update", depth: 1, of: "of-g", words: `update G: ${generator}` },
  ];
}

/** Ids of the highlighted lines at a stage. @param {Stage} stage @param {NetworkName} network */
export function linesAt(stage, network) {
  const d = network === "discriminator";
  if (stage === "noise") return [d ? "d-noise" : "g-noise"];
  if (stage === "generate") return d ? ["d-noise", "d-real"] : ["g-noise"];
  return [d ? "d-update" : "g-update"];
}

/** The stages' names. @type {Record<Stage, string>} */
export const NAMES = {
  noise: "sample z",
  generate: "generate",
  score: "score",
  loss: "loss",
  gradient: "gradient",
  update: "update",
};

/** @param {Float32Array} values */
const mean = (values) => signed(values.reduce((a, b) => a + b, 0) / values.length, 3);

/**
 * Describes a stage, with the numbers of its minibatch.
 * @param {Overlay} overlay @param {Output} output @param {number} k D steps in the stage "update"
 * @param {boolean} done whether the update is done
 */
export function aboutStage({ stage, network, walk }, output, k, done = true) {
  const d = network === "discriminator";
  const m = walk.z.length / walk.zWidth;
  const probability = output.type === "probability";
  switch (stage) {
    case "noise":
      return `${m} noise samples z: the batch of the next update of ${d ? "D" : "G"}. Some of them are shown.`;
    case "generate":
      return d
        ? "G turns each z into a sample G(z), the diamonds; as many real samples x, the discs, are drawn beside them."
        : `G turns each z into a sample G(z), the diamonds. This is the G step: ${walk.real.length > 0 ? "real samples, the discs, are there to be compared with." : "no real samples are shown to D."}`;
    case "score":
      return d
        ? `D scores all of them: ${mean(walk.realScores)} on the real and ${mean(walk.fakeScores)} on the generated samples, on average.`
        : `D scores the generated samples: ${mean(walk.fakeScores)} on average.`;
    case "loss":
      return Number.isNaN(walk.loss)
        ? "D scores packs of several samples (PacGAN), and the loss is over packs: each score shown here is of a pack of copies of one sample."
        : `${d ? "D" : "G"}'s loss is ${signed(walk.loss, 3)}. ${lossWords(d, probability)}`;
    case "gradient":
      return d
        ? "The gradient of D's loss with respect to D's weights: it raises D on real samples and lowers it on generated ones. G is not updated."
        : `Back through D, the loss gives each generated sample a gradient, ${gradientText(walk)} long on average (the arrows point downhill), and from there the gradient with respect to G's weights. D is not updated.`;
    case "update":
      return done ? updateText(d, k) : `${d ? "D" : "G"} is being updated…`;
  }
}

/** @param {boolean} d @param {boolean} probability */
function lossWords(d, probability) {
  if (!probability)
    return d
      ? "It falls as D separates real from generated samples better."
      : "It falls as D's output on the generated samples rises.";
  return d
    ? "The lines (in 2-D the rings) show how far D is from 1 on real and from 0 on generated samples."
    : "The lines (in 2-D the rings) show how far D is from 1 on the generated samples, which is the target of G.";
}

/** @param {Overlay["walk"]} walk */
function gradientText({ arrows, width }) {
  let sum = 0;
  for (let i = 0; i < arrows.length; i += width) sum += Math.hypot(...arrows.subarray(i, i + width));
  const pull = (sum * width) / arrows.length;
  return pull < 0.0005 ? pull.toExponential(1).replace("-", "−") : pull.toFixed(3);
}

/** @param {boolean} d @param {number} k */
function updateText(d, k) {
  if (!d) return "G has been updated, and its samples have moved. The marks are where they were before.";
  return k === 1
    ? "D has been updated. The marks show its scores before the update."
    : `D has been updated k = ${k} times, the first time on this minibatch. The marks show its scores before that.`;
}
