// A key's whole life, with a miniature NCA's counter at the other end: asked for, issued, used for a page, renewed, lost,
// revoked. The journey carries the files to the counter and back, as a person would.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withWire } from '../world/asking.mjs';
import { until } from '../world/child.mjs';
import { handIn, issued } from '../world/counter.mjs';
import { chooseRow, rows, signedOn, typePin } from '../world/pin.mjs';
import { said } from '../world/texts.mjs';
import { STORES, Tokens } from '../world/tokens.mjs';
import { verify } from '../world/verify.mjs';
import { COMMON_UTILS, createCades } from '../world/wire.mjs';

const base64 = (text) => Buffer.from(text).toString('base64');
const cades = (world, storage) => createCades([storage, 'SIGNATURE', base64(world.keys.document), true]);
const attached = (world) => ({ content: world.keys.document, attached: true, authorities: world.nca.authorities });

const person = ['--name', 'Айгүл', '--surname', 'Тест', '--given', 'Қызы', '--iin', '000000000000'];
const HOLDER = /ТЕСТ АЙГҮЛ/;

/** The page hears of the card, as portals ask before they name a storage. What was just put in takes a moment to be seen. */
const isThere = (wire) => until('the card in getActiveTokens', async () => {
  const { responseObject } = JSON.parse(await wire.ask({ module: COMMON_UTILS, method: 'getActiveTokens', args: [] }));
  return responseObject.includes(STORES.odd);
});

/** Signs for a page with a key that the window lists. */
async function signs(world, wire, file, password) {
  wire.send(cades(world, 'PKCS12'));
  const window = await world.window();
  await chooseRow(window, new RegExp(`${HOLDER.source}.*${file}`, 's'));
  await window.sign(password);
  const { code, responseObject, message } = JSON.parse(await wire.next(60));
  assert.equal(code, '200', message);
  await world.windowGone();
  return responseObject;
}

