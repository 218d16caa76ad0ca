//! A smart card behind the whole chain that a person has: PC/SC's service, a driver, OpenSC's library, a token host. The
//! card is a program, and the reader is vsmartcard's.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![cfg(target_os = "linux")]

use keystore::{
    KeyId, KeyStore as _, Listing, Password, StoreError, UnlockedStore,
    pkcs11::{Fleet, HostCommand, Library, Pin, PinPlace, Seen, Token, TokenFault, Tries},
};
use pki::SignerError;
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

const PIN: &str = "123456";
const DRIVERS: [&str; 2] =
    ["/usr/lib/pcsc/drivers/serial/libifdvpcd.so", "/usr/lib64/pcsc/drivers/serial/libifdvpcd.so"];
const LIBRARIES: [&str; 5] = [
    "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so",
    "/usr/lib/aarch64-linux-gnu/opensc-pkcs11.so",
    "/usr/lib64/opensc-pkcs11.so",
    "/usr/lib64/pkcs11/opensc-pkcs11.so",
    "/usr/lib/opensc-pkcs11.so",
];
/// A busy computer is slow; nothing here takes long by itself.
const PATIENCE: Duration = Duration::from_secs(30);

/// A process of the test's own, which ends with it.
struct Own(Child);

impl Own {
    fn start(command: &mut Command) -> Self {
        // Also when the test itself is ended.
        let program = command.get_program().to_owned();
        let mut guarded = Command::new("setpriv");
        guarded.args(["--pdeathsig", "KILL"]).arg(program).args(command.get_args());
        let silent = guarded.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Self(silent.spawn().unwrap())
    }

    fn signal(&self, name: &str) {
        let id = self.0.id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &id]).status().unwrap().success());
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A reader of its own, and what makes a card for it.
struct Reader {
    folder: TempDir,
    python: String,
    card: PathBuf,
    driver: PathBuf,
    /// Ends last.
    _service: Own,
}

fn first(paths: &[&str]) -> Option<PathBuf> {
    paths.iter().map(PathBuf::from).find(|path| path.is_file())
}

fn works(program: &str, arguments: &[&str]) -> bool {
    let quiet = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    quiet.is_ok_and(|status| status.success())
}

/// Whether somebody waits for a card at the reader's port (35963), as the kernel says: whoever connected would be one.
fn is_taken() -> bool {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(|file| fs::read_to_string(file).unwrap_or_default());
    tables.concat().lines().any(|line| {
        let fields: Vec<_> = line.split_whitespace().collect();
        fields.get(1).is_some_and(|local| local.ends_with(":8C7B")) && fields.get(3) == Some(&"0A")
    })
}

impl Reader {
    /// What the tests need, or what of it is not here.
    fn new() -> Result<Self, &'static str> {
        let shared = std::env::var_os("TANBA_SHARED").map(PathBuf::from);
        let card = shared.map(|shared| shared.join("tools/piv-card.py")).filter(|card| card.is_file());
        let card = card.ok_or("the card (TANBA_SHARED) is not here")?;
        let python = std::env::var("TANBA_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        if !works(&python, &["-c", "import cryptography"]) {
            return Err("the card's Python (TANBA_PYTHON, with cryptography) is not here");
        }
        first(&DRIVERS).ok_or("a reader without hardware (vsmartcard-vpcd) is not here")?;
        let library = first(&LIBRARIES).ok_or("OpenSC (opensc-pkcs11) is not here")?;
        if !works("openssl", &["version"]) || !works("setpriv", &["--version"]) || !works("pcscd", &["--version"]) {
            return Err("pcscd, openssl or setpriv (util-linux) is not here");
        }
        // One that runs is somebody's, with their readers.
        if is_taken() {
            return Err("a PC/SC service of somebody else has the reader");
        }
        let service = Own::start(Command::new("pcscd").arg("--foreground"));
        let mut reader =
            Self { folder: tempfile::tempdir().unwrap(), python, card, driver: library, _service: service };
        let until = Instant::now() + Duration::from_secs(10);
        while !is_taken() {
            if Instant::now() > until || reader._service.0.try_wait().unwrap().is_some() {
                return Err("pcscd does not start here: it needs root, and to be the only one");
            }
            thread::sleep(Duration::from_millis(50));
        }
        reader.make_key();
        Ok(reader)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn make_key(&self) {
        let (key, certificate) = (self.path("key.pem"), self.path("certificate.pem"));
        let made = Command::new("openssl")
            .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=TEST CARD/C=KZ"])
            .args(["-addext", "basicConstraints=CA:FALSE"])
            .args([Path::new("-keyout"), &key, Path::new("-out"), &certificate])
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }

    /// Puts a card in; it is pulled out when the value goes.
    fn plug(&self) -> Own {
        let (key, certificate) = (self.path("key.pem"), self.path("certificate.pem"));
        Own::start(Command::new(&self.python).arg(&self.card).args([key, certificate]))
    }

    fn fleet(&self) -> Fleet {
        let host =
            HostCommand { program: env!("CARGO_BIN_EXE_tanba-signer").into(), arguments: vec!["token-host".into()] };
        let library = Library { vendor: "OpenSC".to_owned(), path: self.driver.clone(), rules: Vec::new() };
        Fleet::new(vec![library], host, None)
    }

