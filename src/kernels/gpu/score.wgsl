// The loss, mean D(x) and mean D(G(z)) from the logits of one batch, in one workgroup.
@group(0) @binding(0) var<storage, read> logits: array<f32>;
@group(0) @binding(1) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(64)
fn score(@builtin(local_invocation_id) local: vec3<u32>) {
  var loss = 0.0;
  var real = 0.0;
  var fake = 0.0;
  for (var i = local.x; i < REAL; i += 64u) {
    let l = logits[i];
    loss += (REAL_SCALE * softplus(REAL_SIGN * l) + REAL_LINEAR * l) / f32(max(REAL, 1u));
    real += sigmoid(l) / f32(max(REAL, 1u));
  }
  for (var i = REAL + local.x; i < REAL + FAKE; i += 64u) {
    let l = logits[i];
    loss += (FAKE_SCALE * softplus(FAKE_SIGN * l) + FAKE_LINEAR * l) / f32(FAKE);
    fake += sigmoid(l) / f32(FAKE);
  }
  let sums = array<f32, 3>(reduce(loss, local.x), reduce(real, local.x), reduce(fake, local.x));
  if (local.x == 0u) {
    out[0] = sums[0];
    out[1] = sums[1];
    out[2] = sums[2];
  }
}

// log(1 + e^l), without overflow; where e^-|l| is small, its logarithm's series, because log(1 + t) would lose t's digits.
fn softplus(l: f32) -> f32 {
  let t = exp(-abs(l));
  let log1p = select(log(1.0 + t), t * (1.0 - t * (0.5 - t / 3.0)), t < 0.01);
  return max(l, 0.0) + log1p;
}
