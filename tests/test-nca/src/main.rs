//! `test-nca`: keys and certificates for tests.

use std::{
    error::Error,
    io::{Read, Write},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use clap::{Parser, Subcommand, ValueEnum};
use keystore::{Entropy, NewKey, OsEntropy, Password};
use pki::Timestamp;
use tanba_test_nca::{
    PASSWORD, SeededEntropy, TestNca,
    services::{Server, Services},
    write_folder, write_served_folder,
};

/// A miniature NCA: issues keys and certificates for tests and answers for them. Nothing that it makes is trusted by
/// anybody.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make an authority, and key files of a person, a head, an employee and others
    Make {
        /// The folder to write to; files of the same names are written over
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// Read the key files' password from standard input (one line) instead of taking "Qwerty12"
        #[arg(long)]
        password_stdin: bool,
        /// Begin of validity, YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ; a day before now by default
        #[arg(long, value_name = "TIME", value_parser = time)]
        not_before: Option<Timestamp>,
        /// Days of validity
        #[arg(long, default_value_t = 365, value_parser = clap::value_parser!(i64).range(1..=36500))]
        days: i64,
        /// The present, as for --not-before; the system's time by default
        #[arg(long, value_name = "TIME", value_parser = time)]
        now: Option<Timestamp>,
        /// The same keys for the same number; everybody can compute them. For GOST keys only
        #[arg(long, value_name = "NUMBER")]
        seed: Option<u64>,
        /// The algorithm of all keys
        #[arg(long, value_enum, default_value_t = Algorithm::Gost512)]
        algorithm: Algorithm,
    },
    /// Make the same, with revoked keys too, and answer OCSP, time stamps, lists and certificate requests on
    /// this machine until it is ended
    Serve {
        /// The folder to write to; files of the same names are written over
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// The port on 127.0.0.1; a free one by default
        #[arg(long, value_name = "PORT", default_value_t = 0)]
        port: u16,
        /// Read the key files' password from standard input (one line) instead of taking "Qwerty12"
        #[arg(long)]
        password_stdin: bool,
        /// The same keys for the same number; everybody can compute them. For GOST keys only
        #[arg(long, value_name = "NUMBER")]
        seed: Option<u64>,
        /// The algorithm of all keys but those of the time-stamp services
        #[arg(long, value_enum, default_value_t = Algorithm::Gost512)]
        algorithm: Algorithm,
        /// Issue whatever is asked for rightly at once, without the operator's act
        #[arg(long)]
        issue_at_once: bool,
    },
}

/// The algorithms of keys, by the names of the command line.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Algorithm {
    Gost512,
    Gost256,
    Gost2004,
    Rsa2048,
    Rsa3072,
    Rsa4096,
    P256,
    P384,
}

impl Algorithm {
    fn kind(self) -> NewKey {
        match self {
            Self::Gost512 => NewKey::Gost512,
            Self::Gost256 => NewKey::Gost256,
            Self::Gost2004 => NewKey::Gost2004,
            Self::Rsa2048 => NewKey::Rsa2048,
            Self::Rsa3072 => NewKey::Rsa3072,
            Self::Rsa4096 => NewKey::Rsa4096,
            Self::P256 => NewKey::P256,
            Self::P384 => NewKey::P384,
        }
    }

    fn is_gost(self) -> bool {
        matches!(self, Self::Gost512 | Self::Gost256 | Self::Gost2004)
    }
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("test-nca: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<(), Box<dyn Error>> {
    match command {
        Command::Make { out, password_stdin, not_before, days, now, seed, algorithm } => {
            let (password, note) = password(password_stdin)?;
            let now = now.unwrap_or_else(present);
            let from = not_before.unwrap_or(now.plus_days(-1));
            let (nca, stranger) = authorities(algorithm, now, seed)?;
            write_folder(&nca, &stranger, &out, (from, from.plus_days(days)), &password, note)?;
            println!("{}", out.join("manifest.json").display());
        }
        Command::Serve { out, port, password_stdin, seed, algorithm, issue_at_once } => {
            let (password, note) = password(password_stdin)?;
            let place = Server::bind(port)?;
            let (nca, stranger) = authorities(algorithm, present(), seed)?;
            let url = place.url();
            let stranger = Arc::new(stranger);
            let services = Services::new(Arc::new(nca.with_services(&url)), Arc::clone(&stranger))?;
            let services = services.with_all_policies()?;
            let services = Arc::new(if issue_at_once { services.with_certificates_at_once() } else { services });
            write_served_folder(&services, &stranger, &out, &url, (&password, note))?;
            let server = place.serve(services, present)?;
            // Whoever has read the line can ask.
            println!("{url}");
            std::io::stdout().flush()?;
            server.wait();
        }
    }
    Ok(())
}

/// The system's time.
fn present() -> Timestamp {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    Timestamp::from_unix(i64::try_from(seconds).unwrap_or(i64::MAX))
}

/// The authority, and another one of the same name.
fn authorities(algorithm: Algorithm, now: Timestamp, seed: Option<u64>) -> Result<(TestNca, TestNca), Box<dyn Error>> {
    if seed.is_some() && !algorithm.is_gost() {
        return Err("--seed is for GOST keys only: RSA and EC keys are others each time".into());
    }
    let made = |seed: Option<u64>| {
        let entropy: Arc<dyn Entropy> = match seed {
            Some(seed) => Arc::new(SeededEntropy::new(seed)),
            None => Arc::new(OsEntropy),
        };
        TestNca::of_with_entropy(algorithm.kind(), now, entropy)
    };
    Ok((made(seed)?, made(seed.map(|seed| !seed))?))
}

/// The key files' password, and what the manifest says of it.
fn password(from_stdin: bool) -> Result<(Password, Option<&'static str>), Box<dyn Error>> {
    if from_stdin { Ok((password_line()?, None)) } else { Ok((Password::new(PASSWORD.to_owned())?, Some(PASSWORD))) }
}

/// The first line of standard input.
fn password_line() -> Result<Password, Box<dyn Error>> {
    let mut text = Vec::new();
    // A character has four octets at most; one more line end.
    std::io::stdin().take(4 * Password::MAX_CHARS as u64 + 2).read_to_end(&mut text)?;
    let end = text.iter().position(|octet| *octet == b'\n').unwrap_or(text.len());
    text.truncate(end);
    if text.last() == Some(&b'\r') {
        text.pop();
    }
    Ok(Password::from_utf8(text)?)
}

/// `YYYY-MM-DD` or `YYYY-MM-DDThh:mm:ssZ`.
fn time(text: &str) -> Result<Timestamp, String> {
    let whole = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    let digits = |from: usize, to: usize| whole.get(from..to).and_then(|part| part.parse::<u16>().ok());
    let two = |from: usize| digits(from, from + 2).and_then(|part| u8::try_from(part).ok());
    let moment = || {
        let moment = Timestamp::from_utc(digits(0, 4)?, two(5)?, two(8)?, two(11)?, two(14)?, two(17)?)?;
        (moment.iso8601().to_string() == whole).then_some(moment)
    };
    moment().ok_or_else(|| "neither YYYY-MM-DD nor YYYY-MM-DDThh:mm:ssZ".to_owned())
}
