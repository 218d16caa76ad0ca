//! What a newcomer is told when something is not as they thought: the true cause, and the next step.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod desk;

use desk::{Desk, PASSWORD, counter::World, typed};
use std::fs;

fn both() -> String {
    format!("{PASSWORD}\nAnother-Password1\n")
}

fn remembered(desk: &Desk) -> (String, String) {
    let issued = desk.nca.person().unwrap();
    let key = desk.key("person.p12", &issued);
    desk.run(&["keys", "add", &key, "--password-stdin"], &typed()).ends_with(0);
    (key, issued.certificate.serial().to_hex())
}

fn at(desk: &Desk, name: &str) -> String {
    desk.path(name).to_str().unwrap().to_owned()
}

#[test]
fn a_backup_onto_a_stick_that_is_not_there_makes_no_file_in_its_place() {
    let desk = Desk::new();
    let key = desk.person();
    for to in ["usb", "usb/", "usb/a.p12"] {
        let to = at(&desk, to);
        let run = desk.run(&["keys", "backup", &key, "--to", &to, "--password-stdin"], &both()).ends_with(1);
        assert!(run.err.contains("There is no folder"), "{to}: {}", run.err);
        assert!(!desk.path("usb").exists());
    }
    let file = at(&desk, "copy.p12");
    desk.run(&["keys", "backup", &key, "--to", &file, "--password-stdin"], &both()).ends_with(0);
    for command in ["restore", "rewrap"] {
        let option = if command == "restore" { "--to" } else { "--out" };
        let to = at(&desk, "nowhere/key.p12");
        let run = desk.run(&["keys", command, &key, option, &to, "--password-stdin"], &typed()).ends_with(1);
        assert!(run.err.contains("There is no folder") && run.err.contains("nowhere"), "{}", run.err);
    }
}

#[test]
fn an_old_copy_in_the_way_is_told_before_a_password_is_asked() {
    let desk = Desk::new();
    let key = desk.person();
    desk.write("GOST512_person.p12.bak", b"something else");
    let run = desk.run(&["keys", "password", &key, "--keep-old", "--password-stdin"], "").ends_with(1);
    assert!(run.err.contains(".bak is there already") && run.err.contains("without --keep-old"), "{}", run.err);
}

#[test]
fn a_request_that_waits_is_told_from_a_file_without_a_certificate() {
    let world = World::new();
    let key = world.at("new.p12");
    let asked = world.ask(&key, &[]).ends_with(0);
    assert!(
        asked.out.contains("It is not known whether the NCA takes") && asked.out.contains("tanba keys add"),
        "{}",
        asked.out
    );
    for command in ["add", "export", "lost"] {
        let run = world.desk.run(&["keys", command, &key, "--password-stdin"], &typed()).ends_with(1);
        assert!(run.err.contains("still waits for its certificate"), "{command}: {}", run.err);
    }
    let one = world.at("one.csr");
    let run = world.ask(&one, &[]).ends_with(2);
    assert!(run.err.contains("cannot be one file"), "{}", run.err);
    let run = world.ask(&world.at("two.p12"), &["--csr", &world.at("nowhere/two.csr")]).ends_with(1);
    assert!(run.err.contains("There is no folder") && !fs::exists(world.at("two.p12")).unwrap(), "{}", run.err);
}

#[test]
fn a_number_is_noted_with_the_date_as_people_write_it_and_json_comes_back() {
    let world = World::new();
    world.ask(&world.at("new.p12"), &[]).ends_with(0);
    let id = world.pending()[0]["id"].as_str().unwrap().to_owned();
    let number = ["keys", "pending", "number", &id, "--number", "KZ-77", "--date", "27.11.2026", "--json"];
    assert_eq!(world.desk.json(&number)["date"], "2026-11-27");
    let wrong = ["keys", "pending", "number", &id, "--number", "KZ-77", "--date", "31.11.2026"];
    assert!(world.desk.run(&wrong, "").ends_with(2).err.contains("27.11.2026"));
    // A person may well put the folder here.
    let folder = world.desk.dir.path().to_str().unwrap().to_owned();
    let cancelled = std::process::Command::new(env!("CARGO_BIN_EXE_tanba-signer"))
        .args(["keys", "pending", "--data-dir", &folder, "cancel", &id])
        .output()
        .unwrap();
    assert!(cancelled.status.success(), "{}", String::from_utf8_lossy(&cancelled.stderr));
    assert!(world.pending().is_empty());
}

#[test]
fn whoever_lost_a_key_that_is_not_here_is_told_what_to_do_all_the_same() {
    let desk = Desk::new();
    for arguments in [&["keys", "lost"][..], &["keys", "lost", "1234567890"]] {
        let run = desk.run(arguments, "").ends_with(1);
        assert!(run.out.contains("nothing to block") && run.out.contains("pki.gov.kz"), "{}", run.out);
        assert!(!run.out.contains("unblock"), "there is nothing to unblock: {}", run.out);
    }
}

