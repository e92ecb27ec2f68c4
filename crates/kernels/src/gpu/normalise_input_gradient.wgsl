// Input gradient of batch normalisation: dL/dx = scale inverse (d - mean(d) - x_hat mean(d x_hat)) with d = gradient
// act'(y) and inverse = 1 / sqrt(variance + epsilon) (Ioffe and Szegedy 2015, section 3). A thread computes one value.
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> y: array<f32>;
@group(0) @binding(2) var<storage, read> gradient: array<f32>;
@group(0) @binding(3) var<storage, read> moments: array<f32>;
@group(0) @binding(4) var<storage, read> params: array<f32>;
@group(0) @binding(5) var<storage, read> sums: array<f32>;
@group(0) @binding(6) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(64)
fn normalise_input_gradient(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = place(id, groups);
  if (index >= N * TO * PLACES) { return; }
  let channel = index / PLACES % TO;
  let inverse = inverseSqrt(moments[STATISTICS / 2u + channel] + EPSILON);
  let x_hat = (x[index] - moments[channel]) * inverse;
  let d = gradient[index] * slope(y[index]);
  let count = f32(N * PLACES);
  out[index] = params[channel] * inverse * (d - (sums[BIAS_AT + channel] + x_hat * sums[channel]) / count);
}
