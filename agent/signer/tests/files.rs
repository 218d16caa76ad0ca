//! Files that a page names: nothing is touched before the person said yes, and nothing is ever written over.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod script;

use order::{
    Delivery, Document, FailureCode, FilePurpose, FileQuery, KeyFilter, NamedKey, Outcome, PathPermission, PlaceKind,
    Readable, SignTask, SiteChoice, Task, VerifyTask,
};
use pki::DigestAlgorithm;
use script::{
    Home, PASSWORD, Script, add, agree, attached, cancel, chooses, decide, does, failure, questions, refused, said,
    sign_as, signatures,
};
use signature::cms;
use signer::window::{Consent, Event, Fit, Learns, Place, Question, Reason, What};
use std::fs;
use std::path::Path;

fn file(path: &Path) -> Document {
    Document::File(path.to_str().unwrap().to_owned())
}

fn to_folder(path: &Path, folder: &str) -> Task {
    Task::Sign(SignTask { delivery: Delivery::Folder(folder.to_owned()), ..sign_as(file(path), attached()) })
}

#[test]
fn a_named_file_is_read_only_after_a_yes_and_then_shown() {
    let mut home = Home::with_known_key();
    let contract = home.dir.path().join("Шарт.txt");
    let task = || Task::Sign(sign_as(file(&contract), attached()));
    // Not there yet: a no tells the page nothing, a yes says so.
    let mut no = Script::new(vec![cancel()]);
    assert_eq!(home.carry_out(task(), &mut no).outcome, Outcome::Cancelled);
    let mut yes = Script::new(vec![agree()]);
    let (code, detail) = failure(&home.carry_out(task(), &mut yes));
    assert_eq!(code, FailureCode::FileUnreadable);
    assert!(!detail.contains("Шарт"), "{detail}");

    fs::write(&contract, "Келісім").unwrap();
    let mut person = Script::new(vec![agree(), decide(0, PASSWORD)]);
    let done = home.carry_out(task(), &mut person);
    assert_eq!(questions(&person.seen), ["read", "sign"]);
    let Question::Consent(Consent::ReadFiles { paths }) = &person.seen.views[0].question else { panic!() };
    assert_eq!(paths, &[contract.to_str().unwrap()]);
    let Question::Sign { documents, .. } = &person.seen.views[1].question else { panic!() };
    assert!(matches!(&documents[0].what, What::Text(preview) if preview.text == "Келісім"));
    let Outcome::Signed(signed) = &done.outcome else { panic!("{done:?}") };
    assert_eq!(signed.digests, [DigestAlgorithm::Sha256.digest("Келісім".as_bytes())]);
    assert!(cms::verify(&signatures(&done)[0], None).unwrap().is_good());
}

#[test]
fn a_site_that_may_name_files_is_asked_no_more_and_its_documents_are_shown_all_the_same() {
    let mut home = Home::with_known_key();
    let contract = home.dir.path().join("a.txt");
    fs::write(&contract, "pay 100").unwrap();
    let mut person = Script::new(vec![does(|| Event::AgreeAlways), decide(0, PASSWORD)]);
    let done = home.carry_out(Task::Sign(sign_as(file(&contract), attached())), &mut person);
    assert_eq!(done.site, Some(SiteChoice::AllowPaths));
    home.paths = PathPermission::Allowed;
    let mut person = Script::new(vec![cancel()]);
    home.carry_out(Task::Sign(sign_as(file(&contract), attached())), &mut person);
    assert_eq!(questions(&person.seen), ["sign"]);
}

