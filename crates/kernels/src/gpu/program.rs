//! The WGSL source of a kernel with given sizes, its key in Burn's pipeline cache, and its launch.

use burn_cubecl::cubecl::client::Client;
use burn_cubecl::cubecl::ir::metadata::Info;
use burn_cubecl::cubecl::prelude::*;
use burn_cubecl::cubecl::server::{Handle, KernelArguments};
use burn_cubecl::cubecl::{CubeKernel, PrecompiledSource};
use burn_cubecl::tensor::CubeTensor;

use super::super::unroll::unroll;
use super::super::{ALIGN, Activation, CONCAT_INPUTS, EPSILON, Kind, Layer, Product, Term, Terms, Update};
use super::kernel::Kernel;
use super::tile::Tile;

/// Workgroup size of every kernel.
const THREADS: usize = 64;
/// Largest number of workgroups per dimension that WebGPU guarantees.
const SIDE: usize = 65_535;

/// Number of threads or workgroups that a launch needs. The launch may have more, so kernels check their index.
#[derive(Clone, Copy)]
pub enum Grid {
    Threads(usize),
    Groups(usize),
}

impl Grid {
    fn count(self) -> CubeCount {
        let groups = match self {
            Grid::Threads(n) => n.div_ceil(THREADS),
            Grid::Groups(n) => n,
        };
        let rows = groups.div_ceil(SIDE);
        CubeCount::Static(groups.div_ceil(rows) as u32, rows as u32, 1)
    }
}

/// Number of values that a thread of `concat` copies: 4 if all lengths are multiples of 4, else 1.
pub fn vector(lengths: &[usize; CONCAT_INPUTS]) -> usize {
    if lengths.iter().all(|n| n.is_multiple_of(4)) { 4 } else { 1 }
}

/// The parameters that distinguish the programs of one kernel.
#[derive(Debug, Clone, Copy)]
enum Sizes {
    Layer(Layer),
    Terms(Terms),
    Product(Product),
    Size(usize),
    /// Number of rows, and the length of a row or the side of its image.
    Rows(usize, usize),
    Pieces {
        rows: usize,
        units: usize,
        pieces: usize,
    },
    Update(usize, Update),
    Lengths([usize; CONCAT_INPUTS]),
}

/// A kernel with its sizes: one GPU pipeline.
#[derive(Debug, Clone, Copy)]
pub struct Program {
    kernel: Kernel,
    sizes: Sizes,
}

impl Program {
    pub fn layer(kernel: Kernel, layer: Layer) -> Self {
        Self { kernel, sizes: Sizes::Layer(layer) }
    }

    pub fn terms(terms: Terms) -> Self {
        Self { kernel: Kernel::LossAndGrad, sizes: Sizes::Terms(terms) }
    }

    pub fn concat(lengths: [usize; CONCAT_INPUTS]) -> Self {
        Self { kernel: Kernel::Concat, sizes: Sizes::Lengths(lengths) }
    }

    pub fn product(product: Product) -> Self {
        Self { kernel: Kernel::Product, sizes: Sizes::Product(product) }
    }

    pub fn sized(kernel: Kernel, size: usize) -> Self {
        Self { kernel, sizes: Sizes::Size(size) }
    }

    /// A kernel of `rows` rows, each with `of` values or with an image of side `of`.
    pub fn rows(kernel: Kernel, rows: usize, of: usize) -> Self {
        Self { kernel, sizes: Sizes::Rows(rows, of) }
    }

    /// A maxout kernel of `rows` rows, each with `units` units of `pieces` pieces.
    pub fn pieces(kernel: Kernel, rows: usize, units: usize, pieces: usize) -> Self {
        Self { kernel, sizes: Sizes::Pieces { rows, units, pieces } }
    }

    pub fn update(size: usize, update: Update) -> Self {
        Self { kernel: Kernel::UpdateRunningStats, sizes: Sizes::Update(size, update) }
    }

    /// Queues the program with its inputs and then its outputs, in the order of its bindings.
    pub fn launch<const I: usize, const O: usize>(
        self,
        client: &Client,
        grid: Grid,
        inputs: [CubeTensor; I],
        outputs: [Handle; O],
    ) {
        self.launch_with(client, grid, inputs, outputs, []);
    }

