// One update by any of the optimizers over a whole network, four weights a thread: see `Kernels::optimize`.
@group(0) @binding(0) var<storage, read> weights: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> first: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> second: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> gradient: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> rates: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> out: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> out_first: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> out_second: array<vec4<f32>>;

@compute @workgroup_size(64)
fn optimize(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = place(id, groups);
  if (i >= SIZE / 4u) { return; }
  let r = rates[0]; // beta1, beta2, step, ahead
  let s = rates[1]; // epsilon, keep, clip
  let g = gradient[i];
  let m = r.x * first[i] + (1.0 - r.x) * g;
  let v = r.y * second[i] + (1.0 - r.y) * g * g;
  out_first[i] = m;
  out_second[i] = v;
  let next = s.y * weights[i] - (r.z * m + r.w * g) / (sqrt(v) + s.x);
  // Not clamp: it may hide what is not a number.
  out[i] = select(select(next, vec4<f32>(-s.z), next < vec4<f32>(-s.z)), vec4<f32>(s.z), next > vec4<f32>(s.z));
}
