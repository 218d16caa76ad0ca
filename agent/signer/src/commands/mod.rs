//! The key and file commands. They run in `tanba-signer`, which `tanba` becomes for them, because only here may a
//! password be read.

mod authorities;
mod certificate_view;
mod demo;
mod doctor;
mod guardian;
mod input;
mod inspect;
mod key_source;
mod keys;
mod keys_arguments;
mod libraries;
mod life;
mod life_arguments;
mod main_window;
mod may_sign;
mod new_password;
mod new_place;
mod output;
mod request;
mod revocation;
mod sign;
mod token;
mod tokens;
mod verify;
mod windows;

pub use authorities::AuthorityCommand;
pub use doctor::{DoctorArgs, run as run_doctor};
pub use keys_arguments::{
    CertificateArgs, KeyAlgorithm, KeyUse, KeysCommand, PendingArgs, PendingCommand, RenewArgs, RequestArgs, Whose,
};
pub use main_window::Part;
pub use tokens::TokensCommand;

use crate::{
    applications::Applications,
    carry_out::{Clock, FactoryPins, Room, Statuses},
    fitness::Measure,
    key_file::KeyFileError,
    known_keys::{KnownKeys, KnownKeysError},
    known_tokens::KnownTokens,
    life::{
        blocked::{Blocked, BlockedError},
        standing::remembered,
    },
    services::Sites,
    tokens::Shelf,
    window::{Argument, Sentence},
};
use clap::{Args, Parser, Subcommand, ValueEnum};
use input::{check_key_file, read_file, read_password_line};
use keystore::Password;
use pki::{
    Certificate, Timestamp,
    trust::{Anchors, Environment},
};
use settings::{Places, PlacesError, Settings, SettingsError};
use std::{
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};
use texts::{Locale, Texts, Value, command_line};

/// `tanba` as far as it runs in the signer.
#[derive(Debug, Parser)]
#[command(name = "tanba-signer", bin_name = "tanba", version, about, long_about = None, after_help = EXIT_CODES)]
pub struct Cli {
    /// Keep settings, keys and journal under this folder instead of the person's own ones
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the exit codes mean; `tanba --help` says the same.
pub const EXIT_CODES: &str = "\
Exit codes:
  0  done; for verify: every signature holds (what could not be found out about revocation is said)
  1  failed; for verify: a signature does not hold, or its certificate is not to be believed
  2  the command line is wrong
  3  wrong password or PIN
  4  the input cannot be read as what it should be
  5  something that is needed is missing; for verify: the document, which was not checked";

/// The commands of the signer.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Speak with `tanba run` over standard input and output (started by it, not by hand)
    Host,
    /// Turn a picture on standard input into pixels on standard output (started by the signer, not by hand)
    #[command(hide = true)]
    Preview,
    /// Say on standard output which tokens are plugged in, until standard input ends (started by `tanba run`, not by hand)
    #[command(hide = true)]
    Watch,
    /// Load a token's PKCS#11 library and speak with the signer about it over standard input and output (started by the
    /// signer, not by hand)
    #[command(hide = true)]
    TokenHost {
        /// The library
        library: PathBuf,
    },
    /// Look once whether a remembered key ends soon (started by `tanba run`, not by hand)
    #[command(hide = true)]
    Guardian,
    /// Open the main window: keys, files, journal, sites, check, settings, about
    #[command(after_help = EXIT_CODES)]
    Open {
        /// What it shows first
        #[arg(value_enum, default_value_t = Part::Keys)]
        part: Part,
    },
    /// A key's whole life: add it, look after it, block it when it is lost
    #[command(subcommand, after_help = EXIT_CODES)]
    Keys(KeysCommand),
    /// List the tokens and the libraries that bring them; add a library
    #[command(subcommand, after_help = EXIT_CODES)]
    Tokens(TokensCommand),
    /// Believe further authorities
    #[command(subcommand, after_help = EXIT_CODES)]
    Trust(TrustCommand),
    /// Look for what is in the way of signing, say what to do, and mend what can be mended
    Doctor(DoctorArgs),
    /// Sign a file with a key file or a token
    #[command(after_help = EXIT_CODES)]
    Sign(SignArgs),
    /// Check the signatures of a CMS, XML or PDF file
    #[command(after_help = EXIT_CODES)]
    Verify(VerifyArgs),
    /// Say what a certificate, a signature or a key file holds
    #[command(after_help = EXIT_CODES)]
    Inspect(InspectArgs),
}

