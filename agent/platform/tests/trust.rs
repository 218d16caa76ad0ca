//! The leaf in real NSS databases, made by the real `certutil` below a home folder of the test's own.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tanba_platform::trust::{Leaf, Standing, SystemTrust, TrustStores};

/// Two self-signed leaves of the same kind.
const LEAF: Leaf<'_> = Leaf { nickname: "Tanba 127.0.0.1 test-1", der: include_bytes!("leaf-1.der") };
const OTHER: Leaf<'_> = Leaf { nickname: "Tanba 127.0.0.1 test-2", der: include_bytes!("leaf-2.der") };

struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    /// `None`, with a line that says so, where the tool is not installed.
    fn new() -> Option<Self> {
        if Command::new("certutil").arg("-H").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
            println!("NOT RUN: certutil (libnss3-tools) is not here");
            return None;
        }
        Some(Self { folder: tempfile::tempdir().unwrap() })
    }

    fn trust(&self) -> SystemTrust {
        SystemTrust::below(self.folder.path().to_owned())
    }

    fn database(&self, place: &str, password: &str) -> PathBuf {
        let path = self.folder.path().join(place);
        std::fs::create_dir_all(&path).unwrap();
        let file = self.folder.path().join("password");
        std::fs::write(&file, password).unwrap();
        let mut command = Command::new("certutil");
        command.args(["-N", "-d"]).arg(format!("sql:{}", path.display()));
        if password.is_empty() {
            command.arg("--empty-password");
        } else {
            command.arg("-f").arg(&file);
        }
        assert!(command.status().unwrap().success());
        path
    }
}

fn list(database: &Path) -> String {
    let output =
        Command::new("certutil").args(["-L", "-d"]).arg(format!("sql:{}", database.display())).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_home_without_any_database_gets_chromiums() {
    let Some(home) = Home::new() else { return };
    assert_eq!(home.trust().status(LEAF).unwrap(), []);
    let stores = home.trust().install(LEAF).unwrap();
    let [store] = stores.as_slice() else { panic!("{stores:?}") };
    assert_eq!(store.path, home.folder.path().join(".pki/nssdb"));
    assert_eq!((store.browser, &store.standing), ("Chromium", &Standing::Trusted));
    let line = list(&store.path).lines().find(|line| line.starts_with(LEAF.nickname)).unwrap().to_owned();
    assert!(line.trim_end().ends_with(" CP,,"), "{line}");
}

#[test]
fn every_browsers_database_is_found_and_served() {
    let Some(home) = Home::new() else { return };
    let places = [
        ".pki/nssdb",
        ".mozilla/firefox/abc.default",
        ".config/mozilla/firefox/new.default",
        "snap/firefox/common/.mozilla/firefox/snap.default",
        ".var/app/org.mozilla.firefox/.mozilla/firefox/flat.default",
        ".var/app/org.mozilla.firefox/config/mozilla/firefox/flat.new",
    ];
    for place in places {
        home.database(place, "");
    }
    let stores = home.trust().install(LEAF).unwrap();
    assert_eq!(stores.len(), places.len());
    for place in places {
        let store = stores.iter().find(|store| store.path == home.folder.path().join(place)).expect(place);
        assert_eq!(store.standing, Standing::Trusted, "{place}");
    }
}

#[test]
fn a_link_to_the_same_database_is_served_once() {
    let Some(home) = Home::new() else { return };
    home.database("snap/chromium/2000/.pki/nssdb", "");
    std::os::unix::fs::symlink("2000", home.folder.path().join("snap/chromium/current")).unwrap();
    std::os::unix::fs::symlink("2000", home.folder.path().join("snap/chromium/common")).unwrap();
    assert_eq!(home.trust().status(LEAF).unwrap().len(), 1);
}

#[test]
fn chromiums_second_place_is_used_when_the_first_is_not_there_and_the_first_is_not_made() {
    let Some(home) = Home::new() else { return };
    let second = home.database(".local/share/pki/nssdb", "");
    let stores = home.trust().install(LEAF).unwrap();
    assert_eq!(stores.iter().map(|store| store.path.clone()).collect::<Vec<_>>(), [second]);
    assert!(!home.folder.path().join(".pki").exists());
}

#[test]
fn installing_twice_is_installing_once_and_removing_takes_only_this_leaf() {
    let Some(home) = Home::new() else { return };
    for _ in 0..2 {
        home.trust().install(LEAF).unwrap();
        home.trust().install(OTHER).unwrap();
    }
    let removed = home.trust().remove(LEAF).unwrap();
    assert_eq!(removed[0].standing, Standing::Absent);
    assert_eq!(home.trust().status(OTHER).unwrap()[0].standing, Standing::Trusted);
    assert_eq!(home.trust().remove(LEAF).unwrap()[0].standing, Standing::Absent);
}

#[test]
fn another_certificate_under_our_name_is_neither_trusted_nor_removed() {
    let Some(home) = Home::new() else { return };
    let database = home.trust().install(OTHER).unwrap()[0].path.clone();
    let impostor = Leaf { nickname: OTHER.nickname, der: LEAF.der };
    assert_eq!(home.trust().status(impostor).unwrap()[0].standing, Standing::Absent);
    home.trust().remove(impostor).unwrap();
    assert!(list(&database).contains(OTHER.nickname));
}

#[test]
fn a_database_with_a_password_is_left_as_it_was_and_said_to_be_locked() {
    let Some(home) = Home::new() else { return };
    let locked = home.database(".mozilla/firefox/locked", "correct horse");
    let before = list(&locked);
    let stores = home.trust().install(LEAF).unwrap();
    let store = stores.iter().find(|store| store.path == locked).unwrap();
    assert_eq!(store.standing, Standing::Locked);
    assert_eq!(list(&locked), before);
    assert!(home.trust().is_locked(&locked).unwrap());
    assert!(!home.trust().is_locked(&home.folder.path().join(".pki/nssdb")).unwrap());
    assert!(stores.iter().any(|store| store.standing == Standing::Trusted), "the others are served: {stores:?}");
}

#[test]
fn a_broken_database_does_not_hinder_the_next() {
    let Some(home) = Home::new() else { return };
    let broken = home.folder.path().join(".mozilla/firefox/broken");
    std::fs::create_dir_all(&broken).unwrap();
    std::fs::write(broken.join("cert9.db"), "this is no database").unwrap();
    let stores = home.trust().install(LEAF).unwrap();
    assert!(matches!(stores.iter().find(|store| store.path == broken).unwrap().standing, Standing::Unusable(_)));
    assert!(stores.iter().any(|store| store.standing == Standing::Trusted));
}

#[test]
fn what_vouches_for_web_sites_is_found_with_its_store_and_taken_out_alone() {
    let Some(home) = Home::new() else { return };
    home.database(".mozilla/firefox/a", "");
    home.trust().install(LEAF).unwrap();
    let found = home.trust().vouching().unwrap();
    assert_eq!(found.len(), 2, "{found:?}");
    let one = found.iter().find(|one| one.browser == "Firefox").unwrap();
    assert_eq!((one.nickname.as_str(), one.der.as_slice()), (LEAF.nickname, LEAF.der));
    home.trust().take_out(one).unwrap();
    home.trust().take_out(one).unwrap();
    let left = home.trust().vouching().unwrap();
    assert_eq!(left.iter().map(|one| one.browser).collect::<Vec<_>>(), ["Chromium"]);
}
