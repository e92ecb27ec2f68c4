// Transposed convolution, kernel size 4, stride 2, padding 1:
// [N, SMALL, HEIGHT, WIDTH] -> [N, LARGE, 2 HEIGHT, 2 WIDTH]. Each source[n, s, y, x] W[s, l, ky, kx] is added to
// out[n, l, 2 y - 1 + ky, 2 x - 1 + kx]; start(l) comes before the sum, finish after it.
// It is the forward pass of a transposed convolution (source = x), or the input gradient of a convolution (source =
// gradient act'(y)). A thread computes TILE channels of the 2x2 output blocks of RUN consecutive small positions; a
// block depends on the 3x3 small positions around it.
@group(0) @binding(0) var<storage, read> params: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> out: array<vec2<f32>>;
// `source`, `start`, `finish` and bindings 2 and up are appended.

const RUNS = PLACES / RUN;

@compute @workgroup_size(64)
fn conv_transpose(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = place(id, groups);
  let spot = index % RUNS * RUN;
  let channel = index / RUNS % (LARGE / TILE) * TILE;
  let image = index / RUNS / (LARGE / TILE);
  if (image >= N) { return; }
  let row = spot / WIDTH;
  let column = spot % WIDTH;
  let above = row > 0u;
  let below = row + 1u < HEIGHT;
  let left = column > 0u;
  let right = column + RUN < WIDTH;
  // The four outputs of each block: upper left, upper right, lower left, lower right.
  var sum{t}_{p} = vec4<f32>(start(channel + {t}u));
  for (var s = 0u; s < SMALL; s++) {
    let at = (image * SMALL + s) * PLACES + spot;
    // The row above the run (a), its own row (m) and the row below (b), with one position more on each side.
    var a{e} = 0.0;
    var m{e} = 0.0;
    var b{e} = 0.0;
    m{p+1} = source(at + {p}u);
    if (left) { m0 = source(at - 1u); }
    if (right) { m{P+1} = source(at + RUN); }
    if (above) {
      a{p+1} = source(at - WIDTH + {p}u);
      if (left) { a0 = source(at - WIDTH - 1u); }
      if (right) { a{P+1} = source(at - WIDTH + RUN); }
    }
    if (below) {
      b{p+1} = source(at + WIDTH + {p}u);
      if (left) { b0 = source(at + WIDTH - 1u); }
      if (right) { b{P+1} = source(at + WIDTH + RUN); }
    }
    let w{t}_{k} = params[(s * LARGE + channel + {t}u) * 4u + {k}u];
    sum{t}_{p} += m{p+1} * vec4<f32>(w{t}_1.yz, w{t}_2.yz) + vec4<f32>(m{p}, m{p+2}, m{p}, m{p+2}) * vec4<f32>(w{t}_1.wx, w{t}_2.wx);
    sum{t}_{p} += vec4<f32>(a{p+1}, a{p+1}, b{p+1}, b{p+1}) * vec4<f32>(w{t}_3.yz, w{t}_0.yz);
    sum{t}_{p} += vec4<f32>(a{p}, a{p+2}, b{p}, b{p+2}) * vec4<f32>(w{t}_3.wx, w{t}_0.wx);
  }
  let o{t} = (image * LARGE + channel + {t}u) * 2u * PLACES + 2u * row * WIDTH + column;
  out[o{t} + {p}u] = vec2<f32>(finish(sum{t}_{p}.x), finish(sum{t}_{p}.y));
  out[o{t} + WIDTH + {p}u] = vec2<f32>(finish(sum{t}_{p}.z), finish(sum{t}_{p}.w));
}
