// Gradient of the cross-entropy: out[n, k] = gradient[n] (softmax(logits[n])_k - codes[n, k]). A thread computes one
// row.
@group(0) @binding(0) var<storage, read> logits: array<f32>;
@group(0) @binding(1) var<storage, read> codes: array<f32>;
@group(0) @binding(2) var<storage, read> gradient: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(64)
fn cross_entropy_backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let n = place(id, groups);
  if (n >= ROWS) { return; }
  var most = logits[n * OF];
  for (var k = 1u; k < OF; k++) { most = max(most, logits[n * OF + k]); }
  var sum = 0.0;
  for (var k = 0u; k < OF; k++) { sum += exp(logits[n * OF + k] - most); }
  for (var k = 0u; k < OF; k++) {
    out[n * OF + k] = gradient[n] * (exp(logits[n * OF + k] - most) / sum - codes[n * OF + k]);
  }
}
