//! `tanba-test-token`: PKCS#11 libraries and cards for tests.

use std::{error::Error, io::Write, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use tanba_test_token::{PlacedCard, spec};

/// Makes PKCS#11 libraries for tests, with cards that are folders. Nobody's keys are safe on them.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make libraries and cards, and print where they are, as JSON
    Make {
        /// The folder for them; a library or a card of the same name is replaced
        #[arg(long, value_name = "DIR")]
        dir: PathBuf,
        /// What to make (tests/test-token/README.md)
        #[arg(long, value_name = "FILE")]
        spec: PathBuf,
    },
    /// Pull a card out
    Unplug {
        /// The card's folder
        card: PathBuf,
    },
    /// Put a card in again
    Plug {
        /// The folder that it had before it was pulled out
        card: PathBuf,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "tanba-test-token: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<(), Box<dyn Error>> {
    match command {
        Command::Make { dir, spec } => {
            let made = spec::make(&dir, &spec)?;
            writeln!(std::io::stdout(), "{made:#}")?;
        }
        Command::Unplug { card } => PlacedCard::at(&card).unplug()?,
        Command::Plug { card } => PlacedCard::at(&card).plug()?,
    }
    Ok(())
}
