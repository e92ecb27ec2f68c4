//! Claims of presets on densities. The published protocols (PacGAN's) make none: what they come to takes 400,000 steps.

use serde_json::json;

use super::{Bound, Claim, Inequality, Quantity, When};

fn claim(preset: &'static str, name: &'static str, all: &[(Quantity, Bound, When)]) -> Claim {
    let all = all.iter().map(|&(quantity, bound, when)| Inequality { quantity, bound, when }).collect();
    Claim { preset, name, all, every: 100, cured: Vec::new() }
}

fn cured(claim: Claim, by: &[&'static str]) -> Claim {
    Claim { cured: by.iter().map(|&preset| (preset, json!({}))).collect(), ..claim }
}

/// In the order of the list of presets.
pub fn claims() -> Vec<Claim> {
    use Bound::{AtLeast, AtMost};
    use When::{By, During};
    let cures = ["ring-r1", "ring-wgan-gp", "ring-packed", "ring-r3"];
    let covers =
        |preset, modes, by| claim(preset, "covers its modes", &[(Quantity::ModesCovered, AtLeast(modes), By(by))]);
    let mut all = vec![
        // Seeds 1 to 5 covered 8, 8, 6, 6 and 8.
        covers("ring", 6.0, 2_000),
        claim(
            "moons",
            "a thread between the moons",
            // 18 of the 20 sections of the two curves, and points between them: 99 % of the data are high-quality.
            &[
                (Quantity::ModesCovered, AtLeast(18.0), By(4_000)),
                (Quantity::HighQuality, AtMost(0.95), During(3_000, 4_000)),
            ],
        ),
        // Three of eight hold 224 of 255 points.
        covers("unbalanced", 3.0, 2_000),
        cured(
            claim("ring-lost", "loses modes", &[(Quantity::ModesCovered, AtMost(4.0), During(1_500, 2_000))]),
            &cures,
        ),
        claim("figure-1", "comes near the data", &[(Quantity::JensenShannon, AtMost(0.1), By(2_000))]),
        claim(
            "two-humps",
            "cuts its line in two",
            &[(Quantity::ModesCovered, AtLeast(2.0), By(2_000)), (Quantity::HighQuality, AtLeast(0.9), By(2_000))],
        ),
        cured(
            // At the start of the run, and with instance noise, it is above 0.1.
            claim(
                "pulled-apart",
                "vanishing gradient",
                &[(Quantity::SampleGradient, AtMost(1e-3), During(300, 1_000))],
            ),
            &["pulled-apart-noise"],
        ),
        // It starts at 6; a cluster of width 0 in the right place would keep half of the data's standard deviation.
        claim("pulled-apart-noise", "moves to the data", &[(Quantity::Wasserstein, AtMost(0.3), By(1_000))]),
    ];
    // With packing, seeds 1 to 5 covered 8, 6, 8, 7 and 8 modes.
    all.extend(cures.map(|preset| covers(preset, if preset == "ring-packed" { 6.0 } else { 8.0 }, 3_000)));
    all
}
