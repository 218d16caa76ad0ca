"""Makes the golden files beside it. Not run by the tests: the files are kept.

Encoding, hashes, curves and signatures are those of the project's independent Python verifier, so that what our verifier
accepts was not made by our own code. Run it with that verifier on PYTHONPATH:

    python3 make.py

The keys are throw-away numbers of this file, the people do not exist. Signatures differ from run to run.
"""
from __future__ import annotations

import hashlib
from datetime import datetime, timezone
from pathlib import Path

from nca_oracle import asn1, make
from nca_oracle.keys import HASHES, PrivateKey

HERE = Path(__file__).parent
DOCUMENT = "Құжат: қол қойылатын мәтін, 64 байттан ұзын болуы үшін тағы бір сөйлем.\n".encode()
TIME = datetime(2026, 11, 23, 9, 30, 0, tzinfo=timezone.utc)
DATA, SIGNED_DATA = "1.2.840.113549.1.7.1", "1.2.840.113549.1.7.2"
CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME = (f"1.2.840.113549.1.9.{n}" for n in (3, 4, 5))
ESS_V1, ESS_V2 = "1.2.840.113549.1.9.16.2.12", "1.2.840.113549.1.9.16.2.47"
KEY_2004 = "1.2.398.3.10.1.1.1.1"


class Signer:
    def __init__(self, algorithm: str, scalar: int | None, common_name: str, issuer=None, ca=False):
        self.key: PrivateKey = make.generate_key(algorithm, scalar)
        name = make.parse_name(f"CN={common_name},C=KZ" if ca else
                               f"CN=ҮЛГІ {common_name},SURNAME=ҮЛГІ,SERIALNUMBER=IIN000000000009,C=KZ")
        self.cert = make.make_certificate(
            self.key, name, datetime(2026, 1, 1, tzinfo=timezone.utc), datetime(2056, 1, 1, tzinfo=timezone.utc),
            issuer.key if issuer else self.key, issuer.cert if issuer else None, ca=ca,
            eku=() if ca else ["1.3.6.1.5.5.7.3.4", "1.2.398.3.3.4.1.1"])
        self.hash_oid = self.key.public().hash_oid

    def digest(self, data: bytes) -> bytes:
        return HASHES[self.hash_oid].digest(data)

    def identifier(self) -> bytes:
        return asn1.seq(self.cert.issuer.raw, asn1.integer(self.cert.serial))


def attribute(oid: str, value: bytes) -> bytes:
    return asn1.seq(asn1.oid(oid), asn1.set_of(value))


def ess_v2(signer: Signer) -> bytes:
    value = asn1.octets(hashlib.sha256(signer.cert.der).digest())
    return attribute(ESS_V2, asn1.seq(asn1.seq(asn1.seq(value))))


def ess_v1(signer: Signer) -> bytes:
    value = asn1.octets(hashlib.sha1(signer.cert.der).digest())
    return attribute(ESS_V1, asn1.seq(asn1.seq(asn1.seq(value))))


def ess_v2_in_full(signer: Signer) -> bytes:
    """Everything that may be left out: the hash algorithm (another one), issuer and serial number."""
    names = asn1.seq(asn1.ctx(4, signer.cert.issuer.raw))
    identifier = asn1.seq(asn1.algorithm(signer.hash_oid), asn1.octets(signer.digest(signer.cert.der)),
                          asn1.seq(names, asn1.integer(signer.cert.serial)))
    return attribute(ESS_V2, asn1.seq(asn1.seq(identifier)))


def signer_info(signer: Signer, ess=ess_v2, time=TIME, signature_oid=None, by_key=False, attributes=True) -> bytes:
    if attributes:
        attrs = [attribute(CONTENT_TYPE, asn1.oid(DATA)), attribute(SIGNING_TIME, asn1.time(time)),
                 attribute(MESSAGE_DIGEST, asn1.octets(signer.digest(DOCUMENT)))]
        if ess:
            attrs.append(ess(signer))
        signed = asn1.set_of(*attrs)
        message, signed = signed, b"\xa0" + signed[1:]
    else:
        message, signed = DOCUMENT, b""
    return asn1.seq(
        asn1.integer(3 if by_key else 1),
        asn1.tlv(0x80, signer.cert.ski) if by_key else signer.identifier(),
        asn1.algorithm(signer.hash_oid), signed,
        asn1.algorithm(signature_oid or signer.key.signature_oid()), asn1.octets(signer.key.sign(message)))


