//! The life of a key on a token: made there, asked for, its certificate put there, renewed, lost. The library is loaded
//! by a host of the real program.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod desk;

use desk::counter::World;
use pki::{Certificate, request::CertificationRequest};
use std::fs;
use test_token::{ByteOrder, Card, Module, PlacedCard, PlacedModule};

const PIN: &str = "4711-test";

/// A token beside a desk.
struct Plugged {
    world: World,
    module: PlacedModule,
    _folder: tempfile::TempDir,
}

impl Plugged {
    /// `None`, after saying so, where this checkout lies in a folder that others may write to: no library is loaded there.
    fn new(card: Card) -> Option<Self> {
        let world = World::new();
        // Libraries under the system's temporary folder are not trusted.
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let module = Module::new("vendor").card(card).place(folder.path()).unwrap();
        let added = world.desk.run(&["tokens", "add", module.driver().to_str().unwrap(), "--vendor", "Vendor"], "");
        if added.code == 1 && added.err.contains("Others may write to") {
            println!("NOT RUN: others may write to a folder above the library: {}", added.err);
            return None;
        }
        added.ends_with(0);
        Some(Self { world, module, _folder: folder })
    }

    fn card(&self) -> &PlacedCard {
        self.module.card(0).unwrap()
    }

    fn ask(&self, token: &str, csr: &str, more: &[&str], pin: &str) -> desk::Run {
        let person = ["--name", "Айгүл", "--surname", "Тест", "--iin", "000000000000", "--password-stdin"];
        let command = ["keys", "request", "--token", token, "--csr", csr];
        self.world.desk.run(&[&command[..], &person, more].concat(), &format!("{pin}\n"))
    }

    /// A key with its certificate is on the token.
    fn gets_a_key(&self) -> Certificate {
        let csr = self.world.at("first.csr");
        self.ask("Aigul", &csr, &[], PIN).ends_with(0);
        let issued = self.world.issued("/requests", &csr, "");
        let certificate = self.world.desk.write("first.cer", &issued);
        self.world.import(&certificate, &[], &format!("{PIN}\n")).ends_with(0);
        Certificate::from_pem_or_der(&issued).unwrap()
    }
}

fn card() -> Card {
    Card::new("card").label("Aigul").serial("0042").made_by("Vendor", "Model").pin(PIN)
}

#[test]
fn a_key_is_made_on_a_token_and_its_certificate_put_there() {
    // A module that has its signatures in another order of octets is understood all the same.
    let Some(plugged) = Plugged::new(card().byte_order(ByteOrder::SrBe)) else { return };
    let world = &plugged.world;
    for (number, algorithm) in ["gost512", "rsa2048"].into_iter().enumerate() {
        let csr = world.at(&format!("{algorithm}.csr"));
        let asked = plugged.ask("Aigul", &csr, &["--algorithm", algorithm], PIN).ends_with(0);
        assert!(
            asked.out.contains("on the token Aigul (0042)") && asked.out.contains("Keep the token"),
            "{}",
            asked.out
        );
        assert!(!asked.out.contains(PIN) && !asked.err.contains(PIN));
        let request = CertificationRequest::from_pem_or_der(&fs::read(&csr).unwrap()).unwrap();
        assert_eq!(request.verify(), Ok(()));
        let keys = plugged.card().keys().unwrap();
        assert!(keys.iter().any(|(_, public)| public == request.public_key()), "{algorithm}");
        assert_eq!(world.pending()[0]["token"]["serialNumber"], "0042");

        let certificate = world.desk.write("issued.cer", &world.issued("/requests", &csr, ""));
        world.import(&certificate, &[], "wrong\n").ends_with(3);
        let imported = world.import(&certificate, &[], &format!("{PIN}\n")).ends_with(0);
        for said in ["ТЕСТ АЙГҮЛ", "on the token Aigul (0042). Checked: you can sign with the key"] {
            assert!(imported.out.contains(said), "{}", imported.out);
        }
        assert!(world.pending().is_empty());
        let certificates = plugged.card().certificates().unwrap();
        assert_eq!(certificates.len(), number + 1);
        assert!(certificates.iter().any(|(_, one)| one.public_key() == request.public_key()), "{algorithm}");
    }
}

