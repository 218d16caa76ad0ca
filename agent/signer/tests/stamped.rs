//! What is asked of the NCA's services while a window is open: time stamps, and whether the key was revoked. The
//! miniature NCA answers over loopback.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod script;

use keystore::Password;
use nca_material::Oracle;
use order::{Cms, Content, FailureCode, Form, KeyFilter, Outcome, SignTask, Task, TimeStamp};
use pki::{
    Timestamp,
    issue::Profile,
    oid,
    request::{message::Message, revocation::Statement},
    revocation::Reason,
    trust::Anchors,
};
use script::{
    Home, NOW, PASSWORD, Script, Step, agree, attached, brought, cancel, content, decide, failure, of_person,
    questions, requested, said, sign_as, signatures,
};
use signature::cms;
use signer::{
    carry_out::Input,
    life::blocked::{Blocked, Why},
    window::{Consent, Event, FormView, Question, StampView},
};
use std::ffi::OsString;
use std::fs;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use test_nca::{
    Issued, TestNca,
    services::{Server, Services},
};

fn now() -> Timestamp {
    Timestamp::from_unix(NOW + 60)
}

/// A key of a miniature NCA whose services answer.
struct World {
    /// Seconds by which the clock of the services is ahead of the beginning.
    ahead: Arc<AtomicI64>,
    home: Home,
    nca: Arc<TestNca>,
    issued: Issued,
    services: Arc<Services>,
    server: Server,
}

impl World {
    fn new() -> Self {
        let begin = Timestamp::from_unix(NOW);
        let place = Server::bind(0).unwrap();
        let nca = Arc::new(TestNca::new(begin).unwrap().with_services(&place.url()));
        let stranger = TestNca::new(begin).unwrap();
        let services =
            Arc::new(Services::new(Arc::clone(&nca), Arc::new(stranger)).unwrap().with_all_policies().unwrap());
        let ahead = Arc::new(AtomicI64::new(0));
        let clock = Arc::clone(&ahead);
        let server =
            place.serve(Arc::clone(&services), move || now().plus_seconds(clock.load(Ordering::SeqCst))).unwrap();
        let issued = nca.person().unwrap();
        let mut home = Home::new();
        home.authority = nca.authority().clone();
        home.certificate = issued.certificate.clone();
        let key = home.key.clone();
        fs::write(&key, &*issued.key_file(&Password::new(PASSWORD.to_owned()).unwrap()).unwrap()).unwrap();
        home.known.remember(&key, vec![issued.certificate.clone()]).unwrap();
        let mut world = Self { ahead, home, nca, issued, services, server };
        world.settle("");
        world
    }

    /// The settings, with an awkward corner of the services in front of the ordinary paths.
    fn settle(&mut self, corner: &str) {
        let url = self.server.url();
        self.home.services.tsp = format!("{url}{corner}/tsp/");
        self.home.services.also = vec![url.trim_start_matches("http://").to_owned()];
        self.home.services.timeout_seconds = 5;
    }

    /// The person thinks for so many seconds, and goes by every clock then.
    fn decides_after(&self, seconds: i64) -> Step {
        let clocks = [&self.ahead, &self.home.later].map(Arc::clone);
        Box::new(move |keys| {
            clocks.iter().for_each(|clock| clock.store(seconds, Ordering::SeqCst));
            decide(0, PASSWORD)(keys)
        })
    }

    fn revoke(&self) {
        self.services.revoke(self.issued.certificate.serial(), Timestamp::from_unix(NOW + 1), Reason::KeyCompromise);
    }
}

fn stamped(documents: &[&[u8]]) -> Task {
    let form = Form::Cms(Cms { content: Content::Attached, time_stamp: TimeStamp::Signature });
    let documents = documents.iter().map(|one| content(one)).collect();
    Task::Sign(SignTask { documents, ..sign_as(content(b""), form) })
}

