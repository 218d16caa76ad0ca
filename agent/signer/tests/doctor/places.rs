//! Settings, folders, and the other half.

use crate::clinic::{Clinic, Found, is_root};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

#[test]
fn a_settings_file_that_cannot_be_read_is_set_aside_and_not_lost() {
    let clinic = Clinic::new();
    clinic.look().has("settings.fine");
    let file = clinic.desk.path("config/settings.toml");
    fs::write(&file, "language = \"en\"\nport = \"many\"\n").unwrap();
    let found = clinic.look();
    let words = found.what("settings.broken");
    assert!(words.contains("settings.toml") && words.contains("line 2"), "{words}");
    assert!(found.has("settings.broken")["cause"].as_str().unwrap().contains("line 2"));
    // The rest is looked at all the same.
    found.has("keys.none");
    let found = clinic.mend("settings.broken");
    found.has("settings.fine");
    found.has_none("settings.broken");
    let aside = clinic.desk.path("config/settings.broken.toml");
    assert!(fs::read_to_string(&aside).unwrap().contains("many") && !file.exists());
    // A second one does not take its place.
    fs::write(&file, "port = \"again\"\n").unwrap();
    clinic.mend("settings.broken");
    assert!(fs::read_to_string(aside).unwrap().contains("many"));
}

#[test]
fn a_slip_in_the_name_of_a_setting_is_named() {
    let clinic = Clinic::new();
    clinic.settle("langauge = \"kk\"");
    assert!(clinic.look().what("settings.unknown-key").contains("langauge"));
    clinic.settle("");
    clinic.look().has_none("settings.unknown-key");
}

#[test]
fn an_administrators_file_that_is_wrong_is_left_to_them() {
    let clinic = Clinic::new();
    let file = clinic.desk.write("theirs.toml", b"port = \"many\"\n");
    let arrange =
        format!("mount -t tmpfs -o mode=755 none /etc && mkdir /etc/tanba && cp '{file}' /etc/tanba/settings.toml");
    let Some(found) = clinic.look_where(&arrange) else { return };
    let words = found.what("settings.administrator");
    // In an ordinary user's own view of the disk the folder above is nobody's, which is another fault of that file.
    let is_told = words.contains("/etc/tanba/settings.toml") || words.contains("/ belongs to another user");
    assert!(is_told, "{words}");
    assert!(found.has("settings.administrator")["fix"].is_null());
    clinic.look().has_none("settings.administrator");
}

#[test]
fn a_system_that_has_not_heard_of_the_countrys_one_time_is_told_of() {
    let clinic = Clinic::new();
    let zones = clinic.desk.path("zoneinfo/Asia");
    fs::create_dir_all(&zones).unwrap();
    let almaty = zones.join("Almaty");
    let arrange = format!("mount -t tmpfs none /etc && ln -s '{}' /etc/localtime", almaty.display());
    fs::write(&almaty, b"TZif2\n<+06>-6\n").unwrap();
    let Some(found) = clinic.look_where(&arrange) else { return };
    let words = found.what("clock.zone");
    assert!(words.contains("Asia/Almaty") && words.contains("UTC+5"), "{words}");
    fs::write(&almaty, b"TZif2\n<+05>-5\n").unwrap();
    clinic.look_where(&arrange).unwrap().has_none("clock.zone");
}

#[test]
fn a_folder_that_others_can_enter_is_closed_after_a_yes_and_not_by_looking() {
    let clinic = Clinic::new();
    clinic.run(&["keys", "list"], "");
    clinic.look().has("folders.private");
    let data = clinic.desk.path("data");
    let mode = || fs::metadata(&data).unwrap().permissions().mode() & 0o777;
    fs::set_permissions(&data, fs::Permissions::from_mode(0o755)).unwrap();
    for _ in 0..2 {
        let found = clinic.look();
        assert!(found.what("folders.open").contains(data.to_str().unwrap()));
        assert_eq!((found.has("folders.open")["state"].as_str(), mode()), (Some("bad"), 0o755));
    }
    let found = clinic.mend("folders.open");
    found.has("folders.private");
    assert_eq!(mode(), 0o700);
}

#[test]
fn what_belongs_to_another_user_or_cannot_be_looked_at_is_named() {
    if !is_root() {
        return;
    }
    let root = tempfile::tempdir().unwrap();
    fs::set_permissions(root.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let data = root.path().join("d");
    for name in ["tanba", "tanba-signer"] {
        fs::copy(Clinic::program().with_file_name(name), root.path().join(name)).unwrap();
    }
    for folder in ["config", "data", "state", "run"] {
        fs::create_dir_all(data.join(folder)).unwrap();
    }
    fs::write(data.join("data/keys.json"), "{\"version\":1,\"files\":[]}").unwrap();
    let give = |to: &str| Command::new("chown").args(["-R", to]).arg(&data).status().unwrap();
    let close = |mode| fs::set_permissions(data.join("data"), fs::Permissions::from_mode(mode)).unwrap();
    let look = || {
        let mut command = Command::new(root.path().join("tanba"));
        command.arg("--data-dir").arg(&data).args(["doctor", "--offline", "--json"]).env("HOME", root.path());
        command.env("LANG", "en_US.UTF-8").env_remove("XDG_RUNTIME_DIR").current_dir("/").gid(65_534).uid(65_534);
        Found::of(&Clinic::finish(command, ""))
    };
    give("65534:65534");
    for folder in ["config", "data", "state", "run"] {
        fs::set_permissions(data.join(folder), fs::Permissions::from_mode(0o700)).unwrap();
    }
    look().has("folders.private");
    // As after `sudo tanba`: one file, then a folder.
    Command::new("chown").arg("0:0").arg(data.join("data/keys.json")).status().unwrap();
    let found = look();
    assert!(found.what("folders.foreign").contains("keys.json"));
    assert!(found.has("folders.foreign")["next"].as_str().unwrap().contains("chown"));
    give("65534:65534");
    look().has_none("folders.foreign");
    // The folder above cannot be entered.
    Command::new("chown").arg("0:0").arg(&data).status().unwrap();
    fs::set_permissions(&data, fs::Permissions::from_mode(0o700)).unwrap();
    look().has("folders.unreadable");
    give("65534:65534");
    look().has_none("folders.unreadable");
    close(0o700);
}

#[test]
fn without_the_other_half_the_rest_is_looked_at() {
    let clinic = Clinic::new();
    clinic.run(&["keys", "list"], "");
    clinic.look().has("journal.none");
    let folder = clinic.desk.path("alone");
    fs::create_dir(&folder).unwrap();
    let signer = folder.join("tanba-signer");
    fs::copy(env!("CARGO_BIN_EXE_tanba-signer"), &signer).unwrap();
    let mut command = Command::new(signer);
    command.arg("--data-dir").arg(clinic.desk.dir.path()).args(["doctor", "--offline", "--json"]);
    command.env("HOME", clinic.home()).env("LANG", "en_US.UTF-8");
    let found = Found::of(&Clinic::finish(command, ""));
    assert_eq!(found.has("journal.unknown")["state"], "unknown");
    found.has("folders.private");
}
