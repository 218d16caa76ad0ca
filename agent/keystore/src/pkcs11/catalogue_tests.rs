//! Tests of the catalogue: our own file, and those that are added.

use super::*;
use crate::pkcs11::TOKEN_STORAGES;
use std::collections::BTreeSet;

fn entries(text: &str) -> Result<Vec<Entry>, CatalogueError> {
    parse(text, Path::new("/etc/tanba/tokens.toml"), &Origin::BuiltIn)
}

fn wrong(text: &str) -> (usize, String) {
    match entries(text) {
        Err(CatalogueError::Malformed { line, what, .. }) => (line, what),
        other => panic!("{text:?}: {other:?}"),
    }
}

/// The catalogue with files of these texts, the administrator's first.
fn with(texts: &[&str]) -> Catalogue {
    let folder = tempfile::tempdir().unwrap();
    let mut catalogue = Catalogue::built_in().unwrap();
    for (number, text) in texts.iter().enumerate() {
        let file = folder.path().join(format!("{number}.toml"));
        std::fs::write(&file, text).unwrap();
        catalogue = catalogue.with(&file).unwrap();
    }
    catalogue
}

fn token(model: &str) -> TokenId {
    TokenId { model: model.into(), ..TokenId::default() }
}

#[test]
fn our_own_file_names_no_path_twice_on_any_system_and_every_storage_somewhere() {
    let mut storages = BTreeSet::new();
    for system in [System::Linux, System::Windows, System::MacOs] {
        let entries: Vec<_> = parse_for(BUILT_IN, Path::new(BUILT_IN_NAME), &Origin::BuiltIn, system)
            .unwrap()
            .into_iter()
            .map(|(_, entry)| entry)
            .collect();
        let mut paths: Vec<_> = entries.iter().flat_map(|entry| entry.paths.clone()).collect();
        let all = paths.len();
        assert!(all > 3, "{system:?}: {paths:?}");
        paths.sort();
        paths.dedup();
        assert_eq!(paths.len(), all, "{system:?}");
        for path in &paths {
            let path = path.to_str().unwrap();
            assert_eq!(path.starts_with("C:\\"), system == System::Windows, "{path}");
        }
        storages.extend(entries.iter().flat_map(|entry| &entry.tokens).filter_map(|token| token.rule.storage.clone()));
    }
    assert_eq!(storages, TOKEN_STORAGES.iter().map(ToString::to_string).collect());
}

#[test]
fn no_library_is_named_where_none_is_known() {
    let catalogue = Catalogue::built_in().unwrap();
    for vendor in ["KAZTOKEN", "aKey", "Identity card of Kazakhstan"] {
        let entry = catalogue.entries().iter().find(|entry| entry.vendor == vendor).unwrap();
        assert!(entry.paths.is_empty() && !entry.note.is_empty(), "{vendor}");
    }
}

#[test]
fn the_factory_pin_is_known_and_in_no_printout() {
    let catalogue = Catalogue::built_in().unwrap();
    let pin = |vendor: &str, model: &str, reader: &str| {
        catalogue.pin_rules(vendor, &token(model), reader).and_then(|rules| rules.factory.as_deref())
    };
    assert_eq!(pin("KAZTOKEN", "anything", ""), Some("12345678"));
    assert_eq!(pin("jacarta", "anything", ""), Some("1234567890"));
    assert_eq!(pin("eToken", "eToken", "AKS ifdh 00 00"), Some("1234567890"));
    assert_eq!(pin("eToken", "eToken", "AKS ifdh [eToken 5110 SC] 00 00"), None, "nobody publishes that of the 5110");
    assert_eq!(pin("Rutoken", "Rutoken ECP", "Aktiv Rutoken ECP 00 00"), None);
    assert_eq!(pin("Rutoken", "Rutoken ECP", "Active KAZTOKEN 00 00"), Some("12345678"));
    assert_eq!(pin("nobody", "", ""), None);
    assert_eq!(catalogue.pin_rules("Identity card of Kazakhstan", &token(""), "").unwrap().tries, Some(3));
    assert!(!format!("{catalogue:?}").contains("12345678"));
}

#[test]
fn a_typed_pin_is_known_as_the_one_that_its_token_came_with() {
    let catalogue = Catalogue::built_in().unwrap();
    let is_factory = |vendor: &str, reader: &str, pin: &str| {
        catalogue.is_factory_pin(vendor, &token("eToken"), reader, &Password::new(pin.to_owned()).unwrap())
    };
    assert!(is_factory("KAZTOKEN", "", "12345678"));
    assert!(is_factory("eToken", "AKS ifdh 00 00", "1234567890"));
    for other in ["", "1234567", "123456789", "87654321"] {
        assert!(!is_factory("KAZTOKEN", "", other), "{other}");
    }
    assert!(
        !is_factory("eToken", "AKS ifdh [eToken 5110 SC] 00 00", "1234567890"),
        "nobody publishes that of the 5110"
    );
    assert!(!is_factory("nobody", "", "12345678"));
}

