//! Presets on densities show the failure mode that they claim, and their cured variants do not.

use counterfeit::claims::{self, Claim, NEEDED, SEEDS};
use counterfeit_cli::claims::{on_points, shown};
use serde_json::{Value, json};

/// Runs a preset and its cured variants with the first `seeds` seeds. With five seeds, at least four runs of the preset
/// must show the claim, and at least four of each variant must not. With fewer seeds this holds for all runs.
fn holds(preset: &str, name: &str, seeds: u32) {
    let needed = if seeds == SEEDS { NEEDED } else { seeds as usize };
    let all = claims::on_points();
    let claim = all.iter().find(|c| c.preset == preset && c.name == name).expect("a claim of that name");
    let own = tried(claim, claim.preset, &json!({}), seeds);
    assert!(own.0 >= needed, "{preset}, {name}: shown by {} of {seeds}\n{}", own.0, own.1);
    for (twin, changes) in &claim.cured {
        let cured = tried(claim, twin, changes, seeds);
        let free = seeds as usize - cured.0;
        assert!(free >= needed, "{twin} is to be free of {name} and is on {free} of {seeds}\n{}", cured.1);
    }
}

/// The number of seeds on which a configuration shows a claim, and the measured values as text.
fn tried(claim: &Claim, preset: &str, changes: &Value, seeds: u32) -> (usize, String) {
    let (mut count, mut lines) = (0, String::new());
    for seed in 1..=seeds {
        let config = claims::configuration(preset, changes, seed).expect("a valid configuration");
        let findings = on_points(claim, config).expect("a run that can be measured");
        count += usize::from(shown(&findings));
        for (finding, inequality) in findings.iter().zip(&claim.all) {
            let quantity = inequality.quantity.name();
            lines += &format!("{preset}, seed {seed}: {quantity} {:.3e} at step {}\n", finding.value, finding.step);
        }
    }
    // The measured values; visible with --nocapture.
    print!("{lines}");
    (count, lines)
}

macro_rules! promises {
    ($($test:ident: $preset:literal, $name:literal;)*) => {
        $(#[test]
        fn $test() {
            holds($preset, $name, 1);
        })*

        mod on_five_seeds {
            use super::*;

            $(#[test]
            #[ignore = "long"]
            fn $test() {
                holds($preset, $name, SEEDS);
            })*
        }

        #[test]
        fn every_claim_on_a_density_has_its_test() {
            let mut tested = vec![$(($preset, $name)),*];
            let all = claims::on_points();
            let mut claimed: Vec<_> = all.iter().map(|c| (c.preset, c.name)).collect();
            tested.sort();
            claimed.sort();
            assert_eq!(tested, claimed);
        }
    };
}

promises! {
    row_4_a_plain_gan_loses_modes_and_its_four_cures_do_not: "ring-lost", "loses modes";
    row_4_pulled_apart_the_gradient_vanishes_and_stays_so_and_with_noise_it_does_not: "pulled-apart", "vanishing gradient";
    row_4_noise_brings_the_pulled_apart_together: "pulled-apart-noise", "moves to the data";
    row_4_the_ring_is_found: "ring", "covers its modes";
    row_4_r1_finds_all_modes: "ring-r1", "covers its modes";
    row_4_wgan_gp_finds_all_modes: "ring-wgan-gp", "covers its modes";
    row_4_packs_find_six_modes_at_least: "ring-packed", "covers its modes";
    row_4_relativistic_with_r1_and_r2_finds_all_modes: "ring-r3", "covers its modes";
    row_4_the_large_clouds_are_found: "unbalanced", "covers its modes";
    row_4_both_moons_are_found_with_a_thread_between: "moons", "a thread between the moons";
    row_4_figure_1_comes_near_the_data: "figure-1", "comes near the data";
    row_4_both_humps_are_found: "two-humps", "cuts its line in two";
}