#[test]
fn other_computers_devices_folders_and_relative_paths_are_never_touched() {
    let mut home = Home::with_known_key();
    home.paths = PathPermission::Allowed;
    let folder = home.dir.path().to_str().unwrap().to_owned();
    let mut texts = vec!["a.txt", "", "\\\\server\\share\\a", "//./pipe/a", "../a", &folder, "/a\0b"];
    if cfg!(unix) {
        texts.extend(["/dev/zero", "/proc/self/environ", "/sys/kernel/version", "/tmp/../dev/zero"]);
    }
    for text in texts {
        let task = Task::Sign(sign_as(Document::File(text.to_owned()), attached()));
        assert_eq!(refused(&mut home, task).0, FailureCode::FileUnreadable, "{text:?}");
    }
}

#[test]
fn a_signature_goes_beside_its_document_and_over_nothing() {
    let mut home = Home::with_known_key();
    let contract = home.dir.path().join("contract.pdf");
    fs::write(&contract, "%PDF-1.7").unwrap();
    let mut paths = Vec::new();
    for _ in 0..2 {
        let mut person = Script::new(vec![agree(), agree(), decide(0, PASSWORD)]);
        let done = home.carry_out(to_folder(&contract, ""), &mut person);
        assert_eq!(questions(&person.seen), ["read", "write", "sign"]);
        let Outcome::Signed(signed) = done.outcome else { panic!("{done:?}") };
        assert!(signed.signatures.is_empty(), "the page gets the path only");
        paths.extend(signed.files);
    }
    let names: Vec<_> = paths.iter().map(|path| Path::new(path).file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, ["contract.pdf.cms", "contract.pdf (2).cms"]);
    for path in &paths {
        assert!(cms::verify(&fs::read(path).unwrap(), None).unwrap().is_good());
    }
    // Into another folder; and one that is not there is said in the window.
    let out = home.dir.path().join("out");
    let mut person = Script::new(vec![agree(), agree(), decide(0, PASSWORD), cancel()]);
    home.carry_out(to_folder(&contract, out.to_str().unwrap()), &mut person);
    assert_eq!(said(&person.seen.problems), ["error-not-written"]);
    fs::create_dir(&out).unwrap();
    let mut person = Script::new(vec![agree(), agree(), decide(0, PASSWORD)]);
    home.carry_out(to_folder(&contract, out.to_str().unwrap()), &mut person);
    assert_eq!(fs::read_dir(&out).unwrap().count(), 1);
    // Nothing was read or written for a no.
    let mut no = Script::new(vec![agree(), cancel()]);
    home.carry_out(to_folder(&contract, out.to_str().unwrap()), &mut no);
    assert_eq!(fs::read_dir(&out).unwrap().count(), 1);
}

#[test]
fn a_signature_that_stands_in_a_file_is_told_although_its_page_went_away() {
    let mut home = Home::with_known_key();
    let contract = home.dir.path().join("contract.pdf");
    fs::write(&contract, "%PDF-1.7").unwrap();
    let written = home.dir.path().join("contract.pdf.cms");
    let mut person = Script::new(vec![agree(), agree(), decide(0, PASSWORD)]);
    person.hears = Some(Box::new(move || written.exists().then_some(signer::carry_out::Input::Withdrawn)));
    let done = home.carry_out(to_folder(&contract, ""), &mut person);
    assert!(matches!(&done.outcome, Outcome::Signed(signed) if signed.files.len() == 1), "{done:?}");
    // And before: nothing is written.
    let mut person = Script::new(vec![agree(), agree(), decide(0, PASSWORD)]);
    person.hears = Some(Box::new(|| Some(signer::carry_out::Input::Withdrawn)));
    assert_eq!(home.carry_out(to_folder(&contract, ""), &mut person).outcome, Outcome::Cancelled);
    assert!(!home.dir.path().join("contract.pdf (2).cms").exists());
}

