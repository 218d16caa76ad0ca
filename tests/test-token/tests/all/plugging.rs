//! Cards come and go.

use std::{thread, time::Duration};

use cryptoki_sys::*;
use tanba_test_token::{Fault, How, Module};

use crate::{
    raw::Raw,
    world::{CKM_GOSTR3410_512, PIN, READ, card, folder, logged_in, placed, private_key},
};

#[test]
fn a_card_that_comes_or_goes_is_one_event() {
    let folder = folder();
    let module = Module::new("library").card(card("a")).card(card("b")).place(folder.path()).unwrap();
    let b = module.card(1).unwrap();
    let raw = Raw::ready(module.driver());
    assert_eq!(raw.wait(CKF_DONT_BLOCK), Err(CKR_NO_EVENT));
    b.unplug().unwrap();
    assert_eq!(raw.wait(CKF_DONT_BLOCK), Ok(1));
    assert_eq!(raw.wait(CKF_DONT_BLOCK), Err(CKR_NO_EVENT));
    assert_eq!(raw.slots(true, Some(2)).1, 1);
    assert_eq!(raw.slot_flags(1).unwrap() & CKF_TOKEN_PRESENT, 0);
    assert_eq!(raw.token_info(1).unwrap_err(), CKR_TOKEN_NOT_PRESENT);
    assert_eq!(raw.open(1, READ), Err(CKR_TOKEN_NOT_PRESENT));
    b.plug().unwrap();
    assert_eq!(raw.wait(CKF_DONT_BLOCK), Ok(1));
    assert_ne!(raw.slot_flags(1).unwrap() & CKF_TOKEN_PRESENT, 0);
    b.unplug().unwrap();
    b.plug().unwrap();
    assert_eq!(raw.wait(CKF_DONT_BLOCK), Ok(1), "also when it was quick");
}

#[test]
fn who_waits_is_woken_by_a_card_and_by_the_end() {
    let folder = folder();
    let module = placed(&folder, card("card"));
    let raw = Raw::ready(module.driver());
    let soon = Duration::from_millis(100);
    thread::scope(|scope| {
        let waiting = scope.spawn(|| raw.wait(0));
        thread::sleep(soon);
        assert!(!waiting.is_finished());
        // Whoever waits keeps nobody else from working.
        assert_eq!(raw.slots(true, None).1, 1);
        module.card(0).unwrap().unplug().unwrap();
        assert_eq!(waiting.join().unwrap(), Ok(0));

        let waiting = scope.spawn(|| raw.wait(0));
        thread::sleep(soon);
        raw.finalize().unwrap();
        assert_eq!(waiting.join().unwrap(), Err(CKR_CRYPTOKI_NOT_INITIALIZED));
    });
}

#[test]
fn a_library_may_have_no_events() {
    let folder = folder();
    let module = Module::new("library").card(card("card")).with(|config| config.slot_events = false);
    let raw = Raw::ready(module.place(folder.path()).unwrap().driver());
    assert_eq!(raw.wait(0), Err(CKR_FUNCTION_NOT_SUPPORTED));
    assert_eq!(raw.wait(CKF_DONT_BLOCK), Err(CKR_FUNCTION_NOT_SUPPORTED));
}

#[test]
fn sessions_end_with_the_card_also_when_it_is_back_at_once() {
    let folder = folder();
    let module = placed(&folder, card("card"));
    let (raw, session, key) = logged_in(module.driver());
    let other = raw.open(0, READ).unwrap();
    module.card(0).unwrap().unplug().unwrap();
    module.card(0).unwrap().plug().unwrap();
    assert_eq!(raw.sign_init(session, CKM_GOSTR3410_512, key), Err(CKR_DEVICE_REMOVED));
    assert_eq!(raw.sign_init(session, CKM_GOSTR3410_512, key), Err(CKR_SESSION_HANDLE_INVALID));
    assert_eq!(raw.state(other), Err(CKR_SESSION_HANDLE_INVALID));
    // What was logged in is not logged in any more.
    let session = raw.open(0, READ).unwrap();
    assert_eq!(raw.state(session), Ok(CKS_RO_PUBLIC_SESSION));
    raw.login(session, CKU_USER, Some(PIN)).unwrap();
    let key = private_key(&raw, session);
    assert_eq!(raw.sign(session, CKM_GOSTR3410_512, key, &[1; 64]).unwrap().len(), 128);
}

#[test]
fn a_card_may_be_pulled_out_in_the_middle_of_a_signature() {
    let folder = folder();
    let module = placed(&folder, card("card").fault(Fault::new("C_Sign", How::Unplug).times(1)));
    let (raw, session, key) = logged_in(module.driver());
    assert_eq!(raw.sign(session, CKM_GOSTR3410_512, key, &[1; 64]), Err(CKR_DEVICE_REMOVED));
    assert!(!module.card(0).unwrap().is_plugged_in());
    assert_eq!(raw.wait(CKF_DONT_BLOCK), Ok(0));
    module.card(0).unwrap().plug().unwrap();
    let session = raw.open(0, READ).unwrap();
    raw.login(session, CKU_USER, Some(PIN)).unwrap();
    let key = private_key(&raw, session);
    assert_eq!(raw.sign(session, CKM_GOSTR3410_512, key, &[1; 64]).unwrap().len(), 128, "once only");
}
