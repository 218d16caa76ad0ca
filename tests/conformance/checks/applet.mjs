// The API before 2018, by which pages named a key file and its password.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { always, beyond, beyondDecided, NotRun } from '../kit/check.mjs';
import { APPLET, CHEAP, MODULE_NOT_FOUND, base64 } from '../kit/kit.mjs';
import { cmsHolds, fromBase64 } from '../kit/signature.mjs';

const applet = (method, ...args) => ({ method, args });
const TEXT = 'Текст';
/** Not the password of anything: what a page sends must make no difference. */
const PASSWORD = 'a-password-of-the-page';

function result(reply) {
  assert.equal(reply.errorCode, 'NONE', JSON.stringify(reply).slice(0, 300));
  for (const member of Object.keys(reply)) assert.ok(['result', 'secondResult', 'errorCode'].includes(member), member);
  return reply.result;
}

/** Where the key is: the file that the person chooses, or the slot of the token, which nobody is asked for. */
async function chosenPlace(kit, wire) {
  const request = applet('browseKeyStore', kit.keyStorage, 'P12', '');
  if (kit.storage) {
    const slot = result(await wire.call(request));
    assert.match(slot, /\S/);
    return slot;
  }
  const path = result(await kit.decided(wire, request, (window) => window.choose()));
  assert.match(path, /^(\/|[A-Za-z]:\\)./);
  return path;
}

/** A page of that time: it lets the person choose where the key is, and lists what is there. */
async function chosenKey(kit, wire) {
  const path = await chosenPlace(kit, wire);
  const keys = result(await kit.decided(wire, applet('getKeys', 'PKCS12', path, PASSWORD, 'SIGN'), (window) => kit.letIn(window)));
  const fields = keys.split('\n')[0].split('|');
  assert.ok(fields.length >= 4, keys);
  assert.ok(fields[3].length > 0, 'the fourth field is the alias');
  return [kit.keyStorage, path, fields[3], PASSWORD];
}

