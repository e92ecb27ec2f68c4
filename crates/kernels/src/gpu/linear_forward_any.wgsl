// Linear layer of any size: out[N, TO] = act(x[N, FROM] W[FROM, TO] + b[TO]). A workgroup computes one value: its
// threads split the sum over inputs. It serves D's last layer, with TO = 1, and sizes that are not multiples of 4.
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> params: array<f32>;
@group(0) @binding(2) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(64)
fn linear_forward_any(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let index = group.x + group.y * groups.x;
  let row = min(index / TO, N - 1u);
  let column = index % TO;
  var sum = 0.0;
  for (var k = local.x; k < FROM; k += 64u) {
    sum += x[row * FROM + k] * params[k * TO + column];
  }
  let total = reduce(sum, local.x);
  if (local.x == 0u && index < N * TO) {
    var y = total;
    if (BIAS) { y += params[BIAS_AT + column]; }
    out[index] = activate(y);
  }
}