#[test]
fn the_document_inside_of_a_signature_file_is_saved_beside_it() {
    let mut home = Home::with_known_key();
    let contract = home.dir.path().join("contract.txt");
    fs::write(&contract, "pay 100").unwrap();
    let mut person = Script::new(vec![agree(), agree(), decide(0, PASSWORD)]);
    home.carry_out(to_folder(&contract, ""), &mut person);
    let signed = home.dir.path().join("contract.txt.cms");
    let extract = |folder: &str| Task::Extract { path: signed.to_str().unwrap().to_owned(), folder: folder.to_owned() };
    let mut person = Script::new(vec![agree(), agree()]);
    let done = home.carry_out(extract(""), &mut person);
    assert_eq!(questions(&person.seen), ["read", "write"]);
    let Outcome::Saved(path) = done.outcome else { panic!("{done:?}") };
    assert!(path.ends_with("contract (2).txt"), "{path}");
    assert_eq!(fs::read_to_string(path).unwrap(), "pay 100");
    let text = Task::Extract { path: contract.to_str().unwrap().to_owned(), folder: String::new() };
    let mut person = Script::new(vec![agree(), agree()]);
    assert_eq!(failure(&home.carry_out(text, &mut person)).0, FailureCode::Malformed);
}

/// A file of this name with an attached CMS in it.
fn cms_file(home: &mut Home, name: &str) -> std::path::PathBuf {
    let mut person = Script::new(vec![decide(0, PASSWORD)]);
    let done = home.carry_out(Task::Sign(sign_as(script::content(b"Exec=sh"), attached())), &mut person);
    let path = home.dir.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, &signatures(&done)[0]).unwrap();
    path
}

fn saving(path: &Path, folder: &str) -> Task {
    Task::Extract { path: path.to_str().unwrap().to_owned(), folder: folder.to_owned() }
}

#[test]
fn nothing_is_written_as_a_program_or_where_settings_lie() {
    let mut home = Home::with_known_key();
    home.paths = PathPermission::Allowed;
    for name in ["x.desktop.cms", "x.SH.p7s", "x.service.cms", ".config/autostart/x.txt.cms", ".bashrc.cms"] {
        let path = cms_file(&mut home, name);
        assert_eq!(refused(&mut home, saving(&path, "")).0, FailureCode::FileUnreadable, "{name}");
    }
    let path = cms_file(&mut home, "x.txt.cms");
    let hidden = home.dir.path().join(".ssh");
    fs::create_dir(&hidden).unwrap();
    assert_eq!(refused(&mut home, saving(&path, hidden.to_str().unwrap())).0, FailureCode::FileUnreadable);
    assert_eq!(refused(&mut home, to_folder(&path, hidden.to_str().unwrap())).0, FailureCode::FileUnreadable);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link_and_nothing_can_be_run() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let mut home = Home::with_known_key();
    let path = cms_file(&mut home, "x.txt.cms");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    let (hidden, link) = (home.dir.path().join(".ssh"), home.dir.path().join("link"));
    fs::create_dir(&hidden).unwrap();
    symlink(&hidden, &link).unwrap();
    let mut person = Script::new(vec![agree(), agree(), agree()]);
    assert_eq!(
        failure(&home.carry_out(saving(&path, link.to_str().unwrap()), &mut person)).0,
        FailureCode::FileUnreadable
    );
    assert_eq!(fs::read_dir(&hidden).unwrap().count(), 0);
    let mut person = Script::new(vec![agree(), agree()]);
    let Outcome::Saved(saved) = home.carry_out(saving(&path, ""), &mut person).outcome else { panic!() };
    assert_eq!(fs::metadata(saved).unwrap().permissions().mode() & 0o777, 0o644);
}

#[test]
fn nothing_is_saved_out_of_a_signature_that_does_not_hold() {
    let mut home = Home::with_known_key();
    let path = cms_file(&mut home, "x.txt.cms");
    let mut octets = fs::read(&path).unwrap();
    let at = octets.windows(7).position(|window| window == b"Exec=sh").unwrap();
    octets[at] = b'e';
    fs::write(&path, octets).unwrap();
    let mut person = Script::new(vec![agree(), agree()]);
    assert_eq!(failure(&home.carry_out(saving(&path, ""), &mut person)).0, FailureCode::Malformed);
    assert!(!home.dir.path().join("x.txt").exists());
}

