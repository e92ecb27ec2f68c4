// Loss of D's outputs [REAL + FAKE] and its gradient: out = [loss, mean D(x), mean D(G(z))], slopes = dloss/doutputs.
// One workgroup; its threads split the outputs, followed by reductions.
@compute @workgroup_size(64)
fn loss_and_grad(@builtin(local_invocation_id) local: vec3<u32>) {
  var mean = vec2<f32>(0.0);
  if (RELATION == AVERAGE || !LOGITS) { mean = means(local.x); }
  var loss = 0.0;
  var real = 0.0;
  var fake = 0.0;
  for (var i = local.x; i < REAL; i += 64u) {
    loss += value(ON_REAL, on_real(i, mean.y)) / f32(max(REAL, 1u));
    real += sigmoid(outputs[i]) / f32(max(REAL, 1u));
  }
  for (var i = REAL + local.x; i < REAL + FAKE; i += 64u) {
    loss += value(ON_FAKE, on_fake(i, mean.x)) / f32(FAKE);
    fake += sigmoid(outputs[i]) / f32(FAKE);
  }
  let sums = array<f32, 3>(reduce(loss, local.x), reduce(real, local.x), reduce(fake, local.x));
  if (local.x == 0u) {
    out[0] = sums[0];
    out[1] = select(mean.x, sums[1], LOGITS);
    out[2] = select(mean.y, sums[2], LOGITS);
  }
  follow_loss(local.x, mean);
}

fn follow_loss(thread: u32, mean: vec2<f32>) {
  // Relativistic terms also depend on the outputs that are subtracted, here through their mean, with a negative sign.
  var through_real = 0.0;
  var through_fake = 0.0;
  if (RELATION == AVERAGE) {
    var real = 0.0;
    var fake = 0.0;
    for (var i = thread; i < REAL; i += 64u) { real += slope(ON_REAL, on_real(i, mean.y)) / f32(max(REAL, 1u)); }
    for (var i = REAL + thread; i < REAL + FAKE; i += 64u) { fake += slope(ON_FAKE, on_fake(i, mean.x)) / f32(FAKE); }
    through_real = reduce(real, thread);
    through_fake = reduce(fake, thread);
  }
  for (var i = thread; i < REAL; i += 64u) {
    slopes[i] = (slope(ON_REAL, on_real(i, mean.y)) - through_fake) / f32(max(REAL, 1u));
  }
  for (var i = REAL + thread; i < REAL + FAKE; i += 64u) {
    if (RELATION == PAIR) {
      slopes[i] = -slope(ON_REAL, on_real(i - REAL, 0.0)) / f32(FAKE);
    } else {
      slopes[i] = (slope(ON_FAKE, on_fake(i, mean.x)) - through_real) / f32(FAKE);
    }
  }
}
