//! A token host that does as it is told, for the tests in `tests/tokens`: with the keys it is given, in any order of
//! octets, and as badly as hosts can behave. Its "library" is a file of JSON ([`Script`]), read anew for every request, so
//! that a test plugs in and takes out by writing it. What it was asked stands in a file beside it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::{
    collections::{HashMap, HashSet},
    fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
    process::{Command, abort, id},
    sync::Arc,
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use pkcs11::{
    numbers,
    wire::{self, Answer, Asked, Fault, FaultKind, FromHost, Key, KeyKind, PrivateHalf, PublicHalf, Reply, Request},
};
use pki::{Certificate, PublicKey, oid, tlv};
use serde::Deserialize;
use serde_bytes::ByteBuf;
use tanba_keystore::{NewKey, OsEntropy, PrivateKey};

#[derive(Deserialize)]
struct Script {
    tokens: Vec<Token>,
    /// What is done wrong.
    #[serde(default)]
    faults: Vec<Misdeed>,
    /// Says that the slots have changed after every answer.
    #[serde(default)]
    tells_events: bool,
}

#[derive(Deserialize)]
struct Misdeed {
    /// Which request; `Ready` is the first word.
    at: String,
    how: String,
    /// How often, over all processes.
    #[serde(default = "always")]
    times: usize,
}

fn always() -> usize {
    usize::MAX
}

#[derive(Deserialize)]
struct Token {
    slot: u64,
    id: wire::TokenId,
    pin: Option<String>,
    tries: wire::Tries,
    #[serde(default)]
    pin_pad: bool,
    mechanisms: Vec<u64>,
    /// Nothing shows before login.
    #[serde(default)]
    hides: bool,
    key: Option<OwnKey>,
}

#[derive(Deserialize)]
struct OwnKey {
    id: Vec<u8>,
    pkcs8: Vec<u8>,
    certificate: Option<Vec<u8>>,
    /// Another certificate of the same CKA_ID.
    #[serde(default)]
    second: Option<Vec<u8>>,
    /// How many more keys there are that look like it, under other CKA_IDs.
    #[serde(default)]
    likenesses: u8,
    /// A certificate to sign with where the token has none.
    for_signing: Vec<u8>,
    #[serde(default)]
    always_authenticate: bool,
    /// Whether the digest is read from its other end, and which of the orders of the signature.
    #[serde(default)]
    order: (bool, u8),
}

struct Host {
    driver: PathBuf,
    logged_in: HashSet<u64>,
    made: Vec<(Vec<u8>, PrivateKey)>,
    written: Vec<(Vec<u8>, Vec<u8>)>,
    removed: Vec<Vec<u8>>,
    /// PINs that were changed, by slot.
    pins: HashMap<u64, String>,
}

fn main() {
    let library = PathBuf::from(std::env::args_os().next_back().expect("the library"));
    let mut host = Host {
        driver: library,
        logged_in: HashSet::new(),
        made: Vec::new(),
        written: Vec::new(),
        removed: Vec::new(),
        pins: HashMap::new(),
    };
    host.write_down("start");
    host.misbehave("Ready", 0);
    say(&ready(wire::VERSION));
    let mut input = io::stdin().lock();
    loop {
        let mut raw = Unbuffered(&mut input);
        let Ok(Some(asked)) = wire::read::<Asked>(&mut raw) else { return host.write_down("end") };
        let pins: Vec<_> = (0..asked.request.pins()).map(|_| wire::read_pin(&mut raw).unwrap().to_string()).collect();
        let kind = format!("{:?}", asked.request);
        let kind = kind.split([' ', '{']).next().unwrap().to_owned();
        host.write_down(&kind);
        host.misbehave(&kind, asked.number);
        let reply = host.answer(asked.request, &pins);
        say(&FromHost::Answer(Answer { number: asked.number, reply }));
        if host.script().tells_events {
            say(&FromHost::SlotsChanged);
        }
        host.misbehave("Idle", asked.number);
    }
}

