//! The icon in the tray, the pause, the windows: the program as it is shipped on a bus of the test's own, with a tray that
//! is none, and a script that stands where the signer would.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod bus;
mod world;

use bus::{Bus, Item};
use std::fs;
use std::time::Duration;
use world::{World, is_alive, until};

#[test]
fn a_request_that_waits_is_seen_and_gone_when_its_page_is() {
    let Some(bus) = Bus::new() else { return };
    let (tray, world) = (bus.tray(), World::new());
    let running = world.run(Some(&bus), &[]);
    let item = tray.item();
    until("it is ready", || item.sign() == "ready");
    assert_eq!(item.says("Id"), "kz.tanba.Tanba");
    assert_eq!(item.says("Status"), "Active");
    assert!(item.tip().contains("Ready"), "{}", item.tip());
    let mut page = running.page("https://egov.kz");
    page.ask_to_sign();
    until("the request is seen", || item.sign() == "attention" && item.tip().contains("1 request waits"));
    drop(page);
    until("it is gone", || item.sign() == "ready");
}

#[test]
fn a_key_that_ends_soon_is_told_of() {
    let Some(bus) = Bus::new() else { return };
    let (tray, world) = (bus.tray(), World::new());
    fs::write(world.path("guardian"), "{\"state\":\"soon\",\"days\":12}").unwrap();
    let _running = world.run(Some(&bus), &[]);
    let item = tray.item();
    until("the key is told of", || item.sign() == "attention" && item.tip().contains("30 days"));
}

#[test]
fn a_certificate_that_no_browser_trusts_is_red_and_green_when_one_does() {
    let Some(bus) = Bus::new() else { return };
    if !world::has_certutil() {
        return;
    }
    let (tray, world) = (bus.tray(), World::untrusted());
    let _running = world.run(Some(&bus), &[]);
    let item = tray.item();
    until("it is out of reach", || item.sign() == "fault" && item.says("Status") == "NeedsAttention");
    world.trust();
    // Whoever opens the menu hears what is true then.
    until("it is in reach", || {
        item.about_to_show();
        item.sign() == "ready"
    });
}