export const checks = [
  beyondDecided('The applet', 'loadSlotList has a line for each token of a kind, by which the page can name it once it was answered', async (kit) => {
    if (!kit.canPlug) throw new NotRun('the server has no script for tokens');
    const wire = await kit.greeted();
    const slots = (storage) => wire.call(applet('loadSlotList', storage));
    assert.deepEqual(await slots('AKKaztokenStore'), { result: '', errorCode: 'EMPTY_SLOT' });
    kit.decisions.plug(['AKKaztokenStore', 'AKKaztokenStore', 'AKJaCartaStore']);
    const stranger = await kit.until(() => slots('AKKaztokenStore'), ({ errorCode }) => errorCode === 'NONE', 'loadSlotList');
    // A page that nobody has answered yet hears no names: they are people's.
    assert.equal(result(stranger), 'AKKaztokenStore');
    await kit.cancelled(wire, applet('browseKeyStore', 'PKCS12', 'P12', ''));
    const names = result(await slots('AKKaztokenStore')).split('\n');
    assert.equal(new Set(names).size, 2, `${names}`);
    for (const name of names) assert.ok(name.trim().length > 0, `${names}`);
    assert.equal(result(await slots('AKJaCartaStore')).split('\n').length, 1);
    assert.deepEqual(await wire.call(applet('getKeys', 'AKAKEYStore', '', PASSWORD, 'SIGN')), { result: '', errorCode: 'EMPTY_SLOT' });
    assert.deepEqual(await wire.call(applet('getKeys', 'AKJaCartaStore', 'no such slot', PASSWORD, 'SIGN')), { result: '', errorCode: 'EMPTY_SLOT' });
  }),
  always('The applet', 'setLocale is answered with nothing', async (kit) => {
    const wire = await kit.greeted();
    for (const locale of ['ru', 'kk', 'en']) {
      wire.send(applet('setLocale', locale));
      assert.deepEqual(await wire.call(CHEAP), MODULE_NOT_FOUND);
    }
  }),
  beyond('The applet', 'an unknown method is an error of the applet\'s shape, with and without the module\'s name', async (kit) => {
    const wire = await kit.greeted();
    for (const module of [undefined, APPLET]) {
      const reply = await wire.call({ module, method: 'noSuchMethod', args: [] });
      assert.deepEqual(Object.keys(reply).sort(), ['errorCode', 'result']);
      assert.equal(reply.result, '');
      assert.notEqual(reply.errorCode, 'NONE');
    }
  }),
  beyondDecided('The applet', 'a chooser that is cancelled gives an empty result', async (kit) => {
    const wire = await kit.greeted();
    for (const request of [applet('browseKeyStore', 'PKCS12', 'P12', ''), applet('showFileChooser', 'ALL', '')]) {
      // A file is chosen, wherever keys are.
      const answer = wire.call(request, kit.decisions.patience);
      assert.equal((await kit.decide(answer, (window) => window.cancel())).result, '', request.method);
    }
  }),
  beyondDecided('The applet', 'getKeys lists keys whose fourth field is the alias, and the certificate\'s facts follow', async (kit) => {
    const wire = await kit.greeted();
    const key = await chosenKey(kit, wire);
    const facts = {};
    for (const method of ['getNotBefore', 'getNotAfter', 'getSubjectDN', 'getIssuerDN']) {
      const reply = await kit.agreed(wire, applet(method, ...key));
      facts[method] = result(reply);
    }
    assert.match(facts.getNotBefore, /^\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d$/);
    assert.match(facts.getNotAfter, /^\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d$/);
    assert.match(facts.getSubjectDN, /CN=/);
    assert.match(facts.getIssuerDN, /CN=/);
    assert.match(result(await kit.agreed(wire, applet('getRdnByOid', ...key, '2.5.4.3', 0))), /\S/);
    assert.equal((await kit.agreed(wire, applet('getRdnByOid', ...key, '2.5.4.15', 0))).errorCode, 'RDN_NOT_FOUND');
  }),
  beyondDecided('The applet', 'createCMSSignature signs the text, and verifyCMSSignature says so', async (kit) => {
    const wire = await kit.greeted();
    const key = await chosenKey(kit, wire);
    const cms = result(await kit.signed(wire, applet('createCMSSignature', ...key, TEXT, true)));
    const note = cmsHolds(fromBase64(cms), { document: TEXT, attached: true });
    assert.equal(result(await kit.agreed(wire, applet('verifyCMSSignature', cms, TEXT))), true);
    const other = await kit.agreed(wire, applet('verifyCMSSignature', cms, `${TEXT}.`));
    assert.ok(other.result === false || other.errorCode === 'SIGNATURE_VALIDATION_ERROR', JSON.stringify(other));
    return note;
  }),
  beyondDecided('The applet', 'signXml signs, and verifyXml says so', async (kit) => {
    const wire = await kit.greeted();
    const key = await chosenKey(kit, wire);
    const xml = result(await kit.signed(wire, applet('signXml', ...key, '<tag>data</tag>')));
    assert.match(xml, /<ds:SignatureValue>/);
    assert.equal(result(await kit.agreed(wire, applet('verifyXml', xml))), true);
  }),
  beyondDecided('The applet', 'signPlainData signs, and verifyPlainData says so', async (kit) => {
    const wire = await kit.greeted();
    const key = await chosenKey(kit, wire);
    const value = result(await kit.signed(wire, applet('signPlainData', ...key, TEXT)));
    fromBase64(value);
    assert.equal(result(await kit.agreed(wire, applet('verifyPlainData', ...key, TEXT, value))), true);
  }),
  beyond('The applet', 'getHash hashes the text without a window', async (kit) => {
    const wire = await kit.greeted();
    for (const [name, hash] of [['SHA1', 'sha1'], ['SHA256', 'sha256']]) {
      const digest = createHash(hash).update(TEXT).digest();
      const got = result(await wire.call(applet('getHash', TEXT, name)));
      assert.ok([digest.toString('base64'), digest.toString('hex')].includes(got), `${name}: ${got}`);
    }
    assert.match(result(await wire.call(applet('getHash', TEXT, 'GOST34311'))), /\S/);
  }),
  beyond('The applet', 'XML that does not parse is XML_PARSE_EXCEPTION or no valid signature, without a window', async (kit) => {
    const reply = await (await kit.greeted()).call(applet('verifyXml', '<this>is not a valid XML'));
    assert.ok(['XML_PARSE_EXCEPTION', 'SIGNATURE_VALIDATION_ERROR'].includes(reply.errorCode), JSON.stringify(reply));
  }),
  beyond('The applet', 'a CMS that is none does not verify, and is no success', async (kit) => {
    const reply = await (await kit.greeted()).call(applet('verifyCMSSignature', base64('no CMS'), TEXT));
    assert.ok(reply.errorCode !== 'NONE' || reply.result === false, JSON.stringify(reply));
  }),
];
