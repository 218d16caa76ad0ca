//! One row: a key, or a place of keys that was not opened yet.

use super::token::Held;
use crate::fitness::{Measure, is_test, reasons_against};
use crate::key_file;
use crate::window::{
    Fit, Holder, KeyKind, KeyRow, PasswordState, Place as Shown, Reason, Role, RowId, TokenPlace, Tries,
};
use crate::{carry_out::forms::alias_of, carry_out::keys::Purpose};
use keystore::{
    ListedKey, UnlockedStore,
    pkcs11::{PinPlace, TokenId},
};
use order::{KeyFilter, NamedKey, PlaceKind, StorageName};
use pki::Certificate;
use std::{path::PathBuf, rc::Rc};

/// Where a row's key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::carry_out) enum Place {
    /// In this file.
    File(PathBuf),
    /// On this token, plugged in or not.
    Token(TokenId),
}

pub(super) struct Row {
    pub(super) id: RowId,
    pub(super) place: Place,
    pub(super) state: State,
}

pub(super) enum State {
    /// Nothing is known but the place.
    Locked,
    /// The certificate is known: from an earlier time, or because the token shows it to everybody.
    Known(Certificate),
    /// Opened in this window; locked again when it closes.
    Open(Rc<dyn UnlockedStore>, Box<ListedKey>, Certificate),
}

impl State {
    pub(super) fn certificate(&self) -> Option<&Certificate> {
        match self {
            Self::Locked => None,
            Self::Known(certificate) | Self::Open(_, _, certificate) => Some(certificate),
        }
    }
}

/// What is asked of the keys.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'w> {
    pub(super) purpose: Purpose,
    pub(super) filter: &'w KeyFilter,
    pub(super) measure: &'w Measure,
}

impl Row {
    /// Whether this is the key that the page names, as far as that is known before its place is opened. `token` is the
    /// one that the row is on.
    pub(super) fn is(&self, named: &NamedKey, token: Option<&Held>) -> bool {
        let alias = match &self.state {
            State::Locked => None,
            State::Known(certificate) => {
                let shown = token.and_then(|token| token.alias_of(certificate));
                Some(shown.map_or_else(|| alias_of(certificate), str::to_owned))
            }
            State::Open(_, key, _) => Some(key.alias.clone()),
        };
        // Pages learn a key's name from us, and that is the subject key identifier wherever the store has no other one.
        let also = self.state.certificate().map(alias_of);
        let is_alias = named.alias.is_empty()
            || alias.is_none_or(|own| own.eq_ignore_ascii_case(&named.alias))
            || also.is_some_and(|own| own.eq_ignore_ascii_case(&named.alias));
        is_alias
            && match (named.kind, &self.place, token) {
                (PlaceKind::File, Place::File(path), _) => !named.has_path() || *path == super::place_of(named),
                (PlaceKind::Slot, Place::Token(id), token) => {
                    named.place.is_empty() || is_called(&named.place, id, token)
                }
                (PlaceKind::File, Place::Token(_), _) | (PlaceKind::Slot, Place::File(_), _) => false,
            }
    }

    pub(super) fn reasons(&self, wanted: Wanted<'_>, token: Option<&Held>) -> Vec<Reason> {
        let Wanted { purpose, filter, measure } = wanted;
        let mut reasons = match self.state.certificate() {
            // It need neither be valid nor at hand.
            Some(_) if purpose == Purpose::Lose => return Vec::new(),
            Some(certificate) => reasons_against(certificate, filter, measure),
            None => Vec::new(),
        };
        let storage = match &self.place {
            Place::File(path) => Some(key_file::storage(path)),
            Place::Token(_) => token.and_then(Held::storage),
        };
        if !filter.storages.is_empty() && storage.is_none_or(|own| !filter.storages.contains(&own)) {
            reasons.insert(0, Reason::StorageNotAsked);
        }
        if filter.named.as_ref().is_some_and(|named| !self.is(named, token)) {
            reasons.insert(0, Reason::NotThisKey);
        }
        if matches!(self.state, State::Open(..)) {
            return reasons;
        }
        // To show what a token shows to everybody, no PIN is needed.
        let needs_pin = purpose == Purpose::Sign || matches!(self.state, State::Locked);
        let place = match (&self.place, token) {
            (Place::File(path), _) => key_file::reason_against(path),
            (Place::Token(_), None) => Some(Reason::TokenGone),
            (Place::Token(_), Some(token)) => match () {
                () if !token.is_there => Some(Reason::TokenGone),
                () if !needs_pin => None,
                () if !token.seen.pin.is_set => Some(Reason::PinNotSet),
                () if token.tries() == Tries::None => Some(Reason::PinLocked),
                () if token.is_empty => Some(Reason::NoKeyOnToken),
                () => None,
            },
        };
        if let Some(place) = place {
            reasons.insert(0, place);
        }
        reasons
    }