    /// Queues the program with additional inputs after the outputs.
    pub fn launch_with<const I: usize, const O: usize, const S: usize>(
        self,
        client: &Client,
        grid: Grid,
        inputs: [CubeTensor; I],
        outputs: [Handle; O],
        more: [CubeTensor; S],
    ) {
        let read = |arguments: KernelArguments, t: CubeTensor| {
            arguments.with_buffer_io(t.handle.binding(), BufferIOAttr::ReadOnly)
        };
        let write =
            |arguments: KernelArguments, h: Handle| arguments.with_buffer_io(h.binding(), BufferIOAttr::WriteOnly);
        let arguments = inputs.into_iter().fold(KernelArguments::new(), read);
        let arguments = outputs.into_iter().fold(arguments, write);
        let arguments = more.into_iter().fold(arguments, read);
        client.launch(Box::new(self), grid.count(), arguments);
    }

    /// The key of the program among those of its kernel: all parameters as integers or bits.
    fn key(&self) -> Vec<u32> {
        match self.sizes {
            Sizes::Layer(l) => {
                let (activation, slope) = match l.activation {
                    Activation::None => (0, 0.0),
                    Activation::Relu => (1, 0.0),
                    Activation::LeakyRelu(slope) => (2, slope),
                    Activation::Tanh => (3, 0.0f32),
                };
                let sizes = [l.n, l.from, l.to, l.side[0], l.side[1]].map(|v| v as u32);
                [&sizes[..], &[l.kind as u32, u32::from(l.bias), activation, slope.to_bits()]].concat()
            }
            Sizes::Terms(t) => {
                let term = |t: Term| {
                    [t.curve as u32, t.sign.to_bits(), t.shift.to_bits(), t.scale.to_bits(), t.linear.to_bits()]
                };
                let sizes = [t.real as u32, t.fake as u32, t.relation as u32, u32::from(t.logits)];
                [&sizes[..], &term(t.on_real), &term(t.on_fake)].concat()
            }
            Sizes::Product(p) => [p.n, p.rows, p.inner, p.columns, p.transposed[0].into(), p.transposed[1].into()]
                .map(|v| v as u32)
                .to_vec(),
            Sizes::Size(n) => vec![n as u32],
            Sizes::Rows(n, of) => vec![n as u32, of as u32],
            Sizes::Pieces { rows, units, pieces } => [rows, units, pieces].map(|v| v as u32).to_vec(),
            Sizes::Lengths(lengths) => lengths.map(|v| v as u32).to_vec(),
            Sizes::Update(n, u) => {
                let sizes = [n, u.offset, u.channels].map(|v| v as u32);
                [&sizes[..], &[u.momentum, u.unbiased].map(f32::to_bits)].concat()
            }
        }
    }

    /// The sizes as WGSL constants.
    fn constants(&self) -> String {
        let whole = |name: &str, value: usize| format!("const {name} = {value}u;\n");
        let real = |name: &str, value: f32| format!("const {name} = {value:?}f;\n");
        match self.sizes {
            Sizes::Layer(l) => self.layer_constants(l),
            Sizes::Terms(t) => {
                let term = |name: &str, t: Term| {
                    let numbers = [t.sign, t.shift, t.scale, t.linear].map(|v| format!("{v:?}f")).join(", ");
                    format!("const {name} = Term({}u, {numbers});\n", t.curve as u32)
                };
                whole("REAL", t.real)
                    + &whole("FAKE", t.fake)
                    + &whole("RELATION", t.relation as usize)
                    + &format!("const LOGITS = {};\n", t.logits)
                    + &term("ON_REAL", t.on_real)
                    + &term("ON_FAKE", t.on_fake)
                    + include_str!("terms.wgsl")
            }
            Sizes::Product(p) => {
                let sizes = [("N", p.n), ("ROWS", p.rows), ("INNER", p.inner), ("COLUMNS", p.columns)];
                let turned = format!("const TURNED_A = {};\nconst TURNED_B = {};\n", p.transposed[0], p.transposed[1]);
                sizes.map(|(name, value)| whole(name, value)).concat() + &turned
            }
            Sizes::Size(n) => whole("SIZE", n),
            Sizes::Rows(n, of) => whole("ROWS", n) + &whole("OF", of),
            Sizes::Pieces { rows, units, pieces } => {
                whole("ROWS", rows) + &whole("UNITS", units) + &whole("PIECES", pieces)
            }
            Sizes::Lengths(lengths) => {
                let vector = vector(&lengths);
                let ends = lengths.iter().scan(0, |end, n| {
                    *end += n / vector;
                    Some(format!("{end}u"))
                });
                let value = if vector == 4 { "vec4<f32>" } else { "f32" };
                format!("alias T = {value};\nconst ENDS = array({});\n", ends.collect::<Vec<_>>().join(", "))
            }
            Sizes::Update(n, u) => {
                let half = u.channels.next_multiple_of(ALIGN);
                whole("SIZE", n)
                    + &whole("OFFSET", u.offset)
                    + &whole("CHANNELS", u.channels)
                    + &whole("HALF", half)
                    + &real("MOMENTUM", u.momentum)
                    + &real("UNBIASED", u.unbiased)
            }
        }
    }

