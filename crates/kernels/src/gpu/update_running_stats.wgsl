// out = running + momentum (batch - running) for one layer's mean and unbiased variance; other layers' values are
// copied. A thread computes one value.
@group(0) @binding(0) var<storage, read> running: array<f32>;
@group(0) @binding(1) var<storage, read> batch: array<f32>;
@group(0) @binding(2) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(64)
fn update_running_stats(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = id.x;
  if (i >= SIZE) { return; }
  var value = running[i];
  if (i >= OFFSET && i < OFFSET + CHANNELS) {
    value += MOMENTUM * (batch[i - OFFSET] - value);
  } else if (i >= OFFSET + HALF && i < OFFSET + HALF + CHANNELS) {
    value += MOMENTUM * (UNBIASED * batch[i - OFFSET] - value);
  }
  out[i] = value;
}
