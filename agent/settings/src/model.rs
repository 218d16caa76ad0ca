//! What can be set, and what each setting is when nobody sets it. What it may be says the schema, [`KEYS`](crate::KEYS).

use crate::{Legacy, Notifications, Updates};
use serde::{Deserialize, Serialize};
use std::time::Duration;

const MEBIBYTE: u64 = 1024 * 1024;

/// What the person set. Every member has a default, so an empty file is a complete one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The language of windows, pages and the command line; absent means the system's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// The port of the local socket; absent means the port that sites expect, [`Settings::STANDARD_PORT`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// Whether the certification authority's test anchors count. Every window then says TEST.
    pub test_environment: bool,
    /// Whether the desktop's tray shows how Tanba stands.
    pub tray: bool,
    /// Bounds for what strangers send.
    pub limits: Limits,
    /// The signer process.
    pub signer: SignerSettings,
    /// The NCA's services, and how they are reached.
    pub services: Services,
    /// What Tanba says on its own.
    pub notifications: Notifications,
    /// Where a word about newer versions comes from.
    pub updates: Updates,
    /// Calls of old pages that not every site should make.
    pub legacy: Legacy,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: None,
            port: None,
            test_environment: false,
            tray: true,
            limits: Limits::default(),
            signer: SignerSettings::default(),
            services: Services::default(),
            notifications: Notifications::default(),
            updates: Updates::default(),
            legacy: Legacy::default(),
        }
    }
}

/// The NCA's services, and how they are reached. Their answers are signed, so that an address here decides who is asked,
/// never what is believed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Services {
    /// The proxy: `system` (the environment's), `none`, or its address, `http://host:port`.
    pub proxy: Proxy,
    /// Where time stamps come from (RFC 3161).
    pub tsp: String,
    /// Who is asked about revocation (RFC 6960); empty means whom the certificate names, where that is one of the NCA's
    /// hosts.
    pub ocsp: String,
    /// Hosts that certificates may name beside the NCA's, as they stand in an address (`ca.lan`, `ca.lan:8080`): those of
    /// an organisation's own authority.
    pub also: Vec<String>,
    /// How long one answer is waited for, in seconds.
    pub timeout_seconds: u64,
    /// Whether a window asks, before it signs, whether the key's certificate was revoked. A service that does not answer
    /// within some seconds hinders nothing.
    pub check_before_signing: bool,
}

impl Default for Services {
    fn default() -> Self {
        // kz-crypto 9.5. The NCA's services have no TLS, and need none.
        Self {
            proxy: Proxy::System,
            tsp: "http://tsp.pki.gov.kz".to_owned(),
            ocsp: String::new(),
            also: Vec::new(),
            timeout_seconds: 10,
            check_before_signing: true,
        }
    }
}

impl Services {
    /// How long one answer is waited for.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds)
    }
}

/// Through which proxy services are asked.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Proxy {
    /// What the environment says (`http_proxy`, `all_proxy`, `no_proxy`).
    #[default]
    System,
    /// None.
    None,
    /// This one: `http://host:port`.
    At(String),
}

/// Without the name and password that the address may hold.
impl std::fmt::Debug for Proxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::System => f.write_str("System"),
            Self::None => f.write_str("None"),
            Self::At(address) => write!(f, "At({:?})", address.rsplit('@').next().unwrap_or_default()),
        }
    }
}

impl From<String> for Proxy {
    fn from(text: String) -> Self {
        match text.as_str() {
            "system" | "" => Self::System,
            "none" => Self::None,
            _ => Self::At(text),
        }
    }
}

impl From<Proxy> for String {
    fn from(proxy: Proxy) -> Self {
        match proxy {
            Proxy::System => "system".to_owned(),
            Proxy::None => "none".to_owned(),
            Proxy::At(address) => address,
        }
    }
}

/// The languages Tanba speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Kazakh.
    Kk,
    /// Russian.
    Ru,
    /// English.
    En,
}

impl Language {
    /// The language's ISO 639-1 code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Kk => "kk",
            Self::Ru => "ru",
            Self::En => "en",
        }
    }
}

/// Bounds for what strangers send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// The longest WebSocket message, in MiB. A document is a third larger in a message than on disk.
    pub frame_mebibytes: u64,
    /// How many requests may wait behind the open window.
    pub waiting_requests: u32,
    /// How many connections may be open at once.
    pub connections: u32,
    /// How much memory all messages together may take in the listener, in MiB: at least
    /// [`Limits::least_memory_mebibytes`].
    pub memory_mebibytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        let frame_mebibytes = Self::MOST_FRAME_MEBIBYTES;
        let memory_mebibytes = frame_mebibytes * Self::COPIES + Self::RESERVE_MEBIBYTES;
        Self { frame_mebibytes, waiting_requests: 64, connections: 2048, memory_mebibytes }
    }
}

impl Limits {
    /// The most that [`Limits::frame_mebibytes`] may be: what comes in one message must fit through the pipe to the
    /// signer, and the signatures back.
    pub const MOST_FRAME_MEBIBYTES: u64 = 256;

    /// How often a message stands in the listener's memory at once, at most: as text, as what was read from it, and as
    /// the documents in it.
    pub const COPIES: u64 = 3;

    /// What is kept of [`Limits::memory_mebibytes`] for short messages.
    pub const RESERVE_MEBIBYTES: u64 = 64;

    /// The least memory with which the longest message passes.
    #[must_use]
    pub fn least_memory_mebibytes(&self) -> u64 {
        self.frame_mebibytes.saturating_mul(Self::COPIES).saturating_add(Self::RESERVE_MEBIBYTES)
    }

    /// The memory of all messages together, in octets.
    #[must_use]
    pub fn memory_bytes(&self) -> u64 {
        self.memory_mebibytes.saturating_mul(MEBIBYTE)
    }

    /// The longest WebSocket message, in octets.
    #[must_use]
    pub fn frame_bytes(&self) -> usize {
        usize::try_from(self.frame_mebibytes.saturating_mul(MEBIBYTE)).unwrap_or(usize::MAX)
    }
}

/// The signer process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SignerSettings {
    /// How long the signer stays after its last order once no page is connected, in seconds.
    pub idle_seconds: u64,
}

impl Default for SignerSettings {
    fn default() -> Self {
        Self { idle_seconds: 60 }
    }
}

impl SignerSettings {
    /// How long the signer stays after its last order once no page is connected.
    #[must_use]
    pub fn idle(&self) -> Duration {
        Duration::from_secs(self.idle_seconds)
    }
}

impl Settings {
    /// The port that every site expects (`ncalayer-protocol.md` 2.1).
    pub const STANDARD_PORT: u16 = 13579;

    /// The port to listen on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(Self::STANDARD_PORT)
    }
}
