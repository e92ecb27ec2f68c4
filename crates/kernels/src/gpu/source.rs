//! The WGSL source of a program: constants for its sizes, and the kernel's text.

use super::super::unroll::unroll;
use super::super::{ALIGN, Activation, EPSILON, Kind, Layer, Term};
use super::kernel::Kernel;
use super::program::{Program, Sizes, vector};
use super::tile::Tile;

impl Program {
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

    pub(super) fn text(&self) -> String {
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
