//! The miniature NCA, the same in every process, because it comes out of a seed.

use std::sync::{Arc, OnceLock};

use keystore::Password;
use pki::trust::{Anchors, Environment};
use pki::{Serial, Signer, Timestamp};
use test_nca::{Issued, PASSWORD, TestNca};

/// What is signed.
pub const DOCUMENT: &[u8] = b"A document that is signed, and what a stamp is for.";

/// The nonce of every request.
pub const NONCE: [u8; 8] = *b"\x15nonce\x00\x01";

/// The present of every target.
pub fn now() -> Timestamp {
    Timestamp::from_utc(2026, 11, 23, 9, 30, 0).unwrap()
}

/// The authority and those it issued certificates for.
pub struct World {
    /// The authority.
    pub nca: TestNca,
    /// A person.
    pub person: Issued,
    /// The head of an organisation.
    pub head: Issued,
    /// The OCSP responder.
    pub responder: Issued,
    /// The time-stamp service.
    pub stamper: Issued,
    /// The root of this authority and those of the NCA.
    pub anchors: Anchors,
    /// Documents that seeds are signatures of.
    pub contents: Vec<Vec<u8>>,
}

/// The one of this process.
pub fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let nca = TestNca::seeded(now(), 1).unwrap();
        let (person, head) = (nca.person().unwrap(), nca.head().unwrap());
        let responder = nca.ocsp_responder().unwrap();
        let stamper = nca.time_stamping(nca.new_key().unwrap()).unwrap();
        let mut anchors = Anchors::production().with_nca_test();
        anchors.add(nca.root(), Environment::Test);
        anchors.add(nca.authority(), Environment::Test);
        let contents = [Some(DOCUMENT.to_vec()), nca_material::fixture("cms/gost512-document.txt")];
        World { nca, person, head, responder, stamper, anchors, contents: contents.into_iter().flatten().collect() }
    })
}

impl World {
    /// The person's key, ready to sign.
    pub fn signer(&self) -> Box<dyn Signer> {
        self.person.signer().unwrap()
    }

    /// The numbers that lists and responses are asked about.
    pub fn serials(&self) -> Vec<Serial> {
        let of_nca = Serial::from_bytes(&[
            0x3a, 0x90, 0x34, 0x3e, 0x72, 0x05, 0x94, 0xc5, 0x52, 0x04, 0xb1, 0x9c, 0xb9, 0xa4, 0x02, 0x42, 0x2e, 0xf0,
            0xe6, 0x22,
        ]);
        [&self.person, &self.head].map(|issued| issued.certificate.serial().clone()).into_iter().chain(of_nca).collect()
    }
}

/// The password of every key file.
pub fn password() -> Password {
    Password::new(PASSWORD.to_owned()).unwrap()
}

/// A source of random bytes for what has to be the same every time.
pub fn entropy() -> Arc<dyn keystore::Entropy> {
    Arc::new(test_nca::SeededEntropy::new(2))
}
