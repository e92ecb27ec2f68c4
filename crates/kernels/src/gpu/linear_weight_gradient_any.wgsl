// Weight gradient of a linear layer of any size, as a segment: dW = x^T d with d = gradient act'(y), the column sums of
// d for the bias, and zeros in the padding. A thread computes one value.
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> y: array<f32>;
@group(0) @binding(2) var<storage, read> gradient: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(64)
fn linear_weight_gradient_any(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = place(id, groups);
  if (index >= SEGMENT) { return; }
  let of_bias = BIAS && index >= BIAS_AT && index < BIAS_AT + TO;
  let of_weight = index < FROM * TO;
  var sum = 0.0;
  if (of_weight || of_bias) {
    let column = select(index - BIAS_AT, index % TO, of_weight);
    for (var r = 0u; r < N; r++) {
      let d = gradient[r * TO + column] * slope(y[r * TO + column]);
      if (of_weight) { sum += x[r * FROM + index / TO] * d; } else { sum += d; }
    }
  }
  out[index] = sum;
}
