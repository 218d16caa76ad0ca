//! The person's keys: in files that were used, and on tokens that are plugged in.

use super::super::certificate_view;
use super::{Context, MainAction, MainPage, MainRow, clean, facts, say, shown};
use crate::{
    carry_out::Wish,
    commands::libraries,
    fitness::{Measure, is_test},
    key_file,
    known_keys::{KnownFile, KnownKeys},
    life::standing::{days_left, is_soon},
    new_file,
    tokens::name_of,
    window::Tone,
};
use keystore::pkcs11::Snapshot;
use pki::{Certificate, Timestamp, Validity};
use std::path::{Path, PathBuf};
use texts::Value;

/// What is done with a key file in windows of its own.
const CARE: [(&str, &str); 3] =
    [("password", "main-keys-password"), ("backup", "main-keys-backup"), ("modernise", "main-keys-modernise")];

/// The name of a row: the same certificate may lie in two files, and each of them is another row. `None` where nothing is
/// known of what is in the file.
fn row_of(path: &Path, certificate: Option<&Certificate>) -> String {
    let serial = certificate.map(|one| one.serial().to_hex()).unwrap_or_default();
    format!("file:{serial}:{}", path.display())
}

/// The wish behind a button of a key file's row.
pub(super) fn wish(action: &str, path: PathBuf) -> Option<Wish> {
    match action {
        "read" => Some(Wish::Add(path)),
        "password" => Some(Wish::ChangePassword(path)),
        "backup" => Some(Wish::BackUp(path)),
        "modernise" => Some(Wish::Modernise(path)),
        _ => None,
    }
}

/// The key file of a row.
pub(super) fn file_of(context: &Context, row: &str) -> Option<PathBuf> {
    found(&context.known_keys().ok()?, row).map(|file| file.path.clone())
}

fn found<'k>(known: &'k KnownKeys, row: &str) -> Option<&'k KnownFile> {
    known.files().iter().find(|file| {
        file.certificates.iter().any(|one| row_of(&file.path, Some(one)) == row) || row_of(&file.path, None) == row
    })
}

/// Whether what was dropped is meant to be a key file, by its name.
pub(super) fn is_named_as_key(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default();
    ["p12", "pfx", "jks"].iter().any(|own| ending.eq_ignore_ascii_case(own))
}

/// Whether a file can be brought into the list.
///
/// # Errors
/// Why not, in words.
pub(super) fn check(context: &Context, path: &Path) -> Result<Wish, String> {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    match key_file::check(&path) {
        Ok(()) => Ok(Wish::Add(path)),
        Err(error) => Err(format!("{}: {}", clean(&shown(&path)), say(&context.texts, &error.sentence()))),
    }
}

pub(super) fn fill(page: &mut MainPage, context: &Context, on_tokens: &Snapshot) {
    let text = |id: &str| context.texts.text(id);
    page.explanation = text("main-keys-explained");
    page.empty = text("main-keys-none");
    page.actions = vec![
        MainAction::new("add", text("main-keys-add")),
        MainAction::new("request", text("main-keys-request")),
        MainAction::new("import", text("main-keys-import")),
        MainAction::new("lost", text("main-keys-lost")),
    ];
    let measure = context.measure();
    let known = match context.known_keys() {
        Ok(known) => known,
        Err(error) => {
            page.empty = error.to_string();
            return;
        }
    };
    for file in known.files() {
        let is_there = file.path.is_file();
        if file.certificates.is_empty() {
            page.rows.push(MainRow {
                id: row_of(&file.path, None),
                title: clean(&shown(&file.path)),
                details: text("main-keys-unread"),
                facts: facts(context, &[("main-fact-file", file.path.display().to_string())]),
                actions: [("read", "main-keys-read"), ("forget", "main-keys-forget")]
                    .map(|(action, id)| MainAction::new(action, text(id)))
                    .to_vec(),
                ..MainRow::default()
            });
        }
        for certificate in &file.certificates {
            let mut row = row(context, certificate, &measure, &shown(&file.path));
            row.id = row_of(&file.path, Some(certificate));
            row.facts.extend(facts(context, &[("main-fact-file", file.path.display().to_string())]));
            if is_there {
                row.actions.extend(CARE.map(|(action, id)| MainAction::new(action, text(id))));
            } else {
                row.notes.insert(0, text("main-keys-file-missing"));
                row.tone = Tone::Bad;
            }
            row.actions.push(MainAction::new("forget", text("main-keys-forget")));
            page.rows.push(row);
        }
    }
    for token in &on_tokens.tokens {
        let name = name_of(&token.id);
        for certificate in token.keys.iter().filter_map(|key| key.certificate.as_ref()) {
            let place = context.texts.format("window-token", &[("label", Value::Text(&clean(&token.id.label)))]);
            let mut row = row(context, certificate, &measure, &place);
            // The same certificate may lie in a file too.
            row.id = format!("token:{}:{}", token.id.serial, row.id);
            row.facts.extend(facts(
                context,
                &[("main-fact-token", name.clone()), ("main-fact-reader", token.reader.clone())],
            ));
            page.rows.push(row);
        }
    }
    for fault in &on_tokens.faults {
        page.rows.push(MainRow {
            id: format!("library:{}", fault.path.display()),
            title: clean(&libraries::vendor(context, &fault.vendor)),
            details: say(&context.texts, &crate::libraries::fault(&fault.fault)),
            badge: text("main-keys-no-token"),
            tone: Tone::Bad,
            facts: facts(context, &[("main-fact-library", fault.path.display().to_string())]),
            ..MainRow::default()
        });
    }
}

