// Modules of third parties. What the original answers is known from one source at best, so nothing here is
// asked of a server without `--beyond`.

import assert from 'node:assert/strict';
import { beyond, beyondDecided, NotRun } from '../kit/check.mjs';
import { base64 } from '../kit/kit.mjs';
import { cmsHolds, fromBase64 } from '../kit/signature.mjs';

const nur = (type, more) => ({ module: 'NURSign', type, ...more });
const knp = (command, more) => ({ module: 'kz.inessoft.kgd.knp.ncalayer.KNPModuleService', command, requestId: '17', ...more });
/** What KNP calls the storages. */
const KNP_STORAGES = {
  PKCS12: 'PKCS12', AKKaztokenStore: 'KAZTOKEN', AKKZIDCardStore: 'KZIDCARD', AKEToken72KStore: 'ETOKEN_72K', AKJaCartaStore: 'JACARTA',
};
const knpStorage = ({ keyStorage }) => {
  if (!KNP_STORAGES[keyStorage]) throw new NotRun(`KNP has no name for ${keyStorage}`);
  return KNP_STORAGES[keyStorage];
};
const esf = (method, more) => ({ module: 'com.osdkz.esf.signer.esfSigner', method, ...more });
const ezSigner = (method, ...args) => ({ module: 'kz.gov.pki.cms.CMSSignUtil', lang: 'ru', method, args });
const uchet = (method, ...args) => ({ module: 'kz.uchet.signUtil.commonUtils', lang: 'ru', method, args });
const TEXT = 'Заявка';
const CANCELLED = { code: '500', message: 'action.canceled' };

const done = (reply) => {
  assert.equal(reply.errorCode, 'NONE', JSON.stringify(reply).slice(0, 300));
  return reply.result;
};

const ok = (reply) => {
  assert.equal(reply.resultStatus?.resultCode, 'OK', JSON.stringify(reply).slice(0, 300));
  assert.equal(reply.requestId, '17');
  return reply;
};

