// Functions that are prepended to every kernel.

// Linear index of a thread. A grid of more than 65,535 workgroups, the limit per dimension, is split into rows.
fn place(id: vec3<u32>, groups: vec3<u32>) -> u32 {
  return id.x + id.y * groups.x * 64u;
}

var<workgroup> lanes: array<f32, 64>;

// Sum over a workgroup of 64 threads, returned to all of them; the order of summation is fixed.
fn reduce(value: f32, thread: u32) -> f32 {
  workgroupBarrier();
  lanes[thread] = value;
  workgroupBarrier();
  var sum = vec4<f32>();
  for (var i = 0u; i < 64u; i += 4u) {
    sum += vec4<f32>(lanes[i], lanes[i + 1u], lanes[i + 2u], lanes[i + 3u]);
  }
  return sum.x + sum.y + sum.z + sum.w;
}

// 1 / (1 + e^-l), computed from e^-|l|, which does not overflow.
fn sigmoid(l: f32) -> f32 {
  let e = exp(-abs(l));
  return select(e, 1.0, l >= 0.0) / (1.0 + e);
}
