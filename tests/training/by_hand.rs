//! Algorithm 1 written a second time, from the paper and from the core's public parts. It says which numbers each
//! update takes from which stream and in which order, and `gradients.rs` checks its gradients: what equals it bit for
//! bit is checked as well.

use crate::common::PIXELS;
use burn::tensor::Tensor;
use counterfeit::condition::{Condition, ConditionSpec};
use counterfeit::config;
use counterfeit::config::{Experiment, RunConfig};
use counterfeit::data::Sampler;
use counterfeit::discriminator_call::DiscriminatorCall;
use counterfeit::kernels::grey;
use counterfeit::loss::{self, Objective};
use counterfeit::nn::{BatchStatistics, Mode, Network, Plan};
use counterfeit::optim::{Optimizer, flat_gradient};
use counterfeit::random::{Random, StepDraws, Stream};
use counterfeit::trainer::{StepKind, Trainer};
use counterfeit::tricks::schedule::Schedule;

use super::support::{bits, cpu, images, scalar, state, tensor, trainer};
use crate::common::{self, IMAGES, experiment};

/// m examples and m fakes, and the codes that both have.
#[derive(Clone)]
pub struct Pair {
    pub both: [Tensor<2>; 2],
    pub codes: Option<Tensor<2>>,
}

pub struct ByHand {
    pub config: Experiment,
    pub g: Network,
    pub d: Network,
    optimizers: [Optimizer; 2],
    pub draws: StepDraws,
    sampler: Sampler,
    steps: u32,
    /// The gradient of each update: G's, D's.
    pub gradients: [Vec<Tensor<1>>; 2],
    /// The real images that D has seen, by index.
    pub augmentation: Vec<u32>,
}

impl ByHand {
    pub fn new(config: RunConfig) -> Self {
        let config = experiment(config);
        let stream = |s| Random::new(config.seed, s);
        let g = Network::new(Plan::generator(&config.g_spec()), &mut stream(Stream::GeneratorWeights), &cpu());
        let d = Network::new(Plan::discriminator(&config.d_spec()), &mut stream(Stream::DiscriminatorWeights), &cpu());
        Self {
            optimizers: [
                Optimizer::new(config.generator.optimizer.method, &g.weights),
                Optimizer::new(config.discriminator.optimizer.method, &d.weights),
            ],
            draws: StepDraws::at(config.seed, 0),
            steps: 0,
            sampler: Sampler::new(config.seed, IMAGES),
            gradients: [Vec::new(), Vec::new()],
            augmentation: Vec::new(),
            g,
            d,
            config,
        }
    }

    /// How D is asked.
    pub fn d_call(&self) -> DiscriminatorCall {
        DiscriminatorCall {
            condition: self.config.condition.condition,
            pack: self.config.pack,
            separate_batches: self.d.plan.mixes_batch(),
        }
    }

    /// m noise samples, with codes of the given classes or of drawn ones.
    pub fn noise(&mut self, classes: Option<Vec<u8>>) -> Tensor<2> {
        let RunConfig { batch: m, latent_dim: dim, .. } = *self.config;
        let code = self.config.code();
        let noise = self.draws.noise.latent(self.config.prior, m, dim);
        let codes: Vec<Vec<f32>> = match classes {
            Some(classes) => classes.into_iter().map(|c| code.code(c)).collect(),
            None => (0..m).map(|_| code.draw(&mut self.draws.codes)).collect(),
        };
        let width = self.config.g_inputs();
        tensor(noise.chunks(dim).zip(codes).flat_map(|(z, c)| [z, &c[..]].concat()).collect(), [m, width])
    }

    /// The codes in G's input.
    pub fn codes_of(&self, z: &Tensor<2>) -> Option<Tensor<2>> {
        let [m, width] = z.dims();
        (width > self.config.latent_dim).then(|| z.clone().slice([0..m, self.config.latent_dim..width]))
    }

    /// m examples, and their classes where the run is conditional.
    fn examples(&mut self) -> (Tensor<2>, Option<Vec<u8>>) {
        let indices = self.sampler.draw(self.config.batch);
        let real = match self.config.condition.condition {
            Condition::Coupled => grey::floats(
                &indices.iter().flat_map(|&i| self.config.condition.coupling.image(images(), i)).collect::<Vec<_>>(),
            ),
            _ => images().batch(&indices),
        };
        let real = tensor(real, [self.config.batch, PIXELS]);
        let classes = self.config.condition.condition.kinds(images(), &indices);
        self.augmentation.extend(indices);
        (real, classes)
    }