/// Standard input, octet by octet as it is wanted: a PIN must not stay in a buffer.
struct Unbuffered<'a>(&'a mut io::StdinLock<'static>);

impl Read for Unbuffered<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

fn ready(version: u32) -> FromHost {
    let (manufacturer, description) = ("Tests".to_owned(), "Scripted".to_owned());
    FromHost::Ready { version, manufacturer, description, library_version: (1, 0) }
}

fn say(word: &FromHost) {
    // Whoever does not listen any more has closed our input too.
    let _ = wire::write(word, &mut io::stdout().lock());
}

fn raw(octets: &[u8]) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(octets).and_then(|()| out.flush());
}

fn sleep_long() -> ! {
    loop {
        thread::sleep(Duration::from_secs(100));
    }
}

/// Answers every request without reading one: that it came shows in how much waits to be read.
fn forge() -> ! {
    say(&ready(wire::VERSION));
    let (mut waiting, mut number) = (0, 0);
    loop {
        let now = rustix::io::ioctl_fionread(io::stdin()).unwrap();
        if now > waiting {
            (waiting, number) = (now, number + 1);
            say(&FromHost::Answer(Answer { number, reply: Reply::Slots(Vec::new()) }));
        } else {
            thread::sleep(Duration::from_micros(20));
        }
    }
}

fn failed(kind: FaultKind, code: u64) -> Reply {
    Reply::Failed(Fault { kind, function: "C_Scripted".to_owned(), code })
}

impl Host {
    fn script(&self) -> Script {
        serde_json::from_slice(&fs::read(&self.driver).expect("the script is there")).expect("the script reads")
    }

    fn log(&self) -> PathBuf {
        log_of(&self.driver)
    }

    fn write_down(&self, word: &str) {
        let mut file = fs::OpenOptions::new().create(true).append(true).open(self.log()).unwrap();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
        file.write_all(format!("{} {now} {word}\n", id()).as_bytes()).unwrap();
    }

    fn misbehave(&self, at: &str, number: u64) {
        for Misdeed { how, times, .. } in self.script().faults.iter().filter(|misdeed| misdeed.at == at) {
            let did = format!("did {how} at {at}");
            let before = fs::read_to_string(self.log()).unwrap();
            if before.lines().filter(|line| line.ends_with(&did)).count() >= *times {
                continue;
            }
            self.write_down(&did);
            let answer = |number| FromHost::Answer(Answer { number, reply: Reply::Done });
            match how.as_str() {
                "crash" => abort(),
                "hang" => sleep_long(),
                "hang with a child" => {
                    let mut child = Command::new("sleep").arg("100").spawn().unwrap();
                    self.write_down(&format!("child {}", child.id()));
                    child.wait().unwrap();
                    sleep_long()
                }
                // In a group that outlives this process, and without our pipes.
                "leaves a child" => {
                    let nothing = std::process::Stdio::null;
                    let mut child = Command::new("sleep");
                    child.arg("100").stdin(nothing()).stdout(nothing()).stderr(nothing());
                    #[allow(clippy::zombie_processes)]
                    let child = child.spawn().unwrap();
                    self.write_down(&format!("child {}", child.id()));
                }
                "forges" => forge(),
                "slow" => thread::sleep(Duration::from_millis(300)),
                "garbage" => raw(b"\0\0\0\x04abcd"),
                "too long" => raw(&[0xff; 8]),
                "endless" => {
                    raw(&wire::LONGEST_FRAME.to_be_bytes());
                    loop {
                        raw(&[0x61]);
                        thread::sleep(Duration::from_millis(5));
                    }
                }
                "half a frame" => {
                    raw(&[0, 0, 0, 9, 1]);
                    abort()
                }
                "another number" => say(&answer(number + 7)),
                "another reply" => say(&answer(number)),
                "a huge name" => {
                    let slot = wire::Slot { id: 1, reader: "r".repeat(100_000), token: None };
                    say(&FromHost::Answer(Answer { number, reply: Reply::Slots(vec![slot]) }));
                }
                "greets again" => say(&ready(wire::VERSION)),
                "another version" => say(&ready(99)),
                "unusable" => {
                    let fault = Fault { kind: FaultKind::BadLibrary, function: "dlopen\x1b[2J".into(), code: 0 };
                    say(&FromHost::Unusable(fault));
                    std::process::exit(1)
                }
                "talks" => {
                    let line = "C_Something was called\x07 with many words\n".repeat(20_000);
                    io::stderr().write_all(line.as_bytes()).unwrap();
                }
                other => panic!("no misdeed is called {other}"),
            }
        }
    }

