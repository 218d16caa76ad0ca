// The API before 2018 and the modules of portals: goszakup, the tax cabinet, electronic invoices, ezSigner, uchet.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { agree, agreeFirst, chooseFileFor, signedWith, signIn, withWire } from '../world/asking.mjs';
import { verifyRaw, verifyXml } from '../world/oracle.mjs';
import { said } from '../world/texts.mjs';
import { verify } from '../world/verify.mjs';
import { BUTTONS, Window } from '../world/window.mjs';

const ESF = 'com.osdkz.esf.signer.esfSigner';
const EZ = 'kz.gov.pki.cms.CMSSignUtil';
const KNP = 'kz.inessoft.kgd.knp.ncalayer.KNPModuleService';
const UCHET = 'kz.uchet.signUtil.commonUtils';
const ACCESSORY = 'kz.gov.pki.ncalayerservices.accessory';
const COMMON = 'kz.gov.pki.knca.commonUtils';

/** A document of its own in the scratch folder. */
function file(world, name, content) {
  const folder = join(world.scratch, 'documents');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const parsed = async (wire, seconds = 60) => JSON.parse(await wire.next(seconds));
const everybody = (world) => [...world.keys.authorities, ...world.nca.authorities];

/** Signs in the open window and gives what the page hears. */
async function signs(world, wire, window, key = world.keys.person) {
  await signIn(world, window, key);
  const answer = await parsed(wire);
  await world.windowGone();
  if (key.file !== world.keys.person.file) await world.agent.must(['keys', 'remove', key.file]);
  return answer;
}

export const journeys = {
  'the applet shows keys, facts and signs, and the password that the page sent is not used': (world) => withWire(world, {}, async (wire) => {
    const { person } = world.keys;
    const ask = (method, ...args) => ({ method, args });
    wire.send(ask('getKeys', 'PKCS12', person.file, 'not-the-password', 'SIGN'));
    let window = await agreeFirst(world, 'read-files', 'consent-read-files-ru.png');
    await window.showKey(); // the certificate is known already
    const keys = await parsed(wire);
    await world.windowGone();
    assert.equal(keys.errorCode, 'NONE');
    const [algorithm, name, , alias] = keys.result.split('\n')[0].split('|');
    assert.equal(algorithm, 'ECGOST3410-2015-512');
    assert.equal(name, person.name);
    // What was shown to this socket is told again without a window.
    assert.match(JSON.parse(await wire.ask(ask('getNotAfter', 'PKCS12', person.file, alias, 'x'))).result, /^\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d$/);
    assert.match(JSON.parse(await wire.ask(ask('getSubjectDN', 'PKCS12', person.file, alias, 'x'))).result, /CN=/);
    assert.equal((await Window.shown(world.display)).length, 0);

    wire.send(ask('createCMSSignature', 'PKCS12', person.file, alias, 'not-the-password', world.keys.document, true));
    window = await agreeFirst(world, 'read-files');
    await window.sign(person.password);
    const cms = await parsed(wire);
    await world.windowGone();
    assert.equal(cms.errorCode, 'NONE');
    await verify(world, cms.result, { content: world.keys.document, attached: true, authorities: world.keys.authorities });
    assert.deepEqual(JSON.parse(await wire.ask(ask('verifyCMSSignature', cms.result, world.keys.document))), { result: true, errorCode: 'NONE' });
    assert.equal(JSON.parse(await wire.ask(ask('getHash', 'abc', 'SHA256'))).errorCode, 'NONE');
  }),

  'the applet signs XML, and checks it': (world) => withWire(world, {}, async (wire) => {
    const { person } = world.keys;
    wire.send({ method: 'signXml', args: ['PKCS12', person.file, '', 'x', '<a>1</a>'] });
    const window = await agreeFirst(world, 'read-files');
    await window.sign(person.password);
    const { result, errorCode } = await parsed(wire);
    await world.windowGone();
    assert.equal(errorCode, 'NONE');
    await verifyXml(world, result);
    const check = async (xml) => JSON.parse(await wire.ask({ method: 'verifyXml', args: [xml] })).result;
    assert.equal(await check(result), true);
    assert.equal(await check(result.replace('>1<', '>2<')), false);
  }),

  'a path that the page names is not read when the person says no': (world) => withWire(world, {}, async (wire) => {
    for (const path of [world.keys.person.file, '/no/such/file.pdf']) {
      wire.send({ module: COMMON, method: 'createCAdESFromFile', args: ['PKCS12', 'SIGNATURE', path, true] });
      const window = await world.window();
      await window.click(BUTTONS, said('window-read-files-no'));
      assert.equal((await parsed(wire)).message, 'action.canceled');
      await world.windowGone();
    }
    wire.send({ module: COMMON, method: 'createCAdESFromFile', args: ['PKCS12', 'SIGNATURE', '/no/such/file.pdf', true] });
    await agree(world, await world.window(), 'read-files');
    assert.equal((await parsed(wire)).message, 'file.not_found');
    await world.windowGone();
  }),

  'a file that the page names is signed after the person let it be read': (world) => withWire(world, {}, async (wire) => {
    const path = file(world, 'договор.txt', world.keys.document);
    wire.send({ module: COMMON, method: 'createCAdESFromFile', args: ['PKCS12', 'SIGNATURE', path, false] });
    const { code, responseObject, message } = await signs(world, wire, await agreeFirst(world, 'read-files'));
    assert.equal(code, '200', message);
    return verify(world, responseObject, { content: world.keys.document, attached: false, authorities: world.keys.authorities });
  }),

  'showFileChooser tells the page the path of the chosen file': (world) => withWire(world, {}, async (wire) => {
    const path = file(world, 'choice.txt', 'x');
    wire.send({ module: COMMON, method: 'showFileChooser', args: ['ALL', ''] });
    await chooseFileFor(world, await world.window(), path, 'choose-file-ru.png');
    assert.deepEqual(await parsed(wire), { responseObject: path, code: '200' });
    await world.windowGone();
    wire.send({ module: COMMON, method: 'showFileChooser', args: ['P12', ''] });
    await (await world.window()).key('Escape');
    assert.equal((await parsed(wire)).message, 'action.canceled');
    await world.windowGone();
  }),

  'NURSign signs texts with a time stamp, and XML': (world) => withWire(world, {}, async (wire) => {
    assert.deepEqual(JSON.parse(await wire.ask({ module: 'NURSign', type: 'version' })), { result: { version: '1.0.0' }, errorCode: 'NONE' });
    const key = world.nca.key('person');
    const text = await signedWith(world, wire, { module: 'NURSign', type: 'text', data: world.keys.document, source: 'local' }, key);
    assert.equal(text.errorCode, 'NONE');
    await verify(world, text.result, { content: world.keys.document, attached: true, authorities: world.nca.authorities });
    const several = await signedWith(world, wire, { module: 'NURSign', type: 'multitext', data: { b: 'один', a: 'два' }, source: 'local' }, key);
    assert.deepEqual(Object.keys(several.result.items), ['b', 'a']);
    const xml = await signedWith(world, wire, { module: 'NURSign', type: 'xml', data: '<root>1</root>', source: 'local' }, key);
    await verifyXml(world, xml.result);
    const xmls = await signedWith(world, wire, { module: 'NURSign', type: 'multixml', data: ['<a/>', '<b/>'], source: 'local' }, key);
    assert.equal(xmls.result.length, 2);
    // Cancelled is a number, and never a text.
    wire.send({ module: 'NURSign', type: 'text', data: 'x', source: 'local' });
    await (await world.window()).key('Escape');
    assert.deepEqual(await parsed(wire), { errorCode: 1 });
    await world.windowGone();
  }),

  'NURSign takes no address of another site': (world) => withWire(world, { origin: 'https://v3bl.goszakup.gov.kz' }, async (wire) => {
    for (const request of [
      { type: 'binary', upload_url: 'https://evil.kz/file', source: 'remote' },
      { type: 'binary', upload_url: 'http://v3bl.goszakup.gov.kz/file', source: 'remote' },
      { type: 'file', token: 't', url_upload: 'https://goszakup.gov.kz.evil.kz/' },
    ]) {
      assert.equal(JSON.parse(await wire.ask({ module: 'NURSign', ...request })).errorCode, 14, JSON.stringify(request));
    }
    assert.equal((await Window.shown(world.display)).length, 0);
  }),

  'the tax cabinet lists a certificate and gets its document signed': (world) => withWire(world, {}, async (wire) => {
    const info = JSON.parse(await wire.ask({ module: KNP, command: 'info', requestId: '1' }));
    assert.equal(info.status, 'READY');
    assert.equal(info.requestId, '1');
    wire.send({ module: KNP, command: 'getCertificates', requestId: '2', storage: 'PKCS12' });
    await (await world.window()).showKey();
    const { certificates, resultStatus } = await parsed(wire);
    await world.windowGone();
    assert.equal(resultStatus.resultCode, 'OK');
    assert.equal(certificates.length, 1);
    const signed = await signedWith(world, wire, { module: KNP, command: 'signDocument', requestId: '3', storageType: 'PKCS12', xml: '<fno>910</fno>' }, world.keys.person);
    assert.equal(signed.resultStatus.resultCode, 'OK');
    return verifyXml(world, signed.signedXml);
  }),

  'electronic invoices get a bare signature with its certificate': (world) => withWire(world, {}, async (wire) => {
    const data = `<invoice>${world.keys.marker}</invoice>`;
    const { code, message, responseObject } = await signedWith(world, wire, { module: ESF, method: 'signPlainData', storageName: 'PKCS12', data }, world.keys.person, 'raw-ru.png');
    assert.equal(code, '200');
    assert.equal(message, null);
    assert.match(responseObject.pem, /^-----BEGIN CERTIFICATE-----/);
    return verifyRaw(world, responseObject.signature, data, responseObject.pem);
  }),

  'ezSigner signs a file beside itself, checks it and takes the document out again': (world) => withWire(world, {}, async (wire) => {
    const path = file(world, 'акт.txt', world.keys.document);
    const folder = join(world.scratch, 'documents');
    const ez = (method, ...args) => ({ module: EZ, lang: 'ru', method, args });
    wire.send(ez('signFilePath', path, folder, 'PKCS12'));
    let window = await agreeFirst(world, 'read-files');
    if (await hasYes(window, 'write-file')) {
      const former = window;
      await agree(world, window, 'write-file', 'consent-write-file-ru.png');
      window = await world.window({ not: former.id });
    }
    const signed = await signs(world, wire, window);
    assert.equal(signed.code, '200', signed.message);
    assert.ok(existsSync(`${path}.cms`));

    wire.send(ez('checkCMS', `${path}.cms`));
    await agree(world, await world.window(), 'read-files');
    const { responseObjects } = await parsed(wire);
    await world.windowGone();
    assert.equal(responseObjects.length, 1);
    assert.equal(responseObjects[0].validSignature, true);

    const out = join(world.scratch, 'taken-out');
    mkdirSync(out, { recursive: true });
    wire.send(ez('saveCMS', `${path}.cms`, out));
    window = await world.window();
    await agree(world, window, (await hasYes(window, 'write-file')) ? 'write-file' : 'read-files');
    if ((await Promise.race([wire.next(60).then((frame) => { wire.frames.unshift(frame); return false; }), world.window({ not: window.id }).catch(() => false)]))) {
      await agree(world, await world.window({ not: window.id }), 'write-file');
    }
    assert.equal((await parsed(wire)).code, '200');
    await world.windowGone();
    assert.equal(readFileSync(join(out, 'акт.txt'), 'utf8'), world.keys.document);
  }),

  'uchet.kz knows its module': (world) => withWire(world, {}, async (wire) => {
    assert.equal(String(JSON.parse(await wire.ask({ module: UCHET, lang: 'ru', method: 'getVersion', args: [''] })).code), '200');
    const path = file(world, 'uchet.txt', 'x');
    wire.send({ module: UCHET, lang: 'ru', method: 'getFilePath', args: ['all', ''] });
    await chooseFileFor(world, await world.window(), path);
    const { responseObject } = await parsed(wire);
    await world.windowGone();
    assert.equal(responseObject.path, path);
  }),

  'what is installed is told, and nothing is listed that is not there': (world) => withWire(world, {}, async (wire) => {
    const { services } = JSON.parse(await wire.ask({ module: ACCESSORY, method: 'getServices' }));
    assert.ok(services.includes('NURSign'), String(services));
    for (const module of services) {
      const { errorCode } = JSON.parse(await wire.ask({ module, method: 'noSuchMethod', type: 'version', command: 'info', args: [], requestId: '1' }));
      assert.notEqual(errorCode, 'MODULE_NOT_FOUND', module);
    }
    for (const method of ['showSettings', 'showBundleManager']) {
      wire.send({ module: ACCESSORY, method });
      const window = await world.window();
      await window.picture(world.artefact(`notice-${method}-ru.png`));
      await window.key('Escape');
      assert.deepEqual(await parsed(wire), { success: true });
      await world.windowGone();
    }
  }),

  'a login of another site is not signed by a single Return': (world) => withWire(world, { origin: 'https://evil.kz' }, async (wire) => {
    const ticket = '<login><timeTicket>17</timeTicket><url>https://idp.egov.kz/idp/login</url></login>';
    const request = { module: COMMON, method: 'signXml', args: ['PKCS12', 'AUTHENTICATION', ticket, '', ''] };
    wire.send(request);
    let window = await world.window();
    const words = await window.words();
    assert.match(words, /idp\.egov\.kz/);
    assert.match(words, /evil\.kz/);
    await window.picture(world.artefact('other-site-ru.png'));
    await window.key('Return');
    assert.equal((await parsed(wire)).message, 'action.canceled');
    await world.windowGone();
    // The portal's own page asks without an alarm.
    await withWire(world, { origin: 'https://my.egov.kz' }, async (own) => {
      own.send({ ...request, args: ['PKCS12', 'SIGNATURE', ticket, '', ''] });
      window = await world.window();
      await window.waitForFocus(['password text']);
      await window.key('Escape');
      assert.equal((await parsed(own)).message, 'action.canceled');
      await world.windowGone();
    });
    assert.ok(everybody(world).length > 0);
  }),
};

async function hasYes(window, what) {
  const pattern = said(`window-${what}-yes`);
  return (await window.tree()).some((node) => BUTTONS.includes(node.role) && pattern.test(node.name ?? ''));
}
