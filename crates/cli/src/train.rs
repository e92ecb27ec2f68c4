//! `counterfeit train`: trains one run and writes a grid of samples and the loss curves.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use burn::tensor::Device;
use clap::ValueEnum;
use counterfeit::data::{Part, SampleShape};
use counterfeit::message::{Metrics, Report, Samples};
use counterfeit::snapshot::{self, View};
use counterfeit::trainer::{StepKind, Trainer};

use crate::args::{DataFolder, preset_names};
use crate::progress::bar;
use crate::{Failure, configuration, load, wait};

/// Trains a GAN and writes a grid of samples.
///
/// The grid is 8x8, or has one column per class or code. Built with `--features vulkan`, `metal` or `cuda` the command
/// can train on a GPU as well (`--device gpu`).
#[derive(clap::Args)]
pub struct Args {
    /// Training steps, each of k D steps and one G step.
    #[arg(long, default_value_t = 2000)]
    steps: u32,
    /// PNG file for the grid of samples.
    #[arg(long, default_value = "samples.png")]
    out: PathBuf,
    /// CSV file for the curves.
    #[arg(long)]
    csv: Option<PathBuf>,
    /// Preset, by its name in the page's URL.
    #[arg(long, default_value = "dcgan", value_parser = preset_names())]
    preset: String,
    /// Settings that differ from the preset, by their names in the page's URL: --set g_lr=0.0001 --set seed=3
    #[arg(long = "set", value_name = "NAME=VALUE")]
    settings: Vec<String>,
    #[command(flatten)]
    folder: DataFolder,
    #[arg(long, value_enum, default_value = "cpu")]
    device: DeviceName,
}

#[derive(Clone, Copy, ValueEnum)]
enum DeviceName {
    Cpu,
    Gpu,
}

pub fn run(args: &Args) -> Result<(), Failure> {
    let config = configuration(&args.preset, &args.settings)?;
    let images = load(&args.folder.data, config.data, &[Part::TrainImages, Part::TrainLabels])?;
    let device = open(args.device)?;
    let mut trainer = Trainer::new(config, images.info().train, &device);
    // Fails on an unwritable path before training, not after it.
    let mut csv = args.csv.as_deref().map(create).transpose()?;
    let out = create(&args.out)?;

    let bar = bar(args.steps as usize)?;
    let start = Instant::now();
    let mut all = Metrics::default();
    while trainer.steps() < args.steps {
        // Reading back now and then keeps the device's queue short; 50 steps are a second at most.
        let chunk = 50.min(args.steps - trainer.steps());
        let records = (0..chunk).map(|_| trainer.step(&images, StepKind::Both)).collect::<Result<Vec<_>, _>>()?;
        let Report { metrics, divergence } = wait(snapshot::report(records, trainer.watch()))?;
        bar.set_position(trainer.steps().into());
        bar.set_message(last_line(&metrics));
        if let Some(d) = divergence {
            bar.abandon();
            let text = format!(
                "the {:?}'s {:?} became {} at step {}: lower the {:?}'s learning rate",
                d.network, d.what, d.value, d.step, d.cause
            );
            return Err(text.to_lowercase().into());
        }
        append(&mut all, metrics);
    }
    bar.finish();
    println!("{} steps in {:.1} s", args.steps, start.elapsed().as_secs_f64());
    if let Some(file) = &mut csv {
        write_csv(file, &all)?;
    }
    write_png(out, &wait(snapshot::generated_samples(&trainer, false, View::Classes))?)
}

fn open(name: DeviceName) -> Result<Device, Failure> {
    match name {
        DeviceName::Cpu => Ok(Device::flex()),
        #[cfg(feature = "cuda")]
        DeviceName::Gpu => Ok(Device::cuda(0)),
        #[cfg(all(feature = "vulkan", not(feature = "cuda")))]
        DeviceName::Gpu => Ok(Device::vulkan(burn::tensor::DeviceKind::DefaultDevice)),
        #[cfg(all(feature = "metal", not(any(feature = "cuda", feature = "vulkan"))))]
        DeviceName::Gpu => Ok(Device::metal(burn::tensor::DeviceKind::DefaultDevice)),
        #[cfg(not(any(feature = "cuda", feature = "vulkan", feature = "metal")))]
        DeviceName::Gpu => Err("built without a GPU: add --features vulkan, metal or cuda to the cargo command".into()),
    }
}

fn last_line(m: &Metrics) -> String {
    let last = |v: &[Option<f32>]| v.last().copied().flatten().unwrap_or(f32::NAN);
    format!(
        "D loss {:.3}, G loss {:.3}, D(x) {:.2}, D(G(z)) {:.2}",
        last(&m.d_loss),
        last(&m.g_loss),
        last(&m.d_real),
        last(&m.d_fake)
    )
}

fn append(all: &mut Metrics, next: Metrics) {
    all.step.extend(next.step);
    all.d_loss.extend(next.d_loss);
    all.g_loss.extend(next.g_loss);
    all.d_real.extend(next.d_real);
    all.d_fake.extend(next.d_fake);
}

fn create(path: &Path) -> Result<BufWriter<File>, Failure> {
    let file = fs::OpenOptions::new().write(true).create(true).truncate(true).open(path);
    Ok(BufWriter::new(file.map_err(|e| format!("{}: {e}", path.display()))?))
}

fn write_csv(out: &mut impl Write, m: &Metrics) -> Result<(), Failure> {
    writeln!(out, "step,d_loss,g_loss,d_real,d_fake")?;
    for i in 0..m.step.len() {
        write!(out, "{}", m.step[i])?;
        for v in [m.d_loss[i], m.g_loss[i], m.d_real[i], m.d_fake[i]] {
            write!(out, ",{}", v.map(|v| v.to_string()).unwrap_or_default())?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// The grid as one picture, grey or in colour.
fn write_png(out: impl Write, samples: &Samples) -> Result<(), Failure> {
    let SampleShape { channels, height, width } = samples.shape;
    let (columns, places) = (samples.columns, height * width);
    let rows = (samples.pixels.len() / samples.shape.values()).div_ceil(columns);
    let mut picture = vec![0; rows * columns * samples.shape.values()];
    for (i, image) in samples.pixels.chunks(samples.shape.values()).enumerate() {
        for (place, channel) in (0..places).flat_map(|place| (0..channels).map(move |channel| (place, channel))) {
            let (y, x) = (i / columns * height + place / width, i % columns * width + place % width);
            picture[(y * columns * width + x) * channels + channel] = image[channel * places + place];
        }
    }
    let mut encoder = png::Encoder::new(out, (columns * width) as u32, (rows * height) as u32);
    encoder.set_color(if channels == 1 { png::ColorType::Grayscale } else { png::ColorType::Rgb });
    encoder.write_header()?.write_image_data(&picture)?;
    Ok(())
}
