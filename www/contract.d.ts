// What crosses the boundary between the core and the page. Generated from the Rust types by tests/contract.rs.

/**
 * D's accuracy on each group of images, by its decision threshold, or for a critic by pairs of real and fake images. A
 * much higher accuracy on training than on held-out images means overfitting.
 */
export type Accuracy = { training: number, heldOut: number, fake: number, };

/**
 * Properties of the browser's WebGPU adapter.
 */
export type AdapterReport = { 
/**
 * Whether the page is a secure context (https or localhost), without which browsers do not offer WebGPU.
 */
secure: boolean, 
/**
 * Whether the browser supports WebGPU.
 */
api: boolean, 
/**
 * Whether the browser returned an adapter.
 */
adapter: boolean, 
/**
 * Whether the browser has not answered within the time limit.
 */
late: boolean, 
/**
 * Vendor, architecture or description; may be empty.
 */
name: string, 
/**
 * A software adapter, many times slower than the CPU device.
 */
software: boolean, features: Array<string>, storageBuffers: number, invocations: number, 
/**
 * Bytes that one storage binding takes at most: the largest tensor.
 */
largestBinding: number, };

/**
 * A suggested change of settings.
 */
export type Advice = { label: string, 
/**
 * Settings and their new values.
 */
changes: Record<string, string | number>, 
/**
 * Whether the change needs a new run.
 */
restart: boolean, };

/**
 * Agreement of the two images of a pair: the share of pixels in which the second image equals the converted first one,
 * both rounded to black or white.
 */
export type Agreement = { 
/**
 * For images of one z.
 */
pairs: number, 
/**
 * Unpaired baseline: for the first image of one z and the second image of another.
 */
shuffled: number, };

/**
 * The two updates of Algorithm 1 (Goodfellow et al. 2014) with the losses of a run, in words for the page.
 */
export type Algorithm = { discriminator: string, generator: string, 
/**
 * Whether G's update needs real samples too.
 */
gSeesReal: boolean, };

/**
 * One layer.
 */
export type Block = { label: string, 
/**
 * Shape of its output for one sample.
 */
shape: Array<number>, parameters: number, };

/**
 * A network with parameters that are not finite numbers.
 */
export type Breakdown = { network: NetworkId, 
/**
 * Name of the first parameter tensor with non-finite values, as [`crate::nn::Slot`] names it.
 */
tensor: string, 
/**
 * Number of parameter tensors with non-finite values, and of all.
 */
broken: number, of: number, };

/**
 * Schema, defaults, presets and data sets.
 */
export type Catalog = { fields: Array<Field>, defaults: Config, presets: Array<Preset>, dataSets: Array<DataSetInfo>, toys: Array<ToyInfo>, 
/**
 * The preset that an address without settings opens.
 */
first: string, 
/**
 * Images that must have arrived before training on a large set can start; `bench/engines/` starts with as many.
 */
needs: number, };

/**
 * The classifier's predictions for requested classes or codes.
 */
export type ClassifiedCodes = { 
/**
 * Share of images of each requested class or code (rows) that the classifier assigns to each class (columns).
 */
confusion: Array<Array<number>>, 
/**
 * Share of images of the requested class.
 */
accuracy: number, 
/**
 * Purity: share of images of the most common class of their code; 1 if every code has one class.
 */
purity: number, };

/**
 * The metrics.
 */
export type CodeRecognition = { 
/**
 * What the classifier sees; None if no classifier knows the data set.
 */
classified: ClassifiedCodes | null, 
/**
 * Estimated lower bound of the mutual information of code and image, in nats (Chen et al. 2016): ln n - E[-log Q]
 * for n values of the code. None if D has no auxiliary head.
 */
information: number | null, };

/**
 * All settings of a run, each with its label, unit, range, help and source. Equal configurations give equal runs.
 *
 * A setting that does not apply (`only`) has no effect: [`RunConfig::validate`] gives it the default of its data set.
 * Files and addresses have the settings as a flat list by key.
 */
