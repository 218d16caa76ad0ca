// Every form of signature that a page may ask for beside plain CMS: in XML, bare, with a time stamp, over a digest, and
// with one more signer.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { agreed, signedWith, withWire } from '../world/asking.mjs';
import { verifyRaw, verifyXml } from '../world/oracle.mjs';
import { bytesOf, verify } from '../world/verify.mjs';
import { COMMON_UTILS, sign } from '../world/wire.mjs';

const base64 = (text) => Buffer.from(text).toString('base64');
const common = (method, ...args) => ({ module: COMMON_UTILS, method, args });

/** Signs with a key whose authority answers OCSP and gives time stamps. */
const stamped = (world, wire, request) => signedWith(world, wire, request, world.nca.key('person'));

export const journeys = {
  'signXml puts the signature into the document': (world) => withWire(world, {}, async (wire) => {
    const document = `<заявление id="1">${world.keys.marker}</заявление>`;
    const { code, responseObject, message } = await signedWith(world, wire, common('signXml', 'PKCS12', 'SIGNATURE', document, '', ''), world.keys.person);
    assert.equal(code, '200', message);
    assert.match(responseObject, /^<\?xml version="1\.0" encoding="UTF-8" standalone="no"\?><заявление/);
    assert.doesNotMatch(responseObject, /&#13;/);
    return verifyXml(world, responseObject);
  }),

  'signXmls signs several documents under one decision': (world) => withWire(world, {}, async (wire) => {
    const { code, responseObject } = await signedWith(
      world, wire, common('signXmls', 'PKCS12', 'SIGNATURE', ['<a>1</a>', '<b>2</b>'], '', ''), world.keys.person,
    );
    assert.equal(code, '200');
    assert.equal(responseObject.length, 2);
    for (const [index, name] of ['a', 'b'].entries()) {
      assert.match(responseObject[index], new RegExp(`<${name}>`));
      await verifyXml(world, responseObject[index]);
    }
  }),

  'XML that is none is answered in the words of NCALayer and opens no window': (world) => withWire(world, {}, async (wire) => {
    const { code, message } = JSON.parse(await wire.ask(common('signXml', 'PKCS12', 'SIGNATURE', '<tag>data', '', '')));
    assert.equal(code, '500');
    assert.match(message, /^org\.xml\.sax\.SAXParseException; lineNumber: 1; columnNumber: \d+; XML document structures must start and end within the same entity\.$/);
    await world.windowGone();
  }),

  'basics signs XML in the compact layout': (world) => withWire(world, {}, async (wire) => {
    const request = sign({ format: 'xml', data: `<вход>${world.keys.marker}</вход>` });
    const { status, body, details } = await signedWith(world, wire, request, world.keys.person);
    assert.equal(status, true, details);
    assert.equal(body.result.length, 1);
    assert.doesNotMatch(body.result[0], />\s+<ds:/);
    return verifyXml(world, body.result[0]);
  }),

  'basics gives a bare signature and its certificate': (world) => withWire(world, {}, async (wire) => {
    const request = sign({ format: 'raw', data: world.keys.document, signingParams: { outputCert: true } });
    const { status, body, details } = await signedWith(world, wire, request, world.keys.person);
    assert.equal(status, true, details);
    assert.equal(body.result.signatures.length, 1);
    assert.match(body.result.certificate, /^-----BEGIN CERTIFICATE-----/);
    return verifyRaw(world, body.result.signatures[0], world.keys.document, body.result.certificate);
  }),

  'createCAdESFromBase64Hash signs a digest that the page made': (world) => withWire(world, {}, async (wire) => {
    const digest = createHash('sha512').update(world.keys.document).digest(); // 64 octets, as the key needs
    const { code, responseObject, message } = await signedWith(
      world, wire, common('createCAdESFromBase64Hash', 'PKCS12', 'SIGNATURE', digest.toString('base64')), world.keys.person,
    );
    assert.equal(code, '200', message);
    // messageDigest (1.2.840.113549.1.9.4) holds those very octets.
    assert.ok(Buffer.from(responseObject, 'base64').includes(Buffer.concat([Buffer.from([4, 64]), digest])));
  }),

  'a second signer is added to a CMS that is given as the document': (world) => withWire(world, {}, async (wire) => {
    const request = (document) => common('createCAdESFromBase64', 'PKCS12', 'SIGNATURE', document, true);
    const first = await signedWith(world, wire, request(base64(world.keys.document)), world.keys.person);
    const second = await signedWith(world, wire, request(first.responseObject), world.nca.key('head'));
    assert.equal(second.code, '200', second.message);
    assert.ok(bytesOf(second.responseObject).length > bytesOf(first.responseObject).length + 1000);
    return verify(world, second.responseObject, { content: world.keys.document, attached: true, authorities: [...world.keys.authorities, ...world.nca.authorities] });
  }),

  'basics adds the time stamp that tsaProfile asks for': (world) => withWire(world, {}, async (wire) => {
    const request = sign({ data: base64(world.keys.document), signingParams: { decode: true, tsaProfile: {} } });
    const { status, body, details } = await stamped(world, wire, request);
    assert.equal(status, true, details);
    assert.ok(hasStamp(body.result[0]), 'no time stamp');
    return verify(world, body.result[0], { content: world.keys.document, attached: true, authorities: world.nca.authorities });
  }),

  'createCMSSignatureFromBase64 makes a stamped signature': (world) => withWire(world, {}, async (wire) => {
    const { code, responseObject, message } = await stamped(world, wire, common('createCMSSignatureFromBase64', 'PKCS12', 'SIGNATURE', base64(world.keys.document), false));
    assert.equal(code, '200', message);
    assert.ok(hasStamp(responseObject), 'no time stamp');
    return verify(world, responseObject, { content: world.keys.document, attached: false, authorities: world.nca.authorities });
  }),

  'applyCAdEST adds a time stamp to a finished signature': (world) => withWire(world, {}, async (wire) => {
    const plain = await stamped(world, wire, common('createCAdESFromBase64', 'PKCS12', 'SIGNATURE', base64(world.keys.document), true));
    assert.ok(!hasStamp(plain.responseObject));
    const { code, responseObject, message } = await agreed(world, wire, common('applyCAdEST', 'PKCS12', 'SIGNATURE', plain.responseObject), 'stamp', 'consent-stamp-ru.png');
    assert.equal(code, '200', message);
    assert.ok(hasStamp(responseObject), 'no time stamp');
    return verify(world, responseObject, { content: world.keys.document, attached: true, authorities: world.nca.authorities });
  }),

  'a revoked key does not sign, and says why': (world) => withWire(world, {}, async (wire) => {
    wire.send(common('createCAdESFromBase64', 'PKCS12', 'SIGNATURE', base64('x'), true));
    const window = await world.window();
    const revoked = world.nca.key('revoked');
    await window.chooseFile(revoked.file);
    await window.sign(revoked.password);
    await window.waitForDecision();
    await window.key('Return');
    await window.waitForWords(/отозван/i);
    await window.picture(world.artefact('revoked-ru.png'));
    await window.key('Escape');
    assert.equal(JSON.parse(await wire.next()).message, 'action.canceled');
    await world.windowGone();
    await world.agent.must(['keys', 'remove', revoked.file]);
  }),

  'allowRevoked signs with it all the same': (world) => withWire(world, {}, async (wire) => {
    const request = sign({ data: 'x', signingParams: { allowRevoked: true } });
    const { status, details } = await signedWith(world, wire, request, world.nca.key('revoked'));
    assert.equal(status, true, details);
  }),
};

/** id-aa-signatureTimeStampToken. */
function hasStamp(cms) {
  return bytesOf(cms).includes(Buffer.from('060b2a864886f70d010910020e', 'hex'));
}
