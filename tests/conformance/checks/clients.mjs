// Published clients, unmodified.

import assert from 'node:assert/strict';
import { beyond, beyondDecided, always, decided } from '../kit/check.mjs';
import { jsClient, recordings, seithq, socketOf } from '../kit/clients.mjs';
import { base64 } from '../kit/kit.mjs';
import { cmsHolds, fromBase64, fromPem, xmlHolds } from '../kit/signature.mjs';

const DOCUMENT = 'Заявление. Өтініш.';
const CLIENT = 'ncalayer-js-client';
const SEITHQ = '@seithq/ncalayer';

/** Connects the client of a page; it is closed with what else the check opened. */
async function connected(kit) {
  const Client = jsClient(kit.site);
  const client = new Client(kit.url.href, false);
  const version = await client.connect();
  kit.open.push({ close: () => client.wsConnection.terminate() });
  return { Client, client, version };
}

/** Calls it, and decides in the window. */
const decide = (kit, call, decision) => kit.decide(call(), decision);

const sign = (window) => window.sign();
const cancel = (window) => window.cancel();

/** A page that has `@seithq/ncalayer`. Each call gives the client's Response. */
async function legacyPage(kit) {
  const socket = new (socketOf(kit.site))(kit.url.href);
  kit.open.push({ close: () => socket.terminate() });
  const client = new seithq.default(socket);
  await new Promise((resolve, reject) => {
    socket.addEventListener('error', ({ message }) => reject(new Error(message)));
    // The client has taken the greeting when this listener hears of it.
    socket.addEventListener('message', resolve, { once: true });
  });
  const call = (method, ...args) => new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${method} was not answered`)), kit.decisions?.patience ?? kit.patience);
    client[method](...args, (response) => { clearTimeout(timer); resolve(response); });
  });
  return { client, call };
}

/** The exchange of a recording, for a computer where another storage stands for the recorder's token. */
function replayable(kit, { request, response }) {
  // That token is not here, and a token that is not there is another answer.
  const here = (text) => text.replaceAll(/"(AK[A-Za-z0-9]+Store|PKCS12)"/g, `"${kit.keyStorage}"`);
  return { request: here(request), response: JSON.parse(response) };
}

/** What of a reply can be compared: all but signatures, certificates and what the recorder took out. */
function shape(value, key) {
  if (Array.isArray(value)) return value.map((item) => shape(item));
  if (value && typeof value === 'object') {
    return Object.fromEntries(Object.keys(value).sort().map((name) => [name, shape(value[name], name)]));
  }
  const isText = ['code', 'message', 'details', 'status', 'errorCode'].includes(key);
  if (isText || typeof value !== 'string') return value;
  if (value.startsWith('-----BEGIN CMS-----\n')) return 'PEM';
  return value.startsWith('<?xml version="1.0" encoding="UTF-8" standalone="no"?>') ? 'XML' : 'text';
}

const isCancelled = ({ message, status, body }) => message === 'action.canceled' || (status === true && !('result' in body));

/** Replays recordings and compares the shapes of the answers. */
async function replay(kit, isWanted) {
  const wrong = [];
  for (const [index, recording] of recordings().entries()) {
    const { request, response } = replayable(kit, recording);
    // 0 is KAZTOKEN's own answer, 2 needs a token, 5 had all of its value but one member taken out.
    if ([0, 2, 5].includes(index) || !isWanted(response)) continue;
    // What 1 answers is that no token is plugged in.
    if (index === 1 && kit.token) continue;
    kit.begin(); // each a page of its own
    const wire = await kit.greeted();
    const needsWindow = isCancelled(response) || ('responseObject' in response && index !== 1) || response.status === true;
    const decision = isCancelled(response) ? cancel : sign;
    const reply = needsWindow ? await kit.decided(wire, request, decision) : await wire.call(request);
    // Since October 2024 one document is an array of one.
    if (typeof response.body?.result === 'string') response.body.result = [response.body.result];
    try {
      assert.deepEqual(shape(reply), shape(response));
    } catch (error) {
      wrong.push(`recording ${index}: ${request.slice(0, 160)}\n${error.message}`);
    }
    wire.close();
  }
  assert.ok(wrong.length === 0, wrong.join('\n'));
}

export const checks = [
  always('Trying it out', `${CLIENT} connects, and finds no KAZTOKEN`, async (kit) => {
    const { client, version } = await connected(kit);
    assert.match(version, /^[0-9.]+$/);
    assert.equal(client.isKmd, false);
  }),
  always('Trying it out', `${CLIENT} asks for tokens and changes the language`, async (kit) => {
    const { client } = await connected(kit);
    assert.ok(Array.isArray(await client.getActiveTokens()));
    for (const locale of ['ru', 'kk', 'en']) assert.equal(await client.changeLocale(locale), undefined);
  }),
  always('Trying it out', `${CLIENT} hears of an argument of another type`, async (kit) => {
    const { client } = await connected(kit);
    await assert.rejects(client.getKeyInfo(null), /500: java\.lang\.IllegalArgumentException: argument type mismatch\. Method: getKeyInfo/);
  }),
  decided('Trying it out', `${CLIENT} signs with basics: one document, several, cancelled`, async (kit) => {
    const { Client, client } = await connected(kit);
    const params = Client.basicsCMSParamsDetachedNoTSP;
    const one = await decide(kit, () => client.basicsSignCMS(kit.stored(Client.basicsStoragePKCS12), base64(DOCUMENT), params, Client.basicsSignerTestAny), sign);
    const note = cmsHolds(fromPem(one), { document: DOCUMENT, attached: false });
    const two = await decide(kit, () => client.basicsSignCMS(Client.basicsStorageAll, [base64('a'), base64('b')], params, Client.basicsSignerTestAny), sign);
    two.forEach((cms, index) => cmsHolds(fromPem(cms), { document: 'ab'[index], attached: false }));
    await assert.rejects(
      decide(kit, () => client.basicsSignCMS(Client.basicsStorageAll, base64(DOCUMENT), params, Client.basicsSignerTestAny), cancel),
      { canceledByUser: true },
    );
    return note;
  }),
  decided('Trying it out', `${CLIENT} signs with basics under its own presets, with a time stamp`, async (kit) => {
    const { Client, client } = await connected(kit);
    const attached = await decide(kit, () => client.basicsSignCMS(kit.stored(Client.basicsStoragePKCS12), base64(DOCUMENT), Client.basicsCMSParamsAttached, Client.basicsSignerTestAny), sign);
    return cmsHolds(fromPem(attached), { document: DOCUMENT, attached: true, stamped: true });
  }),
  decided('Trying it out', `${CLIENT} signs XML with basics, and with commonUtils`, async (kit) => {
    const { Client, client } = await connected(kit);
    const [compact] = await decide(kit, () => client.basicsSignXML(kit.stored(Client.basicsStoragePKCS12), '<tag>data</tag>', Client.basicsXMLParams, Client.basicsSignerTestAny), sign);
    xmlHolds(compact, { compact: true });
    const lines = await decide(kit, () => client.signXml(kit.keyStorage, '<tag>data</tag>'), sign);
    return xmlHolds(lines, { compact: false });
  }),
  decided('Trying it out', `${CLIENT} signs with commonUtils, shows a key, and hears of a cancel`, async (kit) => {
    const { client } = await connected(kit);
    const cms = await decide(kit, () => client.createCAdESFromBase64(kit.keyStorage, base64(DOCUMENT), 'SIGNATURE', true), sign);
    const note = cmsHolds(fromBase64(cms), { document: DOCUMENT, attached: true });
    const key = await decide(kit, () => client.getKeyInfo(kit.keyStorage), sign);
    assert.ok(new Date(Number(key.certNotAfter)) > new Date());
    await assert.rejects(decide(kit, () => client.getKeyInfo(kit.keyStorage), cancel), /500: action\.canceled/);
    return note;
  }),
  always('Trying it out', 'recorded exchanges without a window have the answers that were recorded', (kit) => replay(
    kit, (response) => !isCancelled(response) && response.status !== true && !(response.responseObject?.length > 0),
  )),
  decided('Trying it out', 'recorded exchanges that were cancelled have the answers that were recorded', (kit) => replay(kit, isCancelled)),
  decided('Trying it out', 'recorded signatures have the shapes that were recorded', (kit) => replay(
    kit, (response) => !isCancelled(response) && (response.status === true || response.responseObject?.length > 0),
  )),

  always('Trying it out', `${SEITHQ} takes the greeting for its version, and its setLocale is answered with nothing`, async (kit) => {
    const { client } = await legacyPage(kit);
    assert.match(client.version, /^[0-9.]+$/);
    client.setLocale('ru', () => assert.fail('setLocale was answered'));
    await new Promise((resolve) => { setTimeout(resolve, 200); });
    assert.equal(client.readyState(), 1);
  }),
  beyond('Trying it out', `${SEITHQ} hashes`, async (kit) => {
    const { call } = await legacyPage(kit);
    const response = await call('getHash', DOCUMENT, 'SHA256');
    assert.ok(response.isOk(), JSON.stringify(response));
    assert.match(response.getResult(), /\S/);
  }),
  beyondDecided('Trying it out', `${SEITHQ} lets the person choose a key file, lists its keys, signs and verifies`, async (kit) => {
    const { call } = await legacyPage(kit);
    const browse = () => call('browseKeyStore', kit.keyStorage, 'P12', '');
    // Of a token it is the slot, and nobody is asked.
    const path = (kit.storage ? await browse() : await decide(kit, browse, (window) => window.choose())).getResult();
    const keys = await decide(kit, () => call('getKeys', kit.keyStorage, path, 'not-its-password', 'SIGN'), (window) => kit.letIn(window));
    assert.ok(keys.isOk(), JSON.stringify(keys));
    const alias = seithq.extractKeyAlias(keys.getResult().split('\n')[0]);
    assert.match(alias, /\S/);
    const cms = await decide(kit, () => call('createCMSSignature', kit.keyStorage, path, alias, 'not-its-password', DOCUMENT, true), sign);
    assert.ok(cms.isOk(), JSON.stringify(cms));
    const note = cmsHolds(fromBase64(cms.getResult()), { document: DOCUMENT, attached: true });
    const verified = await call('verifyCMSSignature', DOCUMENT, cms.getResult());
    assert.ok(verified.isOk() && verified.getResult() === true, JSON.stringify(verified));
    return note;
  }),
  beyondDecided('Trying it out', `${SEITHQ} hears of a chooser that was cancelled`, async (kit) => {
    const { call } = await legacyPage(kit);
    const response = await decide(kit, () => call('showFileChooser', 'ALL', ''), cancel);
    assert.equal(response.getResult(), '');
  }),
];
