//! Signing and verifying with the NCA's services beside: the miniature NCA answers over HTTP.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod desk;

use desk::{Desk, now, typed};
use pki::revocation::Reason;
use serde_json::Value;
use std::fs;
use std::sync::Arc;
use test_nca::{
    Issued, TestNca,
    services::{Server, Services},
};

/// A desk, and the NCA's services that its settings name.
struct World {
    desk: Desk,
    services: Arc<Services>,
    server: Server,
}

impl World {
    fn new() -> Self {
        let place = Server::bind(0).unwrap();
        let desk = Desk::of(TestNca::new(now()).unwrap().with_services(&place.url()));
        let stranger = TestNca::new(now()).unwrap();
        let services =
            Arc::new(Services::new(Arc::clone(&desk.nca), Arc::new(stranger)).unwrap().with_all_policies().unwrap());
        let server = place.serve(Arc::clone(&services), now).unwrap();
        let world = Self { desk, services, server };
        world.settle("", "");
        world
    }

    /// The settings, with an awkward corner of the services in front of the ordinary paths.
    fn settle(&self, tsp: &str, ocsp: &str) {
        let url = self.server.url();
        let host = url.trim_start_matches("http://");
        let text = format!(
            "language = \"en\"\ntest_environment = true\n[services]\nproxy = \"none\"\ntsp = \"{url}{tsp}/tsp/\"\n\
             ocsp = \"{ocsp}\"\nalso = [\"{host}\"]\ntimeout_seconds = 5\n",
            ocsp = if ocsp.is_empty() { String::new() } else { format!("{url}{ocsp}/ocsp/") },
        );
        fs::write(self.desk.dir.path().join("config/settings.toml"), text).unwrap();
    }

    fn person(&self) -> (Issued, String) {
        let issued = self.desk.nca.person().unwrap();
        let key = self.desk.key("person.p12", &issued);
        (issued, key)
    }

    fn sign(&self, file: &str, key: &str, more: &[&str]) {
        let arguments = [&["sign", file, "--key", key, "--password-stdin"][..], more].concat();
        self.desk.run(&arguments, &typed()).ends_with(0);
    }

    fn verify(&self, file: &str) -> Value {
        self.desk.json(&["verify", file, "--json"])
    }
}

#[test]
fn a_stamped_signature_says_when_it_was_made_and_that_nothing_was_revoked() {
    let world = World::new();
    let (_, key) = world.person();
    let file = world.desk.write("a.txt", b"pay 100");
    world.sign(&file, &key, &["--timestamp"]);
    let report = world.verify(&format!("{file}.cms"));
    assert_eq!(report["valid"], true, "{report:#}");
    let signer = &report["signers"][0];
    assert_eq!(signer["judgedBy"], "time-stamp", "{report:#}");
    assert_eq!(signer["timeStamps"][0]["policy"], "1.2.398.3.3.2.6.4");
    assert_eq!((&signer["revocation"]["status"], &signer["revocation"]["source"]), (&"good".into(), &"ocsp".into()));
    let words = world.desk.run(&["verify", &format!("{file}.cms")], "").ends_with(0).out;
    for sentence in ["TEST: the signature holds", "Time stamp: ", "Not revoked: OCSP"] {
        assert!(words.contains(sentence), "{words}");
    }
}

