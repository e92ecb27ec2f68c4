// Translates and shears images [ROWS, OF, OF] by `by` [ROWS, 3]: pixels right, pixels down, and shear in pixels to the
// right per row down. Pixels from outside are 0. A thread computes one pixel.
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> by: array<f32>;
@group(0) @binding(2) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(64)
fn shift(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = place(id, groups);
  if (i >= ROWS * OF * OF) { return; }
  let n = i / (OF * OF);
  let row = i32(i / OF % OF);
  // The shear leaves the row halfway between the middle row's old and new position in place.
  let slant = i32(round(by[3u * n + 2u] * (f32(row) - (f32(OF - 1u) + by[3u * n + 1u]) / 2.0)));
  let at = vec2<i32>(i32(i % OF), row) - vec2<i32>(i32(by[3u * n]) + slant, i32(by[3u * n + 1u]));
  let inside = all(at >= vec2<i32>(0)) && all(at < vec2<i32>(i32(OF)));
  let source = vec2<u32>(clamp(at, vec2<i32>(0), vec2<i32>(i32(OF) - 1)));
  out[i] = select(0.0, x[(n * OF + source.y) * OF + source.x], inside);
}