fn row(context: &Context, certificate: &Certificate, measure: &Measure, place: &str) -> MainRow {
    let text = |id: &str| context.texts.text(id);
    let holder = certificate.holder();
    let days = days_left(certificate, measure.now);
    let mut notes = Vec::new();
    let blocked = measure.blocked.find(certificate);
    let (badge, tone) = match (certificate.validity_at(measure.now), blocked) {
        (_, Some(blocked)) => {
            let since = Timestamp::from_unix(blocked.since).date().to_string();
            let serial = certificate.serial().to_hex();
            let said = [("since", Value::Text(&since)), ("serial", Value::Text(&serial))];
            notes.push(context.say("main-keys-blocked-since", &said));
            (text("main-keys-blocked"), Tone::Bad)
        }
        (Validity::Expired, None) => {
            notes.push(text("main-keys-expired-next"));
            (text("main-keys-expired"), Tone::Bad)
        }
        (Validity::NotYet, None) => (text("main-keys-not-yet"), Tone::Warning),
        (Validity::Current, None) => {
            let days = days.unwrap_or(0);
            let is_soon = is_soon(days);
            if is_soon {
                notes.push(text("main-keys-ends-soon"));
            }
            let badge = context.texts.format("main-keys-days", &[("days", Value::Count(days))]);
            (badge, if is_soon { Tone::Warning } else { Tone::Good })
        }
    };
    if is_test(certificate, measure) {
        notes.push(text("main-keys-test"));
    }
    let mut details: Vec<String> = Vec::new();
    details.extend(holder.organisation.as_deref().map(clean));
    details.extend(certificate_view::purpose(certificate).map(text));
    details.push(certificate_view::algorithm(context, certificate.public_key()));
    details.push(clean(place));
    let from_to = format!("{} – {}", certificate.not_before().date(), certificate.not_after().date());
    MainRow {
        id: certificate.serial().to_hex(),
        title: clean(&holder.name),
        details: details.join(" · "),
        badge,
        tone,
        left: share_left(certificate, measure.now),
        notes,
        facts: facts(
            context,
            &[
                ("main-fact-name", holder.name.clone()),
                ("main-fact-iin", holder.iin.as_ref().map(ToString::to_string).unwrap_or_default()),
                ("main-fact-organisation", holder.organisation.clone().unwrap_or_default()),
                ("main-fact-bin", holder.bin.as_ref().map(ToString::to_string).unwrap_or_default()),
                ("main-fact-valid", from_to),
                ("main-fact-serial", certificate.serial().to_hex()),
                ("main-fact-issuer", certificate.issuer().common_name().unwrap_or_default().to_owned()),
            ],
        ),
        field: None,
        actions: vec![MainAction::new("export", text("main-keys-export"))],
    }
}

/// How much of its time a certificate still has, in hundredths.
fn share_left(certificate: &Certificate, now: Timestamp) -> Option<u8> {
    let (from, to) = (certificate.not_before().as_unix(), certificate.not_after().as_unix());
    let (whole, left) = (to.checked_sub(from)?, to.checked_sub(now.as_unix())?);
    if whole <= 0 || left <= 0 {
        return None;
    }
    u8::try_from((i128::from(left) * 100 / i128::from(whole)).clamp(0, 100)).ok()
}

