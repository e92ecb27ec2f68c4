// The meaning of D's output in a run: a probability, a score or the output of a critic.

import { PROBABILITY } from "../views/marks.js";

/** @import { RunInfo } from "../protocol.js" */

/** @param {{info: RunInfo | null}} run */
export const outputOf = ({ info }) => info?.output ?? PROBABILITY;
