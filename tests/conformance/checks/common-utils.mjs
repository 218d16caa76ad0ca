// commonUtils.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { always, beyond, decided, NotRun } from '../kit/check.mjs';
import { COMMON_UTILS, base64, common } from '../kit/kit.mjs';
import { cmsHolds, fromBase64, xmlHolds } from '../kit/signature.mjs';

const CANCELLED = { code: '500', message: 'action.canceled' };
const DOCUMENT = 'Құжат. Документ.\n';
const mismatch = (method) => ({ code: '500', message: `java.lang.IllegalArgumentException: argument type mismatch. Method: ${method}` });
const noMethod = (method) => ({ code: '500', message: `NoSuchMethodException ${method}` });

/** The kinds of token that NCALayer names. */
const TOKENS = ['AKKaztokenStore', 'AKKZIDCardStore', 'AKEToken72KStore', 'AKEToken5110Store', 'AKJaCartaStore', 'AKAKEYStore', 'ABSIMCardStore', 'ABCloudServiceStore'];

/** What stands in a success: nothing but the value and the code, which is a string. */
function value(reply) {
  assert.deepEqual(Object.keys(reply).sort(), ['code', 'responseObject'], JSON.stringify(reply).slice(0, 300));
  assert.equal(reply.code, '200');
  return reply.responseObject;
}

const cades = (attached, document = DOCUMENT) => common('createCAdESFromBase64', 'PKCS12', 'SIGNATURE', base64(document), attached);

