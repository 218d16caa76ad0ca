//! What can be said to `tanba`.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;

/// What the exit codes mean; `tanba-signer` says the same of its commands.
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
  0  done; for verify: every signature holds (what could not be found out about revocation is said); for trust status: every browser trusts the certificate; for autostart status: it starts at login; for journal check: the journal is whole; for doctor: nothing is broken
  1  failed; for verify: a signature does not hold, or its certificate is not to be believed
  2  the command line is wrong
  3  wrong password or PIN
  4  the input cannot be read as what it should be
  5  something that is needed is missing; for verify: the document, which was not checked";

/// The settings file; a test compares it with what is read.
pub(crate) const SETTINGS: &str = "\
Settings: config/settings.toml under --data-dir; else, on Linux, ~/.config/tanba/settings.toml ($XDG_CONFIG_HOME).
TOML; a key that is left out has its default:
  language = \"kk\"            kk, ru or en; default: the system's
  port = 13579               sites look at no other
  test_environment = false   whether the NCA's test certificates count; every window then says TEST
  tray = true                whether the desktop's tray shows how Tanba stands
  [limits]
  frame_mebibytes = 256      the longest message of a page, 1 to 256
  waiting_requests = 64      requests behind the open window, 1 to 1024
  connections = 2048         open at once, 16 to 65536
  memory_mebibytes = 832     what all messages together may take; at least three of the longest and 64
  [signer]
  idle_seconds = 60          how long the signer waits for another order when no page is open, 1 to 86400
  [services]
  proxy = \"system\"           system (http_proxy, all_proxy, no_proxy), none, or http://host:port
  tsp = \"http://tsp.pki.gov.kz\"  where time stamps come from
  ocsp = \"\"                  who is asked about revocation; empty: whom the certificate names, if it is the NCA
  also = []                  hosts that certificates may name beside the NCA's: [\"ca.lan\", \"ca.lan:8080\"]
  timeout_seconds = 10       how long one answer is waited for, 1 to 120
  check_before_signing = true  before a key signs, the NCA is asked whether its certificate was revoked; no answer hinders nothing
  [notifications]
  expiry = true              a word 30, 14, 7 and 1 days before a key ends, and when one was revoked
  [updates]
  file = \"\"                  the signed file that says which version is the newest, http(s)://… or /…; empty: nobody is asked
  signer = \"\"                whose signature on it is believed: the SHA-256 of the certificate
  [legacy]
  file_paths = \"ask\"         whether sites may ask for files by their paths: ask, listed (those of sites may) or never
  sites = []                 who may then, by host or exact origin: [\"egov.kz\", \"https://portal.lan:8443\"]";

/// The parts of the main window.
const PARTS: [&str; 7] = ["keys", "files", "journal", "sites", "check", "settings", "about"];

/// How a decision of the journal can have ended. `failed` is any failure.
pub(crate) const RESULTS: [&str; 28] = [
    "signed",
    "key-shown",
    "stamped",
    "file-chosen",
    "saved",
    "verified",
    "digest",
    "told",
    "requested",
    "imported",
    "cancelled",
    "withdrawn",
    "blocked",
    "paused",
    "path-refused",
    "failed",
    "failed:signing",
    "failed:storage-empty",
    "failed:invalid-request",
    "failed:too-large",
    "failed:signer-unavailable",
    "failed:too-many-requests",
    "failed:malformed",
    "failed:file-unreadable",
    "failed:service",
    "failed:invalid-certificate",
    "purged",
    "head-lost",
];

/// An open, local signing agent for Kazakhstan's electronic signature (ЭЦП). Sites that work with NCALayer work with it
/// unchanged.
#[derive(Debug, Parser)]
#[command(version, after_help = EXIT_CODES, disable_help_subcommand = true)]
pub(crate) struct Arguments {
    /// Keep settings, keys and journal under this folder instead of the person's own ones
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the sites in this user's browsers until stopped
    ///
    /// Listens on 127.0.0.1 and ::1 only. Prints the address of the local page when it is ready; its log goes to standard
    /// error and into the state folder (see `tanba log`) and names origins and causes, never documents. SIGINT and SIGTERM stop it.
    #[command(after_help = EXIT_CODES, after_long_help = format!("{SETTINGS}\n\n{EXIT_CODES}"))]
    Run(RunOptions),
    /// Open the main window: keys, files, journal, sites, check, settings, about
    ///
    /// Where Tanba does not run yet for this data folder, it is started first, and goes on when the window is closed.
    #[command(after_help = EXIT_CODES)]
    Open(OpenOptions),
    /// Start `tanba run` in the background and end when it is ready (started by `tanba open`, not by hand)
    #[command(hide = true)]
    Start,
    /// Quit the Tanba that runs for this data folder, as its icon's menu does
    #[command(after_help = EXIT_CODES)]
    Quit,
    /// Start Tanba when you log in, or not
    #[command(subcommand, after_help = EXIT_CODES)]
    Autostart(AutostartCommand),
    /// Have this user's browsers trust Tanba's local certificate, and only that
    #[command(subcommand, after_help = EXIT_CODES)]
    Trust(TrustCommand),
    /// List what was decided about sites, and take a decision back
    #[command(subcommand, after_help = EXIT_CODES)]
    Sites(SitesCommand),
    /// Show what was decided, check that nobody changed it, export or remove it
    #[command(subcommand, after_help = EXIT_CODES)]
    Journal(JournalCommand),
    /// Show the log of `tanba run`, or save it for a help desk
    ///
    /// It lies in the state folder, two mebibytes of it at most. What is shown names sites, programs and causes, and never
    /// documents; names of home folders and long numbers are left out.
    #[command(after_help = EXIT_CODES)]
    Log(LogOptions),
    /// Show what is set, set it, and give it back its default
    #[command(subcommand, after_help = EXIT_CODES)]
    Settings(SettingsCommand),
    /// A key's whole life: add it, look after it, block it when it is lost
    #[command(disable_help_flag = true)]
    Keys(ForSigner),
    /// List the tokens and the libraries that bring them; add a library
    #[command(disable_help_flag = true)]
    Tokens(ForSigner),
    /// Look for what is in the way of signing, say what to do, and mend what can be mended
    #[command(disable_help_flag = true)]
    Doctor(ForSigner),
    /// Sign a file with a key file or a token
    #[command(disable_help_flag = true)]
    Sign(ForSigner),
    /// Check the signatures of a CMS, XML or PDF file
    #[command(disable_help_flag = true)]
    Verify(ForSigner),
    /// Say what a certificate, a signature or a key file holds
    #[command(disable_help_flag = true)]
    Inspect(ForSigner),
}

/// `tanba run`.
#[derive(Debug, Args)]
pub(crate) struct RunOptions {
    /// The port; 0 lets the system choose one [default: the setting `port`, else 13579, where sites look]
    #[arg(long, value_name = "N")]
    pub(crate) port: Option<u16>,
    /// How much the log says
    #[arg(long, value_enum, default_value = "info", value_name = "LEVEL")]
    pub(crate) log: LogLevel,
    /// In a session of its own, without a terminal
    #[arg(long, hide = true)]
    pub(crate) background: bool,
}

/// `tanba log`.
#[derive(Debug, Args)]
pub(crate) struct LogOptions {
    /// So many of the last lines
    #[arg(long, default_value_t = 100, value_name = "N")]
    pub(crate) lines: usize,
    /// Only what is as grave as that, or graver
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub(crate) level: Option<LogLevel>,
    /// One JSON object to a line
    #[arg(long)]
    pub(crate) json: bool,
    /// Write them to this new file instead
    #[arg(long, value_name = "FILE")]
    pub(crate) save: Option<PathBuf>,
}

/// How much the log says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogLevel {
    /// What went wrong with Tanba
    Error,
    /// And what went wrong with others
    Warn,
    /// And how each request ended
    Info,
    /// And every connection
    Debug,
}

