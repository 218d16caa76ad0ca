//! A person takes care of a key that lies in a file: brings it into the list, gives it another password, has it copied.
//!
//! What the file is asked for first is the password that it has. It stays here, in the type that wipes itself, until the
//! window of the new one is decided, and goes nowhere else.

use super::super::{
    Room,
    choice::{Asked, Decided, List, choose},
    errand::{End, Errand},
    keys::{KeyFault, Place, password},
    new_file_place,
    new_key::row,
    one_place::OnePlace,
};
use crate::{
    fitness::is_test,
    key_file,
    life::{
        backup::{self, Copied, Kind},
        password_rule::fits_the_rule_of_the_nca,
        reseal::{self, Keep},
    },
    window::{
        Busy, Care, Detail, Fit, KeyKind, KeyRow, Looking, PasswordState, Place as Shown, Question, Report, RowId,
        Sentence, Value,
    },
};
use keystore::{Layout, OsEntropy, Password, Relayout, pkcs11::Snapshot, pkcs12::Iterations};
use pki::Certificate;
use std::path::{Path, PathBuf};

/// The one row.
const FILE: RowId = RowId(0);

/// A key file that its password has opened.
struct Opened {
    path: PathBuf,
    password: Password,
    certificates: Vec<Certificate>,
}

/// The file comes into the list, with the certificates of its keys.
pub(super) fn add(errand: &mut Errand<'_, '_>, file: &Path) -> Result<(), End> {
    ask_present(errand, file, Care::Add, Busy::Opening, &mut |room, opened| {
        room.known.remember(&opened.path, opened.certificates).map_err(|error| KeyFault::NotListed(error.to_string()))
    })
}

/// The file gets another password.
pub(super) fn change_password(errand: &mut Errand<'_, '_>, file: &Path) -> Result<(), End> {
    loop {
        let opened = open(errand, file, Care::Change)?;
        let place = NewSecret { path: opened.path.clone(), is_new: false, is_test: of_test_key(errand.room, &opened) };
        let done = ask_new(errand, place, Care::Renew, &mut |_, new| {
            if new.expose() == opened.password.expose() {
                return Err(KeyFault::SamePassword);
            }
            reseal::change_password(&opened.path, &opened.password, new, Keep::Nothing, &OsEntropy)
                .map(|done| (done, fits_the_rule_of_the_nca(new.expose())))
                .map_err(KeyFault::Resealing)
        });
        match done {
            Err(End::Back) => {}
            done => {
                let (done, fits) = done?;
                let mut next = vec![Sentence::new("own-password-elsewhere")];
                next.extend((!fits).then(|| Sentence::new("keys-password-rule")));
                next.extend(renamed(done.resealed.renamed.as_deref()));
                errand.report(report("own-password-done", &opened.certificates, next, ("own-care-file", done.path)));
                return Ok(());
            }
        }
    }
}

/// The file is copied to a place of the person's choice, under a password of the copy's own.
pub(super) fn back_up(errand: &mut Errand<'_, '_>, file: &Path) -> Result<(), End> {
    loop {
        let opened = open(errand, file, Care::BackUp)?;
        let name = backup::name_of(opened.certificates.first(), errand.room.now(), "p12");
        let path = new_file_place::proposed(errand.room.places, &name);
        let place = NewSecret { path: path.clone(), is_new: true, is_test: of_test_key(errand.room, &opened) };
        let now = errand.room.now();
        let done = ask_new(errand, place, Care::Backup { file: path }, &mut |to, new| {
            let kind = Kind::Anew { password: new, iterations: Iterations::RECOMMENDED };
            backup::back_up(&opened.path, &opened.password, to, &kind, now, &OsEntropy)
                .map(|copied| (copied, fits_the_rule_of_the_nca(new.expose())))
                .map_err(KeyFault::Resealing)
        });
        match done {
            Err(End::Back) => {}
            done => {
                let (Copied { path, certificates, .. }, fits) = done?;
                let mut next = vec![Sentence::new("own-backup-next")];
                next.extend((!fits).then(|| Sentence::new("keys-password-rule")));
                errand.report(report("own-backup-done", &certificates, next, ("own-backup-file", path)));
                return Ok(());
            }
        }
    }
}

/// A file with today's protection is made beside the old one, under the same password.
pub(super) fn modernise(errand: &mut Errand<'_, '_>, file: &Path) -> Result<(), End> {
    let (opened, done) = ask_present(errand, file, Care::Modernise, Busy::Writing, &mut |_, opened| {
        let to = new_file_place::beside(&opened.path.with_extension("modern.p12"), "p12");
        let relayout = Relayout::Into(Layout::Modern(Iterations::RECOMMENDED));
        let done = reseal::rewrap(&opened.path, &to, &opened.password, &opened.password, relayout, &OsEntropy)
            .map_err(KeyFault::Resealing)?;
        Ok((opened, done))
    })?;
    let mut next = vec![Sentence::new("own-modern-next")];
    next.extend(renamed(done.resealed.renamed.as_deref()));
    errand.report(report("own-modern-done", &opened.certificates, next, ("own-modern-file", done.path)));
    Ok(())
}

