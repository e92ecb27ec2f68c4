//! Reproducibility of CPU runs in a browser.

use burn::tensor::Device;

use crate::common::{images, metric_bits, varieties};
use crate::{named, names, one_test_each, run};

/// Asserts that two runs with the same seed have bit-identical curves and images.
async fn a_seed_is_a_run(name: &str) {
    let (config, images, cpu) = (named(varieties(), name), images(), Device::flex());
    let (first, second) = (run(&config, &images, &cpu, 4).await, run(&config, &images, &cpu, 4).await);
    assert!(metric_bits(&first.0) == metric_bits(&second.0), "the second run's curves differ");
    assert!(first.1 == second.1, "the second run's pictures differ");
}

one_test_each! { a_seed_is_a_run, names(varieties());
    mlp_leaky_relu: "MLP, leaky ReLU",
    mlp_maxout_and_dropout: "MLP, maxout and dropout",
    mlp_batch_normalisation_and_dropout: "MLP, batch normalisation and dropout",
    dcgan_two_stages: "DCGAN, two stages",
    dcgan_one_stage: "DCGAN, one stage",
    dcgan_two_stages_batch_normalisation: "DCGAN, two stages, batch normalisation",
    dcgan_one_stage_batch_normalisation: "DCGAN, one stage, batch normalisation",
    dcgan_fully_connected_layers: "DCGAN, fully connected layers",
    dcgan_fully_connected_layers_batch_normalisation: "DCGAN, fully connected layers, batch normalisation",
    mlp_layer_normalisation_spectral_norm: "MLP, layer normalisation, spectral norm",
    dcgan_pixel_norm_layer_normalisation_equalised: "DCGAN, pixel norm, layer normalisation, equalised",
    dcgan_repeated_values_instance_and_group_normalisation: "DCGAN, repeated values, instance and group normalisation",
    dcgan_shuffle_spectral_norm_attention: "DCGAN, shuffle, spectral norm, attention",
    resnet: "ResNet",
    mlp_virtual_batch_normalisation: "MLP, virtual batch normalisation",
    dcgan_virtual_batch_normalisation_dropout: "DCGAN, virtual batch normalisation, dropout",
    mlp_d_redraws: "MLP, D redraws",
    dcgan_d_redraws: "DCGAN, D redraws",
}