/// `tanba open`.
#[derive(Debug, Args)]
pub(crate) struct OpenOptions {
    /// What it shows first [default: keys]
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(PARTS))]
    pub(crate) part: Option<String>,
    /// Open the window only, whether Tanba runs or not
    #[arg(long)]
    pub(crate) no_start: bool,
}

/// `tanba autostart`.
#[derive(Debug, Subcommand)]
pub(crate) enum AutostartCommand {
    /// Start Tanba when you log in, with this data folder
    On,
    /// Do not start it any more; one that runs goes on
    Off,
    /// Say whether it is started
    Status {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}

/// `tanba sites`.
#[derive(Debug, Subcommand)]
pub(crate) enum SitesCommand {
    /// List the sites that were answered, allowed or blocked
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Forget what was decided about a site: a blocked one is heard again, and asks as if for the first time
    Forget {
        /// The origin as `tanba sites list` shows it (https://egov.kz), or a site with all its origins (egov.kz)
        origin: String,
        /// Only what was decided about this origin in this program, as `tanba sites list --json` names it; without it, in all
        /// programs, and blocks of the origin's whole site with it
        #[arg(long, value_name = "PROGRAM")]
        program: Option<String>,
    },
}

/// `tanba journal`.
#[derive(Debug, Subcommand)]
pub(crate) enum JournalCommand {
    /// List the last decisions, the newest last
    List {
        /// How many at most
        #[arg(long, value_name = "N", default_value_t = 20)]
        last: usize,
        #[command(flatten)]
        which: Which,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Show all of one decision: the program's path, the certificate, the digest of every document
    Show {
        /// Its number, as the list has it
        number: u64,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Say whether a decision was changed, removed or put elsewhere, and what cannot be proven
    ///
    /// Exit code 0 only when the journal is whole. Decisions that its owner purged, and one that Tanba was stopped at, are
    /// said and are no fault.
    Check {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Write decisions to a file for another program
    ///
    /// The file is made so that only you can read it. In CSV, what a spreadsheet would take for a formula has an
    /// apostrophe before it.
    Export(ExportOptions),
    /// Remove decisions for good, the oldest first; that it was done stays written down
    #[command(group(clap::ArgGroup::new("which").required(true).args(["before", "all"])))]
    Purge(PurgeOptions),
}

/// Which decisions of the journal.
#[derive(Debug, Args)]
pub(crate) struct Which {
    /// Of sites whose address contains this: egov.kz
    #[arg(long, value_name = "TEXT")]
    pub(crate) site: Option<String>,
    /// From this day on
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) since: Option<String>,
    /// Up to this day, which counts
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) until: Option<String>,
    /// That ended so; failed is any failure
    #[arg(long, value_name = "WORD", value_parser = clap::builder::PossibleValuesParser::new(RESULTS))]
    pub(crate) result: Option<String>,
    /// With this in any of their texts: a name, a program, the SHA-256 of a document
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
}

/// `tanba journal export`.
#[derive(Debug, Args)]
pub(crate) struct ExportOptions {
    /// The new file; - writes to standard output
    pub(crate) file: PathBuf,
    /// One JSON object to a line, or a table
    #[arg(long, value_enum, default_value = "jsonl")]
    pub(crate) format: ExportFormat,
    /// Take the place of a file that is there
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) which: Which,
}

/// How decisions are written for other programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// JSON Lines: every decision an object
    Jsonl,
    /// A table for spreadsheets
    Csv,
}

