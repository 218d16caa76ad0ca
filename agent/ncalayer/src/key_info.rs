//! How a certificate is told to a page (`ncalayer-protocol.md` 4.11).

use crate::writer::{self, Writer};
use order::KeyInfo;

/// A reply that begins with this member: the twelve of `getKeyInfo`.
pub(crate) fn object(name: &str, key: &KeyInfo) -> Writer {
    let reply = Writer::with_room(writer::pem_length(key.certificate.len()) + 1024).open(name);
    members(reply, key, &key.algorithm).close()
}

/// The twelve members of `getKeyInfo`, all of them always there. What the algorithm is called differs.
pub(crate) fn members(reply: Writer, key: &KeyInfo, algorithm: &str) -> Writer {
    reply
        .string("alias", &key.alias)
        .string("keyId", &hex(&key.key_id).to_ascii_uppercase())
        .string("algorithm", algorithm)
        .string("subjectCn", &key.subject_cn)
        .string("subjectDn", &key.subject_dn)
        .string("issuerCn", &key.issuer_cn)
        .string("issuerDn", &key.issuer_dn)
        .string("serialNumber", &serial_number(&key.serial_number))
        .string("certNotBefore", &key.not_before_ms.to_string())
        .string("certNotAfter", &key.not_after_ms.to_string())
        .string("authorityKeyIdentifier", &hex(&key.authority_key_id))
        .pem("pem", "CERTIFICATE", &key.certificate)
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// As Java's `BigInteger.toString(16)`: lower case, no leading zeros. The original's radix is not known; of those who
/// worked against the live program, two write hexadecimal.
pub(crate) fn serial_number(octets: &[u8]) -> String {
    let digits = hex(octets);
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() { "0".to_owned() } else { significant.to_owned() }
}

/// A signature algorithm by the key's own, as the NCA's Java provider names it. The names of other keys than
/// GOST 2015-512 were not seen on the wire.
pub(crate) fn signature_algorithm(key: &str) -> &str {
    match key {
        "ECGOST3410-2015-512" => "GOST3411-2015-512withGOST3410-2015-512",
        "ECGOST3410-2015-256" => "GOST3411-2015-256withGOST3410-2015-256",
        "ECGOST34310" => "GOST34311withECGOST34310",
        "RSA" => "SHA256withRSA",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_serial_number_is_written_as_java_writes_it() {
        assert_eq!(serial_number(&[0, 0x0a, 0xbc, 1]), "abc01");
        assert_eq!(serial_number(&[0]), "0");
        assert_eq!(serial_number(&[]), "0");
    }
}
