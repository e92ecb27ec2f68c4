import assert from "node:assert/strict";
import { test } from "node:test";
import { divergedNotice } from "../../www/app/failures.js";

/** @import { Divergence } from "../../www/protocol.js" */

/** @param {Partial<Divergence>} found */
function noticeOf(found) {
  /** @type {Divergence} */
  const divergence = {
    network: "generator",
    step: 21,
    what: "gradient",
    value: "not finite",
    cause: "discriminator",
    breakdown: [],
    ...found,
  };
  return divergedNotice(divergence, 0.01, () => {});
}

test("row 3: a divergence is told with what stopped being finite, the network to blame and a lower rate", () => {
  const breakdown = [{ network: /** @type {const} */ ("generator"), tensor: "0.weight", broken: 2, of: 6 }];
  const { text, actions } = noticeOf({ breakdown });
  assert.match(
    text,
    /^The generator's gradient stopped being finite at step 21: .* It was the discriminator that diverged/,
  );
  assert.match(text, /Not finite are now 2 of the 6 parameter tensors of the generator, the first of them 0, weight\./);
  assert.equal(actions?.[0].label, "Restart with a lower learning rate (0.010)");
  assert.match(
    noticeOf({ what: "loss", value: "NaN" }).text,
    /^The generator's loss became NaN at step 21: .* All parameters are finite: a sum overflowed/,
  );
  assert.match(noticeOf({ what: "weights" }).text, /^The generator's weights stopped being finite at step 21/);
  assert.match(
    noticeOf({ what: "moments" }).text,
    /^The generator's optimizer moments overflowed at step 21: .* the weights no longer move\./,
  );
});
