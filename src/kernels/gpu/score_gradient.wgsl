// The slope of the loss along each output.
@compute @workgroup_size(64)
fn score_gradient(@builtin(local_invocation_id) local: vec3<u32>) {
  let mean = means(local.x);
  var real = 0.0;
  var fake = 0.0;
  for (var i = local.x; i < REAL; i += 64u) { real += slope(ON_REAL, on_real(i, mean.y)) / f32(max(REAL, 1u)); }
  for (var i = REAL + local.x; i < REAL + FAKE; i += 64u) { fake += slope(ON_FAKE, on_fake(i, mean.x)) / f32(FAKE); }
  // A difference falls as what is taken away rises.
  let through_real = select(0.0, reduce(real, local.x), RELATION == AVERAGE);
  let through_fake = select(0.0, reduce(fake, local.x), RELATION == AVERAGE);
  for (var i = local.x; i < REAL; i += 64u) {
    out[i] = (slope(ON_REAL, on_real(i, mean.y)) - through_fake) / f32(max(REAL, 1u));
  }
  for (var i = REAL + local.x; i < REAL + FAKE; i += 64u) {
    if (RELATION == PAIR) {
      out[i] = -slope(ON_REAL, on_real(i - REAL, 0.0)) / f32(FAKE);
    } else {
      out[i] = (slope(ON_FAKE, on_fake(i, mean.x)) - through_real) / f32(FAKE);
    }
  }
}