/// `tanba journal purge`.
#[derive(Debug, Args)]
pub(crate) struct PurgeOptions {
    /// What was decided before this day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) before: Option<String>,
    /// Everything
    #[arg(long)]
    pub(crate) all: bool,
    /// Do not ask first
    #[arg(long)]
    pub(crate) yes: bool,
}

/// `tanba settings`.
#[derive(Debug, Subcommand)]
pub(crate) enum SettingsCommand {
    /// List every setting with its value, and who set it
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Say one setting's value
    Get {
        /// Its name, as the list has it: services.proxy
        key: String,
    },
    /// Set one setting; the rest of the file stays as it is
    Set {
        /// Its name, as the list has it: services.proxy
        key: String,
        /// Its value: true, 42, kk, http://proxy.lan:3128; several hosts with commas. A dash (-) has it read
        /// from standard input, asked for unseen at a terminal: so that a password in a proxy's address stands on no
        /// command line
        #[arg(allow_hyphen_values = true)]
        value: String,
    },
    /// Give a setting back its default
    Reset {
        /// Its name, as the list has it: services.proxy
        key: String,
    },
    /// Say where your settings file is, and the administrator's
    Where,
    /// Print the JSON Schema of the settings file, for editors
    Schema,
}

/// `tanba trust`.
#[derive(Debug, Subcommand)]
pub(crate) enum TrustCommand {
    /// Have Chromium and Firefox, with all their profiles, trust the certificate; make it first where there is none
    Install,
    /// Say which browsers trust the certificate
    Status {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Take the certificate out of every browser
    Remove,
    /// Add, list and remove authorities whose certificates are believed beside those of the NCA
    #[command(disable_help_flag = true)]
    Ca(ForSigner),
}

/// A command line that the signer reads.
#[derive(Debug, Args)]
pub(crate) struct ForSigner {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    _rest: Vec<OsString>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    fn parse(line: &str) -> Result<Arguments, clap::Error> {
        Arguments::try_parse_from(line.split_whitespace())
    }

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_signers_commands_are_left_to_the_signer_with_help_options_and_all() {
        for line in [
            "tanba keys",
            "tanba keys --help",
            "tanba keys list --json",
            "tanba --data-dir d sign f --key k --password-stdin -o out",
            "tanba tokens list --json",
            "tanba tokens add --help",
            "tanba sign -h",
            "tanba doctor",
            "tanba doctor --fix port.nobody --yes --data-dir d",
            "tanba trust ca list --json",
            "tanba trust ca --help",
            "tanba verify f --content -",
            "tanba inspect --password-stdin f --data-dir d",
        ] {
            let command = parse(line).unwrap_or_else(|error| panic!("{line}: {error}")).command;
            let is_ours = match command {
                Command::Run(_)
                | Command::Open(_)
                | Command::Autostart(_)
                | Command::Sites(_)
                | Command::Journal(_) => true,
                Command::Trust(command) => !matches!(command, TrustCommand::Ca(_)),
                _ => false,
            };
            assert!(!is_ours, "{line}");
        }
    }