#[test]
fn whoever_names_no_key_or_one_that_does_not_open_is_not_left_to_believe_that_it_is_blocked() {
    let desk = Desk::new();
    let (key, _) = remembered(&desk);
    let run = desk.run(&["keys", "lost"], "").ends_with(2);
    assert!(run.out.contains("Nothing is blocked yet") && run.out.contains("pki.gov.kz"), "{}", run.out);
    let copy = at(&desk, "copy.p12");
    fs::copy(&key, &copy).unwrap();
    let run = desk.run(&["keys", "lost", &copy, "--password-stdin"], "wrong\n").ends_with(3);
    assert!(run.out.contains("The key is NOT blocked") && run.out.contains("pki.gov.kz"), "{}", run.out);
    assert!(run.err.contains("password"), "{}", run.err);
}

#[test]
fn a_broken_line_in_the_settings_is_told_with_its_file_and_does_not_keep_a_stolen_key_from_being_blocked() {
    let desk = Desk::new();
    let (key, _) = remembered(&desk);
    fs::create_dir_all(at(&desk, "config")).unwrap();
    fs::write(at(&desk, "config/settings.toml"), "port = 'x'\n").unwrap();
    // In the system's language, whichever that is here: the person's own stands in what cannot be read.
    let broken = |said: &str| said.contains("config/settings.toml") && said.contains("line 1");
    let list = desk.run(&["keys", "list"], "").ends_with(4);
    assert!(broken(&list.err), "{}", list.err);
    let lost = desk.run(&["keys", "lost", &key], "").ends_with(0);
    assert!(broken(&lost.err) && lost.out.contains("tanba keys unblock"), "{} {}", lost.err, lost.out);
    fs::remove_file(at(&desk, "config/settings.toml")).unwrap();
    assert!(desk.run(&["keys", "list"], "").ends_with(0).out.contains("tanba keys unblock"), "it is blocked");
}

#[test]
fn a_mistyped_password_leaves_no_doubt_that_the_key_is_blocked() {
    let desk = Desk::new();
    let (key, serial) = remembered(&desk);
    let out = at(&desk, "revoke.cms");
    let run = desk.run(&["keys", "lost", &key, "--request", &out, "--password-stdin"], "wrong\n").ends_with(3);
    assert!(run.out.contains("Blocked") && run.out.contains(&format!("tanba keys unblock {serial}")), "{}", run.out);
    assert!(run.err.contains("The key is blocked") && run.err.contains("wrong password"), "{}", run.err);
    desk.run(&["keys", "lost", &key, "--request", &out, "--password-stdin"], &typed()).ends_with(0);
}

#[test]
fn a_blocked_key_is_found_in_the_list_also_when_its_file_is_off_it() {
    let desk = Desk::new();
    let (key, serial) = remembered(&desk);
    let list = desk.run(&["keys", "list"], "").ends_with(0).out;
    assert!(list.contains("GOST (512)") && list.contains(&serial[..8]) && !list.contains("ECGOST"), "{list}");
    desk.run(&["keys", "lost", &serial], "").ends_with(0);
    desk.run(&["keys", "remove", &key], "").ends_with(0);
    let list = desk.run(&["keys", "list"], "").ends_with(0).out;
    assert!(list.contains(&format!("tanba keys unblock {serial}")), "{list}");
    assert_eq!(desk.json(&["keys", "list", "--json"])["blockedElsewhere"][0]["serialNumber"], serial.as_str());
    let added = desk.run(&["keys", "add", &key, "--password-stdin"], &typed()).ends_with(0);
    assert!(added.out.contains("stays blocked"), "{}", added.out);
    let list = desk.json(&["keys", "list", "--json"]);
    assert_eq!(list["blockedElsewhere"].as_array().unwrap().len(), 0, "it is told where it stands");
}

#[test]
fn certificates_go_into_a_folder_that_is_made_and_nothing_there_is_written_over() {
    let desk = Desk::new();
    remembered(&desk);
    let folder = format!("{}/", at(&desk, "certificates"));
    let export = ["keys", "export", "--all", "--pem", "-o", &folder];
    desk.run(&export, "").ends_with(0);
    let file = fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
    fs::write(&file, "mine").unwrap();
    let again = desk.run(&export, "").ends_with(0);
    assert!(again.err.contains(file.to_str().unwrap()) && again.err.contains("left as it is"), "{}", again.err);
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
}

#[test]
fn a_signature_without_a_key_says_which_options_name_one() {
    let desk = Desk::new();
    let file = desk.write("a.txt", b"x");
    let run = desk.run(&["sign", &file], "").ends_with(2);
    assert!(run.err.contains("--key") && run.err.contains("--token") && !run.err.contains("Usage"), "{}", run.err);
}

#[cfg(unix)]
#[test]
fn a_token_behind_a_broken_driver_is_not_said_to_be_unplugged() {
    let desk = Desk::new();
    desk.write("config/tokens.toml", b"[[library]]\nvendor = \"Mine\"\npath = \"/bin/sh\"\n");
    let file = desk.write("a.txt", b"x");
    let run = desk.run(&["sign", &file, "--token", "4711", "--password-stdin"], "1234\n").ends_with(1);
    let said = run.err.contains("the driver Mine does not work");
    assert!(said && !run.err.contains("WARN"), "{}", run.err);
    let removed = desk.run(&["tokens", "remove", "Mine"], "").ends_with(2);
    assert!(removed.err.contains("Name the path"), "{}", removed.err);
    let list = desk.run(&["tokens", "list"], "").ends_with(0).out;
    assert!(list.contains("— no tokens. This is not a token's library"), "{list}");
}
