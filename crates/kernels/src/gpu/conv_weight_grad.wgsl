// Weight gradient of a convolution or transposed convolution with kernel size 4, stride 2 and padding 1:
// dW[s, l, ky, kx] = sum small[n, s, y, x] large[n, l, 2 y - 1 + ky, 2 x - 1 + kx] over n, y, x.
// A workgroup computes all 16 taps of TILE small channels and one large channel: its threads split the sum over
// positions, followed by a reduction. TO more workgroups compute the bias gradient, and the last one writes zeros to
// the padding of the segment.
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> y: array<f32>;
@group(0) @binding(2) var<storage, read> gradient: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;
// `small`, `large` and `delta` are appended. `delta` is gradient act'(y), the small image of a convolution and the
// large one of a transposed convolution; x is the other image.

const PAIRS = SMALL / TILE * LARGE;
var<workgroup> parts: array<f32, 64u * TILE * 16u>;

@compute @workgroup_size(64)
fn conv_weight_grad(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let index = group.x + group.y * groups.x;
  if (index < PAIRS) {
    weights(index / LARGE * TILE, index % LARGE, local.x);
  } else if (BIAS && index < PAIRS + TO) {
    bias(index - PAIRS, local.x);
  } else if (index == PAIRS + select(0u, TO, BIAS)) {
    padding(local.x);
  }
}

fn weights(channel: u32, l: u32, thread: u32) {
  var sum{t}_{k} = vec4<f32>();
  for (var spot = thread; spot < PLACES; spot += 64u) {
    // With padding 1, a patch starts at row - 1 and column - 1. Coordinates in the padding are clamped and their values
    // multiplied by 0.
    let row = 2u * (spot / WIDTH);
    let column = 2u * (spot % WIDTH);
    let row{k} = clamp(row + {k}u, 1u, 2u * HEIGHT) - 1u;
    let column{j} = clamp(column + {j}u, 1u, 2u * WIDTH) - 1u;
    let inside{k} = f32(row + {k}u == row{k} + 1u) * vec4<f32>(f32(column > 0u), 1.0, 1.0, f32(column + 3u <= 2u * WIDTH));
    for (var image = 0u; image < N; image++) {
      let plane = (image * LARGE + l) * 4u * PLACES;
      let at{k} = plane + row{k} * 2u * WIDTH;
      let patch{k} = inside{k} * vec4<f32>(large(at{k} + column0), large(at{k} + column1), large(at{k} + column2), large(at{k} + column3));
      let s{t} = small((image * SMALL + channel + {t}u) * PLACES + spot);
      sum{t}_{k} += s{t} * patch{k};
    }
  }
  {
    let at{t}_{k} = (({t}u * 4u + {k}u) * 64u + thread) * 4u;
    parts[at{t}_{k}] = sum{t}_{k}.x;
    parts[at{t}_{k} + 1u] = sum{t}_{k}.y;
    parts[at{t}_{k} + 2u] = sum{t}_{k}.z;
    parts[at{t}_{k} + 3u] = sum{t}_{k}.w;
  }
  workgroupBarrier();
  for (var j = thread; j < TILE * 16u; j += 64u) {
    var sum = 0.0;
    for (var i = 0u; i < 64u; i++) { sum += parts[(j / 4u * 64u + i) * 4u + j % 4u]; }
    out[((channel + j / 16u) * LARGE + l) * 16u + j % 16u] = sum;
  }
}

fn bias(channel: u32, thread: u32) {
  var sum = 0.0;
  for (var i = thread; i < N * TO_PLACES; i += 64u) {
    sum += delta((i / TO_PLACES * TO + channel) * TO_PLACES + i % TO_PLACES);
  }
  parts[thread] = sum;
  workgroupBarrier();
  if (thread == 0u) {
    var total = 0.0;
    for (var i = 0u; i < 64u; i++) { total += parts[i]; }
    out[BIAS_AT + channel] = total;
  }
}

fn padding(thread: u32) {
  for (var i = WEIGHTS + thread; i < SEGMENT; i += 64u) {
    if (!(BIAS && i >= BIAS_AT && i < BIAS_AT + TO)) { out[i] = 0.0; }
  }
}