#[track_caller]
fn has_good_stamp(world: &World, der: &[u8]) {
    let report = cms::verify(der, None).unwrap();
    assert!(report.is_good(), "{report:?}");
    let mut anchors = Anchors::production();
    anchors.add_test(world.nca.authority());
    for signer in &report.signers {
        assert_eq!(signer.stamps.len(), 1, "{signer:?}");
        let stamp = signer.stamps[0].verdict.as_ref().unwrap();
        assert!(stamp.path(&anchors).is_ok());
        assert_eq!(stamp.time, now());
    }
}

#[test]
fn every_signature_of_a_batch_gets_a_stamp_and_an_independent_verifier_agrees() {
    let mut world = World::new();
    let mut person = Script::new(vec![decide(0, PASSWORD)]);
    let done = world.home.carry_out(stamped(&[b"one", b"two"]), &mut person);
    let made = signatures(&done);
    assert_eq!(made.len(), 2);
    made.iter().for_each(|der| has_good_stamp(&world, der));
    let Question::Sign { form, .. } = person.seen.view.unwrap().question else { panic!() };
    assert_eq!(form, FormView::Cms { stamp: StampView::Added });
    if let Some(oracle) = Oracle::find() {
        let file = oracle.write("stamped.cms", &made[0]);
        let [root, authority] =
            [world.nca.root(), world.nca.authority()].map(|one| oracle.write(&one.serial().to_hex(), one.der()));
        let arguments: [OsString; 6] =
            ["cms".into(), file.into(), "--json".into(), "--ca".into(), root.into(), authority.into()];
        let (code, report) = oracle.run(arguments);
        assert_eq!(code, 0, "{report:#}");
    }
}

#[test]
fn without_its_stamp_nothing_leaves_and_the_person_may_try_again() {
    for (corner, sentence) in [
        ("/nowhere", "service-strange"),
        ("/wrong-nonce", "error-stamp-unusable"),
        ("/stranger", "error-stamp-unusable"),
    ] {
        let mut world = World::new();
        world.settle(corner);
        let mut person = Script::new(vec![decide(0, PASSWORD), decide(0, PASSWORD), cancel()]);
        let done = world.home.carry_out(stamped(&[b"one"]), &mut person);
        assert_eq!(done.outcome, Outcome::Cancelled, "{corner}");
        assert_eq!(said(&person.seen.problems), [sentence, sentence], "{corner}");
    }
}

#[test]
fn a_service_that_is_not_there_is_named() {
    let mut world = World::new();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    world.home.services.tsp = format!("http://{free}");
    let mut person = Script::new(vec![decide(0, PASSWORD), cancel()]);
    world.home.carry_out(stamped(&[b"one"]), &mut person);
    assert_eq!(said(&person.seen.problems), ["service-unreachable"]);
}

#[test]
fn a_no_is_heard_while_a_service_keeps_silent() {
    let mut world = World::new();
    // It takes connections and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    world.home.services.tsp = format!("http://{}", silent.local_addr().unwrap());
    world.home.services.timeout_seconds = 120;
    world.home.services.check_before_signing = false;
    let mut person = Script::new(vec![decide(0, PASSWORD)]);
    // Asked before the first document and before the second, and once more before the service is; then while it is
    // waited for.
    person.meanwhile.extend([Input::Waiting(1), Input::Window(Event::Cancel)]);
    let began = std::time::Instant::now();
    let done = world.home.carry_out(stamped(&[b"one"]), &mut person);
    assert_eq!(done.outcome, Outcome::Cancelled);
    assert!(began.elapsed() < std::time::Duration::from_secs(60));
}