#[test]
fn while_paused_sites_hear_a_no_and_the_journal_says_why() {
    let Some(bus) = Bus::new() else { return };
    let (tray, world) = (bus.tray(), World::new());
    let running = world.run(Some(&bus), &[]);
    let item = tray.item();
    until("it is ready", || item.sign() == "ready");
    item.click("Pause for an hour");
    until("it pauses", || item.sign() == "paused" && item.tip().contains("Paused until"));
    let mut page = running.page("https://egov.kz");
    page.ask_to_sign();
    let answer = page.hear();
    assert!(answer.contains("\"status\":true") && answer.contains("\"body\":{}"), "as a person's no: {answer}");
    page.say(r#"{"module":"kz.gov.pki.knca.commonUtils","method":"getActiveTokens"}"#);
    assert!(page.hear().contains("200"), "what opens no window goes on");
    assert!(running.serves());
    until("what was refused is told", || item.tip().contains("1 request was refused"));
    let journal = world.tanba(&["journal", "list", "--json"]);
    assert!(journal.contains("\"paused\""), "{journal}");
    item.click("Go on");
    until("it goes on", || item.sign() == "ready");
    page.ask_to_sign();
    until("sites are heard again", || item.sign() == "attention");
    let log = world.log();
    assert!(log.contains("paused for an hour") && log.contains("ends the pause"), "{log}");
}

#[test]
fn a_site_that_may_name_no_path_hears_a_no_and_the_journal_says_why() {
    let world = World::new();
    let running = world.run(None, &[]);
    let call = r#"{"module":"kz.gov.pki.cms.CMSSignUtil","method":"signFilePath","args":["/a","","PKCS12"]}"#;
    let (mut old, mut listed) = (running.page("https://old.kz"), running.page("https://idp.egov.kz"));
    world.tanba(&["settings", "set", "legacy.sites", "egov.kz,http://portal.lan:8080"]);
    world.tanba(&["settings", "set", "legacy.file_paths", "listed"]);
    old.say(call);
    assert!(old.hear().contains("action.canceled"), "as a person's no, and at once");
    let journal = world.tanba(&["journal", "list"]);
    assert!(journal.contains("old.kz") && journal.contains("not asked"), "{journal}");
    assert!(world.tanba(&["journal", "show", "1"]).contains("(path-refused)"));
    assert!(world.tanba(&["journal", "list", "--result", "path-refused", "--json"]).contains("https://old.kz"));
    // A listed one waits for the person.
    listed.say(call);
    let others = world.command(&["settings", "set", "legacy.sites", "https://egov.kz/path"]).output().unwrap();
    assert_eq!(others.status.code(), Some(1), "that is no site");
    let journal = world.tanba(&["journal", "list", "--json"]);
    assert!(!journal.contains("idp.egov.kz"), "nobody has answered it yet: {journal}");
}

#[test]
fn the_menu_opens_windows_that_outlive_a_quit() {
    let Some(bus) = Bus::new() else { return };
    let (tray, world) = (bus.tray(), World::new());
    let running = world.run(Some(&bus), &[]);
    let item = tray.item();
    until("it is ready", || item.sign() == "ready");
    let first = &item.menu()[0];
    assert!(!first.is_enabled && first.label.contains("Ready"), "{}", first.label);
    item.activate();
    until("the window is opened", || world.opened().len() == 1);
    item.click("Check");
    until("the check is opened", || world.opened().len() == 2);
    let opened = world.opened();
    let folder = world.path("home").display().to_string();
    assert_eq!(opened[0].words, format!("open --data-dir {folder}"));
    assert_eq!(opened[1].words, format!("open --data-dir {folder} check"));
    // One that ends leaves nothing behind.
    fs::write(world.path("close"), "").unwrap();
    until("they are closed and reaped", || opened.iter().all(|window| !is_alive(window.pid)));
    fs::remove_file(world.path("close")).unwrap();
    item.click("Open Tanba");
    until("it is opened again", || world.opened().len() == 3);
    item.click("Quit");
    assert_eq!(running.ended(), Some(0));
    assert!(is_alive(world.opened()[2].pid), "the window is the person's");
    fs::write(world.path("close"), "").unwrap();
    assert!(world.log().contains("stopping"), "{}", world.log());
}

#[test]
fn a_tray_that_comes_later_and_comes_again_finds_it() {
    let Some(bus) = Bus::new() else { return };
    let world = World::new();
    let running = world.run(Some(&bus), &[]);
    until("that is said", || world.log().contains("no tray is there"));
    assert!(running.serves());
    for _ in 0..2 {
        let tray = bus.tray();
        let item = tray.item();
        until("it is shown", || item.sign() == "ready");
        tray.leave();
    }
    assert!(running.serves());
    assert_eq!(world.log().matches("no tray is there").count(), 1, "{}", world.log());
}

#[test]
fn without_a_bus_and_when_the_bus_ends_sites_are_served_in_peace() {
    let world = World::new();
    let running = world.run(None, &[]);
    until("that is said", || world.log().contains("there is no tray"));
    assert!(running.serves());
    assert_eq!(running.stop(), Some(0));

    let Some(bus) = Bus::new() else { return };
    let world = World::new();
    let running = world.run(Some(&bus), &[]);
    let tray = bus.tray();
    let item: Item = tray.item();
    until("it is ready", || item.sign() == "ready");
    drop((item, tray, bus));
    std::thread::sleep(Duration::from_millis(500));
    let before = running.seconds_of_work();
    std::thread::sleep(Duration::from_secs(2));
    assert!(running.seconds_of_work() - before < 0.5, "it runs in circles");
    assert!(running.serves());
    assert_eq!(running.stop(), Some(0));
}

#[test]
fn a_bus_that_ends_and_comes_back_shows_it_again() {
    let world = World::new();
    let Some(bus) = Bus::at(&world.path("bus")) else { return };
    let tray = bus.tray();
    let running = world.run_quickly(&bus);
    let item = tray.item();
    until("it is ready", || item.sign() == "ready");
    item.click("Pause for an hour");
    until("it pauses", || item.sign() == "paused");
    drop((item, tray, bus));
    until("that is said", || world.log().contains("there is no tray"));
    assert!(running.serves());
    for _ in 0..2 {
        let bus = Bus::at(&world.path("bus")).unwrap();
        let tray = bus.tray();
        let item = tray.item();
        until("it is shown, and nobody's pause goes on", || item.sign() == "ready");
        item.click("Pause for an hour");
        until("it is heard", || item.sign() == "paused");
    }
    assert!(running.serves());
}

#[test]
fn a_setting_takes_it_away_and_brings_it_back_while_it_runs() {
    let Some(bus) = Bus::new() else { return };
    let (tray, world) = (bus.tray(), World::new());
    let running = world.run_quickly(&bus);
    let item = tray.item();
    until("it is ready", || item.sign() == "ready");
    item.click("Pause for an hour");
    until("it pauses", || item.sign() == "paused");
    world.tanba(&["settings", "set", "tray", "false"]);
    until("it is gone", || !item.is_there());
    tray.has_none_for(Duration::from_secs(1));
    assert!(running.serves());
    world.tanba(&["settings", "set", "tray", "true"]);
    let item = tray.item();
    until("it is back, and the pause that nobody could end is over", || item.sign() == "ready");
}

#[test]
fn idle_it_sleeps() {
    let Some(bus) = Bus::new() else { return };
    let (tray, world) = (bus.tray(), World::new());
    let running = world.run(Some(&bus), &[]);
    let item = tray.item();
    until("it is ready", || item.sign() == "ready");
    // What was begun at the start comes to its end.
    std::thread::sleep(Duration::from_secs(3));
    let before = running.wakings();
    std::thread::sleep(Duration::from_secs(6));
    let woken = running.wakings().saturating_sub(before);
    assert!(woken <= 5, "{woken} times in six seconds");
}

#[test]
fn who_wants_no_icon_has_none() {
    let Some(bus) = Bus::new() else { return };
    let (tray, world) = (bus.tray(), World::new());
    world.tanba(&["settings", "set", "tray", "false"]);
    let running = world.run(Some(&bus), &[]);
    assert!(running.serves());
    tray.has_none_for(Duration::from_secs(1));
}

#[test]
fn open_starts_what_is_missing_once_and_the_window_in_any_case() {
    let world = World::new();
    assert_eq!(world.open(&["--no-start"]), format!("open --data-dir {}", world.path("home").display()));
    assert!(world.listener().is_none(), "nobody asked for one");
    world.open(&["journal"]);
    assert!(world.opened().last().unwrap().words.ends_with(" journal"));
    let listener = world.listener().expect("it was started");
    let stat = fs::read_to_string(format!("/proc/{listener}/stat")).unwrap();
    let session: u32 = stat.rsplit(')').next().unwrap().split_whitespace().nth(3).unwrap().parse().unwrap();
    assert_ne!(session, world::session_of_this_process(), "a terminal that is closed does not end it");
    world.open(&[]);
    assert_eq!(world.listener(), Some(listener), "one is enough");
    world.end_listener();
    assert!(!is_alive(listener), "it ends gracefully, and leaves nothing behind");
}

#[test]
fn quit_ends_the_one_that_runs_also_with_broken_settings_and_says_so_where_none_does() {
    let world = World::new();
    assert!(world.tanba(&["quit"]).contains("does not run"));
    world.open(&[]);
    let listener = world.listener().expect("it was started");
    fs::create_dir_all(world.path("home/config")).unwrap();
    fs::write(world.path("home/config/settings.toml"), "language = \"tlh\"\n").unwrap();
    assert!(world.tanba(&["quit"]).contains("has ended"));
    until("nothing is left of it", || !is_alive(listener));
    assert!(world.tanba(&["quit"]).contains("does not run"));
    fs::write(world.path("close"), "").unwrap();
}

#[test]
fn a_second_listener_says_so_and_opens_the_window_of_the_first_where_there_is_a_screen() {
    let world = World::new();
    let _running = world.run(None, &[]);
    let second = |display: Option<&str>| {
        let mut command = world.command(&["run", "--port", "0"]);
        display.map(|display| command.env("DISPLAY", display));
        command.output().unwrap()
    };
    let said = second(None);
    assert_eq!(said.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&said.stderr).contains("already"));
    assert!(world.opened().is_empty(), "without a screen there is no window");
    let said = second(Some(":99"));
    assert_eq!(said.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&said.stderr).contains("already"));
    until("the window is opened", || world.opened().len() == 1);
    fs::write(world.path("close"), "").unwrap();
}
