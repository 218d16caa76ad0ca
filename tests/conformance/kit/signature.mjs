// Whether a signature holds, by code that shares nothing with the server under test: DER read by hand, RSA and EC by
// Node.js. A GOST value cannot be verified here; its structure and its content can.

import assert from 'node:assert/strict';
import { X509Certificate, createHash, verify } from 'node:crypto';

export const TIME_STAMP = '1.2.840.113549.1.9.16.2.14';
const SIGNED_DATA = '1.2.840.113549.1.7.2';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const HASHES = new Map([['2.16.840.1.101.3.4.2.1', 'sha256'], ['2.16.840.1.101.3.4.2.2', 'sha384'], ['2.16.840.1.101.3.4.2.3', 'sha512']]);
const GOST = /^1\.2\.398\.3\.10\.1\./;
const UNVERIFIED = 'the value of a GOST signature is not verified here, only what it stands over';

/** One element of DER: its tag, its contents and the octets of both. */
function element(octets) {
  assert.ok(octets.length >= 2, 'DER ends too early');
  let head = 2;
  let length = octets[1];
  if (length >= 0x80) {
    const count = length & 0x7f;
    assert.ok(count >= 1 && count <= 4, 'a length that is not of DER');
    length = octets.readUIntBE(2, count);
    head += count;
  }
  assert.ok(octets.length >= head + length, 'DER ends too early');
  return { tag: octets[0], body: octets.subarray(head, head + length), whole: octets.subarray(0, head + length) };
}

function elements(octets) {
  const found = [];
  for (let rest = octets; rest.length > 0; rest = rest.subarray(found.at(-1).whole.length)) found.push(element(rest));
  return found;
}

function oid({ tag, body }) {
  assert.equal(tag, 6, 'no object identifier');
  const arcs = [];
  let value = 0;
  for (const octet of body) {
    value = value * 128 + (octet & 0x7f);
    if (octet < 0x80) { arcs.push(value); value = 0; }
  }
  const first = Math.min(Math.floor(arcs[0] / 40), 2);
  return [first, arcs[0] - 40 * first, ...arcs.slice(1)].join('.');
}

const attributes = (set) => new Map(elements(set.body).map(({ body }) => {
  const [type, values] = elements(body);
  return [oid(type), elements(values.body)];
}));

/** Takes a CMS SignedData apart (RFC 5652 §5). */
export function readCms(der) {
  const outer = element(der);
  assert.equal(outer.whole.length, der.length, 'octets behind the CMS');
  const [type, tagged] = elements(outer.body);
  assert.equal(oid(type), SIGNED_DATA, 'the CMS is no SignedData');
  const parts = elements(element(tagged.body).body);
  const inside = elements(parts[2].body)[1];
  const certificates = parts.find(({ tag }) => tag === 0xa0);
  const signers = elements(parts.at(-1).body).map((info) => {
    const fields = elements(info.body);
    const signed = fields.find(({ tag }) => tag === 0xa0);
    const at = fields.indexOf(signed);
    const unsigned = fields.find(({ tag }) => tag === 0xa1);
    assert.ok(signed, 'no signed attributes');
    return {
      hash: oid(elements(fields[at - 1].body)[0]),
      // What is signed is the SET, not the field that stands for it (§5.4).
      signedOctets: Buffer.concat([Buffer.from([0x31]), signed.whole.subarray(1)]),
      signedAttributes: attributes(signed),
      value: fields[at + 2].body,
      unsignedAttributes: unsigned ? attributes(unsigned) : new Map(),
    };
  });
  return {
    content: inside ? element(inside.body).body : undefined,
    certificates: certificates ? elements(certificates.body).map(({ whole }) => whole) : [],
    signers,
  };
}

/** The octets of a PEM-armoured CMS. */
export function fromPem(text) {
  assert.match(text, /^-----BEGIN CMS-----\r?\n[A-Za-z0-9+/=\r\n]+\r?\n-----END CMS-----\r?\n$/, 'a CMS of basics is PEM');
  return Buffer.from(text.replace(/-----(BEGIN|END) CMS-----/g, ''), 'base64');
}

export function fromBase64(text) {
  assert.equal(typeof text, 'string');
  assert.match(text, /^[A-Za-z0-9+/]+=*$/, 'base64 in one line');
  return Buffer.from(text, 'base64');
}

function isGost(certificate) {
  const [toBeSigned] = elements(element(certificate).body);
  const key = elements(toBeSigned.body).find(({ tag, body }) => tag === 0x30 && elements(body)[1]?.tag === 3);
  return GOST.test(oid(elements(elements(key.body)[0].body)[0]));
}

/**
 * Whether a value is the signature of these octets by this certificate's key. Gives a note where it cannot tell. A value of
 * EC is DER, but in XML its two numbers stand side by side.
 */