export type Config = Record<string, string | number>;

/**
 * A setting and the index of the block whose width it controls; 0 is the input. None if it changes the number of
 * layers.
 */
export type Control = { key: string, block: number | null, };

/**
 * A set of images, and what the picker shows of it.
 */
export type DataSetInfo = { 
/**
 * Number of values of InfoGAN's categorical code.
 */
categories: number, 
/**
 * The first images, one byte a value, if they are drawn by code; the build puts those of others into a file.
 */
preview: Array<number>, 
/**
 * Key in configurations, URLs and files.
 */
id: string, name: string, about: string, 
/**
 * Shape of an image, with which [`SampleShape::check_image`] agrees.
 */
shape: SampleShape, 
/**
 * Number of training images and of test images.
 */
train: number, test: number, 
/**
 * Names of the classes, by label; empty if images have none.
 */
classes: Array<string>, 
/**
 * Whether `counterfeit classifier` has made a classifier of these images, from which the metrics of classes come.
 */
classifier: boolean, source: string, source_url: string, licence: string, 
/**
 * By part; empty if the images are drawn by code (`made.rs`).
 */
files: Array<FileInfo>, fallback: Fallback | null, };

/**
 * The requested content of a frame of a density run.
 */
export type DensityContent = { 
/**
 * Number of real points, and of fake points with their gradients.
 */
points: number, 
/**
 * Nodes per axis of the maps; 0 for none.
 */
grid: number, 
/**
 * Nodes per axis of the field of gradients; 0 for none.
 */
field: number, 
/**
 * Whether the points are those of the EMA.
 */
averaged: boolean, };

/**
 * The result of an evaluation.
 */
export type DensityEvaluation = { 
/**
 * Step of the run.
 */
step: number, n: number, generated: DensityMetrics, realReference: DensityMetrics, };

/**
 * A frame of a density run. Points and vectors have `width` values each; vectors are -dL_G/dx, the direction in which
 * G's loss falls fastest.
 */
export type DensityFrame = { step: number, width: 1 | 2, zWidth: number, 
/**
 * Left, right, bottom, top of the part of data space that is shown.
 */
window: [number, number, number, number], 
/**
 * A fixed set of real points.
 */
real: Float32Array, 
/**
 * D's output for each.
 */
realScores: Float32Array, 
/**
 * Fixed noise.
 */
z: Float32Array, 
/**
 * G(z).
 */
fake: Float32Array, 
/**
 * D's output for each.
 */
fakeScores: Float32Array, 
/**
 * -dL_G/dx at each fake point.
 */
arrows: Float32Array, 
/**
 * Nodes per axis of `field`.
 */
fieldSide: number, 
/**
 * -dL_G/dx at the nodes of a grid, in the order of the maps.
 */
field: Float32Array, sheetSide: number, 
/**
 * Values of a latent coordinate along one side of the generator manifold: the first two coordinates of z take all
 * pairs of them, the others are 0.
 */
sheetZ: Float32Array, 
/**
 * G(z) of each, the first coordinate changing fastest; with a latent dimension of 1, `sheet_side` points.
 */
sheet: Float32Array, side: number, 
/**
 * D at the centre of each cell.
 */
dOutput: Float32Array, 
/**
 * The optimal D*, of the densities with D's instance noise, and with packing for a pack of copies. Empty if the
 * loss has none.
 */
dOptimal: Float32Array, 
/**
 * p_data and p_g, with the same smoothing.
 */
pData: Float32Array, pG: Float32Array, 
/**
 * p_data without smoothing, in 1-D.
 */
exact: Float32Array, 
/**
 * Standard deviation of the smoothing, in units of x.
 */
bandwidth: number, 
/**
 * Mean |D - D*| under (p_data + p_g) / 2; NaN if there is no D*.
 */
gap: number, 
/**
 * The value E log D(x) + E log(1 - D(G(z))) on the smoothed densities with D's instance noise, with D* outside the
 * window; NaN if D's output is not a logit, or with packing.
 */
value: number, 
/**
 * The value with D* everywhere: 2 JS - log 4 (Goodfellow et al. 2014, theorem 1's proof).
 */
optimalValue: number, 
/**
 * Jensen-Shannon divergence of the smoothed densities, in nats.
 */
divergence: number, };

