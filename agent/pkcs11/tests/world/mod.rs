//! A token host as a process of its own.

#![allow(dead_code)]

use pkcs11::wire::{
    self, Answer, Asked, Fault, FromHost, Key, KeyKind, PublicHalf, Reply, Request, Slot, Token, TokenId,
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};
pub(crate) use test_token::softhsm::SoftHsm;

/// What the tokens of these tests are opened with.
pub(crate) const PIN: &str = "тест-1234";

/// SHA-256 in a DigestInfo, before its 32 octets (RFC 8017, 9.2).
pub(crate) const SHA256_INFO: &[u8] =
    &[0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 3, 4, 2, 1, 0x05, 0x00, 0x04, 0x20];

/// The curve P-256, as CKA_EC_PARAMS.
pub(crate) const P256: &[u8] = &[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];

/// SoftHSM's tokens behind a host.
pub(crate) trait Hosted {
    fn host(&self) -> Host;
    fn with_one_token(&self) -> (Host, u64, TokenId);
}

impl Hosted for SoftHsm {
    fn host(&self) -> Host {
        let mut host = Host::start(self.command(Host::program()).arg(self.driver()));
        assert!(matches!(host.hears(), FromHost::Ready { version: wire::VERSION, .. }));
        host
    }

    /// A host, and the slot and name of its only token.
    fn with_one_token(&self) -> (Host, u64, TokenId) {
        self.add("Token");
        let mut host = self.host();
        let (slot, token) = host.token("Token");
        (host, slot, token.id)
    }
}

/// A token host.
pub(crate) struct Host {
    pub(crate) child: Child,
    pub(crate) to: Option<ChildStdin>,
    from: ChildStdout,
    asked: u64,
}

impl Host {
    /// The example of this package, which cargo builds with the tests and puts beside them.
    pub(crate) fn program() -> PathBuf {
        let here = std::env::current_exe().unwrap();
        let program = here.parent().unwrap().with_file_name("examples").join("token_host");
        assert!(program.is_file(), "{} is not built: cargo build -p tanba-pkcs11 --examples", program.display());
        program
    }

