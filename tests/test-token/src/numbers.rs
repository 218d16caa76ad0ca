//! Numbers of TC26's vendor range that PKCS#11 itself does not have (kz-crypto 15.4), and the object identifiers of GOST
//! parameters. Written down here a second time on purpose: a test that took them from what it tests would prove nothing.

use cryptoki_sys::{CK_KEY_TYPE, CK_MECHANISM_TYPE, CK_RV};
use pki::{ObjectIdentifier, oid};

use crate::config::{Algorithm, Parameters};

/// CKK_GOSTR3410_512.
pub(crate) const CKK_GOSTR3410_512: CK_KEY_TYPE = 0xD432_1003;
/// CKM_GOSTR3410_512_KEY_PAIR_GEN.
pub(crate) const CKM_GOSTR3410_512_KEY_PAIR_GEN: CK_MECHANISM_TYPE = 0xD432_1005;
/// CKM_GOSTR3410_512.
pub(crate) const CKM_GOSTR3410_512: CK_MECHANISM_TYPE = 0xD432_1006;

/// A return code that no version of the standard has.
pub(crate) const UNKNOWN_RETURN_CODE: CK_RV = 0x7B1D_5EED;

/// CKA_GOSTR3410_PARAMS and CKA_GOSTR3411_PARAMS of an algorithm; `None` for those that are not GOST.
pub(crate) fn parameters(algorithm: Algorithm, naming: Parameters) -> Option<(ObjectIdentifier, ObjectIdentifier)> {
    let russian = |curve, hash| (ObjectIdentifier::new_unwrap(curve), ObjectIdentifier::new_unwrap(hash));
    Some(match (algorithm, naming) {
        (Algorithm::Gost512, Parameters::Kazakh) => (oid::GOST512_SET_A, oid::STREEBOG512),
        (Algorithm::Gost256, Parameters::Kazakh) => (oid::GOST256_SET_A, oid::STREEBOG256),
        (Algorithm::Gost2004, Parameters::Kazakh) => (oid::GOST2004_SET_A, oid::GOST34311_TEST),
        // id-tc26-gost-3410-12-512-paramSetA, id-tc26-gost3411-12-512.
        (Algorithm::Gost512, Parameters::Russian) => russian("1.2.643.7.1.2.1.2.1", "1.2.643.7.1.1.2.3"),
        // id-tc26-gost-3410-2012-256-paramSetA, id-tc26-gost3411-12-256.
        (Algorithm::Gost256, Parameters::Russian) => russian("1.2.643.7.1.2.1.1.1", "1.2.643.7.1.1.2.2"),
        // id-GostR3410-2001-CryptoPro-A-ParamSet, id-GostR3411-94-TestParamSet.
        (Algorithm::Gost2004, Parameters::Russian) => russian("1.2.643.2.2.35.1", "1.2.643.2.2.30.0"),
        (Algorithm::Rsa | Algorithm::Ec, _) => return None,
    })
}