/// The certificate of a row.
fn find(context: &Context, on_tokens: &Snapshot, row: &str) -> Option<Certificate> {
    let is_it = |certificate: &&Certificate| row.ends_with(&format!(":{}", certificate.serial().to_hex()));
    // Those on tokens are there also where the list of files cannot be read.
    let known = context.known_keys().ok();
    let in_file = known
        .as_ref()
        .and_then(|known| found(known, row))
        .and_then(|file| file.certificates.iter().find(|one| row_of(&file.path, Some(one)) == row).cloned());
    in_file.or_else(|| {
        let on_token = on_tokens.tokens.iter().flat_map(|token| token.keys.iter());
        on_token.filter_map(|key| key.certificate.as_ref()).find(is_it).cloned()
    })
}

/// Writes the certificate of a row to a file of the person's.
pub(super) fn export(context: &Context, on_tokens: &Snapshot, row: &str) -> Result<String, String> {
    let certificate = find(context, on_tokens, row).ok_or_else(|| context.texts.text("main-gone"))?;
    let serial: String = certificate.serial().to_hex().chars().take(8).collect();
    let file = crate::carry_out::free_file(&context.places, &[&certificate.holder().name, &serial], "cer");
    new_file::write_new(&file, certificate.der())
        .map_err(|error| context.say("main-not-written", &[("what", Value::Text(&error.to_string()))]))?;
    Ok(context.say("main-keys-exported", &[("file", Value::Text(&file.display().to_string()))]))
}

/// A file that was taken off the list.
pub(super) struct Forgotten {
    path: PathBuf,
    certificates: Vec<Certificate>,
}

impl Forgotten {
    pub(super) fn shown(&self) -> String {
        clean(&shown(&self.path))
    }

    /// Puts it back.
    pub(super) fn take_back(self, context: &Context) -> Result<String, String> {
        let mut known = context.known_keys().map_err(|error| error.to_string())?;
        known.remember(&self.path, self.certificates).map_err(|error| error.to_string())?;
        Ok(context.say("main-remembered", &[("file", Value::Text(&clean(&shown(&self.path))))]))
    }
}

/// Takes the file of a row off the list. The file itself stays where it is.
pub(super) fn forget(context: &Context, row: &str) -> Result<Forgotten, String> {
    let mut known = context.known_keys().map_err(|error| error.to_string())?;
    let file = found(&known, row).cloned().ok_or_else(|| context.texts.text("main-gone"))?;
    known.forget(&file.path).map_err(|error| error.to_string())?;
    Ok(Forgotten { path: file.path, certificates: file.certificates })
}

#[cfg(test)]
mod tests {
    use super::*;
    use keystore::{Password, demo};

    #[test]
    fn one_certificate_in_two_files_is_two_rows_and_each_leads_to_its_own_file() {
        let folder = tempfile::tempdir().unwrap();
        let now = Timestamp::from_unix(1_795_435_200);
        let one = demo::make(now, &Password::new("x".to_owned()).unwrap()).unwrap().certificate;
        let mut known = KnownKeys::load(&folder.path().join("keys.json")).unwrap();
        let paths = ["a.p12", "b.p12", "c.p12"].map(|name| folder.path().join(name));
        known.remember(&paths[0], vec![one.clone()]).unwrap();
        known.remember(&paths[1], vec![one.clone()]).unwrap();
        known.remember(&paths[2], Vec::new()).unwrap();
        let of = |row: &str| found(&known, row).map(|file| file.path.clone());
        for path in &paths[..2] {
            assert_eq!(of(&row_of(path, Some(&one))).as_ref(), Some(path));
        }
        assert_eq!(of(&row_of(&paths[2], None)).as_ref(), Some(&paths[2]));
        assert_eq!(of(&row_of(&folder.path().join("d.p12"), Some(&one))), None);
        assert!(is_named_as_key(Path::new("/a/GOST.P12")) && !is_named_as_key(Path::new("/a/p12")));
    }

    #[test]
    fn what_is_left_of_a_certificate_is_a_share_of_its_time() {
        let from = Timestamp::from_unix(1_795_435_200);
        let one = demo::make(from, &Password::new("x".to_owned()).unwrap()).unwrap().certificate;
        assert_eq!(share_left(&one, from), Some(100));
        assert_eq!(share_left(&one, one.not_after().plus_days(-1)), Some(0));
        assert_eq!(share_left(&one, one.not_after()), None);
        assert_eq!(share_left(&one, one.not_after().plus_days(4000)), None);
        assert!(share_left(&one, from.plus_days(183)).is_some_and(|left| (49..=50).contains(&left)));
    }
}