/**
 * Metrics of points against a density.
 */
export type DensityMetrics = { modes: Modes | null, 
/**
 * Jensen-Shannon divergence over equal cells of the window, in nats.
 */
js: number, 
/**
 * Wasserstein-1 distance in units of x; in 2-D sliced, the mean over [`DIRECTIONS`] projections (Bonneel et al.
 * 2015). None if the density has no mean.
 */
w1: number | null, 
/**
 * 90th percentile of the samples' maximum-norm distance from the centre of the window, in units of half its side:
 * 1 is the edge.
 */
reach: number, };

/**
 * The device of a run, and why it is that one.
 */
export type DeviceChoice = { kind: DeviceKind, name: string, why: string, 
/**
 * Whether the device that the user asked for is unavailable.
 */
refused: boolean, };

/**
 * Where tensors live.
 */
export type DeviceKind = "cpu" | "webgpu";

/**
 * What the user asked for.
 */
export type DevicePreference = "auto" | "cpu" | "webgpu";

/**
 * A diagnosis, as the page shows it.
 */
export type Diagnosis = { state: DiagnosisState, alarm: boolean, title: string, 
/**
 * The evidence, with numbers.
 */
evidence: string, 
/**
 * Explanation, with the thresholds.
 */
why: string, advice: Array<Advice>, };

/**
 * The state of a run.
 */
export type DiagnosisState = "starting" | "approaching" | "learning" | "plateau" | "settled" | "failed" | "exploded" | "vanishing" | "discriminator-wins" | "discriminator-weak" | "collapse" | "overfitting" | "memorisation" | "oscillation" | "divergence" | "misleading";

/**
 * The phase portrait.
 */
export type Dirac = { 
/**
 * The trajectory: theta, psi at the start and after each step.
 */
path: Float32Array, 
/**
 * The direction of simultaneous descent at each arrow, in rows from the bottom.
 */
field: Float32Array, 
/**
 * Eigenvalues of the flow's Jacobian at (0, 0): real and imaginary parts. None if the flow is not differentiable
 * there.
 */
eigenvalues: [[number, number], [number, number]] | null, 
/**
 * Radius of the circle through the start, if the flow is tangential to it everywhere.
 */
circle: number | null, };

/**
 * The request for a portrait.
 */
export type DiracRequest = { objective: string, penalty: string, 
/**
 * Weight of the penalty, gamma or lambda.
 */
weight: number, lr: number, steps: number, 
/**
 * Alternating updates: whether G uses D's new parameter in the same step.
 */
alternating: boolean, 
/**
 * theta and psi.
 */
start: [number, number], 
/**
 * The vector field covers [-extent, extent] for theta and psi.
 */
extent: number, 
/**
 * Number of arrows along each side of the vector field.
 */
field: number, };

/**
 * A value stopped being finite.
 */
export type Divergence = { 
/**
 * The network in whose update the first non-finite value appeared.
 */
network: NetworkId, step: number, what: What, 
/**
 * For a loss `NaN`, `inf` or `-inf`, as text, because JSON has none of them; otherwise `not finite`.
 */
value: string, 
/**
 * The network that caused it, whose learning rate should be lowered. The non-finite value often appears in the
 * other network first.
 */
cause: NetworkId, };

/**
 * The result of an evaluation, as the page shows it.
 */
export type Evaluation = { "type": "images" } & ImageEvaluation | { "type": "density" } & DensityEvaluation;

/**
 * Alternative source if the files are not served with the page. The host must send CORS headers.
 */
export type Fallback = { "format": "idx", base: string, } | { "format": "json-by-class", base: string, };

/**
 * One setting.
 */
