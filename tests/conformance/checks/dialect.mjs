// Requests as org.json reads them, and dispatch.

import assert from 'node:assert/strict';
import { always, beyond, decided } from '../kit/check.mjs';
import { ACCESSORY, BASICS, COMMON_UTILS, MODULE_NOT_FOUND, base64, basics, common } from '../kit/kit.mjs';
import { cmsHolds, fromPem } from '../kit/signature.mjs';

const services = (reply) => assert.ok(Array.isArray(reply.services), JSON.stringify(reply));
const noMethod = (name) => ({ code: '500', message: `NoSuchMethodException ${name}` });

export const checks = [
  always('The connection', 'names without quotes are read, as the official examples write them', async (kit) => {
    const wire = await kit.greeted();
    services(await wire.call(`{\n    module: "${ACCESSORY}", \n    method: "getServices" \n}`));
  }),
  beyond('The connection', 'single quotes, semicolons, separators too many and words without quotes are read', async (kit) => {
    const wire = await kit.greeted();
    services(await wire.call(`{'module':'${ACCESSORY}','method':'getServices'}`));
    services(await wire.call(`{"module":"${ACCESSORY}";"method":"getServices";}`));
    services(await wire.call(`{"module":"${ACCESSORY}","method":"getServices",}`));
    services(await wire.call(`{"module"="${ACCESSORY}","method"=>"getServices"}`));
    services(await wire.call(`{module:${ACCESSORY},method:getServices}`));
    assert.deepEqual(await wire.call(`{module:'${COMMON_UTILS}',method:changeLocale,args:['ru',]}`), { code: '200' });
  }),
  beyond('The connection', 'an array item that was left out is null', async (kit) => {
    const wire = await kit.greeted();
    assert.deepEqual(await wire.call(`{"module":"${COMMON_UTILS}","method":"noSuch","args":[,"x"]}`), noMethod('noSuch'));
  }),
  decided('basics sign', 'booleans may be strings, in any case of letters', async (kit) => {
    const wire = await kit.greeted();
    const reply = await kit.signed(wire, basics({
      data: base64('a document'), signingParams: { decode: 'TRUE', encapsulate: 'false', digested: 'false' },
    }));
    return cmsHolds(fromPem(reply.body.result[0]), { document: 'a document', attached: false });
  }),
  decided('basics sign', 'allowedStorages may be an array, null, absent, or one string with commas', async (kit) => {
    const wire = await kit.greeted();
    for (const allowedStorages of [['PKCS12'], null, undefined, [], 'PKCS12', 'AKKaztokenStore,PKCS12', 'PKCS12, JKS']) {
      const reply = await kit.cancelled(wire, basics({ allowedStorages }));
      assert.deepEqual(reply, { body: {}, status: true }, JSON.stringify(allowedStorages));
    }
  }),
  always('The connection', 'members that nobody knows are ignored', async (kit) => {
    const wire = await kit.greeted();
    assert.deepEqual(await wire.call({ ...common('changeLocale', 'ru'), tabId: 7, lang: 'ru', extra: { a: [1] } }), { code: '200' });
  }),
  always('The connection', 'an unknown module is told by exactly two members', async (kit) => {
    const wire = await kit.greeted();
    for (const module of ['no.such.module', 'kz.qiwi.osgi.SecurityUtils', ACCESSORY.toUpperCase()]) {
      assert.deepEqual(await wire.call({ module, method: 'x', args: [] }), MODULE_NOT_FOUND, module);
    }
  }),
  always('The connection', 'the question whether this is KAZTOKEN is answered with no', async (kit) => {
    const reply = await (await kit.greeted()).call({ module: 'kz.digiflow.mobile.extensions', method: 'getVersion' });
    assert.notEqual(reply.code, '200');
    assert.ok(!reply.status, JSON.stringify(reply));
  }),
  beyond('The connection', 'the answer to KAZTOKEN\'s question is MODULE_NOT_FOUND', async (kit) => {
    const wire = await kit.greeted();
    assert.deepEqual(await wire.call({ module: 'kz.digiflow.mobile.extensions', method: 'getVersion' }), MODULE_NOT_FOUND);
  }),
  always('The connection', 'one socket speaks to every module, in any order', async (kit) => {
    const wire = await kit.greeted();
    assert.equal((await wire.call({ module: BASICS, method: 'foo', args: {} })).code, 'GENERAL_ERROR');
    services(await wire.call({ module: ACCESSORY, method: 'getServices' }));
    assert.deepEqual(await wire.call(common('changeLocale', 'kk')), { code: '200' });
  }),
];