    fn layer_constants(&self, l: Layer) -> String {
        let (small, large) = l.channels();
        let tile = Tile::of(self.kernel, &l);
        let sizes = [
            ("N", l.n),
            ("FROM", l.from),
            ("TO", l.to),
            ("SMALL", small),
            ("LARGE", large),
            ("ROWS", tile.rows),
            ("COLUMNS", tile.columns),
            ("INPUTS", tile.inputs),
            ("TILE", tile.channels),
            ("RUN", tile.run),
            ("KERNEL", tile.kernel),
            ("HEIGHT", l.side[0]),
            ("WIDTH", l.side[1]),
            ("PLACES", l.places()),
            ("TO_PLACES", l.outputs() / l.to),
            ("WEIGHTS", l.weights()),
            ("BIAS_AT", l.bias_at()),
            ("SEGMENT", l.segment()),
            ("STATISTICS", l.statistics()),
        ];
        let mut text: String = sizes.iter().map(|(name, value)| format!("const {name} = {value}u;\n")).collect();
        text += &format!("const BIAS = {};\nconst EPSILON = {:?}f;\n", l.bias, EPSILON as f32);
        text + &activation(l.activation)
    }

    fn text(&self) -> String {
        let body = match self.sizes {
            Sizes::Layer(layer) => unroll(self.kernel.text(), &Tile::of(self.kernel, &layer).letters()),
            _ => self.kernel.text().into(),
        };
        [&self.constants(), include_str!("common.wgsl"), &body, self.ends()].concat()
    }

    /// The parts in which the forward and backward pass of a convolution differ: reading an input value, the initial
    /// value of an accumulator, and the final operation on it.
    fn ends(&self) -> &'static str {
        let Sizes::Layer(layer) = self.sizes else { return "" };
        match (self.kernel, layer.kind) {
            (Kernel::ConvDownForward | Kernel::ConvTransposeForward, _) => {
                "@group(0) @binding(2) var<storage, read> x: array<f32>;
                 fn source(i: u32) -> f32 { return x[i]; }
                 fn start(c: u32) -> f32 { if (BIAS) { return params[(BIAS_AT + c) / 4u][(BIAS_AT + c) % 4u]; } return 0.0; }
                 fn finish(v: f32) -> f32 { return activate(v); }"
            }
            (Kernel::ConvDownBackward | Kernel::ConvTransposeBackward, _) => {
                "@group(0) @binding(2) var<storage, read> y: array<f32>;
                 @group(0) @binding(3) var<storage, read> gradient: array<f32>;
                 fn source(i: u32) -> f32 { return gradient[i] * slope(y[i]); }
                 fn start(c: u32) -> f32 { return 0.0; }
                 fn finish(v: f32) -> f32 { return v; }"
            }
            (Kernel::ConvSameForward, _) => {
                "@group(0) @binding(2) var<storage, read> x: array<f32>;
                 const IN = FROM;
                 const OUT = TO;
                 fn source(i: u32) -> f32 { return x[i]; }
                 fn tap(o: u32, i: u32, ky: u32, kx: u32) -> f32 { return params[((o * FROM + i) * KERNEL + ky) * KERNEL + kx]; }
                 fn start(c: u32) -> f32 { if (BIAS) { return params[BIAS_AT + c]; } return 0.0; }
                 fn finish(v: f32) -> f32 { return activate(v); }"
            }
            // The input gradient is a convolution of d with the flipped kernel and swapped channels.
            (Kernel::ConvSameBackward, _) => {
                "@group(0) @binding(2) var<storage, read> y: array<f32>;
                 @group(0) @binding(3) var<storage, read> gradient: array<f32>;
                 const IN = TO;
                 const OUT = FROM;
                 fn source(i: u32) -> f32 { return gradient[i] * slope(y[i]); }
                 fn tap(o: u32, i: u32, ky: u32, kx: u32) -> f32 {
                   return params[((i * FROM + o) * KERNEL + KERNEL - 1u - ky) * KERNEL + KERNEL - 1u - kx];
                 }
                 fn start(c: u32) -> f32 { return 0.0; }
                 fn finish(v: f32) -> f32 { return v; }"
            }
            (Kernel::ConvWeightGrad | Kernel::ConvWeightGradRows, Kind::ConvDown) => {
                "fn delta(i: u32) -> f32 { return gradient[i] * slope(y[i]); }
                 fn small(i: u32) -> f32 { return delta(i); }
                 fn large(i: u32) -> f32 { return x[i]; }"
            }
            (Kernel::ConvWeightGrad | Kernel::ConvWeightGradRows, _) => {
                "fn delta(i: u32) -> f32 { return gradient[i] * slope(y[i]); }
                 fn small(i: u32) -> f32 { return x[i]; }
                 fn large(i: u32) -> f32 { return delta(i); }"
            }
            _ => "",
        }
    }
}

