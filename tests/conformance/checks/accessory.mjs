// The accessory module.

import assert from 'node:assert/strict';
import { always, beyond } from '../kit/check.mjs';
import { ACCESSORY } from '../kit/kit.mjs';

/** Modules of third parties, the bundle that each comes in, and a call of each that opens no window. */
const MODULES = [
  ['NURSign', 'kz.ecc.NurSignBundle', { type: 'version' }],
  ['kz.inessoft.kgd.knp.ncalayer.KNPModuleService', 'kz.inessoft.kgd.knp.sono_knp_ncalayer_module', { command: 'info', requestId: '1' }],
  ['kz.uchet.signUtil.commonUtils', 'kz.uchet.signUtil', { method: 'getVersion', args: [''] }],
];

export const checks = [
  always('accessory', 'getBundles gives names and versions, bare', async (kit) => {
    const bundles = await (await kit.greeted()).call({ module: ACCESSORY, method: 'getBundles' });
    assert.ok(Object.keys(bundles).length > 0);
    for (const [name, version] of Object.entries(bundles)) assert.match(String(version), /^\d+(\.\d+)*$/, name);
  }),
  always('accessory', 'getServices gives a list of module names, bare', async (kit) => {
    const reply = await (await kit.greeted()).call({ module: ACCESSORY, method: 'getServices' });
    assert.deepEqual(Object.keys(reply), ['services']);
    assert.ok(reply.services.includes(ACCESSORY), `${reply.services}`);
  }),
  always('accessory', 'a module that is listed answers', async (kit) => {
    const wire = await kit.greeted();
    const { services } = await wire.call({ module: ACCESSORY, method: 'getServices' });
    const bundles = await wire.call({ module: ACCESSORY, method: 'getBundles' });
    for (const [module, bundle, request] of MODULES) {
      if (!services.includes(module) && !(bundle in bundles)) continue;
      assert.notEqual((await wire.call({ module, ...request })).errorCode, 'MODULE_NOT_FOUND', `${module}, ${bundle}`);
    }
  }),
  beyond('accessory', 'installBundle of a bundle whose module answers is a success at once', async (kit) => {
    const wire = await kit.greeted();
    const bundles = await wire.call({ module: ACCESSORY, method: 'getBundles' });
    const [symname] = Object.keys(bundles);
    assert.deepEqual(await wire.call({ module: ACCESSORY, method: 'installBundle', symname }), { success: true });
  }),
];
