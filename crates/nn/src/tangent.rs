//! Directional derivatives of a network with respect to its input, differentiable with respect to the weights.
//!
//! A gradient penalty needs the gradient with respect to D's weights of the gradient with respect to D's input.
//! First-order autodiff is sufficient: for a constant direction v, v . grad_x D(x) is a forward pass of tangents
//! (Pearlmutter 1994), and with v = grad_x D(x) its gradient is half that of |grad_x D(x)|^2. Activations are piecewise
//! linear, so the active piece is a constant. Normalisation and attention are not, and there the activations are in the
//! graph beside the tangents.

use burn::tensor::Tensor;
use burn::tensor::module::{conv_transpose2d, conv2d, linear};
use counterfeit_kernels::{self as kernels, Activation};

use super::fused::{Flow, by_place, image, sized, without_kernel};
use super::layer::{Layer, doubling, halving, keeping};
use super::{BoundNetwork, Mode, Signal, attention, autoencoder};

impl BoundNetwork {
    /// v . grad_x of each row's outputs, `[n, outputs]` in the graph of the weights, from points `at` and directions v,
    /// both `[n, features]` outside any graph. Without dropout. For networks whose rows do not mix and whose
    /// activations are piecewise linear: every discriminator for which a configuration allows a
    /// penalty.
    pub fn along(&self, at: Tensor<2>, direction: Tensor<2>) -> Tensor<2> {
        let direction = Tensor::from_inner(direction);
        // If the network is not piecewise linear, the activations need gradients with respect to the weights too.
        let (signal, at) = if self.plan.has_curvature() {
            (self.using(self.params.clone()), Tensor::from_inner(at))
        } else {
            (self.using(self.params.iter().map(|p| p.clone().inner()).collect()), at)
        };
        if self.kernels() { self.along_kernels(signal, at, direction) } else { self.along_plain(signal, at, direction) }
    }

    /// `signal` is the same network, for the activations.
    fn along_kernels(&self, mut signal: BoundNetwork, at: Tensor<2>, mut t: Tensor<2>) -> Tensor<2> {
        let mut layers = self.plan.layers.iter().peekable();
        let mut x = Flow { x: at, side: [1, 1] };
        let mut kept = Vec::new();
        let mut leaf = 0;
        while let Some(layer) = layers.next() {
            let params = layer.first_slot().map(|_| (signal.params[leaf].clone(), self.params[leaf].clone()));
            leaf += usize::from(params.is_some());
            let (Some(spec), Some((constant, params))) = (layer.kernel(&self.plan.weights.slots), params) else {
                (x, t) = self.along_others(&mut signal, layer, x, t, &mut kept);
                continue;
            };
            let activation =
                layers.next_if(|l| l.activation().is_some()).and_then(Layer::activation).unwrap_or(Activation::None);
            let (spec, side) = sized(spec, x.x.dims()[0], x.side);
            // Tangents have no bias, so the segment ends before it.
            let straight = kernels::Layer { bias: false, ..spec };
            x = Flow { x: kernels::forward(x.x, constant, kernels::Layer { activation, ..spec }), side };
            t = kernels::forward(t, params.slice([0..straight.segment()]), straight);
            t = bent(&x.x, t, activation);
        }
        t
    }

    /// Layers without a kernel, on flat rows.
    fn along_others(
        &self,
        signal: &mut BoundNetwork,
        layer: &Layer,
        x: Flow,
        t: Tensor<2>,
        kept: &mut Vec<Tensor<4>>,
    ) -> (Flow, Tensor<2>) {
        let (rows, side) = (t.dims()[0], x.side);
        if let Layer::Maxout { pieces } = layer {
            let (x, t) = largest(x.x, t, *pieces);
            return (Flow { x, side }, t);
        }
        if let Layer::ConcatCondition { numbers } = layer {
            return (without_kernel(signal, layer, x, Mode::Sample), still(t, *numbers));
        }
        if *layer == Layer::ScatterDomain {
            return (without_kernel(signal, layer, x, Mode::Sample), self.scatter_domain(t));
        }
        if *layer == Layer::NegReconstructionError {
            return (Flow { x: x.x.clone(), side }, alike(signal, x.x, t, kept));
        }
        let t = match (layer, layer.activation()) {
            (_, Some(activation)) => bent(&x.x, t, activation),
            (Layer::ToImage(_) | Layer::ToFlat | Layer::Dropout { .. }, _) => t,
            _ => {
                let t = self.along_image(layer, &by_place(x.x.clone(), side), image(t, side), kept);
                let width = t.dims().iter().skip(1).product::<usize>();
                t.reshape([rows, width])
            }
        };
        (without_kernel(signal, layer, x, Mode::Sample), t)
    }

