//! Object identifiers: the 1.2.398 arc of the OID registry of root.gov.kz (kz-crypto 5) and the standard ones around it.

use const_oid::ObjectIdentifier;

macro_rules! oids {
    ($($(#[$doc:meta])* $name:ident = $oid:literal;)*) => {
        $($(#[$doc])* pub const $name: ObjectIdentifier = ObjectIdentifier::new_unwrap($oid);)*
    };
}

oids! {
    /// Key, GOST 34.310-2004.
    GOST2004_KEY = "1.2.398.3.10.1.1.1.1";
    /// Curve of GOST 34.310-2004, set A.
    GOST2004_SET_A = "1.2.398.3.10.1.1.1.1.1";
    /// Signature, GOST 34.310-2004 with GOST 34.311-95.
    GOST2004_SIGNATURE = "1.2.398.3.10.1.1.1.2";
    /// Key, GOST R 34.10-2015, 512 bit.
    GOST512_KEY = "1.2.398.3.10.1.1.2.2";
    /// Curve of GOST R 34.10-2015, 512 bit, set A.
    GOST512_SET_A = "1.2.398.3.10.1.1.2.2.1";
    /// Signature, GOST R 34.10-2015 with GOST R 34.11-2015, 512 bit.
    GOST512_SIGNATURE = "1.2.398.3.10.1.1.2.3.2";
    /// Key, GOST R 34.10-2015, 256 bit. In the registry, never met in data.
    GOST256_KEY = "1.2.398.3.10.1.1.2.1";
    /// Curve of GOST R 34.10-2015, 256 bit, set A. In the registry, never met in data.
    GOST256_SET_A = "1.2.398.3.10.1.1.2.1.1";
    /// Signature, GOST R 34.10-2015 with GOST R 34.11-2015, 256 bit. In the registry, never met in data.
    GOST256_SIGNATURE = "1.2.398.3.10.1.1.2.3.1";
    /// Hash GOST 34.311-95.
    GOST34311 = "1.2.398.3.10.1.3.1";
    /// Parameters of GOST 34.311-95 that 2004 keys name: the test S-box.
    GOST34311_TEST = "1.2.398.3.10.1.3.1.1.0";
    /// Hash GOST R 34.11-2015, 256 bit.
    STREEBOG256 = "1.2.398.3.10.1.3.2";
    /// Hash GOST R 34.11-2015, 512 bit.
    STREEBOG512 = "1.2.398.3.10.1.3.3";

    /// Certificate policy of all GOST-2015 certificates of the NCA.
    POLICY_NCA = "1.2.398.3.3.2";
    /// Certificate policy of the root centre.
    POLICY_ROOT = "1.2.398.3.1.2";
    /// Certificate policy of the NCA's time-stamp services; the policies of their tokens stand below it.
    POLICY_TSA = "1.2.398.3.3.2.6";
    /// Time-stamp policy: GOST-2004.
    TSA_GOST2004 = "1.2.398.3.3.2.6.1";
    /// Time-stamp policy: RSA with SHA-256.
    TSA_RSA = "1.2.398.3.3.2.6.2";
    /// Time-stamp policy: GOST-2004 under the identifiers of an older product.
    TSA_GOST2004_GAMMA = "1.2.398.3.3.2.6.3";
    /// Time-stamp policy: GOST-2015, 512 bit.
    TSA_GOST512 = "1.2.398.3.3.2.6.4";
    /// Extension: where the private key lives (kz-crypto 5.6).
    KEY_STORAGE = "1.2.398.3.3.5";
    /// Key storage: a PKCS#12 file.
    STORAGE_PKCS12 = "1.2.398.3.3.5.1.1";

    /// Role: natural person.
    ROLE_PERSON = "1.2.398.3.3.4.1.1";
    /// Role: information system of a person.
    ROLE_PERSON_SYSTEM = "1.2.398.3.3.4.1.1.1";
    /// Role: legal entity.
    ROLE_ORGANISATION = "1.2.398.3.3.4.1.2";
    /// Role: first head.
    ROLE_HEAD = "1.2.398.3.3.4.1.2.1";
    /// Role: right to sign.
    ROLE_RIGHT_TO_SIGN = "1.2.398.3.3.4.1.2.2";
    /// Role: right to sign financial documents.
    ROLE_FINANCIAL_SIGN = "1.2.398.3.3.4.1.2.3";
    /// Role: personnel department.
    ROLE_HR = "1.2.398.3.3.4.1.2.4";
    /// Role: employee.
    ROLE_EMPLOYEE = "1.2.398.3.3.4.1.2.5";
    /// Role: information system of a legal entity; has registered children.
    ROLE_INFORMATION_SYSTEM = "1.2.398.3.3.4.1.2.6";
    /// Power in the NCA's own system: administrator.
    ROLE_NCA_ADMIN = "1.2.398.3.3.4.2.1";
    /// Power in the NCA's own system: manager.
    ROLE_NCA_MANAGER = "1.2.398.3.3.4.2.2";
    /// Power in the NCA's own system: operator.
    ROLE_NCA_OPERATOR = "1.2.398.3.3.4.2.3";
    /// Identified in person, by an operator of a public service centre.
    IDENTIFIED_IN_PERSON = "1.2.398.3.3.4.3.1";
    /// Identified remotely; has registered children.
    IDENTIFIED_REMOTELY = "1.2.398.3.3.4.3.2";
    /// Treasury client.
    ROLE_TREASURY = "1.2.398.5.19.1.2.2.1";
    /// Notary.
    ROLE_NOTARY = "1.2.398.6.1.1.1.1";

    /// id-kp: the standard extended key usages stand below this.
    ID_KP = "1.3.6.1.5.5.7.3";
    /// id-kp-clientAuth: the NCA's mark of an authentication key.
    CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    /// id-kp-emailProtection: the NCA's mark of a signature key.
    EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4";
    /// id-kp-timeStamping.
    TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
    /// id-kp-OCSPSigning.
    OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";

    /// id-ct-TSTInfo: the content of a time stamp.
    CT_TST_INFO = "1.2.840.113549.1.9.16.1.4";

    /// commonName.
    COMMON_NAME = "2.5.4.3";
    /// surname.
    SURNAME = "2.5.4.4";
    /// serialNumber; in NCA certificates `IIN` and 12 digits.
    SERIAL_NUMBER = "2.5.4.5";
    /// countryName.
    COUNTRY = "2.5.4.6";
    /// localityName.
    LOCALITY = "2.5.4.7";
    /// stateOrProvinceName.
    STATE = "2.5.4.8";
    /// organizationName.
    ORGANISATION = "2.5.4.10";
    /// organizationalUnitName; in NCA certificates `BIN` and 12 digits.
    ORGANISATIONAL_UNIT = "2.5.4.11";
    /// givenName; in NCA certificates the patronymic.
    GIVEN_NAME = "2.5.4.42";
    /// emailAddress of PKCS#9.
    EMAIL = "1.2.840.113549.1.9.1";

    /// Attribute extensionRequest of a certificate request (RFC 2985 §5.4.2).
    EXTENSION_REQUEST = "1.2.840.113549.1.9.14";

    /// Extension subjectKeyIdentifier.
    SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
    /// Extension keyUsage.
    KEY_USAGE = "2.5.29.15";
    /// Extension subjectAltName.
    SUBJECT_ALT_NAME = "2.5.29.17";
    /// Extension basicConstraints.
    BASIC_CONSTRAINTS = "2.5.29.19";
    /// Extension cRLNumber.
    CRL_NUMBER = "2.5.29.20";
    /// Extension cRLReason, of an entry.
    CRL_REASON = "2.5.29.21";
    /// Extension invalidityDate, of an entry.
    INVALIDITY_DATE = "2.5.29.24";
    /// Extension deltaCRLIndicator.
    DELTA_CRL_INDICATOR = "2.5.29.27";
    /// Extension issuingDistributionPoint.
    ISSUING_DISTRIBUTION_POINT = "2.5.29.28";
    /// Extension cRLDistributionPoints.
    CRL_DISTRIBUTION_POINTS = "2.5.29.31";
    /// Extension certificatePolicies.
    CERTIFICATE_POLICIES = "2.5.29.32";
    /// Extension authorityKeyIdentifier.
    AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
    /// Extension extKeyUsage.
    EXTENDED_KEY_USAGE = "2.5.29.37";
    /// Extension expiredCertsOnCRL: since when expired certificates are kept on the list (X.509 §9.5.2.8).
    EXPIRED_CERTS_ON_CRL = "2.5.29.60";
    /// Extension freshestCRL: where the delta CRL is.
    FRESHEST_CRL = "2.5.29.46";
    /// Extension authorityInfoAccess.
    AUTHORITY_INFO_ACCESS = "1.3.6.1.5.5.7.1.1";
    /// Access method: OCSP.
    ACCESS_OCSP = "1.3.6.1.5.5.7.48.1";
    /// Access method: the issuer's certificate.
    ACCESS_CA_ISSUERS = "1.3.6.1.5.5.7.48.2";
    /// The basic OCSP response.
    OCSP_BASIC = "1.3.6.1.5.5.7.48.1.1";
    /// OCSP extension: the request's nonce.
    OCSP_NONCE = "1.3.6.1.5.5.7.48.1.2";
    /// Certificate extension: this responder's certificate need not be checked for revocation.
    OCSP_NO_CHECK = "1.3.6.1.5.5.7.48.1.5";
    /// OCSP extension: "revoked" may also mean "never issued".
    OCSP_EXTENDED_REVOKE = "1.3.6.1.5.5.7.48.1.9";
    /// Policy qualifier: pointer to the practice statement.
    QUALIFIER_CPS = "1.3.6.1.5.5.7.2.1";

    /// rsaEncryption.
    RSA = "1.2.840.113549.1.1.1";
    /// sha1WithRSAEncryption.
    RSA_SHA1 = "1.2.840.113549.1.1.5";
    /// sha256WithRSAEncryption.
    RSA_SHA256 = "1.2.840.113549.1.1.11";
    /// sha384WithRSAEncryption.
    RSA_SHA384 = "1.2.840.113549.1.1.12";
    /// sha512WithRSAEncryption.
    RSA_SHA512 = "1.2.840.113549.1.1.13";
    /// id-ecPublicKey.
    EC = "1.2.840.10045.2.1";
    /// Curve secp256r1: P-256.
    P256 = "1.2.840.10045.3.1.7";
    /// Curve secp384r1: P-384.
    P384 = "1.3.132.0.34";
    /// ecdsa-with-SHA256.
    ECDSA_SHA256 = "1.2.840.10045.4.3.2";
    /// ecdsa-with-SHA384.
    ECDSA_SHA384 = "1.2.840.10045.4.3.3";
    /// ecdsa-with-SHA512.
    ECDSA_SHA512 = "1.2.840.10045.4.3.4";
    /// SHA-1.
    SHA1 = "1.3.14.3.2.26";
    /// SHA-256.
    SHA256 = "2.16.840.1.101.3.4.2.1";
    /// SHA-384.
    SHA384 = "2.16.840.1.101.3.4.2.2";
    /// SHA-512.
    SHA512 = "2.16.840.1.101.3.4.2.3";
}

/// `oid` is `parent` or stands below it in the tree.
pub fn is_under(oid: &ObjectIdentifier, parent: &ObjectIdentifier) -> bool {
    oid.starts_with(*parent)
}