#[test]
fn later_files_add_libraries_and_their_rules_come_first() {
    let administrator = r#"
        [[library]]
        vendor = "kaztoken"
        path = "/opt/kaztoken/lib.so"
        [[library.token]]
        model = "old"
    "#;
    let person = r#"
        [[library]]
        vendor = "Other"
        path = "/opt/other.so"
        [[library.token]]
        label = "work"
        storage = "AKJaCartaStore"
        pin_length = [4, 8]
    "#;
    let catalogue = with(&[administrator, person]);
    let first: Vec<_> = catalogue.entries().iter().take(3).map(|entry| entry.vendor.as_str()).collect();
    assert_eq!(first, ["Other", "kaztoken", "JaCarta"]);
    let kaztoken = &catalogue.entries()[1];
    let rules = catalogue.rules_of(kaztoken);
    let storages: Vec<_> = rules.iter().map(|rule| (rule.model.as_str(), rule.storage.as_deref())).collect();
    assert_eq!(storages, [("old", None), ("", Some("AKKaztokenStore"))]);
    assert_eq!(catalogue.pin_rules("KAZTOKEN", &token("old"), "").unwrap().factory.as_deref(), Some("12345678"));
    let work = TokenId { label: "Work".into(), ..TokenId::default() };
    assert_eq!(catalogue.pin_rules("other", &work, "").unwrap().length, Some((4, 8)));
    assert_eq!(catalogue.entry_of(Path::new("/elsewhere/libjcPKCS11-2.so")).unwrap().vendor, "JaCarta");
}

#[test]
fn a_library_is_switched_off_by_its_path_or_with_all_of_its_vendors() {
    let off =
        |catalogue: &Catalogue, vendor: &str, path: &str| catalogue.switched_off(vendor, &[Path::new(path)]).is_some();
    let by_path = with(&["[[library]]\npath = \"/usr/lib/libeToken.so\"\noff = true"]);
    assert!(off(&by_path, "eToken", "/usr/lib/libeToken.so"));
    assert!(!off(&by_path, "eToken", "/usr/lib/libeTPkcs11.so"));
    let by_vendor = with(&["[[library]]\nvendor = \"ETOKEN\"\noff = true", "[[library]]\nvendor = \"x\""]);
    assert!(off(&by_vendor, "eToken", "/usr/lib/libeTPkcs11.so"));
    let elsewhere = if cfg!(windows) { "linux = ['/x.so']" } else { "windows = ['C:\\x.dll']" };
    let of_another_system = with(&[&format!("[[library]]\nvendor = \"eToken\"\n{elsewhere}\noff = true")]);
    assert!(!off(&of_another_system, "eToken", "/usr/lib/libeToken.so"));
    assert!(!off(&by_vendor, "JaCarta", "/usr/lib/libjcPKCS11-2.so"));
}

#[test]
fn a_mistake_is_named_with_its_file_and_line() {
    for (text, line, said) in [
        ("\n\n[[library]]\nvendor = \n", 4, ""),
        ("[[library]]\nvendor = \"x\"\nof = true", 3, "of"),
        ("[[library]]\nvendor = \"x\"\npath = \"lib/x.so\"", 3, "absolute"),
        ("[[library]]\nvendor = \"x\"\npath = \"\\\\\\\\server\\\\x.dll\"", 3, "absolute"),
        ("[[library]]\nvendor = \"x\"\npath = \"/a\\u0000b\"", 3, "control"),
        ("[[library]]\nvendor = \"x\\u001b[2J\"", 2, "control"),
        ("[[library]]\nvendor = \"x\"\n[[library.token]]\nstorage = \"PKCS12\"", 4, "AKKaztokenStore"),
        ("[[library]]\nvendor = \"x\"\n[[library.token]]\npin_length = [9, 4]", 4, "fewest"),
        ("[[library]]\nvendor = \"x\"\n\n[[library]]\npath = \"/usr/lib/x.so\"", 4, "vendor"),
        ("[[library]]\nvendor = \" \"", 2, "empty"),
        ("[library]\nvendor = \"x\"", 1, ""),
        ("[[vendor]]\n", 1, "vendor"),
    ] {
        let (at, what) = wrong(text);
        assert_eq!(at, line, "{text:?}: {what}");
        assert!(what.contains(said), "{text:?}: {what}");
    }
    let error = entries("[[library]]\noff = 1").unwrap_err().to_string();
    assert!(error.starts_with("/etc/tanba/tokens.toml, line 2: "), "{error}");
}

#[test]
fn what_is_written_for_a_pin_is_in_no_error() {
    let (_, what) = wrong("[[library]]\nvendor = \"x\"\n[[library.token]]\nfactory_pin = \"Құпия1\"");
    assert!(!what.contains("Құпия1"), "{what}");
}

#[test]
fn a_file_that_is_too_large_no_text_or_no_file_is_an_error_and_an_absent_one_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens.toml");
    let read = || Catalogue::built_in().unwrap().with(&file);
    assert_eq!(read().unwrap().entries(), Catalogue::built_in().unwrap().entries());
    for bytes in [vec![b'#'; 65 * 1024], b"\xff\xfe[[library]]".to_vec()] {
        std::fs::write(&file, bytes).unwrap();
        let error = read().unwrap_err();
        assert!(matches!(error, CatalogueError::Unreadable { .. }), "{error}");
        assert!(error.to_string().contains("tokens.toml"), "{error}");
    }
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&file).unwrap();
    assert!(read().is_err());
    let many = "[[library]]\nvendor=\"x\"\n".repeat(257);
    assert!(entries(&many).is_err());
    assert!(entries(&format!("[[library]]\nvendor = {}", "[".repeat(5000))).is_err());
}

#[test]
fn an_administrators_file_that_others_may_write_to_does_not_count() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens.toml");
    std::fs::write(&file, "").unwrap();
    let absent = folder.path().join("absent.toml");
    Catalogue::load(Some(&absent), &absent).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o666)).unwrap();
        let error = Catalogue::load(Some(&file), &absent).unwrap_err().to_string();
        assert!(error.contains("others may write"), "{error}");
        Catalogue::load(None, &file).unwrap();
    }
}
