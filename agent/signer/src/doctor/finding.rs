//! What was found.

use super::{Fix, Kind};
use crate::window::Sentence;
use std::path::PathBuf;

/// How a thing stands; the words for it are those of the check page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It is as it should be.
    Good,
    /// It could not be found out, which is no fault.
    Unknown,
    /// It may be in the way of something.
    Warning,
    /// It is in the way.
    Bad,
}

impl State {
    /// Its stable name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Unknown => "unknown",
            Self::Warning => "warning",
            Self::Bad => "bad",
        }
    }

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Good => "check-state-ok",
            Self::Unknown => "check-state-unknown",
            Self::Warning => "check-state-attention",
            Self::Bad => "check-state-fault",
        }
    }
}

macro_rules! areas {
    ($($(#[$doc:meta])* $area:ident = $code:literal, $name:literal, $why:literal;)*) => {
        /// What is looked at, in the order in which it is told. What the check page looks at too has its names.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Area {
            $($(#[$doc])* $area,)*
        }

        impl Area {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$area),*];

            /// Its stable name, with which its codes begin.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$area => $code,)* }
            }

            /// The sentence with its name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$area => $name,)* }
            }

            /// The sentence that says why it matters.
            #[must_use]
            pub const fn why(self) -> &'static str {
                match self { $(Self::$area => $why,)* }
            }
        }
    };
}

areas! {
    /// The settings file.
    Settings = "settings", "doctor-settings", "doctor-settings-why";
    /// Tanba's folders.
    Folders = "folders", "doctor-folders", "doctor-folders-why";
    /// Who has the port.
    Port = "port", "doctor-port", "doctor-port-why";
    /// Whether Tanba is started at login.
    Autostart = "autostart", "doctor-autostart", "doctor-autostart-why";
    /// Whether Tanba answers there.
    Socket = "socket", "check-socket", "check-socket-why";
    /// With which certificate.
    Tls = "tls", "check-tls", "check-tls-why";
    /// The local certificate itself.
    Leaf = "leaf", "doctor-leaf", "doctor-leaf-why";
    /// Which browsers trust it.
    Browser = "browser", "doctor-browser", "doctor-browser-why";
    /// Who else may vouch for web sites.
    Authority = "authority", "doctor-authority", "doctor-authority-why";
    /// The browser extension's way.
    Extension = "extension", "check-extension", "check-extension-why";
    /// What an administrator says of sites' way to this computer.
    Network = "network", "check-network", "check-network-why";
    /// The computer's clock.
    Clock = "clock", "check-clock", "check-clock-why";
    /// The way to the services.
    Services = "services", "doctor-services", "doctor-services-why";
    /// Who says whether a certificate was revoked.
    Ocsp = "ocsp", "doctor-ocsp", "doctor-ocsp-why";
    /// The lists of revoked certificates.
    Crl = "crl", "doctor-crl", "doctor-crl-why";
    /// The time-stamp service.
    Tsp = "tsp", "doctor-tsp", "doctor-tsp-why";
    /// Libraries of tokens.
    Tokens = "tokens", "check-tokens", "check-tokens-why";
    /// Remembered keys.
    Keys = "keys", "check-keys", "check-keys-why";
    /// The journal.
    Journal = "journal", "doctor-journal", "doctor-journal-why";
    /// The looks themselves.
    Look = "look", "doctor-look", "doctor-look-why";
}

/// What stands in a place of a finding's sentences, with what a report that goes to others may say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Nobody's secret: a number, a date, a host of a service, the name of a browser.
    Plain(String),
    /// A number, which may choose a plural form.
    Count(u64),
    /// A place on disk: the home folder is left out.
    Path(PathBuf),
    /// A key file, whose name people make of their own: all but its kind is left out.
    KeyFile(PathBuf),
    /// A person's name: left out.
    Person(String),
    /// What the system or a library says: places in the home folder are left out.
    Cause(String),
    /// Another sentence of the catalogue.
    Sentence(Sentence),
    /// What is looked at.
    Area(super::Area),
}

impl Detail {
    /// A text that is nobody's secret.
    pub(super) fn plain(text: impl ToString) -> Self {
        Self::Plain(text.to_string())
    }
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which.
    pub kind: Kind,
    /// What stands in the places of its sentences.
    pub details: Vec<(&'static str, Detail)>,
    /// What the program can do about it.
    pub fix: Option<Fix>,
    /// What lies below, in English, where the sentences say it in a person's words: for help desks and programs.
    pub cause: Option<String>,
}

impl Finding {
    /// Nothing in its places, and nothing to be done by the program.
    pub(super) const fn of(kind: Kind) -> Self {
        Self { kind, details: Vec::new(), fix: None, cause: None }
    }

    /// With something in a place.
    pub(super) fn with(mut self, place: &'static str, detail: Detail) -> Self {
        self.details.push((place, detail));
        self
    }

    /// With what lies below.
    pub(super) fn because(self, cause: impl ToString) -> Self {
        Self { cause: Some(cause.to_string()), ..self }
    }

    /// With what the program can do about it.
    pub(super) fn fixed_by(self, fix: Fix) -> Self {
        Self { fix: Some(fix), ..self }
    }
}
