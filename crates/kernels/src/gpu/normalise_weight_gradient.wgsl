// Parameter gradient of batch normalisation: dL/dscale = sum d x_hat and dL/dshift = sum d with d = gradient act'(y). A
// workgroup reduces one channel over batch and positions; the last one writes zeros to the padding.
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> y: array<f32>;
@group(0) @binding(2) var<storage, read> gradient: array<f32>;
@group(0) @binding(3) var<storage, read> moments: array<f32>;
@group(0) @binding(4) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(64)
fn normalise_weight_gradient(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let channel = min(group.x, TO - 1u);
  let mean = moments[channel];
  var along = 0.0;
  var sum = 0.0;
  for (var i = local.x; i < N * PLACES; i += 64u) {
    let at = (i / PLACES * TO + channel) * PLACES + i % PLACES;
    let d = gradient[at] * slope(y[at]);
    along += d * (x[at] - mean);
    sum += d;
  }
  let scale = reduce(along, local.x) * inverseSqrt(moments[STATISTICS / 2u + channel] + EPSILON);
  let shift = reduce(sum, local.x);
  if (group.x == TO) {
    for (var i = TO + local.x; i < BIAS_AT; i += 64u) { out[i] = 0.0; }
    for (var i = BIAS_AT + TO + local.x; i < SEGMENT; i += 64u) { out[i] = 0.0; }
  } else if (local.x == 0u) {
    out[channel] = scale;
    out[BIAS_AT + channel] = shift;
  }
}