    /// m examples and m fakes of noise samples, for D, which have the same codes.
    pub fn pair(&mut self) -> Pair {
        let (real, classes) = self.examples();
        let z = self.noise(classes);
        let codes = self.codes_of(&z);
        Pair { both: [real, self.g.frozen().forward(z, Mode::Train)], codes }
    }

    fn dropout(&mut self, images: usize) -> Option<Tensor<1>> {
        let n = self.d.plan.random_counts(images / self.config.pack);
        let uniform: Vec<f32> = (0..n).map(|_| self.draws.dropout.uniform()).collect();
        (n > 0).then(|| tensor(uniform, [n]))
    }

    /// m examples, for a G whose loss compares with them, and m noise samples.
    pub fn beside(&mut self) -> (Option<Tensor<2>>, Tensor<2>) {
        let (real, classes) = match self.config.loss.objective.is_relativistic() {
            true => {
                let (real, classes) = self.examples();
                (Some(real), classes)
            }
            false => (None, None),
        };
        (real, self.noise(classes))
    }

    /// What the next penalty draws.
    pub fn places(&mut self) -> Option<Tensor<1>> {
        let RunConfig { batch, pack, .. } = *self.config;
        let n = self.config.penalty.draws(batch / pack, pack * PIXELS);
        let uniform: Vec<f32> = (0..n).map(|_| self.draws.penalty.uniform()).collect();
        (n > 0).then(|| tensor(uniform, [n]))
    }

    /// D's loss, its gradient with respect to D's weights, and what the pass leaves for D's statistics.
    pub fn d_gradient(&mut self, Pair { both: [real, fake], codes }: Pair) -> (f64, Tensor<1>, Vec<BatchStatistics>) {
        let m = self.config.batch;
        let (d_call, uniform) = (self.d_call(), self.dropout(2 * m));
        let mut d = self.d.tracked().with_random(uniform);
        let places = self.places();
        let ConditionSpec { condition, weight: code_weight, .. } = self.config.condition;
        let penalty = self.config.penalty.term(&self.d, &mut d, d_call, [&real, &fake], codes.clone(), places);
        let outputs = d_call.both(&mut d, [real, fake].map(Tensor::from_inner), codes.clone());
        let codes = codes.map(Tensor::from_inner);
        let named = codes.clone().and_then(|c| {
            let of = |rows| {
                self.config
                    .code()
                    .auxiliary_loss(outputs.clone().slice(rows), c.clone(), self.d.operations)
                    .map(|r| r.loss * code_weight)
            };
            let fake = of(m..2 * m)?;
            Some(if condition.labelled() { of(0..m)? + fake } else { fake })
        });
        let also = match (penalty, named) {
            (Some(a), Some(b)) => Some(a + b),
            (a, b) => a.or(b),
        };
        let logits = d_call.logits(outputs, codes.map(|c| Tensor::cat(vec![c.clone(), c], 0)));
        let terms = self.config.loss.objective.d_terms(d_call.rows(m), self.config.loss.real_target);
        let mut scored = loss::evaluate(logits, terms, also, self.d.operations);
        let gradient = flat_gradient(&d, &mut scored.gradients);
        (scalar(scored.numbers.slice([0..1])), gradient, d.batch_statistics)
    }

    /// G's loss, its gradient with respect to G's weights, and the batch's statistics.
    pub fn g_gradient(&mut self, real: Option<Tensor<2>>, z: Tensor<2>) -> (f64, Tensor<1>, Vec<BatchStatistics>) {
        let RunConfig { batch: m, condition: ConditionSpec { weight: code_weight, .. }, .. } = *self.config;
        let (d_call, codes, code) = (self.d_call(), self.codes_of(&z), self.config.code());
        let mut g = self.g.tracked();
        let fake = g.forward(Tensor::from_inner(z), Mode::Train);
        let uniform = self.dropout(if real.is_some() { 2 } else { 1 } * m);
        let mut d = self.d.constant().with_random(uniform);
        let constant = codes.clone().map(Tensor::from_inner);
        let (outputs, condition) = match real.map(Tensor::from_inner) {
            Some(real) => {
                let twice = constant.clone().map(|c| Tensor::cat(vec![c.clone(), c], 0));
                (d_call.both(&mut d, [real, fake], codes), twice)
            }
            None => (d_call.outputs(&mut d, fake, codes, Mode::Train), constant.clone()),
        };
        let rows = outputs.dims()[0];
        let of_fakes = outputs.clone().slice(rows - d_call.rows(m)..rows);
        let named =
            constant.and_then(|c| code.auxiliary_loss(of_fakes, c, self.d.operations)).map(|r| r.loss * code_weight);
        let terms = self.config.loss.objective.g_terms(d_call.rows(m));
        let mut scored = loss::evaluate(d_call.logits(outputs, condition), terms, named, self.g.operations);
        let gradient = flat_gradient(&g, &mut scored.gradients);
        (scalar(scored.numbers.slice([0..1])), gradient, g.batch_statistics)
    }

