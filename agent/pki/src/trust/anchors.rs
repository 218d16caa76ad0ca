//! The certification authorities that are believed without further proof.

use crate::certificate::Certificate;
use crate::extensions::KeyUsage;
use crate::key::PublicKey;
use crate::name::{Name, NameBuilder};
use crate::oid;
use crate::time::{Timestamp, Validity};

use super::rsa_anchors;

/// Whose word an anchor's word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Environment {
    /// The real NCA, or an authority that the person or the administrator added.
    Production,
    /// A test authority: its certificates prove nothing about anybody.
    Test,
}

/// How an anchor was come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Provenance {
    /// From a certificate with this SHA-256 of its DER.
    Certificate([u8; 32]),
    /// The authority's own certificate has not been seen. Its key was recovered from what it signed and confirmed by
    /// its key identifier in unrelated certificates (kz-crypto 9.2).
    KeyOnly,
}

/// An authority that is believed: name and key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    name: Name,
    public_key: PublicKey,
    key_identifier: Option<Vec<u8>>,
    period: Option<(Timestamp, Timestamp)>,
    key_usage: Option<KeyUsage>,
    path_len_constraint: Option<u32>,
    environment: Environment,
    provenance: Provenance,
}

impl Anchor {
    /// From the certificate of an authority. What that does not allow the authority to do it may not do as an anchor
    /// either.
    pub fn from_certificate(certificate: &Certificate, environment: Environment) -> Self {
        use sha2::Digest as _;
        Self {
            name: certificate.subject().clone(),
            public_key: certificate.public_key().clone(),
            key_identifier: certificate.subject_key_identifier().map(<[u8]>::to_vec),
            period: Some((certificate.not_before(), certificate.not_after())),
            key_usage: certificate.key_usage(),
            path_len_constraint: certificate.path_len_constraint(),
            environment,
            provenance: Provenance::Certificate(sha2::Sha256::digest(certificate.der()).into()),
        }
    }

    /// The authority's name.
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// The authority's key.
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// The authority's subject key identifier, when it is known: opaque.
    pub fn key_identifier(&self) -> Option<&[u8]> {
        self.key_identifier.as_deref()
    }

    /// What to call it: its common name.
    pub fn label(&self) -> &str {
        self.name.common_name().unwrap_or_default()
    }

    /// Production or test.
    pub fn environment(&self) -> Environment {
        self.environment
    }

    /// How it was come by.
    pub fn provenance(&self) -> Provenance {
        self.provenance
    }

    /// The validity period of its certificate; `None` when the certificate has not been seen.
    pub fn period(&self) -> Option<(Timestamp, Timestamp)> {
        self.period
    }

    /// What its certificate says that the key may be used for; `None` when it does not say, or has not been seen.
    pub fn key_usage(&self) -> Option<KeyUsage> {
        self.key_usage
    }

    /// How many intermediate authorities may stand below it; `None` without a limit.
    pub fn path_len_constraint(&self) -> Option<u32> {
        self.path_len_constraint
    }

    /// Where `moment` lies against its validity period; current when that is not known.
    pub fn validity_at(&self, moment: Timestamp) -> Validity {
        match self.period {
            Some((not_before, _)) if moment < not_before => Validity::NotYet,
            Some((_, not_after)) if moment > not_after => Validity::Expired,
            _ => Validity::Current,
        }
    }
}

/// The anchors in force.
#[derive(Clone, Debug, Default)]
pub struct Anchors {
    list: Vec<Anchor>,
}

impl Anchors {
    /// None at all.
    pub fn none() -> Self {
        Self::default()
    }

    /// The NCA's production authorities that are known: the issuing one for GOST of 2022, and roots and issuing ones for
    /// GOST and RSA of 2015–2025, whose certificates have expired but whose signatures of that time are still to be
    /// checked.
    pub fn production() -> Self {
        Self { list: PRODUCTION.iter().chain(&rsa_anchors::PRODUCTION).filter_map(Embedded::anchor).collect() }
    }

    /// These and the NCA's test authorities for GOST and RSA (kz-crypto 9.4).
    #[must_use]
    pub fn with_nca_test(mut self) -> Self {
        self.list.extend(NCA_TEST.iter().chain(&rsa_anchors::NCA_TEST).filter_map(Embedded::anchor));
        self
    }

    /// Adds an authority that the person or the administrator believes (kz-crypto 9.3).
    pub fn add(&mut self, certificate: &Certificate, environment: Environment) {
        let anchor = Anchor::from_certificate(certificate, environment);
        if !self.list.contains(&anchor) {
            self.list.push(anchor);
        }
    }