#[test]
fn what_was_signed_with_a_revoked_certificate_is_refused_unless_a_stamp_is_older() {
    let world = World::new();
    let (issued, key) = world.person();
    let file = world.desk.write("a.txt", b"pay 100");
    world.sign(&file, &key, &["--timestamp", "-o", &format!("{file}.stamped")]);
    world.sign(&file, &key, &["-o", &format!("{file}.bare")]);
    world.services.revoke(issued.certificate.serial(), now().plus_seconds(2), Reason::KeyCompromise);
    std::thread::sleep(std::time::Duration::from_secs(3));
    let bare = world.verify(&format!("{file}.bare"));
    assert_eq!(bare["valid"], false, "{bare:#}");
    assert_eq!(bare["signers"][0]["revocation"]["reason"], "keyCompromise");
    let codes: Vec<_> = bare["signers"][0]["problems"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert_eq!(codes, ["certificate-revoked"]);
    // The stamp proves that it was there before.
    assert_eq!(world.verify(&format!("{file}.stamped"))["valid"], true);
    let words = world.desk.run(&["verify", &format!("{file}.bare")], "").ends_with(1).out;
    assert!(words.contains("REVOKED since") && words.contains("the certificate was revoked"), "{words}");
}

#[test]
fn without_an_ocsp_answer_the_lists_are_asked() {
    let world = World::new();
    let (issued, key) = world.person();
    let file = world.desk.write("a.txt", b"pay 100");
    world.sign(&file, &key, &[]);
    world.settle("", "/nowhere");
    let report = world.verify(&format!("{file}.cms"));
    let revocation = &report["signers"][0]["revocation"];
    assert_eq!((&revocation["status"], &revocation["source"]), (&"good".into(), &"crl".into()), "{report:#}");
    // A fresh delta list has what the complete one does not have yet.
    world.services.revoke(issued.certificate.serial(), now(), Reason::Superseded);
    let report = world.verify(&format!("{file}.cms"));
    assert_eq!(report["signers"][0]["revocation"]["status"], "revoked", "{report:#}");
}

#[test]
fn offline_nobody_is_asked_and_that_is_said() {
    let world = World::new();
    let (issued, key) = world.person();
    let file = world.desk.write("a.txt", b"pay 100");
    world.sign(&file, &key, &[]);
    world.services.revoke(issued.certificate.serial(), now(), Reason::KeyCompromise);
    let words = world.desk.run(&["verify", &format!("{file}.cms"), "--offline"], "").ends_with(0).out;
    assert!(words.contains("Revocation was not checked"), "{words}");
}

#[test]
fn a_long_term_signature_carries_its_answers_and_needs_no_network_later() {
    let world = World::new();
    let (_, key) = world.person();
    let file = world.desk.write("a.txt", b"pay 100");
    world.sign(&file, &key, &["--long-term"]);
    let report = world.desk.json(&["verify", &format!("{file}.cms"), "--offline", "--json"]);
    assert_eq!(report["valid"], true, "{report:#}");
    assert_eq!(report["signers"][0]["revocation"]["status"], "good", "{report:#}");
}

#[test]
fn a_stamp_that_is_wrong_or_missing_leaves_no_signature_behind_and_names_the_service() {
    let world = World::new();
    let (_, key) = world.person();
    let file = world.desk.write("a.txt", b"pay 100");
    for (corner, sentence) in [("/nowhere", "TSP"), ("/wrong-nonce", "cannot be used"), ("/stranger", "cannot be used")]
    {
        world.settle(corner, "");
        let arguments = ["sign", &file, "--key", &key, "--password-stdin", "--timestamp"];
        let run = world.desk.run(&arguments, &typed()).ends_with(1);
        assert!(run.err.contains(sentence), "{corner}: {}", run.err);
        assert!(!fs::exists(format!("{file}.cms")).unwrap(), "{corner}");
    }
    // Without its stamp it can still be signed: the choice is the person's.
    world.sign(&file, &key, &["--force"]);
}

#[test]
fn two_people_sign_one_document_one_after_the_other() {
    let world = World::new();
    let (_, first) = world.person();
    let second = world.desk.key("head.p12", &world.desk.nca.head().unwrap());
    let file = world.desk.write("a.txt", b"contract");
    let cms = format!("{file}.cms");
    world.sign(&file, &first, &["--detached", "--timestamp"]);
    let refused = ["sign", &cms, "--add", "--key", &second, "--password-stdin", "--force"];
    world.desk.run(&refused, &typed()).ends_with(1);
    world.sign(&cms, &second, &["--add", "--content", &file, "--force", "--timestamp"]);
    let report = world.desk.json(&["verify", &cms, "--content", &file, "--json"]);
    assert_eq!(report["valid"], true, "{report:#}");
    assert_eq!(report["signers"].as_array().unwrap().len(), 2);
    for signer in report["signers"].as_array().unwrap() {
        assert_eq!(signer["judgedBy"], "time-stamp", "{report:#}");
    }
    // The same person does not sign twice.
    let again = ["sign", &cms, "--add", "--content", &file, "--key", &second, "--password-stdin", "--force"];
    let run = world.desk.run(&again, &typed()).ends_with(1);
    assert!(run.err.contains("same certificate"), "{}", run.err);
}

#[test]
fn every_kind_of_key_signs_and_is_stamped_by_its_own_policy() {
    for (kind, policy) in [
        (test_nca::NewKey::Gost2004, "1.2.398.3.3.2.6.1"),
        (test_nca::NewKey::Rsa2048, "1.2.398.3.3.2.6.2"),
        (test_nca::NewKey::P256, "1.2.398.3.3.2.6.4"),
        (test_nca::NewKey::P384, "1.2.398.3.3.2.6.4"),
    ] {
        let world = World::new();
        let own = TestNca::of(kind, now()).unwrap();
        fs::write(world.desk.dir.path().join("data/test-authorities/own.cer"), own.authority().der()).unwrap();
        let key = world.desk.key("own.p12", &own.person().unwrap());
        let file = world.desk.write("a.txt", b"pay 100");
        world.sign(&file, &key, &["--timestamp"]);
        let report = world.verify(&format!("{file}.cms"));
        assert_eq!(report["valid"], true, "{kind:?} {report:#}");
        assert_eq!(report["signers"][0]["timeStamps"][0]["policy"], policy, "{kind:?}");
        world.sign(&world.desk.write("a.xml", "<a>қол</a>".as_bytes()), &key, &["--as", "xml"]);
        let signed = world.desk.path("a.signed.xml");
        assert_eq!(world.verify(signed.to_str().unwrap())["valid"], true, "{kind:?}");
    }
}

#[test]
fn a_key_for_logging_in_is_told_from_one_for_documents_and_a_service_signs_none() {
    let world = World::new();
    let file = world.desk.write("a.txt", b"pay 100");
    let login = world.desk.key("auth.p12", &world.desk.nca.auth().unwrap());
    world.sign(&file, &login, &[]);
    let cms = format!("{file}.cms");
    let words = world.desk.run(&["verify", &cms], "").ends_with(0).out;
    assert!(words.contains("for logging in"), "{words}");
    let service = world.desk.nca.ocsp_responder().unwrap();
    let service = world.desk.key("ocsp.p12", &service);
    world.sign(&file, &service, &["--force"]);
    let report = world.verify(&cms);
    assert_eq!(report["signers"][0]["problems"][0]["code"], "certificate-wrong-purpose", "{report:#}");
}

#[test]
fn unknown_revocation_is_said_and_can_be_refused() {
    let world = World::new();
    let (_, key) = world.person();
    let file = world.desk.write("a.txt", b"pay 100");
    world.sign(&file, &key, &[]);
    let cms = format!("{file}.cms");
    let words = world.desk.run(&["verify", &cms, "--offline"], "").ends_with(0).out;
    assert!(words.contains("Not found out: whether a certificate was revoked"), "{words}");
    world.desk.run(&["verify", &cms, "--offline", "--require-revocation"], "").ends_with(1);
    world.desk.run(&["verify", &cms, "--require-revocation"], "").ends_with(0);
}

#[test]
fn exit_codes_tell_forged_from_not_looked_at() {
    let world = World::new();
    let (_, key) = world.person();
    let file = world.desk.write("a.txt", b"pay 100");
    world.sign(&file, &key, &["--detached"]);
    world.desk.run(&["verify", &format!("{file}.cms"), "--offline"], "").ends_with(5);
    let unsigned = world.desk.write("plain.xml", b"<a/>");
    let words = world.desk.run(&["verify", &unsigned, "--offline"], "").ends_with(4).out;
    assert!(words.starts_with("There is no signature"), "{words}");
    let nowhere = world.desk.path("nowhere/out.cms").to_str().unwrap().to_owned();
    let arguments = ["sign", &file, "--key", &key, "--password-stdin", "-o", &nowhere];
    let run = world.desk.run(&arguments, &typed()).ends_with(1);
    assert!(run.err.contains("There is no folder"), "{}", run.err);
    let pdf = world.desk.write("c.pdf", &one_page());
    let run = world.desk.run(&["sign", &pdf, "--add", "--key", &key, "--password-stdin"], &typed()).ends_with(2);
    assert!(run.err.contains("without --add"), "{}", run.err);
}

#[test]
#[cfg(unix)]
fn a_signature_is_as_private_as_its_document() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::new();
    let (_, key) = world.person();
    let file = world.desk.write("secret.txt", b"pay 100");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    world.sign(&file, &key, &[]);
    let cms = format!("{file}.cms");
    assert_eq!(fs::metadata(&cms).unwrap().permissions().mode() & 0o777, 0o600);
    fs::set_permissions(&cms, fs::Permissions::from_mode(0o640)).unwrap();
    world.sign(&file, &key, &["--force"]);
    assert_eq!(fs::metadata(&cms).unwrap().permissions().mode() & 0o777, 0o640);
}