export type Field = { 
/**
 * Name in `RunConfig`, in the URL and in files.
 */
key: string, label: string, group: FieldGroup, unit: string, help: string, 
/**
 * Source of the setting and of its default.
 */
source: string, values: Values, 
/**
 * Whether it may change during a run.
 */
live: boolean, 
/**
 * Whether a form shows it at once, not among the further settings of its section.
 */
basic: boolean, 
/**
 * The setting is used only if another one has one of these values: (key, values).
 */
only: [string, Array<string>] | null, };

/**
 * The section of the form: a part of the model, or what training does with it.
 */
export type FieldGroup = "data" | "latent" | "generator" | "discriminator" | "loss" | "training" | "condition" | "tricks";

/**
 * One option of a setting that is chosen from a list.
 */
export type FieldOption = { value: string, label: string, };

/**
 * A compressed file that is served with the page.
 */
export type FileInfo = { part: Part, 
/**
 * Path relative to the page, compressed.
 */
path: string, 
/**
 * Decompressed size in bytes.
 */
bytes: number, 
/**
 * SHA-256 of the decompressed file, in hexadecimal.
 */
sha256: string, };

/**
 * What a run looks like at one step.
 */
export type Frame = { "type": "images", fake: Samples, 
/**
 * None until enough real images have arrived.
 */
real: Samples | null, } | { "type": "density" } & DensityFrame;

/**
 * The requested content of a frame, for a run of either kind.
 */
export type FrameRequest = { images: ImageContent, density: DensityContent, };

/**
 * The same, for the page.
 */
export type Growth = { side: number, alpha: number, };

/**
 * The requested content of a frame of a run on images.
 */
export type ImageContent = { 
/**
 * Whether the images are those of the EMA.
 */
averaged: boolean, view: View, 
/**
 * For a style generator: psi, which scales the distance of w from its mean.
 */
truncation?: number, };

/**
 * The result of an evaluation.
 */
export type ImageEvaluation = { 
/**
 * Step of the run when the evaluation began.
 */
step: number, 
/**
 * Number of generated images.
 */
n: number, 
/**
 * Version of the classifier; None if the features are those of a network with random weights, because no
 * classifier knows the data set. Metrics of different versions or features are not comparable.
 */
classifier: number | null, raw: ImageMetrics, averaged: ImageMetrics, 
/**
 * Real-data reference: the same metrics of held-out real images.
 */
realReference: ImageMetrics, accuracy: Accuracy, meanDOutput: MeanOutput, outputs: OutputHistogram, 
/**
 * Mean absolute output of D before the sigmoid.
 */
magnitude: number, 
/**
 * -E log D(G(z)). Meaningless if D's output is not a logit.
 */
gLoss: number, 
/**
 * [`memorisation_ratio`] of the EMA.
 */
memorisationRatio: number, 
/**
 * How well the EMA follows classes or codes, in conditional runs.
 */
codes: CodeRecognition | null, 
/**
 * Agreement of the two images of a pair, in coupled runs.
 */
agreement: Agreement | null, signals: Signals, };

/**
 * Metrics of a set of images, on the features of a classifier or of a network with random weights. Those of predicted
 * classes (score, shares, entropy, divergence) are None for random features, which name no class.
 */
export type ImageMetrics = { 
/**
 * MNIST score, exp E KL(p(y|x) || p(y)), from 1 to 10.
 */
score: number | null, 
/**
 * Fréchet distance of the features.
 */
frechet: number, 
/**
 * KID of the features, the mean over subsets; `kid_deviation` is the standard deviation.
 */
kid: number, kidDeviation: number, precision: number, recall: number, density: number, coverage: number, 
/**
 * Share of the samples in each class.
 */
shares: Array<number> | null, 
/**
 * Entropy of the shares, in nats; ln 10 = 2.303 at most.
 */
entropy: number | null, 
/**
 * KL(shares || shares of the training set), in nats.
 */
divergence: number | null, 
/**
 * Mean distance between the features of two samples, divided by that of two real samples: 1 for the real
 * distribution, 0 if all images are equal.
 */
diversity: number, };