def signed_data(signers: list[Signer], infos: list[bytes], attached=True, version=1, certificates=None) -> bytes:
    content = asn1.ctx(0, asn1.octets(DOCUMENT)) if attached else b""
    certificates = [s.cert for s in signers] if certificates is None else certificates
    return asn1.seq(asn1.oid(SIGNED_DATA), asn1.ctx(0, asn1.seq(
        asn1.integer(version),
        asn1.set_of(*{asn1.algorithm(s.hash_oid) for s in signers}),
        asn1.seq(asn1.oid(DATA), content),
        asn1.ctx(0, *sorted(c.der for c in certificates)),
        asn1.set_of(*infos))))


def streamed(signer: Signer) -> bytes:
    """The same as attached.der, as a program that streams would write it."""
    pieces = [asn1.octets(DOCUMENT[at:at + 50]) for at in range(0, len(DOCUMENT), 50)]
    content = asn1.indefinite(0xA0, asn1.indefinite(0x24, *pieces))
    return asn1.indefinite(0x30, asn1.oid(SIGNED_DATA), asn1.indefinite(0xA0, asn1.indefinite(
        0x30, asn1.integer(1), asn1.set_of(asn1.algorithm(signer.hash_oid)),
        asn1.indefinite(0x30, asn1.oid(DATA), content), asn1.ctx(0, signer.cert.der),
        asn1.set_of(signer_info(signer)))))


def main() -> None:
    ca = Signer("gost2015", 0x1F00D, "GOLDEN TEST CA", ca=True)
    new = Signer("gost2015", 0x2 ** 500 + 0xA11CE, "ЖАҢА", ca)
    old = Signer("gost2004", 2 ** 250 + 0xB0B, "ЕСКІ", ca)
    rsa = Signer("rsa", None, "RSA", ca)
    files = {
        "document.txt": DOCUMENT,
        "ca.cer": ca.cert.der,
        "gost512.cer": new.cert.der,
        "attached.der": signed_data([new], [signer_info(new)]),
        "detached.der": signed_data([new], [signer_info(new)], attached=False),
        "year-2050.der": signed_data([new], [signer_info(new, time=datetime(2050, 2, 3, 4, 5, 6, tzinfo=timezone.utc))]),
        "ess-in-full.der": signed_data([new], [signer_info(new, ess=ess_v2_in_full)]),
        "ess-v1.der": signed_data([new], [signer_info(new, ess=ess_v1)]),
        "ess-of-another.der": signed_data([new], [signer_info(new, ess=lambda _: ess_v2(old))]),
        "gost2004.der": signed_data([old], [signer_info(old)]),
        "gost2004-native-kalkan.der": signed_data([old], [signer_info(old, signature_oid=KEY_2004)]),
        "gost2004-without-ess.der": signed_data([old], [signer_info(old, ess=None)]),
        "without-attributes.der": signed_data([new], [signer_info(new, attributes=False)]),
        "by-key-identifier.der": signed_data([new], [signer_info(new, by_key=True)], version=3),
        "two-signers.der": signed_data([new, old], [signer_info(new), signer_info(old)]),
        "with-chain.der": signed_data([new], [signer_info(new)], certificates=[ca.cert, new.cert]),
        "without-certificate.der": signed_data([new], [signer_info(new)], certificates=[]),
        "rsa.der": signed_data([rsa], [signer_info(rsa)]),
        "streamed.ber": streamed(new),
    }
    for name, data in files.items():
        (HERE / name).write_bytes(data)


if __name__ == "__main__":
    main()
