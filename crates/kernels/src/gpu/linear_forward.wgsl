// Linear layer: out[N, TO] = act(x[N, FROM] W[FROM, TO] + b[TO]). A thread computes a tile of ROWS rows and 4 COLUMNS
// columns. There is no workgroup memory: the matrices are small, so that a barrier would cost more than cached loads.
// FROM and TO must be multiples of 4.
@group(0) @binding(0) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> params: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> out: array<vec4<f32>>;

const FROM4 = FROM / 4u;
const TO4 = TO / 4u;

@compute @workgroup_size(64)
fn linear_forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = place(id, groups);
  let column = index % (TO4 / COLUMNS) * COLUMNS;
  let row = index / (TO4 / COLUMNS) * ROWS;
  if (row >= N) { return; }
  let from{r} = min(row + {r}u, N - 1u) * FROM4;
  var sum{r}_{c} = bias(column + {c}u);
  for (var i = 0u; i < FROM4; i++) {
    let x{r} = x[from{r} + i];
    let w{c}_{k} = params[(i * 4u + {k}u) * TO4 + column + {c}u];
    sum{r}_{c} += x{r}[{k}] * w{c}_{k};
  }
  if (row + {r}u < N) { out[(row + {r}u) * TO4 + column + {c}u] = activate4(sum{r}_{c}); }
}

fn bias(column: u32) -> vec4<f32> {
  if (BIAS) { return params[BIAS_AT / 4u + column]; }
  return vec4<f32>();
}