/// One empty page of A4, with a classic cross-reference table.
fn one_page() -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>",
    ];
    let mut pdf = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in (1..).zip(objects) {
        table.push_str(&format!("{:010} 00000 n \n", pdf.len()));
        pdf.extend(format!("{number} 0 obj\n{object}\nendobj\n").into_bytes());
    }
    let start = pdf.len();
    let trailer = format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    pdf.extend((table + &trailer).into_bytes());
    pdf
}

#[test]
fn a_pdf_is_signed_inside_with_a_stamp_by_one_person_and_then_by_another() {
    let world = World::new();
    let (_, first) = world.person();
    let second = world.desk.key("head.p12", &world.desk.nca.head().unwrap());
    let file = world.desk.write("contract.pdf", &one_page());
    world.sign(&file, &first, &["--visible", "--reason", "Келісім", "--timestamp"]);
    let signed = world.desk.path("contract.signed.pdf").to_str().unwrap().to_owned();
    assert!(fs::read(&signed).unwrap().starts_with(&one_page()), "the document itself was changed");
    let report = world.verify(&signed);
    assert_eq!((&report["kind"], &report["valid"]), (&"pdf".into(), &true.into()), "{report:#}");
    assert_eq!(report["signers"][0]["judgedBy"], "time-stamp");
    assert_eq!(report["signers"][0]["reason"], "Келісім");

    let twice = world.desk.path("twice.pdf").to_str().unwrap().to_owned();
    world.sign(&signed, &second, &["--long-term", "-o", &twice]);
    let report = world.verify(&twice);
    assert_eq!(report["valid"], true, "{report:#}");
    let later: Vec<_> = report["signers"].as_array().unwrap().iter().map(|one| &one["later"]).collect();
    assert_eq!(later, ["signatures", "nothing"]);

    // Somebody puts another page in its place and has it signed: the first signature is not for that.
    let mut other = fs::read(&signed).unwrap();
    let start = other.len();
    other.extend(b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 400] /Resources << >> >>\nendobj\n");
    let before = String::from_utf8_lossy(&fs::read(&signed).unwrap()).into_owned();
    let previous = before.rsplit("startxref").next().unwrap().trim().lines().next().unwrap().to_owned();
    let size = before.rsplit("/Size ").next().unwrap().split([' ', '/', '>', '\n']).next().unwrap().to_owned();
    let table = other.len();
    let update = format!(
        "xref\n3 1\n{start:010} 00000 n \ntrailer\n<< /Size {size} /Root 1 0 R /Prev {previous} >>\nstartxref\n{table}\n%%EOF\n"
    );
    other.extend(update.into_bytes());
    let other = world.desk.write("other.pdf", &other);
    let again = world.desk.path("again.pdf").to_str().unwrap().to_owned();
    world.sign(&other, &second, &["-o", &again]);
    let report = world.verify(&again);
    assert_eq!(report["valid"], false, "{report:#}");
    let codes = report["signers"][0]["problems"].as_array().unwrap();
    assert!(codes.iter().any(|one| one["code"] == "changed-after"), "{report:#}");

    let mut changed = fs::read(&twice).unwrap();
    changed[15] ^= 1;
    let changed = world.desk.write("changed.pdf", &changed);
    let words = world.desk.run(&["verify", &changed], "").ends_with(1).out;
    assert!(words.contains("NOT accepted"), "{words}");
}

