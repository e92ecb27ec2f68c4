// A convolution that keeps the size of the image, 3x3 with padding 1 or 1x1: forward, or its input gradient (then the
// source is gradient act'(y) and the kernel is turned round). A thread has a run of RUN places in a row and TILE
// channels.
@group(0) @binding(0) var<storage, read> params: array<f32>;
@group(0) @binding(1) var<storage, read_write> out: array<f32>;
// `IN`, `OUT`, `source`, `tap`, `start`, `finish` and bindings 2 and up are appended.

const RUNS = PLACES / RUN;
// Rows and columns of padding.
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

// The weights of the place before, of the place itself and of the place after it.
fn taps(o: u32, i: u32, ky: u32) -> vec3<f32> {
  if (KERNEL == 1u) { return vec3<f32>(0.0, tap(o, i, 0u, 0u), 0.0); }
  return vec3<f32>(tap(o, i, ky, 0u), tap(o, i, ky, KERNEL / 2u), tap(o, i, ky, KERNEL - 1u));
}
