//! Starting at login.

use crate::clinic::{Clinic, Found};
use std::fs;
use std::path::PathBuf;

fn entry(clinic: &Clinic) -> PathBuf {
    let folder = clinic.at_home(".config/autostart/x").parent().unwrap().to_owned();
    let mut entries = fs::read_dir(folder).unwrap();
    let entry = entries.next().expect("an entry").unwrap().path();
    assert!(entries.next().is_none(), "one is enough");
    entry
}

#[test]
fn an_autostart_that_is_off_or_leads_nowhere_is_told_of_and_mended_by_name() {
    let clinic = Clinic::new();
    let found = clinic.look();
    assert_eq!(found.has("autostart.off")["fix"]["kind"], "autostart");
    // A yes to everything else is none to this.
    let all = Found::of(&clinic.run(&["doctor", "--offline", "--json", "--fix", "--yes"], ""));
    let mended = all.json["mended"].as_array().unwrap();
    let _running = clinic.started();
    assert!(!mended.contains(&"autostart.off".into()), "{mended:?}");
    let found = clinic.mend("autostart.off");
    found.has("autostart.on");
    found.has_none("autostart.off");
    let file = entry(&clinic);
    let good = fs::read_to_string(&file).unwrap();
    assert!(good.contains(clinic.desk.dir.path().to_str().unwrap()), "it starts with this folder: {good}");

    fs::write(&file, good.replace("/tanba\"", "/gone/tanba\"")).unwrap();
    assert!(clinic.look().what("autostart.gone").contains("/gone/tanba"));
    clinic.mend("autostart.gone").has("autostart.on");

    fs::write(&file, good.replace("\"run\"", "\"run\" \"--port\" \"1\"")).unwrap();
    clinic.look().has("autostart.elsewhere");
    clinic.mend("autostart.elsewhere").has("autostart.on");

    fs::write(&file, "rubbish").unwrap();
    clinic.look().has("autostart.unreadable");
    clinic.mend("autostart.unreadable").has("autostart.on");

    // What somebody switched off is no fault.
    fs::write(&file, good.replace("Autostart-enabled=true", "Autostart-enabled=false")).unwrap();
    let found = clinic.look();
    assert_eq!(found.has("autostart.disabled")["state"], "good");
    assert!(found.has("autostart.disabled")["fix"].is_null());
}