#[test]
fn what_is_no_pdf_after_all_says_what_else_can_be_done() {
    let world = World::new();
    let (_, key) = world.person();
    let file = world.desk.write("contract.pdf", b"%PDF-1.7 and nothing more");
    let arguments = ["sign", &file, "--key", &key, "--password-stdin"];
    let run = world.desk.run(&arguments, &typed()).ends_with(1);
    assert!(run.err.contains("--detached"), "{}", run.err);
    world.sign(&file, &key, &["--as", "cms"]);
    assert_eq!(world.verify(&format!("{file}.cms"))["kind"], "cms");
}

#[test]
fn an_xml_document_keeps_its_octets_and_says_what_its_signature_covers() {
    let world = World::new();
    let (_, key) = world.person();
    let file = world.desk.write("login.xml", "<login><ticket id=\"42\">кіру</ticket></login>".as_bytes());
    for (layout, name) in [(&[][..], "lines.xml"), (&["--compact"][..], "compact.xml")] {
        let out = world.desk.path(name).to_str().unwrap().to_owned();
        world.sign(&file, &key, &[&["--as", "xml", "-o", &out], layout].concat());
        let report = world.verify(&out);
        assert_eq!((&report["kind"], &report["valid"]), (&"xml".into(), &true.into()), "{report:#}");
        assert_eq!(report["signers"][0]["coversDocument"], true);
        let text = fs::read_to_string(&out).unwrap();
        assert!(text.contains("<login><ticket id=\"42\">кіру</ticket>"), "{text}");
        let spoiled = world.desk.write("spoiled.xml", text.replace("42", "43").as_bytes());
        let words = world.desk.run(&["verify", &spoiled], "").ends_with(1).out;
        assert!(words.contains("the document was changed"), "{words}");
    }
    // Options of other forms are refused before anything is asked.
    for wrong in [&["--as", "xml", "--timestamp"][..], &["--as", "xml", "--detached"], &["--visible"]] {
        let arguments = [&["sign", &file, "--key", &key, "--password-stdin"][..], wrong].concat();
        world.desk.run(&arguments, &typed()).ends_with(2);
    }
}