    pub fn step(&mut self, kind: StepKind) {
        let c = self.config.clone();
        self.steps += 1;
        self.draws = StepDraws::at(c.seed, self.steps);
        let k = if kind == StepKind::Generator { 0 } else { c.d_steps };
        for _ in 0..k {
            let pair = self.pair();
            let (_, gradient, statistics) = self.d_gradient(pair);
            let rates = c.training().rates(self.steps)[1];
            let numbers = tensor(self.optimizers[1].next(rates).to_vec(), [8]);
            self.d.weights =
                self.optimizers[1].step(self.d.weights.clone(), gradient.clone(), numbers, self.d.operations);
            self.d.update_running_stats(statistics, 0.1);
            self.gradients[1].push(gradient);
        }
        if kind != StepKind::Discriminator {
            let (real, z) = self.beside();
            let (_, gradient, statistics) = self.g_gradient(real, z);
            let rates = c.training().rates(self.steps)[0];
            let numbers = tensor(self.optimizers[0].next(rates).to_vec(), [8]);
            self.g.weights =
                self.optimizers[0].step(self.g.weights.clone(), gradient.clone(), numbers, self.g.operations);
            self.g.update_running_stats(statistics, 0.1);
            self.gradients[0].push(gradient);
        }
    }

    /// How often each network was updated: G, D.
    fn updates(&self) -> [usize; 2] {
        self.gradients.each_ref().map(Vec::len)
    }

    /// Whether `trainer` holds the same weights and statistics, bit for bit.
    pub fn agrees(&self, trainer: &Trainer) -> bool {
        let s = state(trainer);
        s.generator == bits(&self.g.weights)
            && s.discriminator == bits(&self.d.weights)
            && s.statistics == self.g.statistics.as_ref().map(bits)
    }
}

/// k = 3, then everything that may change live does, then each network alone.
#[test]
fn the_trainer_does_what_algorithm_1_says() {
    for (name, config) in common::varieties().into_iter().chain(common::conditions()) {
        let config = config! {
            d_steps: 3,
            tricks.schedule.schedule: Schedule::Cosine,
            tricks.schedule.steps: 20,
            ..config
        };
        let (mut by_hand, mut trainer) = (ByHand::new(config.clone()), trainer(config.clone()));
        assert!(by_hand.agrees(&trainer), "{name}: the start differs");
        let step = |by_hand: &mut ByHand, trainer: &mut Trainer, kind, what| {
            by_hand.step(kind);
            trainer.step(images(), kind).expect("all images are there");
            assert!(by_hand.agrees(trainer), "{name}: {what}");
        };
        step(&mut by_hand, &mut trainer, StepKind::Both, "first step");
        step(&mut by_hand, &mut trainer, StepKind::Both, "second step");
        assert_eq!(by_hand.updates(), [2, 6]);

        let changed = experiment(config! {
            d_steps: 2,
            loss.real_target: 0.8,
            loss.objective: Objective::Minimax,
            discriminator.optimizer.lr: 3e-4,
            discriminator.optimizer.beta1: 0.0,
            discriminator.optimizer.beta2: 0.9,
            generator.optimizer.lr: 5e-4,
            generator.optimizer.beta1: 0.9,
            generator.optimizer.beta2: 0.99,
            ..config
        });
        by_hand.config = changed.clone();
        trainer.update(changed).expect("all of these may change live");
        for (kind, what) in [
            (StepKind::Both, "after the change"),
            (StepKind::Discriminator, "D alone"),
            (StepKind::Generator, "G alone"),
            (StepKind::Both, "together again"),
        ] {
            step(&mut by_hand, &mut trainer, kind, what);
        }
        assert_eq!(by_hand.updates(), [5, 12]);

        // Every minibatch was fresh: in the first pass through the data no image comes twice.
        let mut augmentation = by_hand.augmentation;
        assert_eq!(augmentation.len(), 12 * 8);
        augmentation.sort_unstable();
        augmentation.dedup();
        assert_eq!(augmentation.len(), 12 * 8);
    }
}
