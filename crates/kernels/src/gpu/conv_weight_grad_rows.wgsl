// Weight gradient as in conv_weight_grad.wgsl, for layers with many channels. A thread computes one row of taps of one
// large channel and TILE small channels, over the whole batch, without a reduction: 63 ms instead of 138 and 184 ms
// instead of 200 at two sizes, on SwiftShader. Threads with l = ky = 0 also compute the bias gradient of a convolution,
// the sum of the small image.
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> y: array<f32>;
@group(0) @binding(2) var<storage, read> gradient: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;
// `small`, `large` and `delta` are appended, see conv_weight_grad.wgsl.

const TILES = SMALL / TILE * LARGE * 4u;

@compute @workgroup_size(64)
fn conv_weight_grad_rows(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = place(id, groups);
  if (index < TILES) {
    taps(index / 4u / LARGE * TILE, index / 4u % LARGE, index % 4u);
  } else {
    let at = WEIGHTS + index - TILES;
    if (at < SEGMENT && !(BIAS && at >= BIAS_AT && at < BIAS_AT + TO)) { out[at] = 0.0; }
  }
}

fn taps(channel: u32, l: u32, ky: u32) {
  var sum{t} = vec4<f32>();
  var total{t} = 0.0;
  for (var image = 0u; image < N; image++) {
    for (var row = 0u; row < HEIGHT; row++) {
      // With padding 1, a patch starts one row above. A row in the padding is clamped and its values multiplied by 0.
      let line = clamp(2u * row + ky, 1u, 2u * HEIGHT) - 1u;
      let inside = f32(line + 1u == 2u * row + ky);
      for (var column = 0u; column < WIDTH; column += RUN) {
        let at = ((image * LARGE + l) * 2u * HEIGHT + line) * 2u * WIDTH + 2u * column;
        var v0 = 0.0;
        if (column > 0u) { v0 = large(at - 1u); }
        let v{q+1} = large(at + {q}u);
        var v{Q+1} = 0.0;
        if (column + RUN < WIDTH) { v{Q+1} = large(at + {Q}u); }
        let from{t} = ((image * SMALL + channel + {t}u) * HEIGHT + row) * WIDTH + column;
        let s{t}_{p} = small(from{t} + {p}u);
        sum{t} += inside * s{t}_{p} * vec4<f32>(v{2p}, v{2p+1}, v{2p+2}, v{2p+3});
        total{t} += s{t}_{p};
      }
    }
  }
  let o{t} = ((channel + {t}u) * LARGE + l) * 16u + ky * 4u;
  out[o{t} + {k}u] = sum{t}[{k}];
  if (BIAS && l == 0u && ky == 0u) { out[BIAS_AT + channel + {t}u] = total{t}; }
}