#[test]
fn an_added_authority_is_believed_until_it_is_removed() {
    let world = World::new();
    let own = TestNca::new(now()).unwrap();
    let key = world.desk.key("own.p12", &own.person().unwrap());
    let file = world.desk.write("a.txt", b"pay 100");
    let authority = world.desk.write("own.cer", own.authority().der());
    let leaf = world.desk.write("leaf.cer", own.person().unwrap().certificate.der());
    world.sign(&file, &key, &[]);
    let cms = format!("{file}.cms");
    assert_eq!(world.verify(&cms)["signers"][0]["problems"][0]["code"], "certificate-unknown-issuer");

    let refused = world.desk.run(&["trust", "ca", "add", &leaf], "").ends_with(1);
    assert!(refused.err.contains("belongs to no authority"), "{}", refused.err);
    world.desk.run(&["trust", "ca", "add", &key], "").ends_with(4);
    let added = world.desk.run(&["trust", "ca", "add", &authority], "").ends_with(0).out;
    let report = world.verify(&cms);
    assert_eq!(report["valid"], true, "{report:#}");
    assert_eq!(report["signers"][0]["test"], false);
    assert_eq!(report["signers"][0]["certificate"]["issuedBy"], "added");
    let known = world.desk.write("known.cer", world.desk.nca.authority().der());
    let refused = world.desk.run(&["trust", "ca", "add", &known], "").ends_with(1);
    assert!(refused.err.contains("is a test authority"), "{}", refused.err);

    let list = world.desk.json(&["trust", "ca", "list", "--json"]);
    let rows = list["authorities"].as_array().unwrap();
    let row = rows.iter().find(|row| row["addedAs"].is_string() && row["test"] == false).unwrap();
    let fingerprint = row["sha256"].as_str().unwrap();
    assert!(added.contains(fingerprint), "{added}");
    assert!(rows.iter().any(|row| row["sha256"].is_null()), "the authority of 2022 is known by its key only");
    world.desk.run(&["trust", "ca", "remove", "abc"], "").ends_with(2);
    world.desk.run(&["trust", "ca", "remove", &"0".repeat(64)], "").ends_with(1);
    world.desk.run(&["trust", "ca", "remove", &fingerprint[..12].to_uppercase()], "").ends_with(0);
    assert_eq!(world.verify(&cms)["valid"], false);
}