    fn answer(&mut self, request: Request, pins: &[String]) -> Reply {
        let pin = pins.first().map(String::as_str);
        let script = self.script();
        let slot_of = |slot: u64| script.tokens.iter().find(|token| token.slot == slot);
        let (slot, wanted) = match &request {
            Request::Slots => return Reply::Slots(script.tokens.iter().map(slot_in_words).collect()),
            Request::Keys { slot } | Request::LogOut { slot } => (*slot, None),
            Request::LogIn { slot, token }
            | Request::Sign { slot, token, .. }
            | Request::Generate { slot, token, .. }
            | Request::PutCertificate { slot, token, .. }
            | Request::Remove { slot, token, .. }
            | Request::SetPin { slot, token } => (*slot, Some(token)),
        };
        let Some(token) = slot_of(slot).filter(|token| wanted.is_none_or(|wanted| *wanted == token.id)) else {
            self.logged_in.remove(&slot);
            return failed(FaultKind::TokenGone, 0xE0);
        };
        let needs_login = !matches!(
            request,
            Request::Keys { .. } | Request::LogIn { .. } | Request::LogOut { .. } | Request::SetPin { .. }
        );
        if needs_login && !self.logged_in.contains(&slot) {
            return failed(FaultKind::NotLoggedIn, 0x101);
        }
        match request {
            Request::Slots => Reply::Done,
            Request::Keys { .. } => Reply::Keys(self.keys(token)),
            Request::LogIn { .. } => self.log_in(token, pin),
            Request::LogOut { .. } => {
                self.logged_in.remove(&slot);
                Reply::Done
            }
            Request::Sign { key, mechanism, data, pin: given, .. } => {
                if given {
                    self.write_down(&format!("pin of {}", pin.map_or(0, str::len)));
                    if !self.fits(token, pin) {
                        return failed(FaultKind::WrongPin, 0xA0);
                    }
                }
                self.sign(token, &key, mechanism, &data)
            }
            Request::Generate { kind, id, .. } => self.generate(kind, id.into_vec()),
            Request::PutCertificate { id, certificate, replaces, .. } => {
                self.write_down(&format!("replaces {}", replaces.len()));
                self.written.retain(|(other, _)| *other != *id);
                self.written.push((id.into_vec(), certificate.into_vec()));
                Reply::Done
            }
            Request::Remove { id, certificates, .. } => {
                self.write_down(&format!("takes {}", certificates.len()));
                self.removed.push(id.into_vec());
                Reply::Done
            }
            Request::SetPin { .. } => self.set_pin(token, pins),
        }
    }

    fn fits(&self, token: &Token, pin: Option<&str>) -> bool {
        let own = self.pins.get(&token.slot).or(token.pin.as_ref());
        if token.pin_pad { pin == Some("") } else { pin == own.map(String::as_str) }
    }