#[test]
fn a_site_that_may_name_files_looks_into_none_unseen() {
    let mut home = Home::with_known_key();
    home.paths = PathPermission::Allowed;
    let missing = home.dir.path().join("missing.cms");
    let cms = Readable::File(missing.to_str().unwrap().to_owned());
    let mut person = Script::new(vec![cancel()]);
    let task = Task::Verify(VerifyTask::Cms { cms, document: None });
    assert_eq!(home.carry_out(task, &mut person).outcome, Outcome::Cancelled);
    assert_eq!(questions(&person.seen), ["read"]);
    let mut person = Script::new(vec![cancel()]);
    assert_eq!(home.carry_out(saving(&missing, ""), &mut person).outcome, Outcome::Cancelled);
    assert_eq!(questions(&person.seen), ["read"]);
}

#[test]
fn always_to_what_is_read_is_no_yes_to_where_it_is_written_and_loses_no_other_choice() {
    let mut home = Home::with_known_key();
    let contract = home.dir.path().join("contract.pdf");
    fs::write(&contract, "%PDF-1.7").unwrap();
    let mut person = Script::new(vec![does(|| Event::AgreeAlways), agree(), does(|| Event::AllowSite), cancel()]);
    let done = home.carry_out(to_folder(&contract, ""), &mut person);
    assert_eq!(questions(&person.seen), ["read", "write", "sign"]);
    assert_eq!(done.site, Some(SiteChoice::AllowBoth));
}

#[test]
fn a_signature_in_a_file_is_checked_against_the_document_in_another() {
    let mut home = Home::with_known_key();
    let contract = home.dir.path().join("contract.txt");
    fs::write(&contract, "pay 100").unwrap();
    let mut person = Script::new(vec![agree(), agree(), decide(0, PASSWORD)]);
    home.carry_out(to_folder(&contract, ""), &mut person);
    let cms = Readable::File(home.dir.path().join("contract.txt.cms").to_str().unwrap().to_owned());
    let document = Some(Readable::File(contract.to_str().unwrap().to_owned()));
    let task = Task::Verify(VerifyTask::Cms { cms, document });
    let mut person = Script::new(vec![agree()]);
    let Outcome::Verified(checks) = home.carry_out(task.clone(), &mut person).outcome else { panic!() };
    assert!(checks[0].is_good, "{checks:?}");
    assert_eq!(questions(&person.seen), ["read"]);
    fs::write(&contract, "pay 900").unwrap();
    let mut person = Script::new(vec![agree()]);
    let Outcome::Verified(checks) = home.carry_out(task, &mut person).outcome else { panic!() };
    assert!(!checks[0].is_good && !checks[0].detail.is_empty(), "{checks:?}");
}

fn named(place: &str, alias: &str) -> KeyFilter {
    let named = NamedKey { place: place.to_owned(), alias: alias.to_owned(), kind: PlaceKind::File };
    KeyFilter { named: Some(named), ..KeyFilter::default() }
}