/// `tanba trust`, as far as it runs here.
#[derive(Debug, Subcommand)]
pub enum TrustCommand {
    /// Add, list and remove authorities whose certificates are believed beside those of the NCA
    #[command(subcommand, after_help = EXIT_CODES)]
    Ca(AuthorityCommand),
}

/// `tanba sign`.
#[derive(Debug, Args)]
pub struct SignArgs {
    /// The file to sign
    pub file: PathBuf,
    /// The key file (.p12 or .jks)
    #[arg(long, value_name = "P12")]
    pub key: Option<PathBuf>,
    /// The token, by its label or serial number
    #[arg(long, value_name = "LABEL", conflicts_with = "key")]
    pub token: Option<String>,
    /// Read the password or PIN from the first line of standard input
    #[arg(long, visible_alias = "pin-stdin")]
    pub password_stdin: bool,
    /// Leave the document out of the signature
    #[arg(long)]
    pub detached: bool,
    /// What kind of signature [default: pdf for a PDF, unless --detached is given; cms for all else, XML too]
    #[arg(long = "as", value_enum, value_name = "FORM")]
    pub form: Option<SignatureForm>,
    /// Where the signature goes; `-` is standard output [default: FILE.cms, or FILE with `.signed` in its name]
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,
    /// How a CMS is written [default: der]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Add a time stamp of the NCA, which proves when it was signed
    #[arg(long)]
    pub timestamp: bool,
    /// Add a time stamp and the NCA's word that nothing was revoked, so that it can be verified in years
    #[arg(long)]
    pub long_term: bool,
    /// FILE is a CMS: add your signature to those in it. Say with -o where the result goes, or with --force that it
    /// replaces FILE
    #[arg(long)]
    pub add: bool,
    /// With --add: the document, when the CMS does not hold it
    #[arg(long, value_name = "DOCUMENT", requires = "add")]
    pub content: Option<PathBuf>,
    /// XML: without any white space in the signature, as sites like egov.kz want it
    #[arg(long)]
    pub compact: bool,
    /// PDF: show on the last page who signed and when
    #[arg(long)]
    pub visible: bool,
    /// PDF: why it is signed
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// PDF: where it is signed
    #[arg(long, value_name = "TEXT")]
    pub location: Option<String>,
    /// Which key, when the file or token has several: its name as `tanba inspect` shows it, on a token also its serial number
    #[arg(long)]
    pub alias: Option<String>,
    /// Overwrite OUT
    #[arg(long)]
    pub force: bool,
    /// Sign although the certificate has expired; only systems under test accept that
    #[arg(long)]
    pub allow_expired: bool,
}

/// Kinds of signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SignatureForm {
    /// CAdES, beside the document or around it
    Cms,
    /// XMLDSig, inside of an XML document
    Xml,
    /// PAdES, inside of a PDF
    Pdf,
    /// WS-Security, over the body of a SOAP message, as SmartBridge takes it
    Soap,
    /// The bare signature value over the file, in FILE.sig: no certificate, no time
    Raw,
}

/// How a CMS is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Binary
    Der,
    /// Text between `-----BEGIN CMS-----` and `-----END CMS-----`
    Pem,
    /// Base64 in one line
    Base64,
}

/// `tanba verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// A CMS (DER, PEM or base64), a signed XML document or a signed PDF
    pub file: PathBuf,
    /// The document, when the signature does not hold it
    #[arg(long, value_name = "FILE")]
    pub content: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    pub json: bool,
    /// Ask nobody about revocation; judge by what is in the file
    #[arg(long)]
    pub offline: bool,
    /// Accept no signature of which it could not be found out whether its certificate was revoked
    #[arg(long)]
    pub require_revocation: bool,
}

