//! The list of WGSL kernels.

/// Defines an enum with one variant per kernel. The name of its entry point is also the name of its file.
macro_rules! kernels {
    ($($name:ident = $entry:literal,)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Kernel {
            $($name,)*
        }

        impl Kernel {
            pub fn entry(self) -> &'static str {
                match self { $(Kernel::$name => $entry,)* }
            }

            pub fn text(self) -> &'static str {
                match self { $(Kernel::$name => include_str!(concat!($entry, ".wgsl")),)* }
            }
        }
    };
}

// `Any` kernels accept sizes that are not multiples of 4. The forward and backward pass of a convolution share one
// file; `Program::ends` appends the parts that differ.
kernels! {
    LinearForward = "linear_forward",
    LinearForwardAny = "linear_forward_any",
    LinearInputGradient = "linear_input_gradient",
    LinearInputGradientAny = "linear_input_gradient_any",
    LinearWeightGradient = "linear_weight_gradient",
    LinearWeightGradientAny = "linear_weight_gradient_any",
    ConvDownForward = "conv_down",
    ConvDownBackward = "conv_down",
    ConvTransposeForward = "conv_transpose",
    ConvTransposeBackward = "conv_transpose",
    ConvWeightGrad = "conv_weight_grad",
    ConvWeightGradRows = "conv_weight_grad_rows",
    ConvSameForward = "conv_same",
    ConvSameBackward = "conv_same",
    ConvSameWeightGrad = "conv_same_weight_grad",
    Product = "product",
    Statistics = "statistics",
    Normalise = "normalise",
    NormaliseWeightGradient = "normalise_weight_gradient",
    NormaliseInputGradient = "normalise_input_gradient",
    Maxout = "maxout",
    MaxoutGradient = "maxout_gradient",
    Shift = "shift",
    CrossEntropy = "cross_entropy",
    CrossEntropyBackward = "cross_entropy_backward",
    LossAndGrad = "loss_and_grad",
    Optimize = "optimize",
    UpdateRunningStats = "update_running_stats",
    EmaUpdate = "ema_update",
    Concat = "concat",
}
