// One optimizer update of all weights of a network; a thread updates four. Each workgroup also updates its record of
// non-finite values, which follows the first moments. See `Kernels::optimize`, `RECORD` and `Found`.
@group(0) @binding(0) var<storage, read> weights: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> first: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> second: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> gradient: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> rates: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> out: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> out_first: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> out_second: array<vec4<f32>>;

// Bits of infinity. Values are tested by their bits, because a compiler may assume that every f32 is finite.
const INFINITE = 0x7f800000u;
const MOMENTS = 1u;
const WEIGHTS = 2u;
const GRADIENT = 3u;

// Per workgroup, initially 0: the kind of a non-finite value, and the largest |weight| before and after the update.
var<workgroup> found: atomic<u32>;
var<workgroup> before: atomic<u32>;
var<workgroup> after: atomic<u32>;

// Bits of the largest absolute value. As integers they sort like the values.
fn largest(x: vec4<f32>) -> u32 {
  let bits = bitcast<vec4<u32>>(x) & vec4<u32>(0x7fffffffu);
  return max(max(bits.x, bits.y), max(bits.z, bits.w));
}

@compute @workgroup_size(64)
fn optimize(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let i = place(id, groups);
  if (i < SIZE / 4u) { update(i); }
  workgroupBarrier();
  if (thread == 0u && i < SIZE / 4u) {
    let at = SIZE / 4u + i / 64u;
    out_first[at] = record(first[at]);
  }
}

fn update(i: u32) {
  let r = rates[0]; // beta1, beta2, step, gradient coefficient
  let s = rates[1]; // epsilon, decay factor, clip, step of the run
  let w = weights[i];
  let g = gradient[i];
  let m = r.x * first[i] + (1.0 - r.x) * g;
  let v = r.y * second[i] + (1.0 - r.y) * g * g;
  out_first[i] = m;
  out_second[i] = v;
  let next = s.y * w - (r.z * m + r.w * g) / (sqrt(v) + s.x);
  // `clamp` may drop NaN.
  out[i] = select(select(next, vec4<f32>(-s.z), next < vec4<f32>(-s.z)), vec4<f32>(s.z), next > vec4<f32>(s.z));

  atomicMax(&before, largest(w));
  atomicMax(&after, largest(next));
  if (largest(g) >= INFINITE) { atomicMax(&found, GRADIENT); }
  else if (largest(next) >= INFINITE) { atomicMax(&found, WEIGHTS); }
  else if (max(largest(m), largest(v)) >= INFINITE) { atomicMax(&found, MOMENTS); }
}

// The updated record: the step of the first non-finite value, its kind, the largest |weight| before the first update
// and after the last finite one.
fn record(last: vec4<f32>) -> vec4<f32> {
  if (last.x > 0.0) { return last; }
  let what = atomicLoad(&found);
  let start = select(last.z, bitcast<f32>(atomicLoad(&before)), last.w == 0.0);
  if (what > 0u) { return vec4<f32>(rates[1].w, f32(what), start, last.w); }
  return vec4<f32>(0.0, 0.0, start, bitcast<f32>(atomicLoad(&after)));
}