/**
 * One parameter of a network.
 */
export type LayerGradientStats = { 
/**
 * Index of its layer, and its role.
 */
name: string, 
/**
 * Euclidean norm of the averaged gradient.
 */
gradient: number, 
/**
 * Norm of the last update over the norm of the weights; about 1e-3 is usual.
 */
ratio: number, 
/**
 * Root mean square of the weights.
 */
size: number, };

/**
 * G(z) of some z, `width` values a point, with D's output and -dL_G/dx for each.
 */
export type Mapped = { points: Float32Array, scores: Float32Array, arrows: Float32Array, };

/**
 * Class and realism of single images.
 */
export type Marks = { 
/**
 * Most likely class of each image; empty without a classifier.
 */
classes: Uint8Array, 
/**
 * Realism of each image, at least 1 inside the real distribution; None before the real-data reference has been
 * computed.
 */
realism: Float32Array | null, };

/**
 * Mean output of D on each group of images.
 */
export type MeanOutput = { training: number, heldOut: number, fake: number, };

/**
 * Losses and mean outputs of consecutive steps, one entry per step; None if a network was not updated.
 */
export type Metrics = { step: Array<number>, dLoss: Array<number | null>, gLoss: Array<number | null>, 
/**
 * Mean of D(x) over the batch.
 */
dReal: Array<number | null>, 
/**
 * Mean of D(G(z)) over the batch.
 */
dFake: Array<number | null>, 
/**
 * Mean cross-entropy -log Q(class | G(z)) over the batch, if D has an auxiliary head.
 */
entropy: Array<number | null>, };

/**
 * PacGAN's metrics.
 */
export type Modes = { 
/**
 * Modes with at least one high-quality sample.
 */
captured: number, 
/**
 * Modes covered: each with at least 20 % of its share of samples.
 */
strict: number, of: number, 
/**
 * Share of high-quality samples. For separate Gaussians a perfect sampler has 1 - e^(-9/2) = 98.9 % in 2-D and
 * 99.7 % in 1-D; more along a curve, where the Gaussians overlap.
 */
highQuality: number, 
/**
 * Reverse KL(high-quality samples over modes || data over modes), in nats; 0 is best.
 */
reverseKl: number, 
/**
 * Root mean square distance of high-quality samples from the nearest centre along one axis, in standard
 * deviations. A perfect sampler has 0.974 in 2-D and 0.987 in 1-D, because the tails are cut off. Along a curve it
 * has about 0.7, because a neighbouring centre is often nearer.
 */
spread: number, 
/**
 * Share of the high-quality samples in each mode.
 */
shares: Array<number>, 
/**
 * Share of the data in each mode.
 */
due: Array<number>, };

/**
 * The training image nearest to an image.
 */
export type NearestImage = { index: number, 
/**
 * Euclidean distance, of pixels from 0 to 255.
 */
distance: number, 
/**
 * None while the labels have not arrived, and if the data set has none.
 */
label: number | null, pixels: Uint8Array<ArrayBuffer>, };

/**
 * One of the two networks.
 */
export type NetworkId = "generator" | "discriminator";

/**
 * Which networks a step updates.
 */
export type Networks = "both" | "discriminator" | "generator";

/**
 * Both networks of a configuration.
 */
export type Outline = { generator: Sketch, discriminator: Sketch, 
/**
 * The reason why this combination of settings is invalid, although each setting is within its range.
 */
problem: string | null, };

/**
 * The meaning of D's output.
 */
export type Output = { "type": "probability" } | { "type": "score", threshold: number, } | { "type": "critic" };

/**
 * Histograms of D's outputs in [`BINS`] equal bins from `low` to `high`; values beyond are in the outermost bins.
 */
export type OutputHistogram = { low: number, high: number, 
/**
 * Of real images, training and held-out together.
 */
real: Array<number>, 
/**
 * Of fake images.
 */
fake: Array<number>, 
/**
 * Meaning of the outputs.
 */
output: Output, };

/**
 * One of a data set's four files.
 */
