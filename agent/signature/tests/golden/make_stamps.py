"""Makes the time stamps beside it, for the signatures of the golden files that make.py made. Not run by the tests.

Encoding, hashes, curves and signatures are those of the project's independent Python verifier, as in make.py. Run it with
that verifier on PYTHONPATH, after make.py:

    python3 make_stamps.py

The key of the time-stamp service is a throw-away number of this file.
"""
from __future__ import annotations

import hashlib
from datetime import datetime, timezone
from pathlib import Path

from nca_oracle import asn1, cms, make
from nca_oracle.cert import TIME_STAMPING, Certificate
from nca_oracle.keys import HASHES

HERE = Path(__file__).parent
TIME = datetime(2026, 11, 23, 9, 30, 5, tzinfo=timezone.utc)
POLICY, STREEBOG, SHA256 = "1.2.398.3.3.2.6.4", "1.2.398.3.10.1.3.3", "2.16.840.1.101.3.4.2.1"


def attribute(oid: str, value: bytes) -> bytes:
    return asn1.seq(asn1.oid(oid), asn1.set_of(value))


def token(key, cert: Certificate, stamped: bytes, serial: int, imprint: str = STREEBOG) -> bytes:
    info = asn1.seq(
        asn1.integer(1), asn1.oid(POLICY),
        asn1.seq(asn1.algorithm(imprint), asn1.octets(HASHES[imprint].digest(stamped))),
        asn1.integer(serial), asn1.tlv(asn1.GENERALIZED_TIME, TIME.strftime("%Y%m%d%H%M%SZ").encode()),
        asn1.integer(0x1122334455667788))
    ess = asn1.seq(asn1.seq(asn1.seq(asn1.octets(hashlib.sha1(cert.der).digest()))))
    signed = asn1.set_of(
        attribute(cms.CONTENT_TYPE, asn1.oid(cms.TST_INFO)), attribute(cms.SIGNING_TIME, asn1.time(TIME)),
        attribute(cms.MESSAGE_DIGEST, asn1.octets(HASHES[STREEBOG].digest(info))), attribute(cms.ESS_V1, ess))
    signer = asn1.seq(
        asn1.integer(1), asn1.seq(cert.issuer.raw, asn1.integer(cert.serial)), asn1.algorithm(STREEBOG),
        b"\xa0" + signed[1:], asn1.algorithm(key.signature_oid()), asn1.octets(key.sign(signed)))
    return asn1.seq(asn1.oid(cms.SIGNED_DATA), asn1.ctx(0, asn1.seq(
        asn1.integer(3), asn1.set_of(asn1.algorithm(STREEBOG)),
        asn1.seq(asn1.oid(cms.TST_INFO), asn1.ctx(0, asn1.octets(info))), asn1.ctx(0, cert.der),
        asn1.set_of(signer))))


def stamped_cms(der: bytes, stamp: bytes) -> bytes:
    """A CMS with one signer and no unsigned attributes, with the token in it."""
    kind, wrapped = asn1.decode(der).children
    fields = wrapped.children[0].children
    signer = fields[-1].children[0]
    unsigned = asn1.ctx(1, attribute(cms.TIMESTAMP, stamp))
    signers = asn1.set_of(asn1.seq(*(kid.raw for kid in signer.children), unsigned))
    return asn1.seq(kind.raw, asn1.ctx(0, asn1.seq(*(field.raw for field in fields[:-1]), signers)))


def main() -> None:
    ca_key = make.generate_key("gost2015", 0x1F00D)
    ca = Certificate((HERE / "ca.cer").read_bytes())
    key = make.generate_key("gost2015", 0x75A)
    cert = make.make_certificate(
        key, make.parse_name("CN=GOLDEN TEST TSA,C=KZ"), datetime(2026, 1, 1, tzinfo=timezone.utc),
        datetime(2056, 1, 1, tzinfo=timezone.utc), ca_key, ca, eku=[TIME_STAMPING], usage="digitalSignature")

    def signatures(name: str) -> list[bytes]:
        return [signer.signature for signer in cms.SignedData((HERE / name).read_bytes()).signers]

    attached = (HERE / "attached.der").read_bytes()
    stamp = token(key, cert, signatures("attached.der")[0], 1)
    first, second = signatures("two-signers.der")
    files = {
        "tsa.cer": cert.der,
        "attached.stamp": stamp,
        "attached-second.stamp": token(key, cert, signatures("attached.der")[0], 2, SHA256),
        "two-signers-0.stamp": token(key, cert, first, 3),
        "two-signers-1.stamp": token(key, cert, second, 4),
        "year-2050.stamp": token(key, cert, signatures("year-2050.der")[0], 5),
        "stamped.der": stamped_cms(attached, stamp),
    }
    for name, data in files.items():
        (HERE / name).write_bytes(data)


if __name__ == "__main__":
    main()
