//! Metrics of conditional generation: class accuracy, and the meaning of latent codes.

use serde::Serialize;

use crate::nn::lenet::CLASSES;

/// Counts of requested classes or codes, with predictions of the classifier and of D.
#[derive(Debug, Default)]
pub struct Codes {
    /// Confusion matrix: rows are requested classes or codes, columns the classifier's.
    counts: [[u32; CLASSES]; CLASSES],
    /// Sum and number of -log Q(code | image).
    entropy: (f64, u32),
    /// Number of values of the class or code that D predicts.
    values: usize,
}

/// The metrics.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct CodeRecognition {
    /// What the classifier sees; None if no classifier knows the data set.
    pub classified: Option<ClassifiedCodes>,
    /// Estimated lower bound of the mutual information of code and image, in nats (Chen et al. 2016): ln n - E[-log Q]
    /// for n values of the code. None if D has no auxiliary head.
    pub information: Option<f64>,
}

/// The classifier's predictions for requested classes or codes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct ClassifiedCodes {
    /// Share of images of each requested class or code (rows) that the classifier assigns to each class (columns).
    pub confusion: [[f64; CLASSES]; CLASSES],
    /// Share of images of the requested class.
    pub accuracy: f64,
    /// Purity: share of images of the most common class of their code; 1 if every code has one class.
    pub purity: f64,
}

impl Codes {
    /// Adds a batch: requested classes, the classifier's classes, and D's auxiliary outputs, whose first `predicted`
    /// are logits of the class or code.
    pub fn add(&mut self, asked: &[u8], seen: &[u8], heads: &[f32], predicted: Option<usize>) {
        for (&a, &s) in asked.iter().zip(seen) {
            self.counts[usize::from(a)][usize::from(s)] += 1;
        }
        if let (Some(values), false) = (predicted, asked.is_empty()) {
            self.values = values;
            let width = heads.len() / asked.len();
            for (&a, row) in asked.iter().zip(heads.chunks(width)) {
                self.entropy.0 += cross_entropy(&row[..values], usize::from(a));
                self.entropy.1 += 1;
            }
        }
    }

    /// None without conditioning, or if neither the classifier nor D predicts a class or code.
    pub fn recognised(&self) -> Option<CodeRecognition> {
        let (sum, n) = self.entropy;
        let information = (n > 0).then(|| (self.values as f64).ln() - sum / f64::from(n));
        let classified = self.classified();
        (classified.is_some() || information.is_some()).then_some(CodeRecognition { classified, information })
    }

    fn classified(&self) -> Option<ClassifiedCodes> {
        let all: u32 = self.counts.iter().flatten().sum();
        let share = |n: u32| f64::from(n) / f64::from(all.max(1));
        (all > 0).then(|| ClassifiedCodes {
            confusion: self.counts.map(|row| {
                let sum: u32 = row.iter().sum();
                row.map(|n| f64::from(n) / f64::from(sum.max(1)))
            }),
            accuracy: (0..CLASSES).map(|i| share(self.counts[i][i])).sum(),
            purity: self.counts.iter().map(|row| share(row.iter().copied().max().unwrap_or(0))).sum(),
        })
    }
}

/// `-log softmax(logits)[class]`, without overflow.
fn cross_entropy(logits: &[f32], class: usize) -> f64 {
    let most = f64::from(logits.iter().fold(f32::NEG_INFINITY, |a, &b| a.max(b)));
    let sum: f64 = logits.iter().map(|&l| (f64::from(l) - most).exp()).sum();
    most + sum.ln() - f64::from(logits[class])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accuracy_purity_and_confusion_of_a_hand_count() {
        let mut codes = Codes::default();
        assert_eq!(codes.recognised(), None);
        // Code 3 is always a 5; code 0 is a 0 three times of four.
        codes.add(&[3, 3, 3, 3], &[5, 5, 5, 5], &[], None);
        codes.add(&[0, 0, 0, 0], &[0, 0, 0, 8], &[], None);
        let CodeRecognition { classified, information } = codes.recognised().unwrap();
        let found = classified.unwrap();
        assert_eq!((found.accuracy, found.purity, information), (3.0 / 8.0, 7.0 / 8.0, None));
        assert_eq!((found.confusion[3][5], found.confusion[0][8], found.confusion[1][1]), (1.0, 0.25, 0.0));
    }

    #[test]
    fn a_guess_that_knows_everything_has_ln_10_nats_and_one_that_knows_nothing_none() {
        let information = |row: [f32; 10]| {
            let mut codes = Codes::default();
            codes.add(&[2, 2], &[0, 0], &[row, row].concat(), Some(10));
            codes.recognised().unwrap().information.unwrap()
        };
        let mut sure = [0.0; 10];
        sure[2] = 1000.0;
        assert!((information(sure) - 10f64.ln()).abs() < 1e-12);
        assert!(information([7.0; 10]).abs() < 1e-12);
        // Two to one: e^0.6931 = 2 among ten.
        let mut rather = [0.0; 10];
        rather[2] = 2f32.ln();
        assert!((information(rather) - (10f64.ln() - (11f64 / 2.0).ln())).abs() < 1e-6);
    }
}