    /// Layers shared by kernels and plain operations, on images; `x` are the activations by position.
    fn along_image(&self, layer: &Layer, x: &Tensor<3>, t: Tensor<4>, kept: &mut Vec<Tensor<4>>) -> Tensor<4> {
        let shape = t.dims();
        let by_place = |t: Tensor<4>| t.reshape([shape[0], shape[1], shape[2] * shape[3]]);
        match *layer {
            Layer::GroupNorm { scale, shift, groups } => {
                self.groups(scale, shift, groups).tangent(x.clone(), by_place(t)).reshape(shape)
            }
            Layer::Attention { query } => attention::tangent(self, query, x.clone(), by_place(t)).reshape(shape),
            Layer::UpsampleNearest | Layer::PixelShuffle | Layer::AvgPool => layer.resample(t),
            Layer::Fork => {
                kept.push(t.clone());
                t
            }
            Layer::Swap(_) => match kept.pop() {
                Some(before) => {
                    kept.push(t);
                    before
                }
                None => unreachable!("a swap has a fork"),
            },
            Layer::Add | Layer::Fade => match kept.pop() {
                Some(kept) => layer.meet(self, kept, t),
                None => unreachable!("a join has a fork"),
            },
            _ => unreachable!("{layer:?} in a network that has no tangent"),
        }
    }

    fn along_plain(&self, mut signal: BoundNetwork, at: Tensor<2>, t: Tensor<2>) -> Tensor<2> {
        let (mut x, mut t) = (Signal::Flat(at), Signal::Flat(t));
        let mut kept = Vec::new();
        for layer in &self.plan.layers {
            t = match (layer, t) {
                (Layer::Linear { weight, .. }, Signal::Flat(t)) => Signal::Flat(linear(t, self.matrix(*weight), None)),
                (Layer::ConvDown { weight, .. }, Signal::Image(t)) => {
                    Signal::Image(conv2d(t, self.kernel(*weight), None, halving()))
                }
                (Layer::ConvUp { weight, .. }, Signal::Image(t)) => {
                    Signal::Image(conv_transpose2d(t, self.kernel(*weight), None, doubling()))
                }
                (Layer::Conv { weight, .. }, Signal::Image(t)) => {
                    let kernel = self.kernel(*weight);
                    let options = keeping(kernel.dims()[3]);
                    Signal::Image(conv2d(t, kernel, None, options))
                }
                (Layer::Maxout { pieces }, Signal::Flat(t)) => {
                    let Signal::Flat(flat) = x else { unreachable!("maxout is between flat signals") };
                    let (y, t) = largest(flat, t, *pieces);
                    x = Signal::Flat(y);
                    Signal::Flat(t)
                }
                (Layer::ConcatCondition { numbers }, Signal::Flat(t)) => Signal::Flat(still(t, *numbers)),
                (Layer::ScatterDomain, Signal::Flat(t)) => Signal::Flat(self.scatter_domain(t)),
                (Layer::NegReconstructionError, Signal::Flat(t)) => {
                    let Signal::Flat(drawn) = &x else { unreachable!("pixels are flat") };
                    Signal::Flat(alike(&signal, drawn.clone(), t, &mut kept))
                }
                (layer, t) => match (layer.activation(), layer) {
                    (Some(activation), _) => bend(&x, t, activation),
                    // Reshaping, and dropout, which is not applied.
                    (_, Layer::ToImage(_) | Layer::ToFlat | Layer::Dropout { .. }) => {
                        layer.forward(&mut signal, t, Mode::Sample)
                    }
                    _ => self.along_signal(layer, &x, t, &mut kept),
                },
            };
            if !matches!(layer, Layer::Maxout { .. }) {
                x = layer.forward(&mut signal, x, Mode::Sample);
            }
        }
        match t {
            Signal::Flat(t) => t,
            Signal::Image(t) => t.flatten(1, 3),
        }
    }

