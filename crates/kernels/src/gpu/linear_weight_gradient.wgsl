// Weight gradient of a linear layer: dW[FROM, TO] = x^T d with d[N, TO] = gradient act'(y). A thread computes a tile of
// 4 INPUTS rows and 4 COLUMNS columns. More threads compute the bias gradient, the column sums of d, and write zeros to
// the padding of the segment. FROM and TO must be multiples of 4.
@group(0) @binding(0) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> y: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> gradient: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> out: array<vec4<f32>>;

const FROM4 = FROM / 4u;
const TO4 = TO / 4u;
const TILES = FROM4 / INPUTS * (TO4 / COLUMNS);

@compute @workgroup_size(64)
fn linear_weight_gradient(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = place(id, groups);
  if (index < TILES) {
    tile(index / (TO4 / COLUMNS) * INPUTS, index % (TO4 / COLUMNS) * COLUMNS);
  } else {
    rest(FROM * TO4 + index - TILES);
  }
}

fn tile(input: u32, column: u32) {
  var sum{i}_{k}_{c} = vec4<f32>();
  for (var r = 0u; r < N; r++) {
    let x{i} = x[r * FROM4 + input + {i}u];
    let at{c} = r * TO4 + column + {c}u;
    let d{c} = gradient[at{c}] * slope4(y[at{c}]);
    sum{i}_{k}_{c} += x{i}[{k}] * d{c};
  }
  out[((input + {i}u) * 4u + {k}u) * TO4 + column + {c}u] = sum{i}_{k}_{c};
}

fn rest(at: u32) {
  if (at >= SEGMENT / 4u) { return; }
  var sum = vec4<f32>();
  if (BIAS && at >= BIAS_AT / 4u && at < BIAS_AT / 4u + TO4) {
    for (var r = 0u; r < N; r++) {
      let i = r * TO4 + at - BIAS_AT / 4u;
      sum += gradient[i] * slope4(y[i]);
    }
  }
  out[at] = sum;
}