#[test]
fn a_finished_cms_is_stamped_after_a_yes_that_names_the_signer() {
    let mut world = World::new();
    let mut person = Script::new(vec![decide(0, PASSWORD)]);
    let bare = world.home.carry_out(Task::Sign(sign_as(content(b"contract"), attached())), &mut person);
    let cms = signatures(&bare).remove(0);
    let task = || Task::Stamp { cms: cms.clone().into() };
    let mut no = Script::new(vec![cancel()]);
    assert_eq!(world.home.carry_out(task(), &mut no).outcome, Outcome::Cancelled);
    let mut yes = Script::new(vec![agree()]);
    let Outcome::Stamped(stamped) = world.home.carry_out(task(), &mut yes).outcome else { panic!() };
    has_good_stamp(&world, &stamped);
    let Question::Consent(Consent::Stamp { signers }) = &yes.seen.views[0].question else { panic!() };
    assert_eq!(signers, &[world.issued.certificate.holder().name.clone()]);

    world.settle("/nowhere");
    let mut person = Script::new(vec![agree(), agree()]);
    assert_eq!(failure(&world.home.carry_out(task(), &mut person)).0, FailureCode::Service);
    assert_eq!(questions(&person.seen), ["stamp", "notice"]);
}

fn plain() -> SignTask {
    sign_as(content(b"pay 100"), attached())
}

#[test]
fn a_revoked_key_is_refused_in_the_window_unless_the_page_tests_its_system_or_the_settings_say_no() {
    let mut world = World::new();
    world.revoke();
    let mut person = Script::new(vec![decide(0, PASSWORD), cancel()]);
    assert_eq!(world.home.carry_out(Task::Sign(plain()), &mut person).outcome, Outcome::Cancelled);
    assert_eq!(said(&person.seen.problems), ["error-key-revoked"]);
    let filter = KeyFilter { allow_revoked: true, ..KeyFilter::default() };
    let mut person = Script::new(vec![decide(0, PASSWORD)]);
    signatures(&world.home.carry_out(Task::Sign(SignTask { filter, ..plain() }), &mut person));
    world.home.services.check_before_signing = false;
    let mut person = Script::new(vec![decide(0, PASSWORD)]);
    signatures(&world.home.carry_out(Task::Sign(plain()), &mut person));
}

#[test]
fn an_answer_is_remembered_for_some_minutes() {
    let mut world = World::new();
    let mut person = Script::new(vec![decide(0, PASSWORD)]);
    signatures(&world.home.carry_out(Task::Sign(plain()), &mut person));
    world.revoke();
    let mut person = Script::new(vec![decide(0, PASSWORD)]);
    signatures(&world.home.carry_out(Task::Sign(plain()), &mut person));
    // Time passes.
    world.ahead.store(301, Ordering::SeqCst);
    world.home.now += 301;
    let mut person = Script::new(vec![decide(0, PASSWORD), cancel()]);
    world.home.carry_out(Task::Sign(plain()), &mut person);
    assert_eq!(said(&person.seen.problems), ["error-key-revoked"]);
}

#[test]
fn what_was_heard_counts_no_longer_once_a_key_was_blocked_and_let_sign_again() {
    let mut world = World::new();
    let mut person = Script::new(vec![decide(0, PASSWORD)]);
    signatures(&world.home.carry_out(Task::Sign(plain()), &mut person));
    // It was lost, somebody had it revoked, and it was found.
    world.revoke();
    let certificate = world.issued.certificate.clone();
    fs::create_dir_all(world.home.places.data()).unwrap();
    let mut blocked = Blocked::load(world.home.places.data()).unwrap();
    blocked.block(&certificate, Why::Lost, Timestamp::from_unix(NOW)).unwrap();
    let mut person = Script::new(vec![cancel()]);
    world.home.carry_out(Task::Sign(plain()), &mut person);
    let name = blocked.keys()[0].certificate.clone();
    blocked.unblock(&[name]).unwrap();
    let mut person = Script::new(vec![decide(0, PASSWORD), cancel()]);
    world.home.carry_out(Task::Sign(plain()), &mut person);
    assert_eq!(said(&person.seen.problems), ["error-key-revoked"]);
}