export const checks = [
  always('commonUtils', 'getActiveTokens lists devices only, under a code that is a string', async (kit) => {
    const wire = await kit.greeted();
    for (const args of [undefined, []]) {
      const tokens = value(await wire.call({ module: COMMON_UTILS, method: 'getActiveTokens', args }));
      assert.ok(Array.isArray(tokens));
      assert.ok(!tokens.includes('PKCS12') && !tokens.includes('JKS'), `${tokens}: files are no tokens`);
    }
  }),
  always('commonUtils', 'a token that is plugged in is named, by a name of the list that every site knows', async (kit) => {
    const { token } = kit;
    if (!token) throw new NotRun('nobody says which token is plugged in (--token STORAGE)');
    const wire = await kit.greeted();
    const tokens = value(await wire.call(common('getActiveTokens')));
    assert.ok(tokens.includes(token), `${tokens}: without ${token}`);
    assert.deepEqual(tokens, [...new Set(tokens)], 'each kind once');
    for (const name of tokens) assert.ok(TOKENS.includes(name), `${name} is no name of a token`);
  }),
  always('commonUtils', 'what is plugged in and taken out while the page is open is in the next answer, each kind once', async (kit) => {
    if (!kit.canPlug) throw new NotRun('the server has no script for tokens');
    const wire = await kit.greeted();
    const ask = async () => value(await wire.call(common('getActiveTokens')));
    const become = (...names) => kit.until(ask, (got) => JSON.stringify(got) === JSON.stringify(names), `getActiveTokens becomes ${names}`);
    assert.deepEqual(await ask(), []);
    kit.decisions.plug(['AKJaCartaStore', 'AKKaztokenStore', 'AKKaztokenStore']);
    await become('AKKaztokenStore', 'AKJaCartaStore');
    assert.deepEqual(await wire.call(common('getKeyInfo', 'AKAKEYStore')), { code: '500', message: 'storage.empty' });
    kit.decisions.plug(['AKJaCartaStore']);
    await become('AKJaCartaStore');
    assert.deepEqual(await wire.call(common('getKeyInfo', 'AKKaztokenStore')), { code: '500', message: 'storage.empty' });
    kit.decisions.plug([]);
    await become();
  }),
  always('commonUtils', 'changeLocale is answered, and with nothing but the code', async (kit) => {
    const wire = await kit.greeted();
    for (const locale of ['ru', 'kk', 'kz', 'en']) assert.deepEqual(await wire.call(common('changeLocale', locale)), { code: '200' });
  }),
  always('commonUtils', 'a method that does not exist is told by its name', async (kit) => {
    const wire = await kit.greeted();
    assert.deepEqual(await wire.call(common('noSuchMethod')), noMethod('noSuchMethod'));
  }),
  always('commonUtils', 'a method with another number of arguments does not exist', async (kit) => {
    const wire = await kit.greeted();
    assert.deepEqual(await wire.call(common('getKeyInfo', 'PKCS12', 'more')), noMethod('getKeyInfo'));
    assert.deepEqual(await wire.call(common('getKeyInfo')), noMethod('getKeyInfo'));
    assert.deepEqual(await wire.call({ module: COMMON_UTILS, method: 'signXml' }), noMethod('signXml'));
    assert.deepEqual(await wire.call(common('createCAdESFromBase64', 'PKCS12', 'SIGNATURE', 'MTEK')), noMethod('createCAdESFromBase64'));
  }),
  always('commonUtils', 'an argument of another type is told, and no window opens', async (kit) => {
    const wire = await kit.greeted();
    for (const wrong of [null, 1]) assert.deepEqual(await wire.call(common('getKeyInfo', wrong)), mismatch('getKeyInfo'));
    assert.deepEqual(await wire.call(common('createCAdESFromBase64', 'PKCS12', 123, 'MTEK', false)), mismatch('createCAdESFromBase64'));
    assert.deepEqual(await wire.call(common('createCMSSignatureFromBase64', 'PKCS12', [7, 7, 7], 'MTEK', false)), mismatch('createCMSSignatureFromBase64'));
    assert.deepEqual(await wire.call(common('signXml', 'PKCS12', '123', 555, '', '')), mismatch('signXml'));
    assert.deepEqual(await wire.call(common('signXmls', 'PKCS12', '123', '<tag>data</tag>', '', '')), mismatch('signXmls'));
  }),
  beyond('commonUtils', 'a request without a method is told in the words of org.json', async (kit) => {
    const wire = await kit.greeted();
    assert.deepEqual(await wire.call({ module: COMMON_UTILS, args: [] }), { code: '500', message: 'JSONObject["method"] not found.' });
  }),
  always('commonUtils', 'storages are told apart: no name, an unknown name', async (kit) => {
    const wire = await kit.greeted();
    for (const name of ['', '  ']) assert.deepEqual(await wire.call(common('getKeyInfo', name)), { code: '500', message: 'storageName.param.empty' });
    assert.deepEqual(await wire.call(common('getKeyInfo', 'NoSuchStore')), { code: '500', message: 'storage.unknown' });
  }),
  always('commonUtils', 'a token that is not plugged in is an empty storage', async (kit) => {
    const wire = await kit.greeted();
    const plugged = value(await wire.call(common('getActiveTokens')));
    const absent = ['AKKaztokenStore', 'AKJaCartaStore', 'AKEToken72KStore'].find((name) => !plugged.includes(name));
    if (!absent) throw new NotRun('every kind of token is plugged in');
    assert.deepEqual(await wire.call(common('getKeyInfo', absent)), { code: '500', message: 'storage.empty' });
  }),
  always('commonUtils', 'uuid comes back in what the method answers, and not where there is no method', async (kit) => {
    const wire = await kit.greeted();
    const uuid = '6f1c7b5e-conformance';
    assert.deepEqual(await wire.call({ ...common('changeLocale', 'ru'), uuid }), { code: '200', uuid });
    assert.deepEqual(await wire.call({ ...common('getKeyInfo', 'NoSuchStore'), uuid }), { code: '500', message: 'storage.unknown', uuid });
    assert.deepEqual(await wire.call({ ...common('noSuchMethod'), uuid }), noMethod('noSuchMethod'));
    assert.deepEqual(await wire.call({ ...common('getKeyInfo', null), uuid }), mismatch('getKeyInfo'));
    assert.deepEqual(await wire.call({ ...common('changeLocale', 'ru'), uuid: '' }), { code: '200' });
  }),
  always('commonUtils', 'XML that does not parse is told in the parser\'s words, without a window', async (kit) => {
    const reply = await (await kit.greeted()).call(common('signXml', 'PKCS12', 'SIGNATURE', '<this>is not a valid XML', '', ''));
    assert.deepEqual(reply, {
      code: '500',
      message: 'org.xml.sax.SAXParseException; lineNumber: 1; columnNumber: 25; XML document structures must start and end within the same entity.',
    });
  }),

  decided('commonUtils', 'cancelling is action.canceled, in every method with a window', async (kit) => {
    const wire = await kit.greeted();
    for (const request of [
      common('getKeyInfo', 'PKCS12'), cades(true), common('signXml', 'PKCS12', 'SIGNATURE', '<tag>data</tag>', '', ''),
      common('signXmls', 'PKCS12', 'SIGNATURE', ['<a/>', '<b/>'], '', ''),
      common('createCAdESFromBase64Hash', 'PKCS12', 'SIGNATURE', base64('x'.repeat(32))),
      common('createCMSSignatureFromBase64', 'PKCS12', 'SIGNATURE', base64(DOCUMENT), true),
      common('showFileChooser', 'ALL', ''),
    ]) assert.deepEqual(await kit.cancelled(wire, request), CANCELLED, request.method);
  }),
  decided('commonUtils', 'getKeyInfo gives all twelve members, and times as milliseconds in a string', async (kit) => {
    const key = value(await kit.signed(await kit.greeted(), common('getKeyInfo', 'PKCS12')));
    const members = [
      'alias', 'algorithm', 'authorityKeyIdentifier', 'certNotAfter', 'certNotBefore', 'issuerCn', 'issuerDn', 'keyId', 'pem',
      'serialNumber', 'subjectCn', 'subjectDn',
    ];
    for (const member of members) assert.equal(typeof key[member], 'string', member);
    assert.match(key.certNotBefore, /^\d{12,14}$/);
    assert.ok(Number(key.certNotBefore) < Date.now() && Number(key.certNotAfter) > Number(key.certNotBefore));
    assert.match(key.subjectDn, /(^|,)CN=/);
    assert.match(key.keyId, /^[0-9A-Fa-f]+$/);
    assert.match(key.pem, /^-----BEGIN CERTIFICATE-----\r?\n[A-Za-z0-9+/=\r\n]+-----END CERTIFICATE-----\r?\n?$/);
  }),
  decided('commonUtils', 'createCAdESFromBase64 attaches the document, as base64 in one line, without a time stamp', async (kit) => {
    const cms = value(await kit.signed(await kit.greeted(), cades(true)));
    return cmsHolds(fromBase64(cms), { document: DOCUMENT, attached: true, stamped: false });
  }),
  decided('commonUtils', 'createCAdESFromBase64 leaves the document outside', async (kit) => {
    const cms = value(await kit.signed(await kit.greeted(), cades(false)));
    return cmsHolds(fromBase64(cms), { document: DOCUMENT, attached: false, stamped: false });
  }),
  decided('commonUtils', 'any word is a key type, and means every key', async (kit) => {
    const wire = await kit.greeted();
    for (const type of ['ANY', '', '123']) {
      const cms = value(await kit.signed(wire, common('createCAdESFromBase64', 'PKCS12', type, base64(DOCUMENT), true)));
      cmsHolds(fromBase64(cms), { document: DOCUMENT, attached: true });
    }
  }),
  decided('commonUtils', 'a CMS given as the document gets a second signer', async (kit) => {
    const wire = await kit.greeted();
    const first = value(await kit.signed(wire, cades(true)));
    // Nobody signs a document twice.
    const both = value(await kit.decided(wire, common('createCAdESFromBase64', 'PKCS12', 'SIGNATURE', first, true), (window) => window.signAsAnother()));
    return cmsHolds(fromBase64(both), { document: DOCUMENT, attached: true, signers: 2 });
  }),
  decided('commonUtils', 'createCAdESFromBase64Hash signs the digest that it is given', async (kit) => {
    const digest = createHash('sha256').update(DOCUMENT).digest();
    const cms = value(await kit.signed(await kit.greeted(), common('createCAdESFromBase64Hash', 'PKCS12', 'SIGNATURE', digest.toString('base64'))));
    return cmsHolds(fromBase64(cms), { digest, attached: false });
  }),
  decided('commonUtils', 'createCMSSignatureFromBase64 adds a time stamp', async (kit) => {
    const cms = value(await kit.signed(await kit.greeted(), common('createCMSSignatureFromBase64', 'PKCS12', 'SIGNATURE', base64(DOCUMENT), true)));
    return cmsHolds(fromBase64(cms), { document: DOCUMENT, attached: true, stamped: true });
  }),
  decided('commonUtils', 'applyCAdEST adds a time stamp to a signature that is there', async (kit) => {
    const wire = await kit.greeted();
    const plain = value(await kit.signed(wire, cades(true)));
    const stamped = value(await kit.signed(wire, common('applyCAdEST', 'PKCS12', 'SIGNATURE', plain)));
    return cmsHolds(fromBase64(stamped), { document: DOCUMENT, attached: true, stamped: true });
  }),
  decided('commonUtils', 'signXml gives the enveloped signature as it was recorded', async (kit) => {
    const xml = value(await kit.signed(await kit.greeted(), common('signXml', 'PKCS12', 'SIGNATURE', '<tag>data</tag>', '', '')));
    return xmlHolds(xml, { compact: false });
  }),
  decided('commonUtils', 'signXmls signs each document on its own, in their order, in one window', async (kit) => {
    const xmls = value(await kit.signed(await kit.greeted(), common('signXmls', 'PKCS12', 'SIGNATURE', ['<tag>data</tag>', '<b/>'], '', '')));
    assert.equal(xmls.length, 2);
    assert.match(xmls[1], /^<\?xml version="1\.0" encoding="UTF-8" standalone="no"\?><b><ds:Signature /);
    return xmlHolds(xmls[0], { compact: false });
  }),
  decided('commonUtils', 'showFileChooser gives the absolute path of the file that was chosen', async (kit) => {
    const path = value(await kit.decided(await kit.greeted(), common('showFileChooser', 'ALL', ''), (window) => window.choose()));
    assert.match(path, /^(\/|[A-Za-z]:\\)./);
  }),
  decided('Documents', 'a document of 20 MB is signed', async (kit) => {
    const document = Buffer.alloc(20_000_000, 'ж');
    const wire = await kit.greeted();
    wire.patience = Math.max(wire.patience, 120_000);
    const cms = value(await kit.signed(wire, common('createCAdESFromBase64', 'PKCS12', 'SIGNATURE', document.toString('base64'), false)));
    return cmsHolds(fromBase64(cms), { document, attached: false });
  }),
];