    pub(crate) fn of(library: &Path) -> Self {
        Self::start(Command::new(Self::program()).arg(library))
    }

    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let (to, from) = (child.stdin.take(), child.stdout.take().unwrap());
        Self { child, to, from, asked: 0 }
    }

    /// The next word, whatever it is.
    pub(crate) fn hears(&mut self) -> FromHost {
        wire::read(&mut self.from).unwrap().expect("the host says something")
    }

    /// Whether the host said all it had to say.
    pub(crate) fn is_silent(&mut self) -> bool {
        matches!(wire::read::<FromHost>(&mut self.from), Ok(None))
    }

    pub(crate) fn asks(&mut self, request: Request) -> Reply {
        self.asks_with(request, &[])
    }

    pub(crate) fn asks_with(&mut self, request: Request, pins: &[&str]) -> Reply {
        self.asked += 1;
        let number = self.asked;
        let to = self.to.as_mut().unwrap();
        wire::write(&Asked { number, request }, to).unwrap();
        for pin in pins {
            wire::write_pin(pin, to).unwrap();
        }
        loop {
            match self.hears() {
                FromHost::SlotsChanged => {}
                FromHost::Answer(Answer { number: of, reply }) => {
                    assert_eq!(of, number);
                    return reply;
                }
                other => panic!("{other:?}"),
            }
        }
    }

    pub(crate) fn slots(&mut self) -> Vec<Slot> {
        match self.asks(Request::Slots) {
            Reply::Slots(slots) => slots,
            other => panic!("{other:?}"),
        }
    }

    /// The slot and the token of a label.
    pub(crate) fn token(&mut self, label: &str) -> (u64, Token) {
        let has = |slot: &Slot| slot.token.as_ref().is_some_and(|token| token.id.label == label);
        let slot = self.slots().into_iter().find(has).expect("the token is there");
        (slot.id, slot.token.unwrap())
    }

    pub(crate) fn logs_in(&mut self, slot: u64, token: &TokenId, pin: &str) -> Reply {
        self.asks_with(Request::LogIn { slot, token: token.clone() }, &[pin])
    }

    pub(crate) fn keys(&mut self, slot: u64) -> Vec<Key> {
        match self.asks(Request::Keys { slot }) {
            Reply::Keys(keys) => keys,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn makes(&mut self, slot: u64, token: &TokenId, kind: KeyKind, id: &[u8], label: &str) -> Reply {
        let (token, id, label) = (token.clone(), id.to_vec().into(), label.to_owned());
        self.asks(Request::Generate { slot, token, kind, id, label })
    }

    pub(crate) fn made(&mut self, slot: u64, token: &TokenId, kind: KeyKind, id: &[u8], label: &str) -> PublicHalf {
        match self.makes(slot, token, kind, id, label) {
            Reply::Made(half) => half,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn signs(&mut self, slot: u64, token: &TokenId, key: &[u8], mechanism: u64, data: &[u8]) -> Reply {
        let (key, data) = (key.to_vec().into(), data.to_vec().into());
        self.asks(Request::Sign { slot, token: token.clone(), key, mechanism, data, pin: false })
    }

    /// Waits until the process ends, as it must when its input does, whatever a library is doing.
    pub(crate) fn ends(mut self) {
        drop(self.to.take());
        let until = Instant::now() + Duration::from_secs(30);
        while self.child.try_wait().unwrap().is_none() {
            assert!(Instant::now() < until, "the host goes on");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        drop(self.to.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn fault(reply: Reply) -> Fault {
    match reply {
        Reply::Failed(fault) => fault,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn signature(reply: Reply) -> Vec<u8> {
    match reply {
        Reply::Signature(signature) => signature.into_vec(),
        other => panic!("{other:?}"),
    }
}

/// A public key as OpenSSL reads it.
pub(crate) fn spki(half: &PublicHalf) -> Vec<u8> {
    const RSA: &[u8] = &[0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];
    const EC: &[u8] = &[0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
    let (algorithm, key) = match half {
        PublicHalf::Rsa { modulus, exponent } => {
            (RSA.to_vec(), der(0x30, &[integer(modulus), integer(exponent)].concat()))
        }
        PublicHalf::Ec { parameters, point } => {
            // In an OCTET STRING: 04, length, then the point, which begins with 04 as well.
            let point = if point.get(1) == Some(&65) { &point[2..] } else { point };
            (der(0x30, &[EC, parameters].concat()), point.to_vec())
        }
        other => panic!("{other:?}"),
    };
    der(0x30, &[algorithm, der(0x03, &[vec![0], key].concat())].concat())
}

/// r and s as OpenSSL wants them.
pub(crate) fn ecdsa(r_and_s: &[u8]) -> Vec<u8> {
    let (r, s) = r_and_s.split_at(r_and_s.len() / 2);
    der(0x30, &[integer(r), integer(s)].concat())
}

fn integer(magnitude: &[u8]) -> Vec<u8> {
    let start = magnitude.iter().position(|octet| *octet != 0).unwrap_or(magnitude.len());
    der(0x02, &[&[0], &magnitude[start..]].concat()[usize::from(magnitude.get(start).is_some_and(|o| *o < 0x80))..])
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = match content.len() {
        n @ ..0x80 => vec![n as u8],
        n => vec![0x82, (n >> 8) as u8, n as u8],
    };
    [&[tag][..], &length, content].concat()
}

/// What OpenSSL says of a signature over a digest of SHA-256.
pub(crate) fn openssl_verifies(folder: &Path, half: &PublicHalf, digest: &[u8], signature: &[u8]) -> bool {
    let at = |name: &str| folder.join(name);
    for (name, octets) in [("key.der", &spki(half)[..]), ("digest", digest), ("signature", signature)] {
        fs::write(at(name), octets).unwrap();
    }
    Command::new("openssl")
        .args(["pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-pkeyopt", "digest:sha256", "-inkey"])
        .arg(at("key.der"))
        .arg("-in")
        .arg(at("digest"))
        .arg("-sigfile")
        .arg(at("signature"))
        .output()
        .unwrap()
        .status
        .success()
}
