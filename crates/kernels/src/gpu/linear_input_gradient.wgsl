// Input gradient of a linear layer: out[N, FROM] = d[N, TO] W^T with d = gradient act'(y). A thread computes a tile of
// ROWS rows and 4 INPUTS columns. FROM and TO must be multiples of 4.
@group(0) @binding(0) var<storage, read> y: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> gradient: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> params: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> out: array<vec4<f32>>;

const FROM4 = FROM / 4u;
const TO4 = TO / 4u;

@compute @workgroup_size(64)
fn linear_input_gradient(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = place(id, groups);
  let input = index % (FROM4 / INPUTS) * INPUTS;
  let row = index / (FROM4 / INPUTS) * ROWS;
  if (row >= N) { return; }
  let from{r} = min(row + {r}u, N - 1u) * TO4;
  var sum{r}_{i} = vec4<f32>();
  for (var c = 0u; c < TO4; c++) {
    let d{r} = gradient[from{r} + c] * slope4(y[from{r} + c]);
    let w{i}_{k} = params[((input + {i}u) * 4u + {k}u) * TO4 + c];
    sum{r}_{i} += vec4<f32>(dot(d{r}, w{i}_0), dot(d{r}, w{i}_1), dot(d{r}, w{i}_2), dot(d{r}, w{i}_3));
  }
  if (row + {r}u < N) { out[(row + {r}u) * FROM4 + input + {i}u] = sum{r}_{i}; }
}
