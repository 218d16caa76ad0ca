//! Everything that can be found: the codes that scripts and help desks know.

use super::{Area, Cure, State};

/// A thing that can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// What was looked at.
    pub area: Area,
    /// Its stable code: the area, a dot, the case.
    pub code: &'static str,
    /// How it stands then.
    pub state: State,
    /// The sentence that says what was found.
    pub what: &'static str,
    /// The sentence that says what a person does.
    pub next: Option<&'static str>,
    /// What the program can do.
    pub cure: Option<Cure>,
}

macro_rules! optional {
    () => {
        None
    };
    ($value:expr) => {
        Some($value)
    };
}

macro_rules! kinds {
    ($($name:ident = $area:ident $code:literal $state:ident, $what:literal $(, next $next:literal)? $(, cure $cure:ident)?;)*) => {
        $(pub(super) const $name: Kind = Kind {
            area: Area::$area,
            code: $code,
            state: State::$state,
            what: $what,
            next: optional!($($next)?),
            cure: optional!($(Cure::$cure)?),
        };)*

        /// All of them.
        pub const KINDS: &[Kind] = &[$($name),*];
    };
}

kinds! {
    SETTINGS_FINE = Settings "settings.fine" Good, "doctor-settings-fine";
    SETTINGS_BROKEN = Settings "settings.broken" Bad, "doctor-settings-broken", next "doctor-settings-broken-next", cure SetAside;
    SETTINGS_ADMINISTRATOR = Settings "settings.administrator" Bad, "doctor-settings-broken", next "doctor-settings-administrator-next";
    SETTINGS_UNKNOWN = Settings "settings.unknown-key" Warning, "doctor-settings-unknown", next "doctor-settings-unknown-next";

    FOLDERS_PRIVATE = Folders "folders.private" Good, "doctor-folders-private";
    FOLDERS_OPEN = Folders "folders.open" Bad, "doctor-folders-open", next "doctor-folders-open-next", cure Tighten;
    FOLDERS_FOREIGN = Folders "folders.foreign" Bad, "doctor-folders-foreign", next "doctor-folders-foreign-next";
    FOLDERS_UNREADABLE = Folders "folders.unreadable" Bad, "doctor-folders-unreadable", next "doctor-folders-foreign-next";

    PORT_TANBA = Port "port.tanba" Good, "doctor-port-tanba";
    PORT_NOBODY = Port "port.nobody" Bad, "doctor-port-nobody", next "doctor-port-nobody-next", cure Start;
    PORT_ELSEWHERE = Port "port.elsewhere" Bad, "doctor-port-elsewhere", next "doctor-port-elsewhere-next";
    PORT_HALF = Port "port.half" Warning, "doctor-port-half", next "doctor-port-half-next";
    PORT_NCALAYER = Port "port.ncalayer" Bad, "doctor-port-ncalayer", next "doctor-port-ncalayer-next";
    PORT_OTHER = Port "port.other" Bad, "doctor-port-other", next "doctor-port-other-next";
    PORT_ANOTHER_USER = Port "port.another-user" Bad, "doctor-port-another-user", next "doctor-port-another-user-next";
    PORT_HIDDEN = Port "port.hidden" Unknown, "doctor-port-hidden", next "doctor-port-other-next";
    PORT_UNKNOWN = Port "port.unknown" Unknown, "doctor-port-unknown";
    PORT_UNUSUAL = Port "port.unusual" Warning, "doctor-port-unusual", next "doctor-port-unusual-next", cure ResetPort;

    AUTOSTART_ON = Autostart "autostart.on" Good, "doctor-autostart-on";
    AUTOSTART_OFF = Autostart "autostart.off" Warning, "doctor-autostart-off", next "doctor-autostart-next", cure Autostart;
    AUTOSTART_DISABLED = Autostart "autostart.disabled" Good, "doctor-autostart-disabled", next "doctor-autostart-next";
    AUTOSTART_GONE = Autostart "autostart.gone" Warning, "doctor-autostart-gone", next "doctor-autostart-next", cure Autostart;
    AUTOSTART_ELSEWHERE = Autostart "autostart.elsewhere" Warning, "doctor-autostart-elsewhere", next "doctor-autostart-next", cure Autostart;
    AUTOSTART_UNREADABLE = Autostart "autostart.unreadable" Warning, "doctor-autostart-unreadable", next "doctor-autostart-next", cure Autostart;
    AUTOSTART_UNKNOWN = Autostart "autostart.unknown" Unknown, "doctor-autostart-unknown";

    SOCKET_ANSWERS = Socket "socket.answers" Good, "doctor-socket-answers";
    SOCKET_SILENT = Socket "socket.silent" Bad, "doctor-socket-silent", next "doctor-socket-silent-next";

    TLS_OWN = Tls "tls.own" Good, "doctor-tls-own";
    TLS_RESIGNED = Tls "tls.resigned" Bad, "doctor-tls-resigned", next "doctor-tls-resigned-next";
    TLS_STALE = Tls "tls.stale" Warning, "doctor-tls-stale", next "doctor-tls-stale-next";
    TLS_UNKNOWN = Tls "tls.unknown" Unknown, "check-tls-unknown", next "check-tls-unknown-next";

    LEAF_FINE = Leaf "leaf.fine" Good, "doctor-leaf-fine";
    LEAF_MISSING = Leaf "leaf.missing" Bad, "doctor-leaf-missing", next "doctor-leaf-missing-next", cure Trust;
    LEAF_UNUSABLE = Leaf "leaf.unusable" Bad, "doctor-leaf-unusable", next "doctor-leaf-missing-next", cure Renew;
    LEAF_ENDS_SOON = Leaf "leaf.ends-soon" Warning, "doctor-leaf-ends-soon", next "doctor-leaf-ends-soon-next", cure Renew;
    LEAF_ENDED = Leaf "leaf.ended" Bad, "doctor-leaf-ended", next "doctor-leaf-missing-next", cure Renew;

    BROWSER_TRUSTS = Browser "browser.trusts" Good, "doctor-browser-trusts";
    BROWSER_TRUSTS_NOT = Browser "browser.trusts-not" Bad, "doctor-browser-trusts-not", next "doctor-browser-trusts-not-next", cure Trust;
    BROWSER_LOCKED = Browser "browser.locked" Warning, "doctor-browser-locked", next "doctor-browser-locked-next";
    BROWSER_UNUSABLE = Browser "browser.unusable" Warning, "doctor-browser-unusable", next "doctor-browser-unusable-next";
    BROWSER_NONE = Browser "browser.none" Warning, "doctor-browser-none", next "doctor-browser-none-next", cure Trust;
    BROWSER_UNKNOWN = Browser "browser.unknown" Unknown, "doctor-browser-unknown", next "doctor-browser-unknown-next";

    AUTHORITY_NONE = Authority "authority.none" Good, "doctor-authority-none";
    AUTHORITY_NCA = Authority "authority.nca" Warning, "doctor-authority-nca", next "doctor-authority-nca-next", cure TakeOut;
    AUTHORITY_OTHER = Authority "authority.other" Warning, "doctor-authority-other", next "doctor-authority-other-next", cure TakeOut;
    AUTHORITY_UNKNOWN = Authority "authority.unknown" Unknown, "doctor-authority-unknown", next "doctor-browser-unknown-next";

    EXTENSION_ABSENT = Extension "extension.absent" Good, "doctor-extension-absent";
    EXTENSION_MANIFEST = Extension "extension.manifest" Good, "doctor-extension-manifest";
    EXTENSION_BROKEN = Extension "extension.broken" Warning, "doctor-extension-broken", next "doctor-extension-broken-next";

    NETWORK_FREE = Network "network.no-policy" Good, "doctor-network-free", next "check-network-asked-next";
    NETWORK_ALLOWED = Network "network.allowed" Good, "doctor-network-allowed";
    NETWORK_BLOCKED = Network "network.blocked" Warning, "doctor-network-blocked", next "doctor-network-blocked-next";
    NETWORK_UNREADABLE = Network "network.unreadable" Unknown, "doctor-network-unreadable", next "doctor-network-blocked-next";

    CLOCK_AGREES = Clock "clock.agrees" Good, "doctor-clock-agrees";
    CLOCK_WRONG = Clock "clock.wrong" Bad, "doctor-clock-wrong", next "check-clock-past-next";
    CLOCK_ZONE = Clock "clock.zone" Warning, "check-clock-zone", next "check-clock-zone-next";
    CLOCK_UNKNOWN = Clock "clock.unknown" Unknown, "doctor-clock-unknown", next "doctor-clock-unknown-next";

    SERVICES_OFFLINE = Services "services.not-asked" Unknown, "doctor-services-offline", next "doctor-services-offline-next";
    SERVICES_PROXY = Services "services.proxy" Bad, "doctor-services-proxy", next "doctor-services-proxy-next";

    OCSP_ANSWERS = Ocsp "ocsp.answers" Good, "doctor-service-answers";
    OCSP_FAILS = Ocsp "ocsp.fails" Warning, "doctor-service-fails", next "doctor-service-fails-next";
    CRL_ANSWERS = Crl "crl.answers" Good, "doctor-service-answers";
    CRL_FAILS = Crl "crl.fails" Warning, "doctor-service-fails", next "doctor-service-fails-next";
    TSP_ANSWERS = Tsp "tsp.answers" Good, "doctor-service-answers";
    TSP_FAILS = Tsp "tsp.fails" Warning, "doctor-service-fails", next "doctor-tsp-fails-next";

    TOKENS_FINE = Tokens "tokens.fine" Good, "doctor-tokens-fine";
    TOKENS_NONE = Tokens "tokens.none" Good, "doctor-tokens-none", next "check-tokens-none-next";
    TOKENS_FAULT = Tokens "tokens.fault" Warning, "doctor-tokens-fault";
    TOKENS_REFUSED = Tokens "tokens.refused" Warning, "doctor-tokens-refused";
    TOKENS_FILE = Tokens "tokens.file" Bad, "doctor-tokens-file";
    TOKENS_READERS = Tokens "tokens.readers" Warning, "doctor-tokens-readers", next "doctor-tokens-readers-next";

    KEYS_READY = Keys "keys.ready" Good, "doctor-keys-ready";
    KEYS_NONE = Keys "keys.none" Warning, "doctor-keys-none", next "doctor-keys-none-next";
    KEYS_MISSING = Keys "keys.missing" Warning, "doctor-keys-missing", next "doctor-keys-missing-next", cure Forget;
    KEYS_UNREADABLE = Keys "keys.unreadable" Bad, "doctor-keys-unreadable";
    KEYS_OPEN = Keys "keys.open" Warning, "doctor-keys-open", next "doctor-keys-open-next", cure Tighten;
    KEYS_ENDS_SOON = Keys "keys.ends-soon" Warning, "doctor-keys-ends-soon", next "check-keys-ending-next";
    KEYS_ENDED = Keys "keys.ended" Warning, "doctor-keys-ended", next "doctor-keys-ended-next";
    KEYS_REVOKED = Keys "keys.revoked" Bad, "doctor-keys-revoked", next "doctor-keys-ended-next";
    KEYS_LISTS = Keys "keys.lists" Bad, "doctor-keys-lists", next "doctor-keys-lists-next";

    JOURNAL_WHOLE = Journal "journal.whole" Good, "doctor-journal-whole";
    JOURNAL_NONE = Journal "journal.none" Good, "doctor-journal-none";
    JOURNAL_BROKEN = Journal "journal.broken" Bad, "doctor-journal-broken", next "doctor-journal-broken-next";
    JOURNAL_UNKNOWN = Journal "journal.unknown" Unknown, "doctor-journal-unknown", next "doctor-journal-unknown-next";

    VERSION_LATEST = Version "version.latest" Good, "doctor-version-latest";
    VERSION_NEWER = Version "version.newer" Warning, "doctor-version-newer", next "doctor-version-newer-next";
    VERSION_UNAVAILABLE = Version "version.unavailable" Warning, "doctor-version-unavailable", next "doctor-version-unavailable-next";
    VERSION_NOT_BELIEVED = Version "version.not-believed" Warning, "doctor-version-not-believed", next "doctor-version-not-believed-next";
    VERSION_NO_SIGNER = Version "version.no-signer" Warning, "doctor-version-no-signer", next "doctor-version-no-signer-next";
    VERSION_STALE = Version "version.stale" Warning, "doctor-version-stale", next "doctor-version-stale-next";
    VERSION_OFFLINE = Version "version.not-asked" Unknown, "doctor-version-offline", next "doctor-version-offline-next";

    LOOK_LATE = Look "look.late" Unknown, "doctor-look-late", next "doctor-look-late-next";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use texts::{Locale, Texts};

    #[test]
    fn every_code_is_its_own_and_begins_with_its_area() {
        let codes: BTreeSet<_> = KINDS.iter().map(|kind| kind.code).collect();
        assert_eq!(codes.len(), KINDS.len());
        for kind in KINDS {
            assert!(kind.code.starts_with(&format!("{}.", kind.area.code())), "{}", kind.code);
            // What is in the way has a way on, or its sentence is another room's and has one in it.
            let has_its_own = [TOKENS_FAULT, TOKENS_REFUSED, TOKENS_FILE, KEYS_UNREADABLE].contains(kind);
            assert!(kind.state < State::Warning || kind.next.is_some() || has_its_own, "{}", kind.code);
        }
    }

    #[test]
    fn every_sentence_is_there_in_every_language() {
        for locale in Locale::ALL {
            let texts = Texts::new(locale);
            let of_kinds = KINDS.iter().flat_map(|kind| [Some(kind.what), kind.next, kind.cure.map(Cure::question)]);
            let of_areas = Area::ALL.iter().flat_map(|area| [Some(area.name()), Some(area.why())]);
            for id in of_kinds.chain(of_areas).flatten() {
                assert_ne!(texts.text(id), id, "{}", locale.code());
            }
        }
    }
}
