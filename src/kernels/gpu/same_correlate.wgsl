// The weight gradient of a convolution that keeps the size: for each pair of channels the correlation of gradient act'(y) with the
// shifts of x, over the batch. A workgroup has one pair; its threads share the places and add up at the end. More workgroups follow for
// the bias, and one for zeros in the padding.
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> y: array<f32>;
@group(0) @binding(2) var<storage, read> gradient: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;

const PAIRS = TO * FROM;
const REACH = KERNEL / 2u;

@compute @workgroup_size(64)
fn same_correlate(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
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

// x at a row and column that are counted from the padding's first; 0 in the padding.
fn pixel(plane: u32, row: u32, column: u32) -> f32 {
  if (row < REACH || row >= HEIGHT + REACH || column < REACH || column >= WIDTH + REACH) { return 0.0; }
  return x[plane + (row - REACH) * WIDTH + column - REACH];
}

fn weights(o: u32, i: u32, thread: u32) {
  var sum{a}_{b} = 0.0;
  for (var at = thread; at < N * PLACES; at += 64u) {
    let image = at / PLACES;
    let spot = at % PLACES;
    let d = delta((image * TO + o) * PLACES + spot);
    let plane = (image * FROM + i) * PLACES;
    sum{a}_{b} += d * pixel(plane, spot / WIDTH + {a}u, spot % WIDTH + {b}u);
  }
  let total{a}_{b} = reduce(sum{a}_{b}, thread);
  if (thread == 0u) {
    let first = (o * FROM + i) * KERNEL * KERNEL;
    out[first + {a}u * KERNEL + {b}u] = total{a}_{b};
  }
}

fn bias(channel: u32, thread: u32) {
  var sum = 0.0;
  for (var at = thread; at < N * PLACES; at += 64u) {
    sum += delta((at / PLACES * TO + channel) * PLACES + at % PLACES);
  }
  let total = reduce(sum, thread);
  if (thread == 0u) { out[BIAS_AT + channel] = total; }
}

fn padding(thread: u32) {
  for (var i = WEIGHTS + thread; i < SEGMENT; i += 64u) {
    if (!(BIAS && i >= BIAS_AT && i < BIAS_AT + TO)) { out[i] = 0.0; }
  }
}
