// Weight gradient of a convolution with stride 1, with d = gradient act'(y):
// dW[o, i, ky, kx] = sum d[n, o, y, x] x[n, i, y - REACH + ky, x - REACH + kx] over n, y, x.
// A workgroup computes all taps of one pair (o, i): its threads split the sum, followed by a reduction. TO more
// workgroups compute the bias gradient, sum d, and the last one writes zeros to the padding of the segment.
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> y: array<f32>;
@group(0) @binding(2) var<storage, read> gradient: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;

const PAIRS = TO * FROM;
const REACH = KERNEL / 2u;
const TAPS = KERNEL * KERNEL;
var<workgroup> parts: array<f32, 64u * TAPS>;

@compute @workgroup_size(64)
fn conv_same_weight_grad(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let index = group.x + group.y * groups.x;
  if (index < PAIRS) {
    weights(index / FROM, index % FROM, local.x);
  } else if (BIAS && index < PAIRS + TO) {
    bias(index - PAIRS, local.x);
  } else if (index == PAIRS + select(0u, TO, BIAS)) {
    padding(local.x);
  }
}

fn delta(i: u32) -> f32 {
  return gradient[i] * slope(y[i]);
}

fn weights(o: u32, i: u32, thread: u32) {
  var sum{a}_{b} = 0.0;
  for (var at = thread; at < N * PLACES; at += 64u) {
    let image = at / PLACES;
    let spot = at % PLACES;
    let d = delta((image * TO + o) * PLACES + spot);
    let plane = (image * FROM + i) * PLACES;
    // Coordinates in the padding are clamped and their values multiplied by 0. With a branch per tap, SwiftShader's
    // compiler does not terminate.
    let row{a} = clamp(spot / WIDTH + {a}u, REACH, HEIGHT + REACH - 1u) - REACH;
    let column{b} = clamp(spot % WIDTH + {b}u, REACH, WIDTH + REACH - 1u) - REACH;
    let above{a} = d * f32(spot / WIDTH + {a}u == row{a} + REACH);
    let beside{b} = f32(spot % WIDTH + {b}u == column{b} + REACH);
    sum{a}_{b} += above{a} * beside{b} * x[plane + row{a} * WIDTH + column{b}];
  }
  parts[({a}u * KERNEL + {b}u) * 64u + thread] = sum{a}_{b};
  workgroupBarrier();
  if (thread < TAPS) { out[(o * FROM + i) * TAPS + thread] = total(thread); }
}

fn bias(channel: u32, thread: u32) {
  var sum = 0.0;
  for (var at = thread; at < N * PLACES; at += 64u) {
    sum += delta((at / PLACES * TO + channel) * PLACES + at % PLACES);
  }
  parts[thread] = sum;
  workgroupBarrier();
  if (thread == 0u) { out[BIAS_AT + channel] = total(0u); }
}

// The reduction of one tap over the threads.
fn total(tap: u32) -> f32 {
  var sum = 0.0;
  for (var i = 0u; i < 64u; i++) { sum += parts[tap * 64u + i]; }
  return sum;
}

fn padding(thread: u32) {
  for (var i = WEIGHTS + thread; i < SEGMENT; i += 64u) {
    if (!(BIAS && i >= BIAS_AT && i < BIAS_AT + TO)) { out[i] = 0.0; }
  }
}
