// In a worker, in any engine: trains two experiments with the core itself and tells the first losses of each as bits.
// Served beside the built page, so that neither the page nor what it says to its worker has a part in it.

const STEPS = 50;
/** The experiments, as presets are called: points, and images. */
const PRESETS = ["ring", "dcgan"];

/** A number's 32 bits. @param {number} v */
const bits = (v) => new Uint32Array(new Float32Array([v]).buffer)[0].toString(16).padStart(8, "0");

/** The training images as the page's own files hold them. @param {any} core @param {any} info of the data set */
async function images(core, info) {
  const data = new core.Data(info.id);
  for (const { part, path } of info.files) {
    const { body } = await fetch(new URL(`../${path}`, import.meta.url));
    if (!body) throw new Error(`${path} has no content`);
    const plain = await new Response(body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
    data.push(part, new Uint8Array(plain));
    data.finish(part);
  }
  return data;
}

/** D's and G's loss of each step. @param {any} core @param {string} preset @returns {Promise<string[]>} */
async function losses(core, preset) {
  const { presets, dataSets } = core.catalog();
  const { config } = presets.find((/** @type {any} */ p) => p.id === preset);
  const info = dataSets.find((/** @type {any} */ d) => d.id === config.data);
  const device = await core.openDevice("cpu");
  const data = info && (await images(core, info));
  const session = info ? new core.Session(config, data, device) : core.Session.onDensity(config, undefined, device);
  /** @type {string[]} */
  const found = [];
  while (session.steps < STEPS) {
    session.step("both");
    const { metrics } = await session.metrics();
    for (let i = 0; i < metrics.step.length; i++) found.push(`${bits(metrics.dLoss[i])} ${bits(metrics.gLoss[i])}`);
  }
  return found;
}

async function run() {
  const core = await import(new URL("../core/counterfeit.js", import.meta.url).href);
  await core.default();
  /** @type {Record<string, string[]>} */
  const all = {};
  for (const preset of PRESETS) all[preset] = await losses(core, preset);
  return all;
}

run().then(
  (losses) => postMessage({ losses }),
  (error) => postMessage({ error: String(error?.message ?? error) }),
);
