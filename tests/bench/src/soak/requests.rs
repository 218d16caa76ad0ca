//! Requests that go the whole way: through the policy, the look for the calling program, the queue, the signer as a
//! process, and into the journal. Nobody sits at a window here, so each ends as a refusal, which is an answer as well.

use crate::{
    Fault,
    websocket::{self, Scheme, frame},
};
use std::{io::Write as _, time::Duration};

/// A text frame with FIN.
const TEXT: u8 = 0x81;

/// A signer is a process that begins for this; on a busy machine it takes its time.
const PATIENCE: Duration = Duration::from_secs(60);

const SIGN: &str = r#"{"module":"kz.gov.pki.knca.basics","method":"sign","args":{"format":"cms","data":"soak","signingParams":{},"signerParams":{"extKeyUsageOids":[]}}}"#;

const HASH: &str = r#"{"method":"getHash","args":["soak","SHA256"]}"#;

/// Each once, so that whatever is opened for the first of them is open.
pub(super) fn each_once(scheme: &Scheme, port: u16) -> Result<(), Fault> {
    refused(scheme, port)?;
    withdrawn(scheme, port)?;
    hash(scheme, port)
}

/// A signature that nobody agrees to: the signer has no window here, and often it is asked too fast for anybody.
pub(super) fn refused(scheme: &Scheme, port: u16) -> Result<(), Fault> {
    answered(scheme, port, SIGN, &["\"status\":false"])
}

/// A page that asks for a signature and leaves at once.
pub(super) fn withdrawn(scheme: &Scheme, port: u16) -> Result<(), Fault> {
    let mut socket = websocket::open(scheme, port)?;
    socket.write_all(&frame(TEXT, SIGN.as_bytes()))?;
    Ok(socket.flush()?)
}

/// A digest, which the signer makes without a window where it can begin at all.
pub(super) fn hash(scheme: &Scheme, port: u16) -> Result<(), Fault> {
    answered(scheme, port, HASH, &["\"errorCode\":\"NONE\"", "\"errorCode\":\"COMMON\""])
}

fn answered(scheme: &Scheme, port: u16, request: &str, expected: &[&str]) -> Result<(), Fault> {
    let mut socket = websocket::open(scheme, port)?;
    socket.wait_up_to(PATIENCE)?;
    let answer = socket.call(request)?;
    let is_expected = expected.iter().any(|words| answer.contains(words));
    if is_expected { Ok(()) } else { Err(format!("{request} was answered {answer}").into()) }
}
