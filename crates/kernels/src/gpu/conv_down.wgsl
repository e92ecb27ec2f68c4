// Convolution, kernel size 4, stride 2, padding 1: [N, LARGE, 2 HEIGHT, 2 WIDTH] -> [N, SMALL, HEIGHT, WIDTH],
// out[n, s, y, x] = finish(start(s) + sum W[s, l, ky, kx] source[n, l, 2 y - 1 + ky, 2 x - 1 + kx]) over l, ky, kx.
// It is the forward pass of a convolution (source = x), or the input gradient of a transposed one (source = gradient
// act'(y)). A thread computes RUN consecutive positions of TILE channels, so that it reuses each loaded value.
@group(0) @binding(0) var<storage, read> params: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> out: array<f32>;
// `source`, `start`, `finish` and bindings 2 and up are appended.

const RUNS = PLACES / RUN;

@compute @workgroup_size(64)
fn conv_down(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = place(id, groups);
  let spot = index % RUNS * RUN;
  let channel = index / RUNS % (SMALL / TILE) * TILE;
  let image = index / RUNS / (SMALL / TILE);
  if (image >= N) { return; }
  let row = 2u * (spot / WIDTH);
  let column = 2u * (spot % WIDTH);
  let inside_left = column > 0u;
  let inside_right = column + 2u * RUN < 2u * WIDTH;
  var sum{t}_{p} = start(channel + {t}u);
  for (var l = 0u; l < LARGE; l++) {
    for (var ky = 0u; ky < 4u; ky++) {
      // With padding 1, the patch starts at row - 1 and column - 1.
      let y = row + ky;
      if (y == 0u || y > 2u * HEIGHT) { continue; }
      let at = ((image * LARGE + l) * 2u * HEIGHT + y - 1u) * 2u * WIDTH + column;
      var v0 = 0.0;
      if (inside_left) { v0 = source(at - 1u); }
      let v{q+1} = source(at + {q}u);
      var v{Q+1} = 0.0;
      if (inside_right) { v{Q+1} = source(at + {Q}u); }
      let w{t} = params[((channel + {t}u) * LARGE + l) * 4u + ky];
      sum{t}_{p} += w{t}.x * v{2p} + w{t}.y * v{2p+1} + w{t}.z * v{2p+2} + w{t}.w * v{2p+3};
    }
  }
  out[(image * SMALL + channel + {t}u) * PLACES + spot + {p}u] = finish(sum{t}_{p});
}