/// WGSL functions of an activation, y = act(v), and of its derivative as a function of y, for `f32` and `vec4<f32>`.
/// They propagate NaN, so that divergence is detected. NaN is recognised by its bits: `max` and `clamp` may drop it,
/// and a shader compiler may assume that no value is NaN.
fn activation(activation: Activation) -> String {
    let (value, slope) = match activation {
        Activation::None => ("v".into(), "T(1.0)".into()),
        Activation::Relu => (or_nan("max(v, T(0.0))"), "select(T(0.0), T(1.0), y > T(0.0))".into()),
        // Both branches propagate NaN.
        Activation::LeakyRelu(s) => {
            (format!("select({s:?}f * v, v, v > T(0.0))"), format!("select(T({s:?}f), T(1.0), y > T(0.0))"))
        }
        // tanh(10) is 1 in f32. Some drivers' tanh overflows for larger arguments.
        Activation::Tanh => (or_nan("tanh(clamp(v, T(-10.0), T(10.0)))"), "T(1.0) - y * y".into()),
    };
    let both = format!("fn activate(v: T) -> T {{ return {value}; }}\nfn slope(y: T) -> T {{ return {slope}; }}\n");
    let four = both.replace("fn activate", "fn activate4").replace("fn slope", "fn slope4");
    both.replace('T', "f32").replace('U', "u32") + &four.replace('T', "vec4<f32>").replace('U', "vec4<u32>")
}

/// A WGSL expression: `value`, or v if v is NaN.
fn or_nan(value: &str) -> String {
    format!("select({value}, v, (bitcast<U>(v) & U(0x7fffffffu)) > U(0x7f800000u))")
}

impl KernelMetadata for Program {
    fn id(&self) -> KernelId {
        KernelId::new::<Self>().info((self.kernel, self.key()))
    }

    fn address_type(&self) -> ElemType {
        burn_cubecl::cubecl::ir::UIntKind::U32.into()
    }
}

impl CubeKernel for Program {
    /// An empty kernel definition, which only sets the workgroup size: the source is precompiled.
    fn define(&self) -> KernelDefinition {
        let threads = CubeDim::new_1d(THREADS as u32);
        let settings = KernelSettings::new(threads.0, ExecutionMode::Checked, AddressType::U32);
        KernelDefinition { body: Scope::root(settings.clone()), settings, info: Info::default() }
    }

    fn source(&self) -> Option<PrecompiledSource> {
        Some(PrecompiledSource { source: self.text(), entrypoint_name: self.kernel.entry().into(), lang: "wgsl" })
    }
}