    /// One of zeros is too simple for it.
    fn set_pin(&mut self, token: &Token, pins: &[String]) -> Reply {
        let [present, new] = pins else { panic!("two PINs") };
        if !self.fits(token, Some(present)) {
            return failed(FaultKind::WrongPin, 0xA0);
        }
        if token.pin_pad != new.is_empty() || new.chars().all(|digit| digit == '0') && !new.is_empty() {
            return failed(FaultKind::WrongPin, 0xA1);
        }
        self.pins.insert(token.slot, new.clone());
        Reply::Done
    }

    fn log_in(&mut self, token: &Token, pin: Option<&str>) -> Reply {
        if self.fits(token, pin) {
            self.write_down("right");
            self.logged_in.insert(token.slot);
            return Reply::Done;
        }
        self.write_down("wrong");
        failed(FaultKind::WrongPin, 0xA0)
    }

    fn keys(&self, token: &Token) -> Vec<Key> {
        let is_in = self.logged_in.contains(&token.slot);
        if token.hides && !is_in {
            return Vec::new();
        }
        let certificate = |id: &[u8]| self.written.iter().find(|(own, _)| own == id).map(|(_, der)| der.clone());
        let key = |id: &[u8], key: &PrivateKey, der: Option<Vec<u8>>, always_authenticate| Key {
            id: ByteBuf::from(id),
            label: "key\u{7}".to_owned(),
            certificate: certificate(id).or(der).map(ByteBuf::from),
            public: Some(half(&key.public_key().unwrap())),
            private: is_in.then_some(PrivateHalf { key_type: 0, signs: true, always_authenticate }),
        };
        let own = token.key.iter().flat_map(|own| {
            let private = PrivateKey::from_pkcs8(&own.pkcs8).unwrap();
            let of = |id: &[u8], der| key(id, &private, der, own.always_authenticate);
            let mut all = vec![of(&own.id, own.certificate.clone())];
            all.extend(own.second.iter().map(|second| of(&own.id, Some(second.clone()))));
            all.extend((0..own.likenesses).map(|number| of(&[0, number], own.certificate.clone())));
            all
        });
        let made = self.made.iter().map(|(id, private)| key(id, private, None, false));
        own.chain(made).filter(|key| !self.removed.contains(&key.id)).collect()
    }

    fn sign(&self, token: &Token, id: &[u8], mechanism: u64, data: &[u8]) -> Reply {
        if !token.mechanisms.contains(&mechanism) {
            return failed(FaultKind::Unsupported, 0x70);
        }
        let own = token.key.as_ref().filter(|own| own.id == id);
        let made = self.made.iter().find(|(made, _)| made == id);
        let (private, order, certificate) = match (own, made) {
            (Some(own), _) => (PrivateKey::from_pkcs8(&own.pkcs8).unwrap(), own.order, &own.for_signing),
            (None, Some((_, key))) => return self.sign_uncertified(key, data),
            (None, None) => return failed(FaultKind::NoSuchKey, 0),
        };
        let signer = private.signer(&Certificate::from_der(certificate).unwrap(), Arc::new(OsEntropy)).unwrap();
        Reply::Signature(ByteBuf::from(match mechanism {
            // The digest stands at the end of a DigestInfo.
            numbers::RSA_PKCS => {
                assert_eq!(data.len(), 51);
                signer.sign_digest(&data[19..]).unwrap()
            }
            numbers::SHA256_RSA_PKCS => signer.sign(data).unwrap(),
            numbers::ECDSA => from_der(&signer.sign_digest(data).unwrap()),
            _ => {
                let mut digest = data.to_vec();
                if order.0 {
                    digest.reverse();
                }
                in_order(order.1, &signer.sign_digest(&digest).unwrap())
            }
        }))
    }

    /// A key that was made here, whose digest is read as it is and whose signature is r_LE ‖ s_LE.
    fn sign_uncertified(&self, key: &PrivateKey, data: &[u8]) -> Reply {
        use pki::BareSigner;
        let issuing = tanba_keystore::IssuingKey::new(key, &OsEntropy).unwrap();
        Reply::Signature(ByteBuf::from(issuing.sign_digest(data).unwrap()))
    }

