// Loss terms, prepended to loss_and_grad.wgsl. A term of an argument a is scale curve(sign a + shift) + linear a.
@group(0) @binding(0) var<storage, read> outputs: array<f32>;
@group(0) @binding(1) var<storage, read_write> out: array<f32>;
@group(0) @binding(2) var<storage, read_write> slopes: array<f32>;

const SOFTPLUS = 0u;
const SQUARE = 1u;
const HINGE = 2u;
const PAIR = 1u;
const AVERAGE = 2u;

struct Term { curve: u32, sign: f32, shift: f32, scale: f32, linear: f32 }

fn value(t: Term, a: f32) -> f32 {
  let x = t.sign * a + t.shift;
  var curve = softplus(x);
  if (t.curve == SQUARE) { curve = x * x; }
  // `max` may drop NaN.
  if (t.curve == HINGE) { curve = select(x, 0.0, x <= 0.0); }
  return t.scale * curve + t.linear * a;
}

fn slope(t: Term, a: f32) -> f32 {
  let x = t.sign * a + t.shift;
  var curve = sigmoid(x);
  if (t.curve == SQUARE) { curve = 2.0 * x; }
  if (t.curve == HINGE) { curve = select(0.0, 1.0, x > 0.0); }
  return t.sign * t.scale * curve + t.linear;
}

// log(1 + e^l), without overflow. For small t = e^-|l| it uses the series of log(1 + t), because 1 + t would lose the
// digits of t.
fn softplus(l: f32) -> f32 {
  let t = exp(-abs(l));
  let log1p = select(log(1.0 + t), t * (1.0 - t * (0.5 - t / 3.0)), t < 0.01);
  return max(l, 0.0) + log1p;
}

// Mean of D's outputs for real and for fake samples.
fn means(thread: u32) -> vec2<f32> {
  var real = 0.0;
  var fake = 0.0;
  for (var i = thread; i < REAL; i += 64u) { real += outputs[i]; }
  for (var i = REAL + thread; i < REAL + FAKE; i += 64u) { fake += outputs[i]; }
  return vec2<f32>(reduce(real, thread) / f32(max(REAL, 1u)), reduce(fake, thread) / f32(FAKE));
}

// Argument of a real sample's term: its output, minus that of the paired fake sample or minus the fake `mean` in
// relativistic losses.
fn on_real(i: u32, mean: f32) -> f32 {
  if (RELATION == PAIR) { return outputs[i] - outputs[REAL + i]; }
  return outputs[i] - select(0.0, mean, RELATION == AVERAGE);
}

// Argument of a fake sample's term: its output, minus the real `mean` in relativistic average losses.
fn on_fake(i: u32, mean: f32) -> f32 {
  return outputs[i] - select(0.0, mean, RELATION == AVERAGE);
}