#[test]
fn a_key_that_the_page_names_comes_first_and_is_the_only_one_that_fits() {
    let mut home = Home::with_known_key();
    let other = Home::new();
    let second = home.dir.path().join("GOST512_second.p12");
    fs::copy(&other.key, &second).unwrap();
    let task = |place: &str| {
        let filter = named(place, "");
        Task::Sign(SignTask { filter, ..sign_as(script::content(b"x"), attached()) })
    };
    let mut person = Script::new(vec![agree(), decide(0, PASSWORD), cancel()]);
    home.carry_out(task(second.to_str().unwrap()), &mut person);
    assert_eq!(questions(&person.seen), ["read", "sign"]);
    let rows = &person.seen.views[1].keys;
    assert_eq!((&rows[0].place, &rows[0].fit), (&Place::File(second), &Fit::Locked));
    assert_eq!(rows[1].fit, Fit::Unfit(vec![Reason::NotThisKey]));
    // Once it was opened it is known; the other authority is not one that counts here.
    assert!(person.seen.keys.iter().any(|row| row.fit == Fit::Unfit(vec![Reason::IssuerUnknown])));

    // Its alias chooses among the keys of a file.
    let own = home.key.to_str().unwrap().to_owned();
    for (alias, fits) in
        [(hex::encode_upper(home.certificate.subject_key_identifier().unwrap()), true), ("ab".into(), false)]
    {
        let mut person = Script::new(vec![agree(), cancel()]);
        home.carry_out(Task::ShowKey(named(&own, &alias)), &mut person);
        let row = person.seen.keys.iter().find(|row| row.place == Place::File(home.key.clone())).unwrap();
        assert_eq!(row.fit == Fit::Fits, fits, "{alias}: {:?}", row.fit);
    }
}

#[test]
fn a_named_key_file_that_is_not_there_is_said_in_the_window() {
    let mut home = Home::with_known_key();
    let missing = home.dir.path().join("missing.p12");
    let mut person = Script::new(vec![agree(), add(&missing), cancel()]);
    let done = home.carry_out(Task::ShowKey(named(missing.to_str().unwrap(), "")), &mut person);
    assert_eq!(done.outcome, Outcome::Cancelled);
    assert_eq!(person.seen.views[1].keys[0].fit, Fit::Unfit(vec![Reason::FileMissing]));
    assert_eq!(refused(&mut home, Task::ShowKey(named("key.p12", ""))).0, FailureCode::FileUnreadable);
}

#[test]
fn the_person_chooses_a_file_and_the_page_learns_its_path() {
    let mut home = Home::new();
    let chosen = home.key.clone();
    let query = |folder: &str| FileQuery {
        extension: "P12".to_owned(),
        folder: folder.to_owned(),
        purpose: FilePurpose::KeyFile,
    };
    let mut person = Script::new(vec![chooses(&chosen)]);
    let done = home.carry_out(Task::ChooseFile(query("\\\\server\\share")), &mut person);
    assert_eq!(done.outcome, Outcome::FileChosen(chosen.to_str().unwrap().to_owned()));
    let Question::ChooseFile { folder, extension, learns: Learns::Path } = &person.seen.views[0].question else {
        panic!()
    };
    assert_eq!((folder.as_os_str().len(), extension.as_str()), (0, "P12"), "another computer is not visited");
    let mut person = Script::new(vec![cancel()]);
    assert_eq!(home.carry_out(Task::ChooseFile(query("")), &mut person).outcome, Outcome::Cancelled);
}

#[test]
fn a_site_can_be_blocked_in_every_window_and_after_its_page_went_away() {
    let mut home = Home::with_known_key();
    let contract = home.dir.path().join("a.txt");
    let mut person = Script::new(vec![does(|| Event::BlockSite)]);
    let done = home.carry_out(Task::Sign(sign_as(file(&contract), attached())), &mut person);
    assert_eq!((done.outcome, done.site), (Outcome::Cancelled, Some(SiteChoice::Block)));
    for (farewell, site) in [
        (vec![signer::carry_out::Input::Window(Event::BlockSite)], Some(SiteChoice::Block)),
        (vec![signer::carry_out::Input::Waiting(1), signer::carry_out::Input::Gone], None),
        (vec![], None),
    ] {
        let mut person = Script::new(vec![Box::new(|_| signer::carry_out::Input::Withdrawn)]);
        person.farewell.extend(farewell);
        let done = home.carry_out(Task::Sign(sign_as(file(&contract), attached())), &mut person);
        assert!(person.seen.page_gone);
        assert_eq!((done.outcome, done.site), (Outcome::Cancelled, site));
    }
}