    /// Knows curves by their Kazakh names only.
    fn generate(&mut self, kind: KeyKind, id: Vec<u8>) -> Reply {
        let new = match kind {
            KeyKind::Rsa { bits: 2048 } => NewKey::Rsa2048,
            KeyKind::Ec { parameters } if *parameters == tlv::oid(&oid::P256) => NewKey::P256,
            KeyKind::Gost { parameters, .. } if *parameters == tlv::oid(&oid::GOST512_SET_A) => NewKey::Gost512,
            KeyKind::Gost { parameters, .. } if *parameters == tlv::oid(&oid::GOST256_SET_A) => NewKey::Gost256,
            _ => return failed(FaultKind::Other, 0x13),
        };
        let key = PrivateKey::generate(new, &OsEntropy).unwrap();
        let made = half(&key.public_key().unwrap());
        self.made.push((id, key));
        Reply::Made(made)
    }
}

fn log_of(library: &Path) -> PathBuf {
    library.with_extension("log")
}

fn slot_in_words(token: &Token) -> wire::Slot {
    let said = wire::Token {
        id: token.id.clone(),
        pin_is_set: token.pin.is_some() || token.pin_pad,
        needs_login: true,
        pin_pad: token.pin_pad,
        tries: token.tries,
        pin_length: (4, 8),
        write_protected: false,
        mechanisms: token.mechanisms.clone(),
    };
    wire::Slot { id: token.slot, reader: format!("Reader {}", token.slot), token: Some(said) }
}

fn half(key: &PublicKey) -> PublicHalf {
    let gost = |key_type, curve: const_oid::ObjectIdentifier| PublicHalf::Gost {
        key_type,
        parameters: ByteBuf::from(tlv::oid(&curve)),
        value: ByteBuf::from(tlv::whole(&key.subject_public_key().unwrap(), tlv::OCTET_STRING).unwrap().value()),
    };
    match key {
        PublicKey::Rsa { modulus, exponent } => {
            PublicHalf::Rsa { modulus: ByteBuf::from(modulus.clone()), exponent: ByteBuf::from(exponent.clone()) }
        }
        PublicKey::Ec { curve, point } => PublicHalf::Ec {
            parameters: ByteBuf::from(tlv::oid(curve)),
            point: ByteBuf::from(tlv::element(tlv::OCTET_STRING, &[point])),
        },
        PublicKey::Gost512(_) => gost(numbers::KEY_GOSTR3410_512, oid::GOST512_SET_A),
        PublicKey::Gost256(_) => gost(numbers::KEY_GOSTR3410, oid::GOST256_SET_A),
        _ => gost(numbers::KEY_GOSTR3410, oid::GOST2004_SET_A),
    }
}

/// r_LE ‖ s_LE in one of the four orders: r_BE ‖ s_BE, s_BE ‖ r_BE, r_LE ‖ s_LE, s_LE ‖ r_LE.
fn in_order(order: u8, signature: &[u8]) -> Vec<u8> {
    let (r, s) = signature.split_at(signature.len() / 2);
    let big = |number: &[u8]| number.iter().rev().copied().collect::<Vec<_>>();
    match order {
        0 => [big(r), big(s)].concat(),
        1 => [big(s), big(r)].concat(),
        2 => signature.to_vec(),
        3 => [s, r].concat(),
        _ => vec![0x5a; signature.len()],
    }
}

/// The SEQUENCE of ECDSA on P-256 as r ‖ s.
fn from_der(signature: &[u8]) -> Vec<u8> {
    let mut numbers = tlv::whole(signature, tlv::SEQUENCE).unwrap().children();
    let mut number = || {
        let octets = numbers.read().unwrap().value();
        let digits = &octets[octets.len().saturating_sub(32)..];
        [vec![0; 32 - digits.len()], digits.to_vec()].concat()
    };
    [number(), number()].concat()
}