export const checks = [
  beyond('NURSign', 'NURSign tells the version that goszakup accepts', async (kit) => {
    assert.deepEqual(await (await kit.greeted()).call(nur('version')), { result: { version: '1.0.0' }, errorCode: 'NONE' });
  }),
  beyondDecided('NURSign', 'NURSign text gives a CMS with a time stamp', async (kit) => {
    const cms = done(await kit.signed(await kit.greeted(), nur('text', { data: TEXT, source: 'local' })));
    const der = fromBase64(cms);
    return cmsHolds(der, { document: TEXT, attached: der.includes(Buffer.from(TEXT)), stamped: true });
  }),
  beyondDecided('NURSign', 'NURSign xml gives the signed document', async (kit) => {
    const xml = done(await kit.signed(await kit.greeted(), nur('xml', { data: '<root><a>1</a></root>', source: 'local' })));
    assert.match(xml, /<root>[^]*<\/(ds:)?Signature><\/root>$/);
    assert.match(xml, /<(ds:)?X509Certificate>/);
  }),
  beyondDecided('NURSign', 'NURSign multitext gives the items under their names', async (kit) => {
    const { items } = done(await kit.signed(await kit.greeted(), nur('multitext', { data: { 0: 'a', 1: 'b' }, source: 'local' })));
    assert.deepEqual(Object.keys(items), ['0', '1']);
    for (const item of Object.values(items)) fromBase64(item);
  }),
  beyondDecided('NURSign', 'NURSign multixml gives an array', async (kit) => {
    const xmls = done(await kit.signed(await kit.greeted(), nur('multixml', { data: ['<a/>', '<b/>'], source: 'local' })));
    assert.equal(xmls.length, 2);
    assert.match(xmls[1], /<b>[^]*<\/b>$/);
  }),
  beyondDecided('NURSign', 'NURSign cancelled is the number 1', async (kit) => {
    const wire = await kit.greeted();
    for (const request of [nur('text', { data: TEXT, source: 'local' }), nur('xml', { data: '<a/>', source: 'local' })]) {
      assert.strictEqual((await kit.cancelled(wire, request)).errorCode, 1, request.type);
    }
  }),
  beyond('NURSign', 'NURSign with nothing to sign is a number, without a window', async (kit) => {
    const reply = await (await kit.greeted()).call(nur('multitext', { data: {}, source: 'local' }));
    assert.equal(typeof reply.errorCode, 'number', JSON.stringify(reply));
  }),

  beyond('KNP', 'KNP info, storages and devices are told, with the request\'s id', async (kit) => {
    const wire = await kit.greeted();
    const info = ok(await wire.call(knp('info')));
    assert.equal(info.status, 'READY');
    const { storages } = ok(await wire.call(knp('getStorageType')));
    assert.deepEqual(storages.find(({ name }) => name === 'PKCS12'), { name: 'PKCS12', token: false });
    const terminals = async (storage) => ok(await wire.call(knp('getStorageDevicesByType', { storage }))).tokenTerminals;
    assert.deepEqual(await terminals('PKCS12'), []);
    if (!kit.canPlug) return;
    kit.decisions.plug(['AKKaztokenStore', 'AKKaztokenStore']);
    // A page that nobody has answered yet hears no names: they are people's.
    await kit.until(() => terminals('KAZTOKEN'), (names) => names.length === 1, 'a kind of token');
    await kit.cancelled(wire, knp('getCertificates', { storage: 'PKCS12' }));
    const readers = await kit.until(() => terminals('KAZTOKEN'), (names) => names.length === 2, 'two readers');
    for (const reader of readers) assert.equal(typeof reader, 'string');
    assert.deepEqual(await terminals('JACARTA'), []);
  }),
  beyondDecided('KNP', 'KNP getCertificates gives the certificate that the person shows', async (kit) => {
    const { certificates } = ok(await kit.signed(await kit.greeted(), knp('getCertificates', { storage: knpStorage(kit) })));
    assert.equal(certificates.length, 1);
    for (const member of ['alias', 'serialNumber', 'subjectCn', 'subjectDn', 'issuerCn', 'issuerDn', 'keyUsage', 'storageName']) {
      assert.ok(member in certificates[0], member);
    }
  }),
  beyondDecided('KNP', 'KNP signDocument gives the signed document', async (kit) => {
    const { signedXml } = ok(await kit.signed(await kit.greeted(), knp('signDocument', { storageType: knpStorage(kit), xml: '<fno>910</fno>' })));
    assert.match(signedXml, /<\/(ds:)?Signature><\/fno>$/);
  }),
  beyond('KNP', 'KNP with a command that is none is bad input', async (kit) => {
    const reply = await (await kit.greeted()).call(knp('noSuchCommand'));
    assert.equal(reply.resultStatus?.resultCode, 'INVALID_INPUT_DATA', JSON.stringify(reply));
    assert.equal(reply.requestId, '17');
  }),

  beyondDecided('ESF', 'ESF signPlainData gives a signature, the certificate and the key\'s facts', async (kit) => {
    const reply = await kit.signed(await kit.greeted(), esf('signPlainData', { storageName: 'PKCS12', data: TEXT }));
    assert.equal(reply.code, '200', JSON.stringify(reply).slice(0, 300));
    const { signature, pem, keyInfo } = reply.responseObject;
    fromBase64(signature);
    assert.match(pem, /^-----BEGIN CERTIFICATE-----/);
    for (const member of ['alias', 'keyId', 'algorithm']) assert.equal(typeof keyInfo[member], 'string', member);
  }),
  beyondDecided('ESF', 'ESF cancelled is action.canceled', async (kit) => {
    const reply = await kit.cancelled(await kit.greeted(), esf('signPlainData', { storageName: 'PKCS12', data: TEXT }));
    assert.equal(reply.code, '500');
    assert.equal(reply.message, 'action.canceled');
  }),

  beyondDecided('ezSigner and uchet', 'ezSigner getFilePath gives the path, its folder and its name', async (kit) => {
    const reply = await kit.decided(await kit.greeted(), ezSigner('getFilePath', 'all', ''), (window) => window.choose());
    assert.equal(reply.code, '200', JSON.stringify(reply));
    const { path, filedir, filename } = reply.responseObject;
    assert.ok(path.startsWith(filedir) && path.endsWith(filename), JSON.stringify(reply));
  }),
  beyondDecided('ezSigner and uchet', 'ezSigner cancelled is action.canceled', async (kit) => {
    assert.deepEqual(await kit.cancelled(await kit.greeted(), ezSigner('getFilePath', 'all', '')), CANCELLED);
  }),

  beyond('ezSigner and uchet', 'uchet tells a version', async (kit) => {
    const reply = await (await kit.greeted()).call(uchet('getVersion', ''));
    assert.equal(String(reply.code), '200', JSON.stringify(reply));
  }),
  beyondDecided('ezSigner and uchet', 'uchet getFilePath gives the path and its folder', async (kit) => {
    const reply = await kit.decided(await kit.greeted(), uchet('getFilePath', 'all', ''), (window) => window.choose());
    assert.equal(String(reply.code), '200', JSON.stringify(reply));
    assert.ok(reply.responseObject.path.startsWith(reply.responseObject.filedir), JSON.stringify(reply));
  }),
  beyond('The connection', 'a module of a third party that is not there is told as not there', async (kit) => {
    const wire = await kit.greeted();
    for (const module of ['kz.ecc.K2SignBundle', 'kz.sapa.eproc.osgi.EprocModule', 'kz.nitec.eup.eupsigner', base64('x')]) {
      assert.deepEqual(await wire.call({ module, method: 'sign', args: [] }), { success: false, errorCode: 'MODULE_NOT_FOUND' });
    }
  }),
];
