//! A new key in a place of the person's choice, and the request for its certificate (`generateCsr`).

use super::choice::{Asked, Decided, List, choose};
use super::errand::{End, Errand};
use super::keys::{Held, KeyFault, Plugged, password, shown};
use super::new_file_place as file_place;
use super::{Outcome, Room};
use crate::{
    applications::{Application, Applications, Place},
    asking, new_file,
    tokens::Tokens,
    window::{
        Busy, Detail, Fit, KeyKind, KeyRow, Looking, PasswordState, Place as Shown, Question, Reason, RowId, Tries,
        Value,
    },
};
use keystore::{
    KeyFile, KeyId, NewKey,
    pkcs11::{PinPlace, Snapshot, TokenFault, TokenId},
};
use order::{FailureCode, KeyUse, NewKeyAlgorithm, NewKeyTask, Requested, StorageName, Subject};
use pki::{
    Name, NameBuilder, ObjectIdentifier, Role,
    holder::{Bin, Iin},
    oid,
    request::Wanted,
};
use serde_bytes::ByteBuf;
use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

/// The most purposes that a page can ask for.
const MOST_ROLES: usize = 32;
/// The row of the new file; those of the tokens come behind it.
const FILE: RowId = RowId(0);
/// The first row of a library that broke.
const BROKEN: RowId = RowId(u32::MAX / 2);

/// Where the request for the certificate goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Request {
    /// To the page that asked for it.
    ToPage,
    /// Into a file, which the person takes to an authority.
    InFile,
}

/// A key that was made.
pub(super) struct Made {
    /// Its request, which waits now.
    pub(super) application: Application,
    /// The file that the request is in.
    pub(super) file: Option<PathBuf>,
}

/// The person makes a key, and the page gets the request for its certificate.
pub(super) fn new_key(errand: &mut Errand<'_, '_>, task: &NewKeyTask) -> Result<Outcome, End> {
    let Made { application, .. } = make_key(errand, task, Request::ToPage)?;
    Ok(Outcome::Requested(Requested {
        id: application.id.clone(),
        request: ByteBuf::from(application.request.der().to_vec()),
        name: application.subject,
    }))
}

/// The window in which the person makes a key.
pub(super) fn make_key(errand: &mut Errand<'_, '_>, task: &NewKeyTask, request: Request) -> Result<Made, End> {
    let wanted = wanted(task)?;
    let kind = match task.algorithm {
        NewKeyAlgorithm::Gost512 => NewKey::Gost512,
        NewKeyAlgorithm::Rsa2048 => NewKey::Rsa2048,
    };
    let now = errand.room.now();
    let name = if task.subject.surname.is_empty() { &task.subject.common_name } else { &task.subject.surname };
    // The day in Kazakhstan, in an order that folders sort by.
    let day = now.date().to_string().split('.').rev().collect::<Vec<_>>().join("-");
    let file = file_place::default(errand.room.places, file_prefix(task.algorithm), name, &day);
    let places = NewPlaces {
        kind,
        request,
        storages: &task.storages,
        file: file.clone(),
        tokens: errand.room.tokens,
        plugged: Plugged::default(),
        makes: HashMap::new(),
    };
    let question = Question::NewKey { details: details(task, &wanted), file };
    let asked = |_: &NewPlaces<'_>| Asked { question, warnings: Vec::new(), logo: None };
    choose(errand, |_| places, asked, &mut |room, decided| make(room, decided, &wanted).into())
}