    /// [`BoundNetwork::along_image`] of either kind of signal.
    fn along_signal(&self, layer: &Layer, x: &Signal, t: Signal, kept: &mut Vec<Tensor<4>>) -> Signal {
        match (x, t) {
            (Signal::Flat(x), Signal::Flat(t)) => {
                let [n, width] = t.dims();
                let (x, t) = (x.clone().reshape([n, width, 1]), t.reshape([n, width, 1, 1]));
                Signal::Flat(self.along_image(layer, &x, t, kept).reshape([n, width]))
            }
            (Signal::Image(x), Signal::Image(t)) => {
                let [n, c, h, w] = t.dims();
                Signal::Image(self.along_image(layer, &x.clone().reshape([n, c, h * w]), t, kept))
            }
            _ => unreachable!("a signal and its tangent have one shape"),
        }
    }
}

/// The derivative of an activation, from the sign of its argument, which is that of its result; None where it is 1.
fn slope<const D: usize>(y: &Tensor<D>, activation: Activation) -> Option<Tensor<D>> {
    let below = match activation {
        Activation::None => return None,
        Activation::Relu => 0.0,
        Activation::LeakyRelu(slope) => slope,
        Activation::Tanh => unreachable!("a curve has no constant slope"),
    };
    Some(y.clone().greater_elem(0.0).float().cast(y.dtype()).mul_scalar(1.0 - below).add_scalar(below))
}

/// The tangent after an activation with result `y`.
fn bent<const D: usize>(y: &Tensor<D>, t: Tensor<D>, activation: Activation) -> Tensor<D> {
    match slope(y, activation) {
        Some(slope) => t * constant(slope),
        None => t,
    }
}

fn bend(x: &Signal, t: Signal, activation: Activation) -> Signal {
    match (x, t) {
        (Signal::Flat(x), Signal::Flat(t)) => Signal::Flat(bent(x, t, activation)),
        (Signal::Image(x), Signal::Image(t)) => Signal::Image(bent(x, t, activation)),
        _ => unreachable!("a signal and its tangent have one shape"),
    }
}

/// The tangent of [`Layer::NegReconstructionError`], `[n, 1]`, from the reconstruction and its tangent, `[n, pixels]`.
fn alike(signal: &BoundNetwork, drawn: Tensor<2>, t: Tensor<2>, kept: &mut Vec<Tensor<4>>) -> Tensor<2> {
    let (Some(Signal::Flat(image)), Some(of_image)) = (signal.kept.last(), kept.pop()) else {
        unreachable!("a likeness has a fork");
    };
    let of_image = of_image.reshape(t.dims());
    autoencoder::neg_reconstruction_error_tangent(constant(image.clone()), constant(drawn), [of_image, t])
}

/// Concatenates a tangent with zeros for values that do not depend on the input.
fn still(t: Tensor<2>, numbers: usize) -> Tensor<2> {
    let rest = Tensor::<2>::zeros([t.dims()[0], numbers], &t.device()).cast(t.dtype());
    Tensor::cat(vec![t, rest], 1)
}

/// Turns a tensor, inside a graph or not, into a constant of a graph.
fn constant<const D: usize>(t: Tensor<D>) -> Tensor<D> {
    Tensor::from_inner(if t.device().is_autodiff() { t.inner() } else { t })
}

/// The maximum over each unit's pieces, and the tangent of that piece.
fn largest(x: Tensor<2>, t: Tensor<2>, pieces: usize) -> (Tensor<2>, Tensor<2>) {
    let (values, tangents) = (x.chunk(pieces, 1), t.chunk(pieces, 1));
    let both = values.into_iter().zip(tangents).reduce(|(a, s), (b, t)| {
        let second = b.clone().greater(a.clone()).float().cast(a.dtype());
        let choose = constant(second);
        (a.max_pair(b), s.clone() + (t - s) * choose)
    });
    both.unwrap_or_else(|| unreachable!("the schema asks for at least one piece"))
}