#[test]
fn a_soap_message_is_signed_over_its_body_and_a_bare_value_fits_the_file() {
    let world = World::new();
    let (issued, key) = world.person();
    let message = "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body><pay>100</pay>\
                   </soap:Body></soap:Envelope>";
    let file = world.desk.write("message.xml", message.as_bytes());
    world.sign(&file, &key, &["--as", "soap"]);
    let signed = world.desk.path("message.signed.xml").to_str().unwrap().to_owned();
    let report = world.verify(&signed);
    assert_eq!(report["valid"], true, "{report:#}");
    assert_eq!(report["signers"][0]["references"][0]["element"], "/soap:Envelope/soap:Body");
    assert_eq!(report["signers"][0]["coversDocument"], false);

    let file = world.desk.write("a.txt", b"pay 100");
    world.sign(&file, &key, &["--as", "raw"]);
    let value = fs::read(format!("{file}.sig")).unwrap();
    assert_eq!(value.len(), 128);
    let fits = |data: &[u8]| {
        let content = signature::raw::Content::Data(data);
        signature::raw::verify(&issued.certificate, pki::SignatureAlgorithm::Gost512, content, &value).is_ok()
    };
    assert!(fits(b"pay 100") && !fits(b"pay 900"));
}

#[test]
fn a_stamp_of_a_revoked_service_proves_nothing() {
    let world = World::new();
    let (_, key) = world.person();
    let file = world.desk.write("a.txt", b"pay 100");
    world.sign(&file, &key, &["--timestamp"]);
    let cms = format!("{file}.cms");
    assert_eq!(world.verify(&cms)["signers"][0]["judgedBy"], "time-stamp");
    let service = world.services.time_stamping(&pki::oid::TSA_GOST512).unwrap();
    world.services.revoke(service.serial(), now(), Reason::KeyCompromise);
    let report = world.verify(&cms);
    assert_eq!(report["signers"][0]["judgedBy"], "signer", "{report:#}");
    assert!(report["signers"][0]["timeStampNotBelieved"].as_str().unwrap().contains("revoked"), "{report:#}");
}

#[test]
fn an_issuer_that_is_missing_is_fetched_from_where_the_certificate_says() {
    let world = World::new();
    let (_, key) = world.person();
    let file = world.desk.write("a.txt", b"pay 100");
    world.sign(&file, &key, &[]);
    let cms = format!("{file}.cms");
    // Only the root is believed: the authority between has to be fetched from where the certificate says.
    let authorities = world.desk.dir.path().join("data/test-authorities");
    fs::write(authorities.join("nca.cer"), world.desk.nca.root().der()).unwrap();
    let offline = world.desk.json(&["verify", &cms, "--offline", "--json"]);
    assert_eq!(offline["signers"][0]["problems"][0]["code"], "certificate-unknown-issuer", "{offline:#}");
    let report = world.verify(&cms);
    assert_eq!(report["valid"], true, "{report:#}");
}