/// What the certificate is asked to say. Everything that cannot be asked for is refused before a window opens.
fn wanted(task: &NewKeyTask) -> Result<Wanted, End> {
    let invalid = |detail: String| End::failed(FailureCode::InvalidRequest, detail);
    let Subject { iin, bin, email, common_name, .. } = &task.subject;
    if common_name.is_empty() {
        return Err(invalid("subject has no commonName".to_owned()));
    }
    if task.roles.len() > MOST_ROLES {
        return Err(invalid(format!("more than {MOST_ROLES} purposes")));
    }
    let is_address = email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
        && email.bytes().all(|octet| octet.is_ascii_graphic());
    if !email.is_empty() && !is_address {
        return Err(invalid("email is no address".to_owned()));
    }
    let iin = number(iin, Iin::new).ok_or_else(|| invalid("iin is not twelve digits".to_owned()))?;
    let bin = number(bin, Bin::new).ok_or_else(|| invalid("bin is not twelve digits".to_owned()))?;
    let subject = name(&task.subject, iin.map(Iin::to_attribute), bin.map(Bin::to_attribute))
        .map_err(|error| invalid(format!("subject: {error}")))?;
    let purpose = match task.key_use {
        KeyUse::Signature => oid::EMAIL_PROTECTION,
        KeyUse::Authentication => oid::CLIENT_AUTH,
    };
    let mut usages = vec![purpose];
    for role in &task.roles {
        let role = ObjectIdentifier::new(role).map_err(|_| invalid("extKeyUsageOids has what is no OID".to_owned()))?;
        if !usages.contains(&role) {
            usages.push(role);
        }
    }
    if task.roles.is_empty() {
        usages.push(if bin.is_some() { Role::Organisation.oid() } else { Role::Person.oid() });
    }
    Ok(Wanted { subject, usages, email: (!email.is_empty()).then(|| email.clone()) })
}

/// A number that may be left out; `None` when it is there and is none.
fn number<T>(digits: &str, read: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
    if digits.is_empty() { Some(None) } else { read(digits).map(Some) }
}

/// In the NCA's order (kz-crypto 8.2). What is empty is left out.
fn name(subject: &Subject, iin: Option<String>, bin: Option<String>) -> Result<Name, impl std::fmt::Display> {
    let given = [
        (oid::COMMON_NAME, subject.common_name.clone()),
        (oid::SURNAME, subject.surname.clone()),
        (oid::SERIAL_NUMBER, iin.unwrap_or_default()),
        (oid::COUNTRY, "KZ".to_owned()),
        (oid::LOCALITY, subject.locality.clone()),
        (oid::STATE, subject.region.clone()),
        (oid::ORGANISATION, subject.organisation.clone()),
        (oid::ORGANISATIONAL_UNIT, bin.unwrap_or_default()),
        (oid::GIVEN_NAME, subject.given_name.clone()),
        (oid::EMAIL, subject.email.clone()),
    ];
    let present = given.into_iter().filter(|(_, value)| !value.is_empty());
    present.fold(NameBuilder::new(), |name, (kind, value)| name.with(kind, &value)).build()
}

fn file_prefix(algorithm: NewKeyAlgorithm) -> &'static str {
    match algorithm {
        NewKeyAlgorithm::Gost512 => "GOST512",
        NewKeyAlgorithm::Rsa2048 => "RSA2048",
    }
}

/// Every line of what the certificate will say.
fn details(task: &NewKeyTask, wanted: &Wanted) -> Vec<Detail> {
    let subject = &task.subject;
    let is_in_name = subject.common_name.split(' ').next() == Some(&subject.surname);
    let nothing = String::new();
    let mut details: Vec<Detail> = [
        ("window-detail-name", &subject.common_name),
        // Where the name begins with it, it has been read.
        ("window-detail-surname", if is_in_name { &nothing } else { &subject.surname }),
        ("window-detail-patronymic", &subject.given_name),
        ("window-detail-iin", &subject.iin),
        ("window-detail-organisation", &subject.organisation),
        ("window-detail-bin", &subject.bin),
        ("window-detail-region", &subject.region),
        ("window-detail-locality", &subject.locality),
        ("window-detail-email", &subject.email),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(label, value)| Detail { label, values: vec![Value::Text(value.clone())] })
    .collect();
    details.extend(of_usages(&wanted.usages));
    let algorithm = match task.algorithm {
        NewKeyAlgorithm::Gost512 => "window-algorithm-gost512",
        NewKeyAlgorithm::Rsa2048 => "window-algorithm-rsa2048",
    };
    details.push(Detail { label: "window-detail-algorithm", values: vec![Value::Words(algorithm)] });
    details
}

