// Mean and biased variance of x [N, TO, PLACES] per channel, over batch and positions. A workgroup reduces one channel,
// in two passes: the variance is the mean of (x - mean)^2.
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(64)
fn statistics(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let channel = group.x;
  var sum = 0.0;
  for (var i = local.x; i < N * PLACES; i += 64u) { sum += value(i, channel); }
  let mean = reduce(sum, local.x) / f32(N * PLACES);
  var square = 0.0;
  for (var i = local.x; i < N * PLACES; i += 64u) {
    let centred = value(i, channel) - mean;
    square += centred * centred;
  }
  let variance = reduce(square, local.x) / f32(N * PLACES);
  if (local.x == 0u) {
    out[channel] = mean;
    out[STATISTICS / 2u + channel] = variance;
  }
}

fn value(i: u32, channel: u32) -> f32 {
  return x[(i / PLACES * TO + channel) * PLACES + i % PLACES];
}