/// The window in which the file's present password is asked for.
fn open(errand: &mut Errand<'_, '_>, file: &Path, care: Care) -> Result<Opened, End> {
    ask_present(errand, file, care, Busy::Opening, &mut |_, opened| Ok(opened))
}

/// The same, with something that is done at once while the window is open.
fn ask_present<T>(
    errand: &mut Errand<'_, '_>,
    file: &Path,
    care: Care,
    busy: Busy,
    act: &mut dyn FnMut(&mut Room<'_>, Opened) -> Result<T, KeyFault>,
) -> Result<T, End> {
    let known = errand.room.known.files().iter().find(|known| known.path == file);
    let measure = errand.room.measure();
    let is_test = known.is_some_and(|known| known.certificates.iter().any(|one| is_test(one, &measure)));
    let place = OnePlace::new(Place::File(file.to_owned()), is_test, errand.room.tokens, busy);
    let asked = |_: &OnePlace<'_>| Asked { question: Question::Care(care), warnings: Vec::new(), logo: None };
    choose(errand, |_| place, asked, &mut |room, decided| {
        let Decided { list, secret, is_stopped, .. } = decided;
        let opened = match list.place() {
            Place::File(path) => opened(path, secret),
            Place::Token(_) => Err(KeyFault::Changed),
        };
        opened.and_then(|opened| if is_stopped() { Err(KeyFault::Stopped) } else { act(room, opened) }).into()
    })
}

fn opened(path: &Path, typed: &crate::window::SecretText) -> Result<Opened, KeyFault> {
    let password = password(typed)?;
    let store = key_file::open(path, &password)?;
    let certificates: Vec<_> = store.list().iter().filter_map(|key| key.certificate.clone()).collect();
    Ok(Opened { path: path.to_owned(), password, certificates })
}

/// The window in which a new password is typed twice. `act` gets the place and the password.
fn ask_new<T>(
    errand: &mut Errand<'_, '_>,
    place: NewSecret,
    care: Care,
    act: &mut dyn FnMut(&Path, &Password) -> Result<T, KeyFault>,
) -> Result<T, End> {
    let asked = |_: &NewSecret| Asked { question: Question::Care(care), warnings: Vec::new(), logo: None };
    choose(errand, |_| place, asked, &mut |_, decided: Decided<'_, NewSecret>| {
        let Decided { list, secret, is_stopped, .. } = decided;
        let new = if secret.is_empty() { Err(KeyFault::NoPassword) } else { Ok(()) };
        new.and_then(|()| Ok(password(secret)?))
            .and_then(|new| if is_stopped() { Err(KeyFault::Stopped) } else { act(&list.path, &new) })
            .into()
    })
}

/// A file that gets a password.
struct NewSecret {
    path: PathBuf,
    /// It is made, and can be made elsewhere.
    is_new: bool,
    is_test: bool,
}

impl List for NewSecret {
    fn rows(&self) -> Vec<KeyRow> {
        let path = self.path.clone();
        let place = if self.is_new { Shown::NewFile(path) } else { Shown::File(path) };
        let kind = if self.is_test { KeyKind::Test } else { KeyKind::Real };
        vec![KeyRow { kind, ..row(FILE, place, Fit::Fits, PasswordState::New) }]
    }

    fn looking(&self) -> Looking {
        Looking::Done
    }

    fn refresh(&mut self, _: Snapshot) {}

    /// Another place for what is made; in a folder, under the name that was proposed.
    fn take_file(&mut self, path: &Path) -> Result<RowId, KeyFault> {
        if self.is_new {
            let path = match self.path.file_name() {
                Some(name) if path.is_dir() => std::path::absolute(path).unwrap_or(path.to_owned()).join(name),
                _ => new_file_place::meant(path),
            };
            self.path = new_file_place::free_for_new(path)?;
        }
        Ok(FILE)
    }

    fn busy(&self, _: RowId) -> Busy {
        Busy::Writing
    }
}

fn of_test_key(room: &Room<'_>, opened: &Opened) -> bool {
    let measure = room.measure();
    opened.certificates.iter().any(|one| is_test(one, &measure))
}

/// Scripts and old programs may ask for the key by the name that the file had for it.
fn renamed(name: Option<&str>) -> Option<Sentence> {
    name.map(|name| Sentence::new("life-renamed").with("name", name))
}

fn report(
    done: &'static str,
    of: &[Certificate],
    next: Vec<Sentence>,
    (label, file): (&'static str, PathBuf),
) -> Report {
    let said = |label, value: String| Detail { label, values: vec![Value::Text(value)] };
    let details = of.iter().flat_map(|one| {
        [
            said("window-detail-name", one.holder().name.clone()),
            said("window-detail-until", one.not_after().date().to_string()),
        ]
    });
    Report { done, details: details.collect(), next, file: Some((label, file)), go_on: None, undo: None }
}
