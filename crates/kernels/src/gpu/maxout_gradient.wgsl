// Gradient of maxout: dx[n, p, u] = gradient[n, u] for the largest piece p of a unit, else 0. The last one wins a tie.
// A thread computes one unit.
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> y: array<f32>;
@group(0) @binding(2) var<storage, read> gradient: array<f32>;
@group(0) @binding(3) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(64)
fn maxout_gradient(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = place(id, groups);
  if (i >= ROWS * UNITS) { return; }
  let first = i / UNITS * PIECES * UNITS + i % UNITS;
  var left = gradient[i];
  for (var p = PIECES; p > 0u; p--) {
    let at = first + (p - 1u) * UNITS;
    let largest = x[at] == y[i];
    dx[at] = select(0.0, left, largest);
    left = select(left, 0.0, largest);
  }
}