    /// Adds a test authority.
    pub fn add_test(&mut self, certificate: &Certificate) {
        self.add(certificate, Environment::Test);
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Anchor> {
        self.list.iter()
    }
}

/// An anchor as facts. Sources: kz-crypto 9.1, 9.2 and 9.4; the certificates that were seen have the given SHA-256.
pub(super) struct Embedded {
    pub(super) common_name: &'static str,
    pub(super) organisation: Option<&'static str>,
    /// The authorities below the roots of 2015 and 2018 put the country first.
    pub(super) country_first: bool,
    /// In hexadecimal: `x_LE ‖ y_LE`, 128 octets for GOST-2015, 64 for GOST-2004; more for RSA, the modulus of a key
    /// whose exponent is 65537.
    pub(super) key: &'static str,
    pub(super) key_identifier: &'static str,
    /// notBefore, notAfter in seconds since 1970, and SHA-256 of the certificate, where it was seen.
    pub(super) certificate: Option<(i64, i64, &'static str)>,
    pub(super) environment: Environment,
}

impl Embedded {
    /// `None` never happens for the data below; a test counts.
    fn anchor(&self) -> Option<Anchor> {
        let key = hex::decode(self.key).ok()?;
        let public_key = match key.len() {
            128 => PublicKey::Gost512(gost::gost512::PublicKey::from_le_bytes(key.as_slice().try_into().ok()?).ok()?),
            64 => PublicKey::Gost2004(gost::gost2004::PublicKey::from_le_bytes(key.as_slice().try_into().ok()?).ok()?),
            _ => PublicKey::Rsa { modulus: key, exponent: vec![1, 0, 1] },
        };
        let mut name = NameBuilder::new();
        if self.country_first {
            name = name.with(oid::COUNTRY, "KZ");
        }
        name = name.with(oid::COMMON_NAME, self.common_name);
        if let Some(organisation) = self.organisation {
            name = name.with(oid::ORGANISATION, organisation);
        }
        if !self.country_first {
            name = name.with(oid::COUNTRY, "KZ");
        }
        let provenance = match self.certificate {
            Some((_, _, sha256)) => Provenance::Certificate(hex::decode(sha256).ok()?.try_into().ok()?),
            None => Provenance::KeyOnly,
        };
        Some(Anchor {
            name: name.build().ok()?,
            public_key,
            key_identifier: Some(hex::decode(self.key_identifier).ok()?),
            period: self
                .certificate
                .map(|(not_before, not_after, _)| (Timestamp::from_unix(not_before), Timestamp::from_unix(not_after))),
            // All certificates of theirs that were seen say that, and none limits the path.
            key_usage: self.certificate.map(|_| KeyUsage::KEY_CERT_SIGN.and(KeyUsage::CRL_SIGN)),
            path_len_constraint: None,
            environment: self.environment,
            provenance,
        })
    }
}

const PRODUCTION: [Embedded; 3] = [
    Embedded {
        common_name: "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST) 2022",
        organisation: None,
        country_first: false,
        key: "5e13a1a72a4ad33556ef18dc36e2aa3400876b13ec72ea54c9ea262ec8f9d7ec\
              d2fae5448bcd7006bc4a644febd8a51fd252fea1a567c08a18dd6b0cc09df422\
              8a67f33b630f931abe6e8794914fe9d9cf6ebc05e22eaf107cb717952f441150\
              de0b2bc959f2e33dffd6db17778abfecdb8ac2eeb5c7b9ff3d935ca53026679e",
        key_identifier: "fe30be9fc890633f1fff5a3c0cb0c85f4c6d1708",
        certificate: None,
        environment: Environment::Production,
    },
    Embedded {
        common_name: "НЕГІЗГІ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST)",
        organisation: Some("РМК «МЕМЛЕКЕТТІК ТЕХНИКАЛЫҚ ҚЫЗМЕТ»"),
        country_first: false,
        key: "96754075842e3fd43e33a56f322b706ced5d4ff627caa9549ceccda7edacb636\
              43c96557ba99627532dcddc1ababd60f2f053b3d0a591db2344f36fbb5adb610",
        key_identifier: "561e7a76d760190e6ef8a096715076552413af2e",
        certificate: Some((
            1_437_974_449, // 2015-07-27T05:20:49Z
            1_753_593_649, // 2025-07-27T05:20:49Z
            "9ab210e54e6b0343321131202d9edcc2598f598cfdd9ee4ec1056021ab2e9759",
        )),
        environment: Environment::Production,
    },
    Embedded {
        common_name: "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST)",
        organisation: None,
        country_first: true,
        key: "f74e75865df52ef562655ed2eebb68c37b7a5aec24e2adf73f9744d74f113af4\
              e8ecbc9d6fd1642c99a020c4033fd9e0ad6e72104c4913cc932a92c01cef7c58",
        key_identifier: "5b6a73e9",
        certificate: Some((
            1_533_704_158, // 2018-08-08T04:55:58Z
            1_750_827_358, // 2025-06-25T04:55:58Z
            "908521d0531e5645e64b34d3588374a3a83582c860e5f7293a04c41217e8cc18",
        )),
        environment: Environment::Production,
    },
];

const NCA_TEST: [Embedded; 4] = [
    Embedded {
        common_name: "НЕГІЗГІ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST) TEST 2022",
        organisation: None,
        country_first: false,
        key: "4efe87b29eee7e29c3eb567ed66722682bcccc7e362669f0dd6cc152c02441be\
              d559212cf0c5667ceb719dd86daa12e29e2ea340449a07ff4b8e4c671b6fa8e4\
              fca629e2a1e0c6a0c41a5933d6e92790841dd7e5e197a08d9f0d1cbe5c73222c\
              a473600d818fcda3b757102e579fdcc6c90e8f9f93f96b34704eea6fee0e8957",
        key_identifier: "a7d3ab7790372e5b698170dde60ccca38bc3a4b2",
        certificate: Some((
            1_657_184_752, // 2022-07-07T09:05:52Z
            1_972_803_952, // 2032-07-07T09:05:52Z
            "b995e79e7c07429f8f79e185451e5599ce342ac720000f01b3854fdfa03031a6",
        )),
        environment: Environment::Test,
    },
    Embedded {
        common_name: "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST) TEST 2022",
        organisation: None,
        country_first: false,
        key: "b83a7dfc48fecc4f2da0e1de12ec2bc7fd3fb3cc163739e95db517e48314a364\
              5118125c6f7762798f52e2afe8da8ff1f947193155fa0a4688ce29dd73d16dd1\
              37b20d2143c49aa075d1da1ea1a1f3373b27200052472011c3b2b33931ca9f82\
              4b955609cffc59d49339841b7fec0b467d73b531dbb52c9ee75f795bd510186b",
        key_identifier: "fad24b1ba3a0c961fe1ca8503e6aa2bb450db8a3",
        certificate: Some((
            1_657_187_723, // 2022-07-07T09:55:23Z
            1_972_547_723, // 2032-07-04T09:55:23Z
            "beeffc0bdb77cd798c35983eb0715f6ef0051cccb71d7cd05505e8a4fb2c6f4d",
        )),
        environment: Environment::Test,
    },
    Embedded {
        common_name: "НЕГІЗГІ КО TEST (GOST)",
        organisation: None,
        country_first: false,
        key: "a2f4cad615f28534de9b833e3b9dce8307f057a44abf3190b4c95aefc1cb719e\
              bffe75534906f9fd4cfdb5705afd58381238a2d2d79e09b74b6ba8787af98c61",
        key_identifier: "02c7e4fa323a30dcfd902cd9761e232e28fd6680",
        certificate: Some((
            1_530_768_132, // 2018-07-05T05:22:12Z
            2_161_488_132, // 2038-06-30T05:22:12Z
            "06021684f52054692a1859686d5af527eda779e6183c2f3cd4fc1278e4067beb",
        )),
        environment: Environment::Test,
    },
    Embedded {
        common_name: "ҰКО 3.0 (GOST TEST)",
        organisation: None,
        country_first: true,
        key: "75f8211022800249bf42ba3fe920c366dd9d229cc44a324063794c2c89f75a47\
              05a953a74f41f0c6161eae1b41113e4638b33d050548e191d86655000ec93af4",
        key_identifier: "07bed21c60084456b02715e857374347bbd75450",
        certificate: Some((
            1_552_563_247, // 2019-03-14T11:34:07Z
            1_710_243_247, // 2024-03-12T11:34:07Z
            "0307e8bdf77cb708b7c9d9a5799facdc6de7154447cb394af9ac9b528c3d82c7",
        )),
        environment: Environment::Test,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_anchor_reads() {
        assert_eq!(Anchors::production().iter().count(), PRODUCTION.len() + rsa_anchors::PRODUCTION.len());
        assert_eq!(Anchors::none().with_nca_test().iter().count(), NCA_TEST.len() + rsa_anchors::NCA_TEST.len());
    }

    #[test]
    fn test_authorities_are_not_among_the_production_ones() {
        assert!(Anchors::production().iter().all(|anchor| anchor.environment() == Environment::Production));
        assert!(Anchors::none().with_nca_test().iter().all(|anchor| anchor.environment() == Environment::Test));
    }

    #[test]
    fn the_2022_key_has_the_identifier_that_its_certificates_name() {
        // kz-crypto 9.2: the check value of the recovered key, and the name as it stands in the issuer field.
        let anchors = Anchors::production();
        let anchor = anchors.iter().next().unwrap();
        assert_eq!(anchor.public_key().key_identifier().unwrap(), anchor.key_identifier().unwrap());
        assert_eq!(anchor.provenance(), Provenance::KeyOnly);
        assert_eq!(
            hex::encode(anchor.name().der()),
            "30583149304706035504030c40d2b0d09bd0a2d0a2d0abd29a20d09ad0a3d398d09bd090d09dd094d0abd0a0d0a3d0a8d0ab20\
             d09ed0a0d0a2d090d09bd0abd29a2028474f5354292032303232310b3009060355040613024b5a"
        );
    }
}