    #[test]
    fn the_settings_that_help_tells_of_are_those_that_are_read_with_their_defaults() {
        let example: String = SETTINGS
            .lines()
            .filter_map(|line| line.strip_prefix("  "))
            .map(|line| line.split("  ").next().unwrap().to_owned() + "\n")
            .collect();
        let loaded = settings::Settings::parse(&example).unwrap_or_else(|error| panic!("{error} in {example}"));
        assert!(loaded.unknown_keys.is_empty(), "{:?}", loaded.unknown_keys);
        let standard = settings::Settings {
            language: Some(settings::Language::Kk),
            port: Some(settings::Settings::STANDARD_PORT),
            ..settings::Settings::default()
        };
        assert_eq!(loaded.settings, standard);
        let mut section = String::new();
        let mut told = Vec::new();
        for line in example.lines().map(str::trim) {
            if let Some(name) = line.strip_prefix('[') {
                section = name.trim_end_matches(']').to_owned() + ".";
            } else if let Some((key, _)) = line.split_once('=') {
                told.push(format!("{section}{}", key.trim()));
            }
        }
        let mut read = Vec::new();
        for (key, value) in serde_json::to_value(&standard).unwrap().as_object().unwrap() {
            match value.as_object() {
                Some(table) => read.extend(table.keys().map(|inner| format!("{key}.{inner}"))),
                None => read.push(key.clone()),
            }
        }
        told.sort_unstable();
        read.sort_unstable();
        assert_eq!(told, read, "every setting is told of once");
    }

    #[test]
    fn a_wrong_command_line_is_an_error() {
        for line in [
            "tanba",
            "tanba walk",
            "tanba run --port 70000",
            "tanba run --unknown",
            "tanba open nowhere",
            "tanba autostart",
            "tanba autostart maybe",
            "tanba trust",
            "tanba journal",
            "tanba journal purge",
            "tanba journal purge --all --before 2026-01-01",
            "tanba journal show x",
            "tanba journal list --result nonsense",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
    }

    #[test]
    fn the_data_folder_may_stand_before_and_behind_the_command() {
        for line in ["tanba --data-dir d run", "tanba run --data-dir d"] {
            assert_eq!(parse(line).unwrap().data_dir, Some("d".into()));
        }
    }
}
