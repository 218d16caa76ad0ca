//! `tanba-signer`: the process that shows windows and holds keys.

use clap::Parser;
use pki::Timestamp;
use settings::Places;
use signer::{
    carry_out::{FactoryPins, Statuses},
    commands::{self, Cli, Command, Context, ContextError},
    host, preview_host,
    tokens::Shelf,
    watch, window,
};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    time::{SystemTime, UNIX_EPOCH},
};
use tracing::level_filters::LevelFilter;

fn main() -> ExitCode {
    let cli = Cli::try_parse().unwrap_or_else(|error| commands::refuse(&error));
    // Before anything else: what this process will hold must not end up in a core dump.
    let hardening = platform::hardening::give_up_what_is_not_needed();
    // A person at a terminal is told in words; what the services log is for who looks after them.
    let most = match cli.command {
        Command::Host | Command::Watch | Command::Guardian | Command::Preview | Command::TokenHost { .. } => {
            LevelFilter::INFO
        }
        _ => LevelFilter::ERROR,
    };
    tracing_subscriber::fmt()
        .with_max_level(most)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_target(false)
        .init();
    for step in hardening {
        if let Err(error) = &step.result {
            tracing::warn!(step = step.name, %error, "a right could not be given up");
        }
    }
    match cli.command {
        Command::Host => serve(cli.data_dir),
        Command::Watch => watch_tokens(cli.data_dir.as_deref()),
        Command::Preview => preview_host::run(),
        Command::TokenHost { library } => pkcs11::host::run(&library),
        Command::Doctor(args) => match Places::choose(cli.data_dir.as_deref()) {
            Ok(places) => commands::run_doctor(places, now, &args),
            Err(error) => {
                let error = ContextError::from(error);
                eprintln!("tanba: {}", error.sentence(cli.data_dir.as_deref()));
                ExitCode::from(error.code())
            }
        },
        command => {
            let data_dir = cli.data_dir.as_deref();
            let context = Context::new(data_dir, now()).or_else(|error| {
                eprintln!("tanba: {}", error.sentence(data_dir));
                match error {
                    // A stolen key is blocked first, and the file mended later: nothing in it is about that. And the main
                    // window is where a person finds out what is wrong with it.
                    ContextError::Settings(_)
                        if command.gives_up_a_key() || matches!(command, Command::Open { .. }) =>
                    {
                        Context::with_defaults(data_dir, now()).inspect_err(|error| eprintln!("tanba: {error}"))
                    }
                    error => Err(error),
                }
            });
            match context {
                Ok(context) => commands::run(&command, &context),
                Err(error) => ExitCode::from(error.code()),
            }
        }
    }
}

/// The computer's clock.
fn now() -> Timestamp {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    Timestamp::from_unix(i64::try_from(seconds).unwrap_or(i64::MAX))
}

fn serve(data_dir: Option<PathBuf>) -> ExitCode {
    let (statuses, pins) = (Statuses::default(), FactoryPins::default());
    let shelf = Shelf::default();
    let result = window::run(move |desk| {
        let served = host::serve(desk, std::io::stdin(), std::io::stdout(), |carry_out| {
            let done = Context::new(data_dir.as_deref(), now())
                .map_err(|error| error.to_string())
                .and_then(|context| context.with_room((&statuses, &pins), &shelf, carry_out));
            if let Err(error) = done {
                tracing::error!(%error, "the data folder cannot be used");
            }
        });
        if let Err(error) = served {
            tracing::error!(%error, "the listener is gone");
        }
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "no window can be shown");
            ExitCode::from(5)
        }
    }
}

fn watch_tokens(data_dir: Option<&Path>) -> ExitCode {
    match watch::run(|| Context::new(data_dir, now()).map_err(|error| error.to_string())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "tokens cannot be watched");
            ExitCode::FAILURE
        }
    }
}
