// Input gradient of a linear layer of any size: out[N, FROM] = d[N, TO] W^T with d = gradient act'(y). A thread
// computes one value.
@group(0) @binding(0) var<storage, read> y: array<f32>;
@group(0) @binding(1) var<storage, read> gradient: array<f32>;
@group(0) @binding(2) var<storage, read> params: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(64)
fn linear_input_gradient_any(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = place(id, groups);
  if (index >= N * FROM) { return; }
  let row = index / FROM * TO;
  let weight = index % FROM * TO;
  var sum = 0.0;
  for (var c = 0u; c < TO; c++) {
    sum += gradient[row + c] * slope(y[row + c]) * params[weight + c];
  }
  out[index] = sum;
}
