//! What makes networks a GAN: losses and gradient penalties, the optimizers, conditioning and the tricks. Each takes
//! its own specification; none knows the configuration of a run.

pub mod condition;
pub mod coupling;
pub mod discriminator_call;
pub mod finite;
pub mod growth;
pub mod loss;
pub mod optim;
pub mod run_state;
pub mod spec;
pub mod state;
pub mod trainer;
pub mod tricks;
pub mod upload;
