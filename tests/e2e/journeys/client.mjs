// A portal that uses npm's ncalayer-js-client as it is: every call of it that this version of Tanba serves.

import assert from 'node:assert/strict';
import { verify } from '../world/verify.mjs';

const base64 = (text) => Buffer.from(text).toString('base64');

/** Calls the client, signs in the window as a person does, and gives what the client got. */
async function signed(world, method, args, picture) {
  const site = await world.visit();
  const answer = site.ask(method, args);
  const window = await world.window();
  if (picture) await window.picture(world.artefact(picture));
  if (method === 'getKeyInfo') await window.showKey(); // a certificate is shown without a password
  else await window.sign(world.keys.person.password);
  const { value, error } = await answer;
  assert.equal(error, undefined);
  await world.windowGone();
  return value;
}

function holds(world, cms, content, attached) {
  return verify(world, cms, { content, attached, authorities: world.keys.authorities });
}

export const journeys = {
  'the client of npm connects from Chromium over TLS that the browser trusts': async (world) => {
    assert.equal((await world.visit()).version, '1.4');
  },

  "the agent's own page opens without a warning": async (world) => {
    const page = await (await world.chromium()).open(`https://127.0.0.1:${world.port}/`);
    assert.match(await page.text(), /Tanba/);
    await page.picture(world.artefact('page-ru.png'));
    await page.close();
  },

  'getActiveTokens finds no token': async (world) => {
    assert.deepEqual((await (await world.visit()).ask('getActiveTokens')).value, []);
  },

  'getKeyInfo shows the certificate that the person chose': async (world) => {
    const info = await signed(world, 'getKeyInfo', ['PKCS12'], 'show-key-ru.png');
    assert.match(info.subjectCn, /\S/);
    assert.match(info.subjectDn, /IIN\d{12}/);
    assert.equal(info.algorithm, 'ECGOST3410-2015-512');
    assert.match(info.keyId, /^[0-9A-Fa-f]{40}$/);
    assert.match(info.pem, /^-----BEGIN CERTIFICATE-----\r?\n/);
    assert.ok(new Date(Number(info.certNotAfter)) > new Date());
    for (const field of ['alias', 'issuerCn', 'issuerDn', 'serialNumber', 'certNotBefore', 'authorityKeyIdentifier']) {
      assert.equal(typeof info[field], 'string', field);
    }
  },

  'createCAdESFromBase64 signs a document that stands inside the signature': async (world) => {
    const cms = await signed(world, 'createCAdESFromBase64', ['PKCS12', base64(world.keys.document), 'SIGNATURE', true], 'sign-ru.png');
    assert.match(cms, /^[A-Za-z0-9+/]+=*$/);
    return holds(world, cms, world.keys.document, true);
  },

  'createCAdESFromBase64 signs a document that stays outside': async (world) => {
    const cms = await signed(world, 'createCAdESFromBase64', ['PKCS12', base64(world.keys.document), 'SIGNATURE', false]);
    return holds(world, cms, world.keys.document, false);
  },

  'basicsSignCMS signs one document': async (world) => {
    const parameters = { decode: true, encapsulate: true, digested: false };
    const cms = await signed(world, 'basicsSignCMS', [['PKCS12'], base64(world.keys.document), parameters, { extKeyUsageOids: ['1.3.6.1.5.5.7.3.4'], chain: [] }]);
    assert.match(cms, /^-----BEGIN CMS-----\r?\n[^]*\r?\n-----END CMS-----\r?\n$/);
    return holds(world, cms, world.keys.document, true);
  },

  'basicsSignCMS with the default parameters signs the text itself': async (world) => {
    const cms = await signed(world, 'basicsSignCMS', [['PKCS12'], 'Мәтін как он есть', {}, { extKeyUsageOids: [], chain: [] }]);
    return holds(world, cms, 'Мәтін как он есть', true);
  },

  'basicsSignCMS signs several documents under one decision': async (world) => {
    const documents = [world.keys.document, `<заявление>${world.keys.marker}</заявление>`, '%PDF-1.7 третий'];
    const parameters = { decode: true, encapsulate: false, digested: false };
    const result = await signed(
      world, 'basicsSignCMS', [null, documents.map(base64), parameters, { extKeyUsageOids: [], chain: [] }], 'sign-several-ru.png',
    );
    assert.equal(result.length, documents.length);
    let note;
    for (const [index, cms] of result.entries()) note = await holds(world, cms, documents[index], false);
    return note;
  },

  'changeLocale is answered, and the next window speaks Kazakh': async (world) => {
    const site = await world.visit();
    assert.equal((await site.ask('changeLocale', ['kk'])).error, undefined);
    const answer = site.ask('createCAdESFromBase64', ['PKCS12', base64('құжат'), 'SIGNATURE', true]);
    const window = await world.window();
    await window.picture(world.artefact('sign-kk.png'));
    assert.match(await window.words(), /[ӘәҒғҚқҢңӨөҰұҮүҺһІі]/);
    await window.key('Escape');
    assert.match((await answer).error, /action\.canceled/);
    await site.ask('changeLocale', ['ru']);
    await world.windowGone();
  },
};
