// Cross-entropy: out[n] = -sum_k codes[n, k] log softmax(logits[n])_k, from [ROWS, OF]. A thread computes one row.
@group(0) @binding(0) var<storage, read> logits: array<f32>;
@group(0) @binding(1) var<storage, read> codes: array<f32>;
@group(0) @binding(2) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(64)
fn cross_entropy(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let n = place(id, groups);
  if (n >= ROWS) { return; }
  var most = logits[n * OF];
  for (var k = 1u; k < OF; k++) { most = max(most, logits[n * OF + k]); }
  var sum = 0.0;
  var named = 0.0;
  for (var k = 0u; k < OF; k++) {
    sum += exp(logits[n * OF + k] - most);
    named += codes[n * OF + k] * (logits[n * OF + k] - most);
  }
  out[n] = log(sum) - named;
}