/// `tanba inspect`.
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// A certificate, a CMS signature or a key file
    pub file: PathBuf,
    /// For a key file: read its password from the first line of standard input
    #[arg(long)]
    pub password_stdin: bool,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// Where the commands work.
pub struct Context {
    /// Folders.
    pub places: Places,
    /// Settings, as they are on disk.
    pub settings: Settings,
    /// The person's language.
    pub texts: Texts,
    /// The moment everything is judged at.
    pub now: Timestamp,
    /// The keys that sign nothing.
    pub blocked: Blocked,
}

/// Why a command ended without success.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// A key file could not be used.
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    /// The list of keys.
    #[error(transparent)]
    KnownKeys(#[from] KnownKeysError),
    /// A file could not be read or written.
    #[error("{path}: {cause}", path = .0.display(), cause = .1)]
    File(PathBuf, io::Error),
    /// The input is not what it should be.
    #[error("{0}")]
    Unreadable(String),
    /// It failed; the sentence says why.
    #[error("{0}")]
    Failed(String),
    /// The command line asks for something that does not go together.
    #[error("{0}")]
    Usage(String),
}

/// Why no command can begin.
#[derive(Debug, thiserror::Error)]
pub enum ContextError {
    /// There is no place for Tanba's files.
    #[error(transparent)]
    Places(#[from] PlacesError),
    /// The settings file is not right.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// It is not known which keys are blocked.
    #[error(transparent)]
    Blocked(#[from] BlockedError),
}

impl ContextError {
    /// What a person is told of it, in the system's language: theirs stands in what cannot be read.
    #[must_use]
    pub fn sentence(&self, data_dir: Option<&Path>) -> String {
        let texts = Texts::new(Locale::of_system());
        match (self, Places::choose(data_dir)) {
            (Self::Settings(error), Ok(places)) => {
                let (id, file, what) = error.told(&places);
                let file = file.display().to_string();
                texts.format(id, &[("file", Value::Text(&file)), ("what", Value::Text(&what))])
            }
            _ => self.to_string(),
        }
    }

    /// The exit code, as [`EXIT_CODES`] has it.
    #[must_use]
    pub fn code(&self) -> u8 {
        match self {
            Self::Places(_) => 5,
            Self::Settings(_) | Self::Blocked(_) => 4,
        }
    }
}

impl Command {
    /// Whether it gives up a lost key, which waits for nothing.
    #[must_use]
    pub fn gives_up_a_key(&self) -> bool {
        matches!(self, Self::Keys(KeysCommand::Life(life_arguments::LifeCommand::Lost(_))))
    }
}

impl CommandError {
    fn code(&self) -> u8 {
        match self {
            Self::KeyFile(error) if error.is_wrong_password() => 3,
            // Nothing was read wrongly: a token did not do something.
            Self::KeyFile(error) if error.is_of_token() => 1,
            Self::KeyFile(_) | Self::File(..) | Self::Unreadable(_) => 4,
            Self::KnownKeys(_) | Self::Failed(_) => 1,
            Self::Usage(_) => 2,
        }
    }

    fn sentence(&self, texts: &Texts) -> String {
        match self {
            Self::KeyFile(error) => say(texts, &error.sentence()),
            Self::File(path, cause) => {
                let id = match cause.kind() {
                    io::ErrorKind::NotFound => "cli-file-missing",
                    io::ErrorKind::IsADirectory => "cli-file-folder",
                    _ => "cli-file-failed",
                };
                let (path, what) = (path.display().to_string(), cause.to_string());
                texts.format(id, &[("path", Value::Text(&path)), ("what", Value::Text(&what))])
            }
            other => other.to_string(),
        }
    }
}

impl Context {
    /// The place of `--data-dir`, its settings and the clock's time.
    ///
    /// # Errors
    /// [`ContextError`].
    pub fn new(data_dir: Option<&Path>, now: Timestamp) -> Result<Self, ContextError> {
        Self::at(Places::choose(data_dir)?, now)
    }

    /// The same in places that are known.
    ///
    /// # Errors
    /// [`ContextError`].
    pub fn at(places: Places, now: Timestamp) -> Result<Self, ContextError> {
        places.create()?;
        let settings = Settings::load(&places)?.settings;
        Self::with(places, settings, now)
    }

    /// The same with the settings that hold where nobody sets any: for what must not wait until a file is mended.
    ///
    /// # Errors
    /// [`ContextError`], but for its settings.
    pub fn with_defaults(data_dir: Option<&Path>, now: Timestamp) -> Result<Self, ContextError> {
        let places = Places::choose(data_dir)?;
        places.create()?;
        Self::with(places, Settings::default(), now)
    }

    fn with(places: Places, settings: Settings, now: Timestamp) -> Result<Self, ContextError> {
        let locale = locale_of(&settings);
        let blocked = Blocked::load(places.data())?;
        Ok(Self { places, settings, texts: Texts::new(locale), now, blocked })
    }

    /// Who is believed here, now.
    #[must_use]
    pub fn measure(&self) -> Measure {
        let mut anchors = Anchors::production();
        anchors = anchors.with_nca_test();
        for environment in [Environment::Production, Environment::Test] {
            for (_, certificate) in authorities::added(self, environment) {
                anchors.add(&certificate, environment);
            }
        }
        let blocked = self.blocked.clone();
        Measure { anchors, test_environment: self.settings.test_environment, now: self.now, blocked }
    }

    /// The remembered key files.
    ///
    /// # Errors
    /// [`KnownKeysError`].
    pub fn known_keys(&self) -> Result<KnownKeys, KnownKeysError> {
        KnownKeys::load(&self.places.data().join("keys.json"))
    }

    /// The certificates of tokens' keys that signed here.
    ///
    /// # Errors
    /// [`KnownKeysError`].
    pub fn known_tokens(&self) -> Result<KnownTokens, KnownKeysError> {
        self.known_keys()?.of_tokens()
    }

    /// The certificates of all remembered keys, each once: of files and of tokens.
    ///
    /// # Errors
    /// [`KnownKeysError`].
    pub fn remembered(&self) -> Result<Vec<Certificate>, KnownKeysError> {
        Ok(remembered(&self.known_keys()?, &self.known_tokens()?))
    }

    /// The requests for certificates that wait for an answer.
    #[must_use]
    pub fn applications(&self) -> Applications {
        Applications::of(&self.places)
    }

    /// Has something carried out here, as everything is now.
    ///
    /// # Errors
    /// When the data folder or the tokens' libraries cannot be used.
    pub fn with_room(
        &self,
        (statuses, pins): (&Statuses, &FactoryPins),
        shelf: &Shelf,
        carry_out: &mut dyn FnMut(&mut Room<'_>),
    ) -> Result<(), String> {
        let mut known = self.known_keys().map_err(|error| error.to_string())?;
        let fleet = shelf.fleet(&self.places).map_err(|error| error.to_string())?;
        carry_out(&mut Room {
            known: &mut known,
            tokens: &fleet,
            trust: self.measure(),
            clock: Clock::starting_at(self.now),
            locale: self.texts.locale(),
            services: &self.settings.services,
            sites: Sites::new(&self.settings.services),
            places: &self.places,
            statuses,
            pins,
        });
        Ok(())
    }

    /// A sentence with what strangers named shown in full: control characters and the like made visible, so that a name
    /// in a certificate cannot rewrite a terminal.
    fn say(&self, id: &str, arguments: &[(&str, Value<'_>)]) -> String {
        let visible: Vec<_> = arguments
            .iter()
            .map(|(_, value)| match value {
                Value::Text(text) => crate::unseen::visible(text),
                Value::Count(_) => String::new(),
            })
            .collect();
        let arguments: Vec<_> = arguments
            .iter()
            .zip(&visible)
            .map(|((place, value), text)| match value {
                Value::Text(_) => (*place, Value::Text(text)),
                Value::Count(count) => (*place, Value::Count(*count)),
            })
            .collect();
        self.texts.format(id, &arguments)
    }

    fn line(&self, id: &str, arguments: &[(&str, Value<'_>)]) {
        // A closed pipe (`| head`) is not worth a word.
        let _ = writeln!(io::stdout(), "{}", self.say(id, arguments));
    }

    fn note(&self, id: &str, arguments: &[(&str, Value<'_>)]) {
        let _ = writeln!(io::stderr(), "{}", self.say(id, arguments));
    }

    fn password(&self, from_stdin: bool, file: &Path) -> Result<Password, CommandError> {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        self.secret(from_stdin, || self.say("cli-password-prompt", &[("file", Value::Text(&name))]))
    }

    /// A password or PIN: the next line of standard input, or typed after that question.
    fn secret(&self, from_stdin: bool, question: impl FnOnce() -> String) -> Result<Password, CommandError> {
        if from_stdin {
            return read_password_line(io::stdin().lock());
        }
        if !io::stdin().is_terminal() {
            return Err(CommandError::Usage(self.texts.text("cli-password-needs-terminal")));
        }
        let typed = rpassword::prompt_password(question()).map_err(|error| CommandError::Failed(error.to_string()))?;
        Password::new(typed).map_err(|error| CommandError::Unreadable(error.to_string()))
    }
}

/// Says what is wrong with the command line in the person's language where that can be found out, and ends.
pub fn refuse(error: &clap::Error) -> ! {
    let data_dir = command_line::data_dir(std::env::args_os());
    let settings = Places::choose(data_dir.as_deref()).ok().and_then(|places| Settings::load(&places).ok());
    let locale = settings.map_or_else(Locale::of_system, |loaded| locale_of(&loaded.settings));
    let Some(said) = command_line::wrong(error, &Texts::new(locale)) else { error.exit() };
    let _ = writeln!(io::stderr(), "{said}");
    std::process::exit(2)
}

/// The person's language.
fn locale_of(settings: &Settings) -> Locale {
    settings.language.and_then(|language| Locale::from_code(language.code())).unwrap_or_else(Locale::of_system)
}

/// A sentence in a language.
#[must_use]
pub fn say(texts: &Texts, sentence: &Sentence) -> String {
    let arguments: Vec<_> = sentence
        .arguments
        .iter()
        .map(|(place, argument)| match argument {
            Argument::Text(text) => (*place, Value::Text(text)),
            Argument::Count(count) => (*place, Value::Count(*count)),
        })
        .collect();
    texts.format(sentence.id, &arguments)
}

/// Runs one of the key and file commands; [`Command::Host`], [`Command::Watch`], [`Command::Preview`],
/// [`Command::TokenHost`] and [`Command::Doctor`], which begins without a context, are none of them.
#[must_use]
pub fn run(command: &Command, context: &Context) -> ExitCode {
    let result = match command {
        Command::Host | Command::Watch | Command::Preview | Command::TokenHost { .. } | Command::Doctor(_) => {
            Ok(ExitCode::SUCCESS)
        }
        Command::Trust(TrustCommand::Ca(command)) => authorities::run(context, command),
        Command::Guardian => guardian::look(context),
        Command::Open { part } => main_window::open(context, *part),
        Command::Keys(command) => keys::run(context, command),
        Command::Tokens(command) => tokens::run(context, command),
        Command::Sign(args) => sign::sign(context, args),
        Command::Verify(args) => verify::verify(context, args),
        Command::Inspect(args) => inspect::inspect(context, args),
    };
    result.unwrap_or_else(|error| {
        let sentence = error.sentence(&context.texts);
        context.note("cli-error", &[("what", Value::Text(&sentence))]);
        ExitCode::from(error.code())
    })
}
