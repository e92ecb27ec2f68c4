// EMA update: out = average + rate (followed - average). A thread computes four values.
@group(0) @binding(0) var<storage, read> average: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> followed: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> rate: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<vec4<f32>>;

@compute @workgroup_size(64)
fn ema_update(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = place(id, groups);
  if (i >= SIZE / 4u) { return; }
  out[i] = average[i] + rate[0] * (followed[i] - average[i]);
}
