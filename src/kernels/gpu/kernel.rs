//! The list of kernels.

/// A variant for each kernel, with its entry point, which is also its file.
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

// `Any` takes sizes that no tile divides. The directions of a convolution share their loops: see `Program::ends`.
kernels! {
    LinearForward = "linear_forward",
    LinearForwardAny = "linear_forward_any",
    LinearInputGradient = "linear_input_gradient",
    LinearInputGradientAny = "linear_input_gradient_any",
    LinearWeightGradient = "linear_weight_gradient",
    LinearWeightGradientAny = "linear_weight_gradient_any",
    ShrinkForward = "shrink",
    ShrinkBackward = "shrink",
    GrowForward = "grow",
    GrowBackward = "grow",
    Correlate = "correlate",
    CorrelateRows = "correlate_rows",
    SameForward = "same",
    SameBackward = "same",
    SameCorrelate = "same_correlate",
    Product = "product",
    Statistics = "statistics",
    Normalise = "normalise",
    NormaliseWeightGradient = "normalise_weight_gradient",
    NormaliseInputGradient = "normalise_input_gradient",
    Maxout = "maxout",
    MaxoutGradient = "maxout_gradient",
    Shift = "shift",
    Surprise = "surprise",
    SurpriseGradient = "surprise_gradient",
    Score = "score",
    Optimize = "optimize",
    Absorb = "absorb",
    Follow = "follow",
    Join = "join",
}