function valueHolds(octets, value, certificate, hash, dsaEncoding = 'der') {
  if (isGost(certificate)) return UNVERIFIED;
  const { publicKey } = new X509Certificate(certificate);
  assert.ok(verify(hash, octets, { key: publicKey, dsaEncoding }, value), 'the signature does not verify');
  return undefined;
}

/** A CMS over a document, or over a digest that was given as one. Gives a note where something cannot be verified. */
export function cmsHolds(der, { document, digest, attached, signers = 1, stamped }) {
  const cms = readCms(der);
  assert.equal(cms.signers.length, signers, 'signers');
  if (attached) assert.deepEqual(cms.content, Buffer.from(document), 'the document inside');
  else assert.equal(cms.content, undefined, 'a detached signature has no document inside');
  assert.ok(cms.certificates.length > 0, 'the certificate of the signer is missing');
  const signer = cms.signers.at(-1);
  if (stamped !== undefined) assert.equal(signer.unsignedAttributes.has(TIME_STAMP), stamped, 'time stamp');
  const messageDigest = signer.signedAttributes.get(MESSAGE_DIGEST)?.[0].body;
  assert.ok(messageDigest, 'no message digest');
  if (digest) assert.deepEqual(messageDigest, digest, 'the digest that the page gave');
  const hash = HASHES.get(signer.hash);
  if (!hash) return UNVERIFIED;
  if (document !== undefined) assert.deepEqual(messageDigest, createHash(hash).update(document).digest(), 'the digest of the document');
  const notes = cms.certificates.map((certificate) => {
    try {
      return { note: valueHolds(signer.signedOctets, signer.value, certificate, hash) };
    } catch (error) {
      return { error };
    }
  });
  const held = notes.find(({ error }) => !error);
  if (!held) throw notes[0].error;
  return held.note;
}

/** A bare signature value over a document. */
export function rawHolds(value, document, certificatePem) {
  const body = certificatePem.replace(/-----(BEGIN|END) CERTIFICATE-----/g, '');
  return valueHolds(Buffer.from(document), value, Buffer.from(body, 'base64'), 'sha256');
}

/** SHA-256 over canonical `<tag>data</tag>`, as the original was recorded (14.3). */
export const RECORDED_DIGEST = 'soDZFGIUsZ1x0sK/7x1bJvtGeQsO0BKOVwAvKxC3RJY=';

/**
 * An enveloped signature of `<tag>data</tag>` in the layout of 10.2. Canonical XML of its SignedInfo is that text with
 * the namespace said and no element in short form, so no tool for XML is needed.
 */
export function xmlHolds(xml, { compact }) {
  assert.match(xml, /^<\?xml version="1\.0" encoding="UTF-8" standalone="no"\?><tag>data<ds:Signature xmlns:ds="http:\/\/www\.w3\.org\/2000\/09\/xmldsig#">/);
  assert.match(xml, /<\/ds:Signature><\/tag>$/, 'the signature is the last child of the document element');
  assert.doesNotMatch(xml, /&#13;|&#xD;|\r/i, 'no carriage return');
  if (compact) assert.doesNotMatch(xml, />\s+</, 'compact');
  assert.match(xml, /<ds:Reference URI="">/);
  const at = [
    'http://www.w3.org/2000/09/xmldsig#enveloped-signature', 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments',
  ].map((transform) => xml.indexOf(`<ds:Transform Algorithm="${transform}"/>`));
  assert.ok(at[0] > 0 && at[1] > at[0], 'the two transforms, in order');
  const certificate = /<ds:X509Certificate>([^<]+)<\/ds:X509Certificate>/.exec(xml)?.[1];
  assert.ok(certificate, 'the certificate of the signer');
  const digest = /<ds:DigestValue>\s*([^<]+?)\s*<\/ds:DigestValue>/.exec(xml)?.[1];
  const method = /<ds:SignatureMethod Algorithm="([^"]+)"\/>/.exec(xml)?.[1];
  if (/pkigovkz|gost/.test(method)) return UNVERIFIED;
  assert.match(method, /^http:\/\/www\.w3\.org\/2001\/04\/xmldsig-more#(rsa|ecdsa)-sha256$/);
  assert.equal(digest, RECORDED_DIGEST);
  const signedInfo = /<ds:SignedInfo>[^]*<\/ds:SignedInfo>/.exec(xml)[0]
    .replace('<ds:SignedInfo>', '<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">')
    .replace(/<(ds:[A-Za-z]+)([^<>]*)\/>/g, '<$1$2></$1>');
  const value = /<ds:SignatureValue>([^<]+)<\/ds:SignatureValue>/.exec(xml)[1];
  return valueHolds(Buffer.from(signedInfo), Buffer.from(value, 'base64'), Buffer.from(certificate, 'base64'), 'sha256', 'ieee-p1363');
}