export type Part = "train-images" | "train-labels" | "test-images" | "test-labels";

/**
 * A named configuration.
 */
export type Preset = { 
/**
 * Key in the URL.
 */
id: string, 
/**
 * Heading in the list of presets.
 */
group: string, name: string, 
/**
 * What to look for, in two or three sentences.
 */
description: string, source: string, config: Config, };

/**
 * A reference line of a chart: the value of a curve at equilibrium.
 */
export type Reference = { 
/**
 * The curve: `d_loss`, `g_loss`, or `output` for both `d_real` and `d_fake`.
 */
curve: string, value: number, label: string, };

/**
 * The result of a batch of steps. Steps after a divergence are left out.
 */
export type Report = { metrics: Metrics, divergence: Divergence | null, };

/**
 * Properties of a new run.
 */
export type RunInfo = { gParameters: number, dParameters: number, references: Array<Reference>, 
/**
 * Meaning of D's output.
 */
output: Output, 
/**
 * A sentence about D's output and the losses at equilibrium.
 */
equilibrium: string, 
/**
 * Its updates in words.
 */
algorithm: Algorithm, 
/**
 * Number of styles of a style generator, one per modulated layer; 0 for others.
 */
styles: number, 
/**
 * Type of its samples.
 */
space: Space, 
/**
 * Entropy H(c) of the class or of the categorical code, in nats; 0 without conditioning.
 */
codeEntropy: number, 
/**
 * Values of a continuous code in the columns of a sweep along it.
 */
sweep: Array<number>, };

/**
 * Channels, height and width of a sample. A point has its coordinates as channels.
 */
export type SampleShape = { channels: number, height: number, width: number, };

/**
 * A grid of images.
 */
export type Samples = { 
/**
 * Step of the run.
 */
step: number, 
/**
 * Shape of an image.
 */
shape: SampleShape, 
/**
 * Number of images in a row of the grid.
 */
columns: number, 
/**
 * Image by image, channel by channel, one byte a value.
 */
pixels: Uint8Array<ArrayBuffer>, 
/**
 * D's output for each image, a probability if D has logits.
 */
scores: Float32Array, 
/**
 * Class or code of each image; empty without conditioning, and for real images.
 */
classes: Uint8Array, 
/**
 * G's input, noise and code, image by image; empty for real images.
 */
z: Float32Array, };

/**
 * Both networks.
 */
export type Signals = { generator: Array<LayerGradientStats>, discriminator: Array<LayerGradientStats>, };

/**
 * One network.
 */
export type Sketch = { 
/**
 * The input and the layers.
 */
blocks: Array<Block>, parameters: number, controls: Array<Control>, };

/**
 * The type of samples.
 */
export type Space = "images" | "plane" | "line";

/**
 * A density and its default configuration.
 */
export type ToyInfo = { config: Config, 
/**
 * Key in configurations and URLs.
 */
id: string, name: string, about: string, space: Space, 
/**
 * Whether the user draws it.
 */
drawn: boolean, };

/**
 * The values that a setting accepts.
 */
export type Values = { "type": "choice", options: Array<FieldOption>, } | { "type": "integer", min: number, max: number, } | { "type": "real", min: number, max: number, open: boolean, };

/**
 * The content of a grid of generated images.
 */
export type View = { "type": "fixed" } | { "type": "classes" } | { "type": "sweep", "code": number } | { "type": "mixing", "code": number };

/**
 * The minibatch of a network's next update, with the outputs of both networks for each point on its own: D without
 * instance noise, G with running statistics.
 */
export type Walk = { network: NetworkId, width: 1 | 2, zWidth: number, real: Float32Array, realScores: Float32Array, z: Float32Array, fake: Float32Array, fakeScores: Float32Array, arrows: Float32Array, 
/**
 * The network's loss from these outputs, without penalties; NaN with packing, because the points are not packed
 * here.
 */
loss: number, };

/**
 * The kind of value that stopped being finite.
 */
export type What = "moments" | "weights" | "gradient" | "loss";
