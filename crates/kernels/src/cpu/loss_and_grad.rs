//! Losses of D's outputs and their gradients.

use super::super::{Curve, Relation, Term, Terms};
use super::pointwise::{sigmoid, softplus};

/// The value of a term at D's output `a`: scale curve(sign a + shift) + linear a.
fn value(t: Term, a: f32) -> f32 {
    let x = t.sign * a + t.shift;
    let curve = match t.curve {
        Curve::Softplus => softplus(x),
        Curve::Square => x * x,
        // `f32::max` would drop NaN.
        Curve::Hinge if x <= 0.0 => 0.0,
        Curve::Hinge => x,
    };
    t.scale * curve + t.linear * a
}

/// The derivative of [`value`] by `a`.
fn slope(t: Term, a: f32) -> f32 {
    let x = t.sign * a + t.shift;
    let curve = match t.curve {
        Curve::Softplus => sigmoid(x),
        Curve::Square => 2.0 * x,
        Curve::Hinge => f32::from(u8::from(x > 0.0)),
    };
    t.sign * t.scale * curve + t.linear
}

fn mean(values: &[f32], of: impl Fn(usize, f32) -> f32) -> f32 {
    values.iter().enumerate().map(|(i, &a)| of(i, a)).sum::<f32>() / values.len().max(1) as f32
}

/// The value subtracted from each real and from each fake output, in relativistic losses.
struct Levels {
    on_real: Vec<f32>,
    on_fake: f32,
}

impl Levels {
    fn of(real: &[f32], fake: &[f32], relation: Relation) -> Self {
        let plain = |values: &[f32]| mean(values, |_, a| a);
        match relation {
            Relation::Alone => Self { on_real: vec![0.0; real.len()], on_fake: 0.0 },
            Relation::Pair => Self { on_real: fake.to_vec(), on_fake: 0.0 },
            Relation::Average => Self { on_real: vec![plain(fake); real.len()], on_fake: plain(real) },
        }
    }
}

/// `[loss, mean D(x), mean D(G(z))]` from D's outputs, real ones first.
pub fn loss_and_grad(outputs: &[f32], terms: Terms) -> [f32; 3] {
    let (real, fake) = outputs.split_at(terms.real);
    let levels = Levels::of(real, fake, terms.relation);
    let on_real = mean(real, |i, a| value(terms.on_real, a - levels.on_real[i]));
    let on_fake = mean(fake, |_, a| value(terms.on_fake, a - levels.on_fake));
    let to_probability = |a: f32| if terms.logits { sigmoid(a) } else { a };
    [on_real + on_fake, mean(real, |_, a| to_probability(a)), mean(fake, |_, a| to_probability(a))]
}

/// dloss/doutputs, one value per output.
pub fn gradient(outputs: &[f32], terms: Terms) -> Vec<f32> {
    let (real, fake) = outputs.split_at(terms.real);
    let levels = Levels::of(real, fake, terms.relation);
    let (n, m) = (real.len().max(1) as f32, fake.len().max(1) as f32);
    let mut on_real: Vec<f32> =
        real.iter().zip(&levels.on_real).map(|(a, l)| slope(terms.on_real, a - l) / n).collect();
    let mut on_fake: Vec<f32> = fake.iter().map(|a| slope(terms.on_fake, a - levels.on_fake) / m).collect();
    match terms.relation {
        Relation::Alone => {}
        // The term depends on real - fake, so the fake output's derivative is the negative.
        Relation::Pair => on_fake.iter_mut().zip(&on_real).for_each(|(f, r)| *f = -r),
        Relation::Average => {
            let (through_real, through_fake) = (on_real.iter().sum::<f32>(), on_fake.iter().sum::<f32>());
            on_real.iter_mut().for_each(|r| *r -= through_fake / n);
            on_fake.iter_mut().for_each(|f| *f -= through_real / m);
        }
    }
    [on_real, on_fake].concat()
}
