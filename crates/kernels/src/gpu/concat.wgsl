// out = concatenation of up to five flat arrays; ENDS are their cumulative lengths. A thread copies one T: a
// vec4<f32> if every length is a multiple of 4, else an f32.
@group(0) @binding(0) var<storage, read> a: array<T>;
@group(0) @binding(1) var<storage, read> b: array<T>;
@group(0) @binding(2) var<storage, read> c: array<T>;
@group(0) @binding(3) var<storage, read> d: array<T>;
@group(0) @binding(4) var<storage, read> e: array<T>;
@group(0) @binding(5) var<storage, read_write> out: array<T>;

@compute @workgroup_size(64)
fn concat(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = place(id, groups);
  if (i < ENDS[0]) { out[i] = a[i]; }
  else if (i < ENDS[1]) { out[i] = b[i - ENDS[0]]; }
  else if (i < ENDS[2]) { out[i] = c[i - ENDS[1]]; }
  else if (i < ENDS[3]) { out[i] = d[i - ENDS[2]]; }
  else if (i < ENDS[4]) { out[i] = e[i - ENDS[3]]; }
}