    /// Whether OpenSSL takes a signature for that of the card's key.
    #[track_caller]
    fn verifies(&self, message: &[u8], signature: &[u8]) {
        let (signed, value) = (self.path("message"), self.path("signature"));
        fs::write(&signed, message).unwrap();
        fs::write(&value, signature).unwrap();
        let key = Command::new("openssl")
            .args(["x509", "-pubkey", "-noout", "-in"])
            .arg(self.path("certificate.pem"))
            .stdout(File::create(self.path("public.pem")).unwrap())
            .status();
        assert!(key.unwrap().success());
        let said = Command::new("openssl")
            .args(["dgst", "-sha256", "-verify"])
            .arg(self.path("public.pem"))
            .arg("-signature")
            .args([value, signed])
            .output()
            .unwrap();
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stdout));
    }
}

#[track_caller]
fn wait_for<T>(what: &str, mut question: impl FnMut() -> Option<T>) -> T {
    let until = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = question() {
            return answer;
        }
        assert!(Instant::now() < until, "waited in vain for {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

#[track_caller]
fn seen(fleet: &Fleet) -> Seen {
    wait_for("the card", || fleet.snapshot().tokens.pop())
}

#[track_caller]
fn gone(fleet: &Fleet) {
    wait_for("the card to be gone", || fleet.snapshot().tokens.is_empty().then_some(()));
}

fn unlock(token: &Token, pin: &str) -> Result<Box<dyn UnlockedStore>, StoreError> {
    token.unlock(&Password::new(pin.to_owned()).unwrap())
}

fn key_of(store: &dyn UnlockedStore) -> KeyId {
    store.list().iter().find(|key| key.certificate.is_some()).unwrap().id.clone()
}

#[test]
fn a_smart_card_is_seen_signs_counts_wrong_pins_and_may_be_pulled_out_at_any_moment() {
    let reader = match Reader::new() {
        Ok(reader) => reader,
        Err(what) => return println!("NOT RUN: {what}"),
    };
    let fleet = reader.fleet();
    let _watching = fleet.watch(|| ());
    assert!(fleet.settled(PATIENCE).tokens.is_empty(), "an empty reader has no token");

    // Plugged in, it shows its certificate to everybody.
    let began = Instant::now();
    let card = reader.plug();
    let token_seen = seen(&fleet);
    println!("seen {} ms after it was put in", began.elapsed().as_millis());
    assert!(token_seen.reader.starts_with("Virtual PCD"), "{}", token_seen.reader);
    assert_eq!(token_seen.pin, Pin { place: PinPlace::Window, is_set: true, tries: Tries::Unsaid, ..token_seen.pin });
    let token = fleet.token(&token_seen.id).unwrap();
    let Listing::Keys(keys) = token.list().unwrap() else { panic!("a card shows its keys") };
    let name = keys[0].certificate.as_ref().unwrap().holder().name.clone();
    assert_eq!((name.as_str(), keys[0].algorithm), ("TEST CARD", token_seen.keys[0].algorithm));

    let store = unlock(&token, PIN).unwrap();
    let signer = store.signer(&key_of(&*store)).unwrap();
    reader.verifies(b"pay 100", &signer.sign(b"pay 100").unwrap());

    // Pulled out while it signs: the card holds still, so that the signature is being made when it goes.
    card.signal("STOP");
    let signing = thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(700));
            card.signal("KILL");
        });
        signer.sign(b"pay 200")
    });
    assert_eq!(signing, Err(SignerError::Gone));
    drop((signer, store, card));
    gone(&fleet);
    assert!(matches!(unlock(&token, PIN), Err(StoreError::Token(TokenFault::Gone))));

    // The same card again.
    let card = reader.plug();
    assert_eq!(seen(&fleet).id, token_seen.id);
    let store = unlock(&token, PIN).unwrap();
    let signer = store.signer(&key_of(&*store)).unwrap();
    reader.verifies(b"pay 300", &signer.sign(b"pay 300").unwrap());
    drop((signer, store, card));
    gone(&fleet);

    // It counts wrong PINs. Put in anew, for this card does not forget a right one before that.
    let card = reader.plug();
    seen(&fleet);
    let wrong = |left| Err(TokenFault::WrongPin { tries: left });
    // As the token is seen at that moment.
    let try_pin = |pin: &str| match unlock(&fleet.token(&seen(&fleet).id).unwrap(), pin) {
        Ok(_) => Ok(()),
        Err(StoreError::Token(fault)) => Err(fault),
        Err(other) => panic!("{other}"),
    };
    // Of the first one OpenSC 0.23 says no more than that, and later ones say that few are left.
    let said = try_pin("111111");
    assert!(said == wrong(Tries::Unsaid) || said == wrong(Tries::Low), "{said:?}");
    assert_eq!(try_pin("222222"), wrong(Tries::Last));
    wait_for("the last try to be seen", || (seen(&fleet).pin.tries == Tries::Last).then_some(()));
    assert_eq!(try_pin("333333"), Err(TokenFault::PinLocked));
    assert_eq!(try_pin(PIN), Err(TokenFault::PinLocked));
    wait_for("the lock to be seen", || (seen(&fleet).pin.tries == Tries::None).then_some(()));
    drop(card);
    gone(&fleet);
}
