// Convolution, stride 1, kernel size 3 with padding 1 or kernel size 1:
// [N, IN, HEIGHT, WIDTH] -> [N, OUT, HEIGHT, WIDTH],
// out[n, o, y, x] = finish(start(o) + sum tap(o, i, ky, kx) source[n, i, y - REACH + ky, x - REACH + kx]) over i, ky
// and kx.
// It is the forward pass (source = x), or the input gradient (source = gradient act'(y), flipped kernel). A thread
// computes RUN consecutive positions of TILE channels.
@group(0) @binding(0) var<storage, read> params: array<f32>;
@group(0) @binding(1) var<storage, read_write> out: array<f32>;
// `IN`, `OUT`, `source`, `tap`, `start`, `finish` and bindings 2 and up are appended.

const RUNS = PLACES / RUN;
// Padding on each side.
const REACH = KERNEL / 2u;

@compute @workgroup_size(64)
fn conv_same(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = place(id, groups);
  let spot = index % RUNS * RUN;
  let channel = index / RUNS % (OUT / TILE) * TILE;
  let image = index / RUNS / (OUT / TILE);
  if (image >= N) { return; }
  let row = spot / WIDTH;
  let column = spot % WIDTH;
  let left = KERNEL == 3u && column > 0u;
  let right = KERNEL == 3u && column + RUN < WIDTH;
  var sum{t}_{p} = start(channel + {t}u);
  for (var i = 0u; i < IN; i++) {
    for (var ky = 0u; ky < KERNEL; ky++) {
      let y = row + ky;
      if (y < REACH || y >= HEIGHT + REACH) { continue; }
      let at = ((image * IN + i) * HEIGHT + y - REACH) * WIDTH + column;
      var v0 = 0.0;
      if (left) { v0 = source(at - 1u); }
      let v{p+1} = source(at + {p}u);
      var v{P+1} = 0.0;
      if (right) { v{P+1} = source(at + RUN); }
      let w{t} = taps(channel + {t}u, i, ky);
      sum{t}_{p} += w{t}.x * v{p} + w{t}.y * v{p+1} + w{t}.z * v{p+2};
    }
  }
  out[(image * OUT + channel + {t}u) * PLACES + spot + {p}u] = finish(sum{t}_{p});
}

// A row of the kernel: the weights of columns x - 1, x and x + 1. Kernel size 1 is padded with zeros.
fn taps(o: u32, i: u32, ky: u32) -> vec3<f32> {
  if (KERNEL == 1u) { return vec3<f32>(0.0, tap(o, i, 0u, 0u), 0.0); }
  return vec3<f32>(tap(o, i, ky, 0u), tap(o, i, ky, KERNEL / 2u), tap(o, i, ky, KERNEL - 1u));
}
