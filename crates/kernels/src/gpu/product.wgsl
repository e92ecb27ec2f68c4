// Batched matrix product: out[N, ROWS, COLUMNS] = a[N, ROWS, INNER] b[N, INNER, COLUMNS]. Either factor may be stored
// transposed. A thread computes one value.
@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(64)
fn product(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = place(id, groups);
  if (index >= N * ROWS * COLUMNS) { return; }
  let n = index / (ROWS * COLUMNS);
  let row = index / COLUMNS % ROWS;
  let column = index % COLUMNS;
  var sum = 0.0;
  for (var k = 0u; k < INNER; k++) {
    let left = select((n * ROWS + row) * INNER + k, (n * INNER + k) * ROWS + row, TURNED_A);
    let right = select((n * INNER + k) * COLUMNS + column, (n * COLUMNS + column) * INNER + k, TURNED_B);
    sum += a[left] * b[right];
  }
  out[index] = sum;
}
