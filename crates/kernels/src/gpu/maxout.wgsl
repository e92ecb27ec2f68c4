// Maxout: y[n, u] = max_p x[n, p, u], [ROWS, PIECES * UNITS] -> [ROWS, UNITS]. A thread computes one unit. NaN is
// propagated, and recognised by its bits, because `max` may drop it.
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn maxout(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = place(id, groups);
  if (i >= ROWS * UNITS) { return; }
  let first = i / UNITS * PIECES * UNITS + i % UNITS;
  var most = x[first];
  for (var p = 1u; p < PIECES; p++) {
    let piece = x[first + p * UNITS];
    let bits = vec2<u32>(bitcast<u32>(most), bitcast<u32>(piece)) & vec2<u32>(0x7fffffffu);
    let broken = bits > vec2<u32>(0x7f800000u);
    most = select(select(max(most, piece), piece, broken.y), most, broken.x);
  }
  y[i] = most;
}