#[test]
fn a_wrong_pin_costs_one_try_and_the_last_one_is_not_taken_from_standard_input() {
    let Some(plugged) = Plugged::new(card().max_tries(2)) else { return };
    let csr = plugged.world.at("key.csr");
    plugged.ask("0042", &csr, &[], "0000").ends_with(3);
    assert_eq!(plugged.card().tries_left().unwrap(), 1);
    // The last try is a person's: a script with an old PIN would lock the token.
    for pin in ["1111", PIN] {
        let last = plugged.ask("0042", &csr, &[], pin).ends_with(1);
        assert!(last.err.contains("The last try") && last.err.contains("at the keyboard"), "{}", last.err);
        assert_eq!(plugged.card().tries_left().unwrap(), 1);
    }
    assert!(plugged.card().keys().unwrap().is_empty() && plugged.world.pending().is_empty());
    assert!(!plugged.world.desk.path("key.csr").exists());
}

#[test]
fn a_key_that_cannot_be_asked_for_does_not_stay_on_the_token() {
    let Some(plugged) = Plugged::new(card()) else { return };
    // A name that no disk takes.
    let long = plugged.world.at(&"k".repeat(300));
    plugged.ask("Aigul", &long, &[], PIN).ends_with(4);
    assert!(plugged.card().keys().unwrap().is_empty() && plugged.world.pending().is_empty());
}

#[test]
fn what_is_said_of_a_token_has_to_fit() {
    let Some(plugged) = Plugged::new(card()) else { return };
    let world = &plugged.world;
    let csr = world.at("key.csr");
    let missing = plugged.ask("Berik", &csr, &[], PIN).ends_with(1);
    assert!(missing.err.contains("tanba tokens list"), "{}", missing.err);
    plugged.ask("Aigul", &csr, &["--out", &world.at("key.p12")], PIN).ends_with(2);
    let neither = ["keys", "request", "--name", "А", "--surname", "Б", "--iin", "000000000000"];
    let neither = world.desk.run(&neither, "").ends_with(2);
    assert!(neither.err.contains("--token"), "{}", neither.err);
    // The token that a request was made on has to be there when its certificate comes.
    plugged.ask("Aigul", &csr, &[], PIN).ends_with(0);
    let certificate = world.desk.write("issued.cer", &world.issued("/requests", &csr, ""));
    plugged.card().unplug().unwrap();
    let gone = world.import(&certificate, &[], &format!("{PIN}\n")).ends_with(1);
    assert!(gone.err.contains("Aigul (0042)"), "{}", gone.err);
    assert_eq!(world.pending().len(), 1);
    plugged.card().plug().unwrap();
    world.import(&certificate, &[], &format!("{PIN}\n")).ends_with(0);
}