/// What a certificate is for, and the roles of its holder, in words; what has no words here, as it stands.
pub(super) fn of_usages(usages: &[ObjectIdentifier]) -> Vec<Detail> {
    let (mut uses, mut roles) = (Vec::new(), Vec::new());
    for usage in usages {
        match Role::from_oid(usage) {
            Some(role) => roles.push(role_in_words(role).map_or_else(|| Value::Text(usage.to_string()), Value::Words)),
            None => uses.push(match *usage {
                oid::EMAIL_PROTECTION => Value::Words("window-use-signing"),
                oid::CLIENT_AUTH => Value::Words("window-use-login"),
                _ => Value::Text(usage.to_string()),
            }),
        }
    }
    [("window-detail-use", uses), ("window-detail-role", roles)]
        .into_iter()
        .filter(|(_, values)| !values.is_empty())
        .map(|(label, values)| Detail { label, values })
        .collect()
}

fn role_in_words(role: Role) -> Option<&'static str> {
    Some(match role {
        Role::Person => "window-role-person",
        Role::PersonSystem | Role::InformationSystem => "window-role-system",
        Role::Organisation => "window-role-organisation",
        Role::Head => "window-role-head",
        Role::RightToSign => "window-role-signing-employee",
        Role::FinancialSign => "window-role-finance-employee",
        Role::Hr => "window-role-personnel",
        Role::Employee => "window-role-employee",
        _ => return None,
    })
}

/// Where the key can be made: a new file, and every token.
struct NewPlaces<'p> {
    kind: NewKey,
    request: Request,
    storages: &'p [StorageName],
    file: PathBuf,
    tokens: &'p dyn Tokens,
    plugged: Plugged,
    /// What each token said of the keys that it makes, while it was plugged in.
    makes: HashMap<TokenId, Result<Vec<NewKey>, TokenFault>>,
}

impl NewPlaces<'_> {
    fn allows(&self, storage: Option<StorageName>) -> bool {
        self.storages.is_empty() || storage.is_some_and(|own| self.storages.contains(&own))
    }

    fn token_of(&self, row: RowId) -> Option<&Held> {
        self.plugged.all().iter().find(|held| RowId(held.number) == row)
    }

    fn of_file(&self) -> KeyRow {
        let fits = self.allows(Some(StorageName::Pkcs12));
        let fit = if fits { Fit::Fits } else { Fit::Unfit(vec![Reason::StorageNotAsked]) };
        row(FILE, Shown::NewFile(self.file.clone()), fit, PasswordState::New)
    }

    fn of_token(&self, held: &Held) -> KeyRow {
        let reason = match self.makes.get(&held.seen.id) {
            _ if !self.allows(held.storage()) => Some(Reason::StorageNotAsked),
            _ if !held.is_there => Some(Reason::TokenGone),
            _ if !held.seen.pin.is_set => Some(Reason::PinNotSet),
            _ if held.tries() == Tries::None => Some(Reason::PinLocked),
            Some(Ok(kinds)) if kinds.is_empty() => Some(Reason::NotWritable),
            Some(Ok(kinds)) if kinds.contains(&self.kind) => None,
            Some(Ok(_)) => Some(Reason::CannotMake),
            Some(Err(TokenFault::NotResponding)) => Some(Reason::DriverSilent),
            Some(Err(TokenFault::Crashed)) => Some(Reason::DriverCrashed),
            Some(Err(_)) | None => Some(Reason::CannotMake),
        };
        let at_reader = held.seen.pin.place == PinPlace::Reader;
        let password = if at_reader { PasswordState::AtReader } else { PasswordState::Asked };
        let fit = reason.map_or(Fit::Fits, |reason| Fit::Unfit(vec![reason]));
        row(RowId(held.number), Shown::Token(shown(&held.seen.id, Some(held))), fit, password)
    }
}

/// A place of which nothing but itself is known.
pub(super) fn row(id: RowId, place: Shown, fit: Fit, password: PasswordState) -> KeyRow {
    KeyRow { id, holder: None, valid_until: None, place, fit, password, kind: KeyKind::Real }
}

