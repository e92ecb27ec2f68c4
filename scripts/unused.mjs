// Functions that are linked and never run: each is behind a branch that our data cannot take, which no compiler can
// know. Called even so, they stop the program ("unreachable"), which the tests of the built page would show. What this
// saves is in docs/decisions/wasm-size.md.

const BOTH = ["cpu", "webgpu"];
const WEBGPU = ["webgpu"];

const CPU = ["cpu"];

/**
 * `in`: the bundles that have it. `wide`: only those that store f64 or numbers of 16 bits, where a function is there once for each type.
 * A pattern that fits nothing is an error: the function may only have another name now.
 */
export const UNUSED = [
  // Ours are f32 from beginning to end.
  { in: BOTH, pattern: /TensorData>::try_cast_(clone|inplace)$/, why: "numbers of one type to those of another" },
  { in: BOTH, pattern: /\bqtensor\b|::(de)?quantize(_dynamic)?$/, why: "quantised tensors" },
  {
    in: WEBGPU,
    pattern: /cubecl_std::quant::/,
    why: "kernels over quantised tensors: each elementwise kernel is there once for every form of them",
  },
  {
    in: WEBGPU,
    pattern:
      /^<?combine::|^pliron::parsable::|Parsable>::parse$|parse_outlines|canonical_syntax_parse|APFloatType>::parse_value|build_from_str_r/,
    why: "reading CubeCL's intermediate language from text",
  },
  {
    in: CPU,
    pattern:
      /^burn_flex::(zip::\w+(::for_each_run)?|ops::(unary::unary_op_typed|binary::(binary|scalar)_op_typed|gather_scatter::scatter_update(_2d)?|slice::slice_write_impl|mask::mask_(where|fill)|comparison::compare_elem_typed))$/,
    wide: true,
    why: "elementwise operations on f64, f16 and bf16",
  },
  {
    in: WEBGPU,
    pattern: /burn_flex::(zip|ops::(unary|binary|reduce|mask|gather_scatter|comparison|activation|cat|zip)\b)/,
    why: "calculating on the CPU: there the classifier alone works, through our own kernels, and a run on the CPU has its own bundle",
  },
];