#[test]
fn whoever_asked_for_a_keys_end_is_not_told_that_it_is_good_because_it_was() {
    let mut world = World::new();
    let asked = Message::Revocation(Statement::about(&world.issued.certificate, Reason::KeyCompromise)).to_der();
    // Signed for a page, after a yes of its own.
    let task = Task::Sign(sign_as(content(&asked), attached()));
    let mut person = Script::new(vec![agree(), decide(0, PASSWORD)]);
    signatures(&world.home.carry_out(task, &mut person));
    for is_revoked in [false, true] {
        let mut person = Script::new(vec![decide(0, PASSWORD), cancel()]);
        world.home.carry_out(Task::Sign(plain()), &mut person);
        assert_eq!(!person.seen.problems.is_empty(), is_revoked);
        world.revoke();
    }
}

#[test]
fn a_status_that_cannot_be_had_hinders_nothing() {
    let mut world = World::new();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    world.home.services.ocsp = format!("http://{free}");
    let mut person = Script::new(vec![decide(0, PASSWORD)]);
    signatures(&world.home.carry_out(Task::Sign(plain()), &mut person));
    // One that keeps silent is given up after some seconds.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    world.home.statuses = signer::carry_out::Statuses::default();
    world.home.services.ocsp = format!("http://{}", silent.local_addr().unwrap());
    world.home.services.timeout_seconds = 120;
    let mut person = Script::new(vec![decide(0, PASSWORD)]);
    signatures(&world.home.carry_out(Task::Sign(plain()), &mut person));
}

#[test]
fn a_window_may_stay_open_and_what_is_signed_then_is_signed_then() {
    let later = 400;
    let mut world = World::new();
    // A service whose clock is right says so of a moment that had not come when the window opened.
    let mut person = Script::new(vec![world.decides_after(later)]);
    let signed = signatures(&world.home.carry_out(stamped(&[b"one"]), &mut person)).remove(0);
    let report = cms::verify(&signed, None).unwrap();
    let (signer, at) = (&report.signers[0], now().plus_seconds(later));
    assert_eq!(signer.signing_time, Some(at));
    assert_eq!(signer.stamps[0].verdict.as_ref().unwrap().time, at);

    let mut world = World::new();
    world.revoke();
    let mut person = Script::new(vec![world.decides_after(later), cancel()]);
    assert_eq!(world.home.carry_out(Task::Sign(plain()), &mut person).outcome, Outcome::Cancelled);
    assert_eq!(said(&person.seen.problems), ["error-key-revoked"]);
}

#[test]
fn a_key_whose_certificate_ends_while_the_window_is_open_signs_no_more() {
    let mut world = World::new();
    let end = world.issued.certificate.not_after().as_unix() - now().as_unix();
    let mut person = Script::new(vec![world.decides_after(end + 1), cancel()]);
    assert_eq!(world.home.carry_out(Task::Sign(plain()), &mut person).outcome, Outcome::Cancelled);
    assert_eq!(person.seen.problems.len(), 1);
}

#[test]
fn a_revoked_certificate_is_not_put_in_whatever_the_settings_and_the_memory_say() {
    let mut world = World::new();
    // Only the root is known: who issued comes along.
    world.home.authority = world.nca.root().clone();
    world.home.services.check_before_signing = false;
    let mut person = Script::new(vec![decide(0, PASSWORD)]);
    let (_, request) = requested(&world.home.carry_out(Task::NewKey(Box::new(of_person())), &mut person));
    let profile = Profile::Person { purposes: vec![oid::EMAIL_PROTECTION] };
    let (from, to) = (Timestamp::from_unix(NOW), Timestamp::from_unix(NOW).plus_days(365));
    let own = world.nca.certify_public(request.public_key(), request.subject().clone(), profile, from, to).unwrap();
    world.services.revoke(own.serial(), Timestamp::from_unix(NOW + 1), Reason::KeyCompromise);
    for later in [0, 400] {
        let task = brought(vec![own.der().to_vec(), world.nca.authority().der().to_vec()]);
        let mut person = Script::new(vec![world.decides_after(later), cancel()]);
        assert_eq!(world.home.carry_out(task, &mut person).outcome, Outcome::Cancelled);
        assert_eq!(said(&person.seen.problems), ["error-certificate-revoked"], "{later}");
    }
}
