//! `counterfeit`: trains and evaluates small GANs without a browser. `counterfeit --help` lists the commands.

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;
use counterfeit_cli::{Failure, claims, classifier, evaluate, modes, train};

/// Trains and evaluates small GANs without a browser.
#[derive(Parser)]
#[command(name = "counterfeit", version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Train(train::Args),
    Evaluate(evaluate::Args),
    Modes(modes::Args),
    Claims(claims::Args),
    Classifier(classifier::Args),
    /// Prints a completion script for a shell.
    ///
    /// For bash: counterfeit completions bash > ~/.local/share/bash-completion/completions/counterfeit
    Completions {
        shell: Shell,
    },
}

fn main() -> ExitCode {
    match run(&Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command) -> Result<(), Failure> {
    match command {
        Command::Train(args) => train::run(args),
        Command::Evaluate(args) => evaluate::run(args),
        Command::Modes(args) => modes::run(args),
        Command::Claims(args) => claims::run(args),
        Command::Classifier(args) => classifier::run(args),
        Command::Completions { shell } => {
            clap_complete::generate(*shell, &mut Cli::command(), "counterfeit", &mut std::io::stdout());
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_of_train_lists_the_presets_with_their_names() {
        let mut cli = Cli::command();
        let help = cli.find_subcommand_mut("train").unwrap().render_long_help().to_string();
        for preset in counterfeit::presets::presets() {
            assert!(help.contains(&format!("- {}:", preset.id)), "{}", preset.id);
        }
    }

    #[test]
    fn a_wrong_preset_is_answered_with_a_similar_one() {
        let error = Cli::try_parse_from(["counterfeit", "train", "--preset", "wgan-pg"]).err().unwrap().to_string();
        assert!(error.contains("wgan-gp"), "{error}");
    }

    #[test]
    fn seeds_are_named_in_one_way() {
        for (command, preset) in [("evaluate", "dcgan"), ("modes", "ring"), ("claims", "vanishing")] {
            let parse = |seeds| Cli::try_parse_from(["counterfeit", command, "--preset", preset, "--seeds", seeds]);
            assert!(parse("1-3,7").is_ok(), "{command}");
            assert!(parse("3-1").is_err(), "{command}");
        }
    }
}
