// basics.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { always, beyond, decided } from '../kit/check.mjs';
import { BASICS, base64, basics } from '../kit/kit.mjs';
import { cmsHolds, fromBase64, fromPem, rawHolds, xmlHolds } from '../kit/signature.mjs';

const TEXT = 'Мәтін как он есть';
const INVOCATION = { code: 'INVOCATION_ERROR', message: 'An invoked method threw an exception.', status: false };

function result(reply) {
  assert.deepEqual(Object.keys(reply).sort(), ['body', 'status'], JSON.stringify(reply).slice(0, 300));
  assert.equal(reply.status, true);
  assert.deepEqual(Object.keys(reply.body), ['result']);
  return reply.body.result;
}

/** The shape of a failure: `details` only where there is a cause. */
function failed(reply, code) {
  assert.equal(reply.status, false, JSON.stringify(reply).slice(0, 300));
  assert.equal(reply.code, code);
  assert.equal(typeof reply.message, 'string');
  assert.equal(reply.body, undefined);
  return reply.details;
}

export const checks = [
  always('basics sign', 'an argument that is no object is told in the words of org.json', async (kit) => {
    const wire = await kit.greeted();
    assert.deepEqual(await wire.call(basics({ signingParams: 555 })), {
      ...INVOCATION, details: 'org.json.JSONException: JSONObject["signingParams"] is not a JSONObject.',
    });
  }),
  always('basics sign', 'an unknown method, missing arguments and another version are general errors', async (kit) => {
    const wire = await kit.greeted();
    assert.match(failed(await wire.call({ module: BASICS, method: 'foo', args: {} }), 'GENERAL_ERROR'), /foo is not defined in /);
    assert.match(failed(await wire.call({ module: BASICS, method: 'sign' }), 'GENERAL_ERROR'), /demands arguments/);
    assert.match(failed(await wire.call({ ...basics({}), apiVersion: 3 }), 'GENERAL_ERROR'), /Supported apiVersion is 2/);
  }),
  always('basics sign', 'mandatory members that are missing are told, and no window opens', async (kit) => {
    const wire = await kit.greeted();
    for (const member of ['format', 'data', 'signingParams', 'signerParams']) {
      failed(await wire.call(basics({ [member]: undefined })), 'INVOCATION_ERROR');
    }
  }),
  beyond('basics sign', 'base64 that is none is told, and no window opens', async (kit) => {
    failed(await (await kit.greeted()).call(basics({ data: '***', signingParams: { decode: true } })), 'INVALID_SIGNING_PARAMS');
  }),
  decided('basics sign', 'cancelling is success without a result, in every format', async (kit) => {
    const wire = await kit.greeted();
    for (const [format, data] of [['cms', 'x'], ['xml', '<tag>data</tag>'], ['raw', 'x']]) {
      assert.deepEqual(await kit.cancelled(wire, basics({ format, data })), { body: {}, status: true }, format);
    }
  }),
  decided('What comes back', 'one document gives an array of one, as PEM with a line end behind it', async (kit) => {
    const signatures = result(await kit.signed(await kit.greeted(), basics({ data: base64(TEXT), signingParams: { decode: true, encapsulate: true, digested: false } })));
    assert.equal(signatures.length, 1);
    return cmsHolds(fromPem(signatures[0]), { document: TEXT, attached: true, stamped: false });
  }),
  decided('basics sign', 'without decode the text itself is signed, and attached', async (kit) => {
    const [cms] = result(await kit.signed(await kit.greeted(), basics({ data: TEXT })));
    return cmsHolds(fromPem(cms), { document: TEXT, attached: true, stamped: false });
  }),
  decided('What comes back', 'several documents give as many signatures, in their order, in one window', async (kit) => {
    const documents = ['first', 'второй', 'үшінші'];
    const signatures = result(await kit.signed(await kit.greeted(), basics({
      data: documents.map(base64), signingParams: { decode: true, encapsulate: false },
    })));
    assert.equal(signatures.length, documents.length);
    return signatures.map((cms, index) => cmsHolds(fromPem(cms), { document: documents[index], attached: false })).find(Boolean);
  }),
  decided('basics sign', 'tsaProfile asks for a time stamp', async (kit) => {
    const [cms] = result(await kit.signed(await kit.greeted(), basics({ data: TEXT, signingParams: { tsaProfile: {} } })));
    return cmsHolds(fromPem(cms), { document: TEXT, attached: true, stamped: true });
  }),
  decided('basics sign', 'a digest is signed as the digest that it is, whatever its length', async (kit) => {
    const wire = await kit.greeted();
    const digest = createHash('sha256').update(TEXT).digest();
    const signingParams = { decode: true, encapsulate: false, digested: true };
    const [cms] = result(await kit.signed(wire, basics({ data: digest.toString('base64'), signingParams })));
    const note = cmsHolds(fromPem(cms), { digest, attached: false });
    // Three octets that are no digest of anything were signed by the original (recording 39).
    const [bad] = result(await kit.signed(wire, basics({ data: 'MTEK', signingParams })));
    cmsHolds(fromPem(bad), { digest: Buffer.from('MTEK', 'base64'), attached: false });
    return note;
  }),
  decided('What comes back', 'XML comes back compact, and always in an array', async (kit) => {
    const xmls = result(await kit.signed(await kit.greeted(), basics({ format: 'xml', data: '<tag>data</tag>' })));
    assert.equal(xmls.length, 1);
    return xmlHolds(xmls[0], { compact: true });
  }),
  decided('basics sign', 'XML may come as base64', async (kit) => {
    const [xml] = result(await kit.signed(await kit.greeted(), basics({ format: 'xml', data: base64('<tag>data</tag>'), signingParams: { decode: true } })));
    return xmlHolds(xml, { compact: true });
  }),
  decided('What comes back', 'raw with outputCert gives the values and the certificate', async (kit) => {
    const { signatures, certificate, ...more } = result(await kit.signed(await kit.greeted(), basics({
      format: 'raw', data: base64(TEXT), signingParams: { decode: true, outputCert: true },
    })));
    assert.deepEqual(more, {});
    assert.equal(signatures.length, 1);
    assert.match(certificate, /^-----BEGIN CERTIFICATE-----\r?\n/);
    return rawHolds(fromBase64(signatures[0]), TEXT, certificate);
  }),
  decided('What comes back', 'raw without outputCert gives the values alone', async (kit) => {
    const values = [result(await kit.signed(await kit.greeted(), basics({ format: 'raw', data: TEXT })))].flat();
    assert.equal(values.length, 1);
    fromBase64(values[0]);
  }),
  decided('basics sign', 'an array with raw and XML keeps its order', async (kit) => {
    const wire = await kit.greeted();
    const values = result(await kit.signed(wire, basics({ format: 'raw', data: ['a', 'b'], signingParams: { outputCert: true } })));
    assert.equal(values.signatures.length, 2);
    values.signatures.forEach((value, index) => rawHolds(fromBase64(value), ['a', 'b'][index], values.certificate));
    const xmls = result(await kit.signed(wire, basics({ format: 'xml', data: ['<a/>', '<b/>'] })));
    xmls.forEach((xml, index) => assert.match(xml, new RegExp(`\\?><${'ab'[index]}><ds:Signature `)));
  }),
  decided('basics sign', 'filters, locale and logo that fit every key are no hindrance', async (kit) => {
    const signerParams = { extKeyUsageOids: [], iin: '', bin: '', serialNumber: '', chain: [] };
    const logo = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg==';
    result(await kit.signed(await kit.greeted(), basics({ data: TEXT, signerParams, locale: 'kk', logo, signingParams: { allowExpired: true, allowRevoked: true } })));
  }),
];
