// The slope of the loss along each output.
@compute @workgroup_size(64)
fn score_gradient(@builtin(local_invocation_id) local: vec3<u32>) {
  var mean = vec2<f32>(0.0);
  // A difference falls as what is taken away rises.
  var through_real = 0.0;
  var through_fake = 0.0;
  if (RELATION == AVERAGE) {
    mean = means(local.x);
    var real = 0.0;
    var fake = 0.0;
    for (var i = local.x; i < REAL; i += 64u) { real += slope(ON_REAL, on_real(i, mean.y)) / f32(max(REAL, 1u)); }
    for (var i = REAL + local.x; i < REAL + FAKE; i += 64u) { fake += slope(ON_FAKE, on_fake(i, mean.x)) / f32(FAKE); }
    through_real = reduce(real, local.x);
    through_fake = reduce(fake, local.x);
  }
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