/** What a verification says that asks the authority. */
async function verdict(world, cms) {
  const file = join(world.scratch, 'life.cms');
  writeFileSync(file, Buffer.from(cms.replace(/-----(BEGIN|END) CMS-----/g, ''), 'base64'));
  const { stdout, stderr } = await world.agent.command(['verify', file, '--json']);
  assert.match(stdout, /^\{/, stderr);
  return JSON.parse(stdout);
}

async function canceled(world, window, wire) {
  await window.key('Escape');
  assert.equal(JSON.parse(await wire.next()).message, 'action.canceled');
  await world.windowGone();
}

/** The keys of a token whose rows say why they cannot be chosen, or that they can: `[true, false]`. */
async function choosable(window, count) {
  const found = await until(`${count} keys`, async () => {
    const all = (await rows(window)).filter(({ name }) => HOLDER.test(name));
    return all.length === count && all;
  });
  return found.map(({ states }) => states.includes('sensitive'));
}

/** Chooses one of several keys of one holder by its place in the list. */
async function chooseNth(world, window, nth) {
  const row = async () => (await rows(window)).filter(({ name }) => HOLDER.test(name))[nth];
  const { box: [x, y, width, height] } = await row();
  await world.display.xdotool('mousemove', Math.round(x + width / 2), Math.round(y + height / 2), 'click', 1);
  await until(`key ${nth} chosen`, async () => (await row()).states.includes('checked'));
}

/** The serial numbers of the certificates on a token. */
async function serials(world, { serial }) {
  const { tokens } = JSON.parse(await world.agent.must(['keys', 'list', '--json']));
  return tokens.find((token) => token.serialNumber === serial).keys.map(({ certificate }) => certificate.serialNumber);
}

export const journeys = {
  'a key in a file lives: asked for, issued, used, renewed, lost, revoked': async (world) => {
    const { agent } = world;
    const at = (name) => join(world.scratch, name);
    const [first, second] = [0, 1].map(() => `Life-${randomBytes(6).toString('hex')}`);
    world.lifePasswords = [first, second];
    await agent.must(['keys', 'request', '--out', at('life-1.p12'), ...person, '--password-stdin'], { input: `${first}\n` });
    const one = await issued(world, '/requests', at('life-1.csr'), 'life-1.cer');
    await agent.must(['keys', 'import', one, '--password-stdin'], { input: `${first}\n` });
    return withWire(world, {}, async (wire) => {
      const old = await signs(world, wire, 'life-1', first);
      const note = await verify(world, old, attached(world));
      assert.equal((await verdict(world, old)).valid, true);

      await agent.must(['keys', 'renew', at('life-1.p12'), '--out', at('life-2.p12'), '--password-stdin'], { input: `${first}\n${second}\n` });
      const two = await issued(world, '/renewals', at('life-2.renewal.cms'), 'life-2.cer');
      await agent.must(['keys', 'import', two, '--password-stdin'], { input: `${second}\n` });
      const fresh = await signs(world, wire, 'life-2', second);
      await verify(world, fresh, attached(world));

      // It is lost: from now on it signs nothing here, and soon nowhere.
      await agent.must(['keys', 'lost', at('life-2.p12'), '--reason', 'stolen', '--request', at('life-2.revocation.cms'), '--password-stdin'], { input: `${second}\n${second}\n` });
      wire.send(cades(world, 'PKCS12'));
      let window = await world.window();
      await window.waitForWords(said('window-reason-blocked'));
      await window.picture(world.artefact('life-blocked-ru.png'));
      await canceled(world, window, wire);

      await handIn(world, '/revocations', at('life-2.revocation.cms'));
      const report = await verdict(world, fresh);
      assert.equal(report.valid, false, JSON.stringify(report));
      assert.match(JSON.stringify(report.signers[0].revocation), /revoked|compromise/i);
      assert.equal((await verdict(world, old)).valid, true, 'the other key is not revoked');

      // Even where its owner lets it sign again, in a signer that has not asked about it a moment ago.
      const { files } = JSON.parse(await agent.must(['keys', 'list', '--json']));
      const [{ serialNumber }] = files.find(({ path }) => path === at('life-2.p12')).keys;
      await agent.must(['keys', 'unblock', serialNumber, '--yes']);
      await agent.stop();
      await agent.start(world.port);
      await withWire(world, {}, async (anew) => {
        anew.send(cades(world, 'PKCS12'));
        window = await world.window();
        await chooseRow(window, /life-2/);
        await window.sign(second);
        await window.waitForWords(said('error-key-revoked'));
        await window.picture(world.artefact('life-revoked-ru.png'));
        await canceled(world, window, anew);
      });
      await agent.must(['keys', 'lost', at('life-2.p12'), '--password-stdin'], { input: `${second}\n` });
      for (const name of ['life-1.p12', 'life-2.p12']) await agent.must(['keys', 'remove', at(name)]);
      return note;
    });
  },

  'a key on a token lives: asked for, issued, used, renewed, stolen, revoked': async (world) => {
    const { agent } = world;
    const tokens = await Tokens.of(world);
    const { newCard: card } = tokens;
    await tokens.unplugSoftHsm();
    await tokens.oddCard.unplug();
    await card.plug();
    try {
      const at = (name) => join(world.scratch, name);
      const input = `${card.pin}\n`;
      await agent.must(['keys', 'request', '--token', card.label, '--csr', at('token.csr'), ...person, '--password-stdin'], { input });
      const certificate = await issued(world, '/requests', at('token.csr'), 'token.cer');
      await agent.must(['keys', 'import', certificate, '--password-stdin'], { input });
      return await withWire(world, {}, async (wire) => {
        await isThere(wire);
        const { code, responseObject, message } = await signedOn(world, wire, cades(world, STORES.odd), HOLDER, card.pin, 'life-token-ru.png');
        assert.equal(code, '200', message);
        const note = await verify(world, responseObject, attached(world));
        assert.equal((await verdict(world, responseObject)).valid, true);

        // The new key is made beside the old one, which signs the request for it.
        const [old] = await serials(world, card);
        await agent.must(['keys', 'renew', '--token', card.label, '--request', at('token.renewal.cms'), '--pin-stdin'], { input });
        const second = await issued(world, '/renewals', at('token.renewal.cms'), 'token-2.cer');
        await agent.must(['keys', 'import', second, '--pin-stdin'], { input });
        assert.equal((await serials(world, card)).length, 2);

        // The old one was copied by somebody: it signs nothing here any more, the new one does.
        await agent.must([
          'keys', 'lost', '--token', card.label, '--alias', old, '--reason', 'copied', '--request', at('token.revocation.cms'), '--pin-stdin',
        ], { input });
        wire.send(cades(world, STORES.odd));
        let window = await world.window();
        await window.waitForWords(said('window-reason-blocked'));
        await window.picture(world.artefact('life-token-blocked-ru.png'));
        const can = await choosable(window, 2);
        assert.deepEqual([...can].sort(), [false, true]);
        await chooseNth(world, window, can.indexOf(true));
        await typePin(window, card.pin);
        await window.key('Return');
        const fresh = JSON.parse(await wire.next(60));
        assert.equal(fresh.code, '200', fresh.message);
        await world.windowGone();
        await verify(world, fresh.responseObject, attached(world));

        await handIn(world, '/revocations', at('token.revocation.cms'));
        const report = await verdict(world, responseObject);
        assert.equal(report.valid, false, JSON.stringify(report));
        assert.match(JSON.stringify(report.signers[0].revocation), /revoked|compromise/i);
        assert.equal((await verdict(world, fresh.responseObject)).valid, true, 'the new key is not revoked');

        // Even where its owner lets it sign again, in a signer that has not asked about it a moment ago.
        await agent.must(['keys', 'unblock', old, '--yes']);
        await agent.stop();
        await agent.start(world.port);
        await withWire(world, {}, async (anew) => {
          anew.send(cades(world, STORES.odd));
          window = await world.window();
          assert.deepEqual(await choosable(window, 2), [true, true]);
          // Where both may sign they stand in the token's own order.
          await chooseNth(world, window, (await serials(world, card)).indexOf(old));
          await typePin(window, card.pin);
          await window.key('Return');
          await window.waitForWords(said('error-key-revoked'));
          await window.picture(world.artefact('life-token-revoked-ru.png'));
          await canceled(world, window, anew);
          assert.equal(card.triesLeft(), 3);
        });

        // And one that is gone with its token blocks all that was on it.
        await agent.must(['keys', 'lost', '--token', card.label]);
        await withWire(world, {}, async (anew) => {
          anew.send(cades(world, STORES.odd));
          window = await world.window();
          assert.deepEqual(await choosable(window, 2), [false, false]);
          await canceled(world, window, anew);
        });
        return note;
      });
    } finally {
      await card.unplug();
      await tokens.oddCard.plug();
    }
  },
};
