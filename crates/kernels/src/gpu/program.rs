//! A kernel with given sizes, its key in Burn's pipeline cache, and its launch.

use burn_cubecl::cubecl::client::Client;
use burn_cubecl::cubecl::ir::metadata::Info;
use burn_cubecl::cubecl::prelude::*;
use burn_cubecl::cubecl::server::{Handle, KernelArguments};
use burn_cubecl::cubecl::{CubeKernel, PrecompiledSource};
use burn_cubecl::tensor::CubeTensor;

use super::super::{Activation, CONCAT_INPUTS, Layer, Product, Term, Terms, Update};
use super::kernel::Kernel;

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
pub(super) enum Sizes {
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
    pub(super) kernel: Kernel,
    pub(super) sizes: Sizes,
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