#[test]
fn a_key_on_a_token_is_listed_exported_renewed_and_when_the_token_is_gone_blocked() {
    let Some(plugged) = Plugged::new(card()) else { return };
    let world = &plugged.world;
    let first = plugged.gets_a_key();
    let keys = || -> Vec<serde_json::Value> {
        let list = world.desk.json(&["keys", "list", "--json"]);
        let ours = list["tokens"].as_array().unwrap().iter().find(|token| token["serialNumber"] == "0042").unwrap();
        ours["keys"].as_array().unwrap().clone()
    };
    let key = &keys()[0]["certificate"];
    assert!(key["daysLeft"].as_u64().is_some_and(|days| days > 0) && key["blocked"].is_null(), "{key:#}");
    let list = world.desk.run(&["keys", "list"], "").ends_with(0).out;
    assert!(list.contains("Token: Aigul") && list.contains("ТЕСТ АЙГҮЛ"), "{list}");

    let exported = world.at("mine.cer");
    world.desk.run(&["keys", "export", "--token", "Aigul", "-o", &exported], "").ends_with(0);
    assert_eq!(fs::read(&exported).unwrap(), first.der());

    // The new key is made beside the present one, which signs the request for it.
    let request = world.at("again.cms");
    let renew = ["keys", "renew", "--token", "0042", "--request", &request, "--pin-stdin"];
    world.desk.run(&renew, "0000\n").ends_with(3);
    world.desk.run(&renew, &format!("{PIN}\n")).ends_with(0);
    let answer = world.desk.write("again.cer", &world.issued("/renewals", &request, ""));
    world.import(&answer, &[], &format!("{PIN}\n")).ends_with(0);
    assert_eq!((plugged.card().keys().unwrap().len(), plugged.card().certificates().unwrap().len()), (2, 2));

    // It is gone, and its keys sign nothing when it comes back.
    plugged.card().unplug().unwrap();
    let lost = world.desk.run(&["keys", "lost", "--token", "Aigul", "--reason", "stolen"], "").ends_with(0);
    assert_eq!(lost.out.matches("Blocked: ").count(), 2, "{}", lost.out);
    assert!(lost.out.contains(&first.serial().to_hex()), "{}", lost.out);
    plugged.card().plug().unwrap();
    assert!(keys().iter().all(|key| key["certificate"]["blocked"]["why"] == "stolen"));
    let letter = world.desk.write("letter.txt", b"x");
    // Their names tell them apart: what for, when, and which of that day. Whose they are no name says.
    let serial = first.serial().to_hex();
    let several = ["sign", &letter, "--token", "Aigul", "--pin-stdin"];
    let several = world.desk.run(&several, &format!("{PIN}\n")).ends_with(2);
    let name = format!("Tanba sign {}", desk::now().date());
    assert!(several.err.contains(&format!("{name}, {name} (2)")), "{}", several.err);
    let sign = ["sign", &letter, "--token", "Aigul", "--alias", &serial, "--pin-stdin"];
    let refused = world.desk.run(&sign, &format!("{PIN}\n")).ends_with(1);
    assert!(refused.err.contains("blocked this key as lost"), "{}", refused.err);
}

#[test]
fn a_key_on_a_token_asks_for_a_successor_in_a_file_and_for_its_own_end() {
    let Some(plugged) = Plugged::new(card()) else { return };
    let world = &plugged.world;
    plugged.gets_a_key();
    let new = world.at("new.p12");
    let renew = ["keys", "renew", "--token", "Aigul", "--out", &new, "--pin-stdin"];
    world.desk.run(&renew, &format!("{PIN}\nNew-Password1\n")).ends_with(0);
    let answer = world.desk.write("new.cer", &world.issued("/renewals", &world.at("new.renewal.cms"), ""));
    world.import(&answer, &[], "New-Password1\n").ends_with(0);
    assert_eq!(plugged.card().keys().unwrap().len(), 1);
    // From the file back onto the token.
    let request = world.at("back.cms");
    let renew = ["keys", "renew", &new, "--onto", "Aigul", "--request", &request, "--password-stdin"];
    world.desk.run(&renew, &format!("New-Password1\n{PIN}\n")).ends_with(0);
    assert_eq!(plugged.card().keys().unwrap().len(), 2);

    let end = world.at("revoke.cms");
    let lost = ["keys", "lost", "--token", "Aigul", "--request", &end, "--pin-stdin"];
    world.desk.run(&lost, &format!("{PIN}\n")).ends_with(0);
    let (status, said) = world.send("POST", "/revocations", &fs::read(&end).unwrap());
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&said));
}

