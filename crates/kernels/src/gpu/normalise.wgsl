// Batch normalisation: out = act(scale (x - mean) / sqrt(variance + epsilon) + shift). A thread computes one value.
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> moments: array<f32>;
@group(0) @binding(2) var<storage, read> params: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(64)
fn normalise(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = place(id, groups);
  if (index >= N * TO * PLACES) { return; }
  let channel = index / PLACES % TO;
  let factor = params[channel] * inverseSqrt(moments[STATISTICS / 2u + channel] + EPSILON);
  out[index] = activate((x[index] - moments[channel]) * factor + params[BIAS_AT + channel]);
}
