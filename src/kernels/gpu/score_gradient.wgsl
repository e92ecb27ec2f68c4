// The slope of the loss along each logit, one a thread.
@group(0) @binding(0) var<storage, read> logits: array<f32>;
@group(0) @binding(1) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(64)
fn score_gradient(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = id.x;
  if (i >= REAL + FAKE) { return; }
  let l = logits[i];
  if (i < REAL) {
    out[i] = (REAL_SIGN * REAL_SCALE * sigmoid(REAL_SIGN * l) + REAL_LINEAR) / f32(max(REAL, 1u));
  } else {
    out[i] = (FAKE_SIGN * FAKE_SCALE * sigmoid(FAKE_SIGN * l) + FAKE_LINEAR) / f32(FAKE);
  }
}