    pub(super) fn view(&self, wanted: Wanted<'_>, token: Option<&Held>) -> KeyRow {
        let reasons = self.reasons(wanted, token);
        let fit = match (&self.state, reasons.is_empty()) {
            (_, false) => Fit::Unfit(reasons),
            (State::Locked, true) => Fit::Locked,
            (_, true) => Fit::Fits,
        };
        let at_reader = token.is_some_and(|token| token.seen.pin.place == PinPlace::Reader);
        let password = match (&self.state, wanted.purpose) {
            (State::Open(..), _) | (State::Known(_), Purpose::Show | Purpose::Lose) => PasswordState::Given,
            _ if at_reader => PasswordState::AtReader,
            _ => PasswordState::Asked,
        };
        let place = match &self.place {
            Place::File(path) => Shown::File(path.clone()),
            Place::Token(id) => Shown::Token(shown(id, token)),
        };
        key_view(self.id, place, self.state.certificate(), fit, password, wanted.measure)
    }
}

/// Whether a page's name of a device is that of this token: of its storage, or its own.
fn is_called(name: &str, id: &TokenId, token: Option<&Held>) -> bool {
    let storage = token.and_then(Held::storage).map(StorageName::as_str);
    let reader = token.map(|token| token.seen.reader.as_str());
    [storage, reader, Some(id.label.as_str()), Some(id.serial.as_str())]
        .into_iter()
        .flatten()
        .any(|own| !own.is_empty() && own.eq_ignore_ascii_case(name.trim()))
}

/// A token as a window shows it.
pub(in crate::carry_out) fn shown(id: &TokenId, token: Option<&Held>) -> TokenPlace {
    let vendor = token.map_or(id.manufacturer.as_str(), |token| token.seen.vendor.as_str());
    // Models often begin with their vendor's name.
    let model = match (vendor, id.model.as_str()) {
        (vendor, "") => vendor.to_owned(),
        (vendor, model) if model.to_lowercase().contains(&vendor.to_lowercase()) => model.to_owned(),
        (vendor, model) => format!("{vendor} {model}"),
    };
    TokenPlace {
        label: id.label.clone(),
        reader: token.map(|token| token.seen.reader.clone()).unwrap_or_default(),
        model,
        serial: id.serial.clone(),
        tries: token.map_or(Tries::Unsaid, Held::tries),
    }
}

/// One key as a window shows it.
#[must_use]
pub fn key_view(
    id: RowId,
    place: Shown,
    certificate: Option<&Certificate>,
    fit: Fit,
    password: PasswordState,
    measure: &Measure,
) -> KeyRow {
    KeyRow {
        id,
        holder: certificate.map(holder_view),
        valid_until: certificate.map(|one| one.not_after().date().to_string()),
        place,
        fit,
        password,
        kind: match certificate {
            Some(certificate) if is_test(certificate, measure) => KeyKind::Test,
            _ => KeyKind::Real,
        },
    }
}

fn holder_view(certificate: &Certificate) -> Holder {
    let holder = certificate.holder();
    let has = |role: pki::Role| holder.roles.contains(&role);
    // The most exact role first: a head's certificate also says that it is an organisation's.
    let role = [
        (pki::Role::Head, Role::Head),
        (pki::Role::RightToSign, Role::SigningEmployee),
        (pki::Role::FinancialSign, Role::FinanceEmployee),
        (pki::Role::Hr, Role::Personnel),
        (pki::Role::Employee, Role::Employee),
        (pki::Role::InformationSystem, Role::System),
        (pki::Role::PersonSystem, Role::System),
        (pki::Role::Organisation, Role::Organisation),
        (pki::Role::Person, Role::Person),
    ]
    .into_iter()
    .find_map(|(own, shown)| has(own).then_some(shown))
    .unwrap_or(Role::Unknown);
    Holder {
        name: holder.name.clone(),
        role,
        iin: holder.iin.as_ref().map(ToString::to_string),
        organisation: holder.organisation.clone(),
        bin: holder.bin.as_ref().map(ToString::to_string),
    }
}