#[test]
fn the_guardian_watches_a_tokens_key_that_signed_though_the_token_is_not_there() {
    let Some(plugged) = Plugged::new(card()) else { return };
    let world = &plugged.world;
    let certificate = plugged.gets_a_key();
    // As if nobody had imported it here: it signs, and is remembered by that.
    let list = world.desk.path("data/token-certificates.json");
    fs::remove_file(&list).unwrap();
    let letter = world.desk.write("letter.txt", b"x");
    world.desk.run(&["sign", &letter, "--token", "Aigul", "--pin-stdin"], &format!("{PIN}\n")).ends_with(0);
    plugged.card().unplug().unwrap();
    let text = fs::read_to_string(&list).unwrap();
    assert!(text.contains("0042") && !text.contains(PIN), "{text}");
    let settings = fs::read_to_string(world.desk.path("config/settings.toml")).unwrap();
    fs::write(world.desk.path("config/settings.toml"), format!("{settings}[notifications]\nexpiry = false\n")).unwrap();
    world.desk.run(&["guardian"], "").ends_with(0);
    let memory = fs::read_to_string(world.desk.path("state/guardian.json"));
    let memory = memory.or_else(|_| fs::read_to_string(world.desk.path("data/guardian.json"))).unwrap();
    let name = hex::encode(pki::DigestAlgorithm::Sha256.digest(certificate.der()));
    assert!(memory.contains(&name), "{memory}");
}

/// The same vendor as an administrator would describe it.
const FACTORY: &str = "\n[[library]]\nvendor = \"Vendor\"\n[[library.token]]\nstorage = \"AKKaztokenStore\"\nfactory_pin = \"4711-test\"\n";

#[test]
fn a_factory_pin_is_said_to_be_one_once_it_was_taken_and_is_changed() {
    let Some(plugged) = Plugged::new(card()) else { return };
    let world = &plugged.world;
    plugged.gets_a_key();
    let letter = world.desk.write("letter.txt", b"x");
    let sign = |pin: &str| {
        let out = world.at("letter.cms");
        let command = ["sign", &letter, "--token", "Aigul", "--pin-stdin", "--force", "-o", &out];
        world.desk.run(&command, &format!("{pin}\n"))
    };
    let warned = |run: &desk::Run| run.err.matches("still has the PIN that it came with").count();
    assert_eq!(warned(&sign(PIN).ends_with(0)), 0);
    world.desk.knows_also(FACTORY);
    let wrong = sign("0000").ends_with(3);
    assert_eq!(warned(&wrong), 0, "nothing is said of a PIN that was not taken");
    let signed = sign(PIN).ends_with(0);
    assert_eq!(warned(&signed), 1, "{}", signed.err);
    assert!(signed.err.contains("tanba tokens pin") && !signed.err.contains(PIN), "{}", signed.err);

    let change = |pins: &str| world.desk.run(&["tokens", "pin", "0042", "--pin-stdin"], pins);
    change("0000\nnew-pin-1\n").ends_with(3);
    for (new, said) in [(PIN, "is the present one"), ("1", "too short"), ("", "too short")] {
        let refused = change(&format!("{PIN}\n{new}\n")).ends_with(1);
        assert!(refused.err.contains(said) && refused.err.contains("Nothing was changed"), "{}", refused.err);
    }
    let changed = change(&format!("{PIN}\nnew-pin-1\n")).ends_with(0);
    assert!(changed.out.contains("Aigul (0042) is changed"), "{}", changed.out);
    assert!(!format!("{}{}", changed.out, changed.err).contains("new-pin-1"));
    sign(PIN).ends_with(3);
    assert_eq!(warned(&sign("new-pin-1").ends_with(0)), 0);
    // Back to the one that everybody knows leads no way.
    let back = change(&format!("new-pin-1\n{PIN}\n")).ends_with(1);
    assert!(back.err.contains("anybody would try it first"), "{}", back.err);
    // What cannot be right reaches no token, and no try is lost.
    let tries = plugged.card().tries_left().unwrap();
    change("\nnew-pin-2\n").ends_with(2);
    assert_eq!(plugged.card().tries_left().unwrap(), tries);
}