impl List for NewPlaces<'_> {
    fn rows(&self) -> Vec<KeyRow> {
        let tokens = self.plugged.all().iter().map(|held| self.of_token(held));
        std::iter::once(self.of_file()).chain(tokens).chain(self.plugged.broken(BROKEN)).collect()
    }

    fn looking(&self) -> Looking {
        self.plugged.looking
    }

    fn refresh(&mut self, snapshot: Snapshot) {
        let (gone, present) = self.plugged.take(snapshot);
        for id in gone {
            self.makes.remove(&id);
        }
        for id in present {
            if !matches!(self.makes.get(&id), Some(Ok(_))) {
                let makes = self.tokens.makes(&id);
                self.makes.insert(id, makes);
            }
        }
    }

    fn take_file(&mut self, path: &Path) -> Result<RowId, KeyFault> {
        self.file = file_place::free_for_new(file_place::meant(path))?;
        Ok(FILE)
    }

    fn busy(&self, row: RowId) -> Busy {
        let at_reader = self.token_of(row).is_some_and(|held| held.seen.pin.place == PinPlace::Reader);
        if at_reader { Busy::AtReader } else { Busy::Making }
    }
}

/// Makes the key and its request, and writes down that it waits: all of it or nothing.
fn make(room: &mut Room<'_>, decided: Decided<'_, NewPlaces<'_>>, wanted: &Wanted) -> Result<Made, KeyFault> {
    let Decided { list: places, row, secret: typed, is_stopped, .. } = decided;
    // The list that the window had may be older than what is plugged in.
    let cannot =
        [Reason::StorageNotAsked, Reason::NotWritable, Reason::CannotMake].map(|reason| Fit::Unfit(vec![reason]));
    if places.rows().iter().any(|other| other.id == row && cannot.contains(&other.fit)) {
        return Err(KeyFault::Token(TokenFault::Unsupported.into()));
    }
    let now = room.now();
    if row == FILE {
        if typed.is_empty() {
            return Err(KeyFault::NoPassword);
        }
        let password = password(typed)?;
        // The last moment for a no.
        if is_stopped() {
            return Err(KeyFault::Stopped);
        }
        let file = places.file.clone();
        // A key that nobody knows of would only lie about; the first error is the one that matters.
        let undo = || drop(fs::remove_file(&file));
        let (_, request) = asking::ask(&KeyFile::at(&file), &password, places.kind, (wanted, now), &|_| undo())
            .map_err(KeyFault::NotMade)?;
        let application = Application::new(request, Place::File(file.clone()), now);
        return keep(room, places.request, application).inspect_err(|_| undo());
    }
    let id = places.token_of(row).map(|held| held.seen.id.clone()).ok_or(KeyFault::Changed)?;
    let (kind, goes, tokens) = (places.kind, places.request, places.tokens);
    let held = places.plugged.of_mut(&id).filter(|held| held.is_there).ok_or_else(KeyFault::gone)?;
    let pin = held.pin(typed)?;
    let token = tokens.token(&held.shown()).ok_or_else(KeyFault::gone)?;
    if is_stopped() {
        return Err(KeyFault::Stopped);
    }
    // It would only take room.
    let undo = |key: &KeyId| drop(tokens.remove(&id, &pin, key));
    let (key, request) = asking::ask(&*token, &pin, kind, (wanted, now), &undo).map_err(|error| {
        held.hear(&error);
        KeyFault::Token(error)
    })?;
    held.was_opened(&pin, room.pins, room.places);
    let place = Place::Token { token: id.clone(), key: hex::encode(key.as_bytes()) };
    let application = Application::new(request, place, now);
    keep(room, goes, application).inspect_err(|_| undo(&key))
}

/// The request is remembered, and lies where the person takes it from. Both or neither.
fn keep(room: &Room<'_>, goes: Request, application: Application) -> Result<Made, KeyFault> {
    let applications = Applications::of(room.places);
    applications.keep(&application).map_err(KeyFault::NotKept)?;
    if goes == Request::ToPage {
        return Ok(Made { application, file: None });
    }
    let file = match &application.place {
        Place::File(key) => file_place::beside(key, "csr"),
        Place::Token { token, .. } => file_place::free(room.places, &[&token.label, &application.id], "csr"),
    };
    match new_file::write_new(&file, application.request.to_pem().as_bytes()) {
        Ok(()) => Ok(Made { application, file: Some(file) }),
        Err(error) => {
            // The first error is the one that matters.
            let _ = applications.forget(&application);
            Err(KeyFault::NotWritten(error))
        }
    }
}
