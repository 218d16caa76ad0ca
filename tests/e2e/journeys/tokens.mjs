// Keys on tokens: a page asks, the person types a PIN in the window, the token signs. The cards are those of the library
// for tests, which keep a count of every wrong PIN themselves, and a token of SoftHSM.

import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withWire } from '../world/asking.mjs';
import { until } from '../world/child.mjs';
import { verifyRaw, verifyXml } from '../world/oracle.mjs';
import { chooseRow, lastTry, rows, signOn, signedOn, stays, typePin } from '../world/pin.mjs';
import { said } from '../world/texts.mjs';
import { STORES, Tokens, WITHOUT_SOFTHSM } from '../world/tokens.mjs';
import { WITHOUT_ORACLE, hasOracle, verify } from '../world/verify.mjs';
import { BUTTONS } from '../world/window.mjs';
import { BASICS, COMMON_UTILS, createCades, sign } from '../world/wire.mjs';

const base64 = (text) => Buffer.from(text).toString('base64');
const common = (method, ...args) => ({ module: COMMON_UTILS, method, args });
const cades = (world, storage) => createCades([storage, 'SIGNATURE', base64(world.keys.document), true]);
const attached = (world, authorities) => ({ content: world.keys.document, attached: true, authorities });

const active = async (wire) => JSON.parse(await wire.ask(common('getActiveTokens'))).responseObject;
const becomes = (wire, names) => until(`getActiveTokens says ${names}`, async () => JSON.stringify(await active(wire)) === JSON.stringify(names));
const has = (wire, name) => until(`getActiveTokens says ${name}`, async () => (await active(wire)).includes(name));

/** Says no; what a page of `basics` hears then is a success without a result. */
async function canceled(world, window, wire, heard = { code: '500', message: 'action.canceled' }) {
  await window.key('Escape');
  const answer = JSON.parse(await wire.next());
  assert.deepEqual(Object.fromEntries(Object.keys(heard).map((name) => [name, answer[name]])), heard);
  await world.windowGone();
}

/** The agent signs on with a key that has nothing to do with tokens. */
async function signsWithFile(world, wire) {
  const begin = Date.now();
  wire.send(createCades(['PKCS12', 'SIGNATURE', base64('after it'), true]));
  await (await world.window()).sign(world.keys.person.password);
  assert.equal(JSON.parse(await wire.next(60)).code, '200');
  await world.windowGone();
  return Date.now() - begin;
}

export const journeys = {
  'a page learns which tokens are plugged in, at once, and when one is taken out or put in': async (world) => {
    const tokens = await Tokens.of(world);
    const all = tokens.softHsmLibrary ? [STORES.card, STORES.softHsm, STORES.odd] : [STORES.card, STORES.odd];
    const page = await world.portal();
    const first = await page.ask('getActiveTokens');
    assert.deepEqual([...first.value].sort(), [...all].sort());
    await page.close();
    return withWire(world, {}, async (wire) => {
      const full = await active(wire);
      const times = [];
      for (let round = 0; round < 20; round += 1) {
        const begin = performance.now();
        assert.deepEqual(await active(wire), full);
        times.push(performance.now() - begin);
      }
      times.sort((a, b) => a - b);
      assert.ok(times[10] < 100, `getActiveTokens took ${times[10].toFixed(1)} ms`);
      await tokens.cardCard.unplug();
      await becomes(wire, full.filter((name) => name !== STORES.card));
      const { code, message } = JSON.parse(await wire.ask(common('getKeyInfo', STORES.card)));
      assert.deepEqual({ code, message }, { code: '500', message: 'storage.empty' });
      await tokens.cardCard.plug();
      await becomes(wire, full);
      return `getActiveTokens: ${times[10].toFixed(1)} ms in the middle, ${times[19].toFixed(1)} ms at worst`;
    });
  },

  'a token of SoftHSM signs with RSA and with EC': async (world) => {
    const tokens = await Tokens.of(world);
    if (!tokens.softHsmLibrary) return WITHOUT_SOFTHSM;
    return withWire(world, {}, async (wire) => {
      // One certificate is of a person, the other of a head; both are on the same token.
      for (const [picture, nth] of [['token-rsa-ec-ru.png', 0], [undefined, 1]]) {
        wire.send(cades(world, STORES.softHsm));
        const window = await world.window();
        const own = await until('both keys', async () => {
          const found = (await rows(window)).filter(({ name }) => /SoftHSM/.test(name));
          return found.length === 2 && found;
        });
        if (picture) await window.picture(world.artefact(picture));
        await signOn(window, new RegExp(`^${own[nth].name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`), tokens.pins.softHsm);
        const { code, responseObject, message } = JSON.parse(await wire.next(60));
        assert.equal(code, '200', message);
        await world.windowGone();
        await verify(world, responseObject, attached(world, tokens.softHsmAuthorities));
      }
      return hasOracle ? undefined : WITHOUT_ORACLE;
    });
  },

  'a token that makes no keys of GOST says so, to a page and on the command line': async (world) => {
    const tokens = await Tokens.of(world);
    if (!tokens.softHsmLibrary) return WITHOUT_SOFTHSM;
    const csr = join(world.scratch, 'softhsm.csr');
    await withWire(world, {}, async (wire) => {
      const subject = { commonName: 'ТЕСТОВА АЙГҮЛ', surname: 'ТЕСТОВА', iin: '123456789011' };
      wire.send({ module: BASICS, method: 'generateCsr', args: { allowedStorages: [STORES.softHsm], subject, locale: 'ru' } });
      const window = await world.window();
      await window.waitForWords(said('window-algorithm-gost512'));
      await window.waitForWords(said('window-reason-cannot-make'));
      await window.picture(world.artefact('token-no-gost-ru.png'));
      await canceled(world, window, wire, { status: true, body: {} });
    });
    const { code, stderr } = await world.agent.command([
      'keys', 'request', '--token', 'SoftHSM', '--csr', csr, '--name', 'Айгүл', '--surname', 'Тест', '--iin', '000000000000', '--password-stdin',
    ], { input: `${tokens.pins.softHsm}\n` });
    assert.equal(code, 1, stderr);
    assert.match(stderr, said('keys-request-token-unsupported'));
    assert.ok(!existsSync(csr), 'a request for a key that was not made');
  },

  'with several tokens and key files at once the whole list is there in a moment': async (world) => {
    const tokens = await Tokens.of(world);
    const files = [world.nca.key('person'), world.nca.key('head'), world.nca.key('employee'), world.keys.head];
    for (const { file, password } of files) await world.agent.must(['keys', 'add', file, '--password-stdin'], { input: `${password}\n` });
    try {
      const wanted = 5 + 2 + (tokens.softHsmLibrary ? 2 : 0);
      const known = () => [...world.agent.child.output.matchAll(/the list of keys is complete.* milliseconds=(\d+) rows=(\d+)/g)];
      // The first window is one that nobody has looked for tokens before.
      await world.agent.stop();
      await world.agent.start(world.port);
      const before = known().length;
      return await withWire(world, {}, async (wire) => {
        const times = [];
        for (let round = 0; round < 5; round += 1) {
          wire.send(sign({ data: 'x', allowedStorages: ['PKCS12', ...Object.values(STORES)] }));
          const window = await world.window();
          const [, milliseconds, count] = await until('the whole list', () => known()[before + round]);
          assert.equal(Number(count), wanted, await window.words());
          times.push(Number(milliseconds));
          if (round === 0) await window.picture(world.artefact('token-several-ru.png'));
          await canceled(world, window, wire, { status: true });
        }
        return `${wanted} keys in the first window after ${times[0]} ms, in the next after ${times.slice(1).join(', ')} ms`;
      });
    } finally {
      for (const { file } of files) await world.agent.must(['keys', 'remove', file]);
    }
  },

  'a page has a GOST card sign, and a verifier that shares no code agrees': async (world) => {
    const tokens = await Tokens.of(world);
    await tokens.unplugSoftHsm();
    const page = await world.portal();
    const answer = page.ask('createCAdESFromBase64', [STORES.card, base64(world.keys.document), 'SIGNATURE', true]);
    const window = await world.window();
    await window.picture(world.artefact('token-pin-ru.png'));
    await signOn(window, /Айгүл/, tokens.pins.card);
    const { value, error } = await answer;
    assert.equal(error, undefined);
    await world.windowGone();
    await page.close();
    return verify(world, value, attached(world, world.nca.authorities));
  },

  'a GOST card answers every form that a page may ask for': async (world) => {
    const tokens = await Tokens.of(world);
    await tokens.unplugSoftHsm();
    const on = (wire, request, picture) => signedOn(world, wire, request, /Айгүл/, tokens.pins.card, picture);
    return withWire(world, {}, async (wire) => {
      const xml = await on(wire, common('signXml', STORES.card, 'SIGNATURE', `<заявление>${world.keys.marker}</заявление>`, '', ''));
      assert.equal(xml.code, '200', xml.message);
      await verifyXml(world, xml.responseObject);

      const allowed = { allowedStorages: [STORES.card] };
      const cms = await on(wire, sign({ ...allowed, data: base64(world.keys.document), signingParams: { decode: true, tsaProfile: {} } }));
      assert.equal(cms.status, true, cms.details);
      await verify(world, cms.body.result[0], attached(world, world.nca.authorities));

      const raw = await on(wire, sign({ ...allowed, format: 'raw', data: world.keys.document, signingParams: { outputCert: true } }));
      assert.equal(raw.status, true, raw.details);
      await verifyRaw(world, raw.body.result.signatures[0], world.keys.document, raw.body.result.certificate);
      return hasOracle ? undefined : WITHOUT_ORACLE;
    });
  },

  'the key of a card is shown to a page that asks whose it is, without its PIN': async (world) => {
    const tokens = await Tokens.of(world);
    await tokens.unplugSoftHsm();
    return withWire(world, {}, async (wire) => {
      wire.send(common('getKeyInfo', STORES.card));
      const window = await world.window();
      await chooseRow(window, /Айгүл/);
      await window.picture(world.artefact('token-show-ru.png'));
      assert.ok(!(await window.tree()).some((node) => node.role === 'password text'), 'a PIN is asked for');
      await window.showKey();
      const { code, responseObject, message } = JSON.parse(await wire.next());
      assert.equal(code, '200', message);
      assert.equal(responseObject.subjectCn, world.nca.key('person').name);
      await world.windowGone();
      await stays(tokens.cardCard, 3);
    });
  },

  'wrong PINs stay in the window, the last try needs a box, and what is locked is not tried': async (world) => {
    const tokens = await Tokens.of(world);
    const { cardCard: card, pins } = tokens;
    await tokens.unplugSoftHsm();
    return withWire(world, {}, async (wire) => {
      wire.send(cades(world, STORES.card));
      let window = await world.window();
      await signOn(window, /Айгүл/, 'wrong-1');
      await window.waitForWords(said('error-wrong-pin-again'));
      await window.waitForWords(said('window-pin-few'));
      assert.equal(card.triesLeft(), 2);
      await window.picture(world.artefact('token-wrong-pin-ru.png'));
      await signOn(window, /Айгүл/, pins.card);
      assert.equal(JSON.parse(await wire.next(60)).code, '200');
      await world.windowGone();
      assert.equal(card.triesLeft(), 3, 'the right PIN gives all tries back');

      wire.send(cades(world, STORES.card));
      window = await world.window();
      for (const left of [2, 1]) {
        await signOn(window, /Айгүл/, `wrong-${left}`);
        await until('the count of the card', () => card.triesLeft() === left);
        await window.waitForWords(said(left === 1 ? 'window-pin-last' : 'window-pin-few'));
      }
      await typePin(window, 'wrong-0');
      await window.key('Return');
      await window.waitForWords(said('window-missing-understanding'));
      assert.equal(card.triesLeft(), 1, 'the last try was used without the box');
      await lastTry(window, 'wrong-0', () => window.picture(world.artefact('token-last-try-ru.png')));
      await window.waitForWords(/PIN-код.*заблокирован/);
      assert.equal(card.triesLeft(), 0);
      await window.picture(world.artefact('token-locked-ru.png'));
      await canceled(world, window, wire);

      // In the next window it cannot even be chosen.
      wire.send(cades(world, STORES.card));
      window = await world.window();
      await window.waitForWords(said('window-reason-pin-locked'));
      await window.picture(world.artefact('token-locked-again-ru.png'));
      await canceled(world, window, wire);
      assert.equal(card.triesLeft(), 0);
      card.forgetWrongPins();
    });
  },

  'no PIN reaches a card when the person cancels, or the page goes': async (world) => {
    const tokens = await Tokens.of(world);
    const { cardCard: card, pins } = tokens;
    await tokens.unplugSoftHsm();
    await withWire(world, {}, async (wire) => {
      wire.send(cades(world, STORES.card));
      const window = await world.window();
      await chooseRow(window, /Айгүл/);
      await typePin(window, 'not-this-one');
      await canceled(world, window, wire);
      await stays(card, 3);
      wire.send(cades(world, STORES.card));
      await chooseRow(await world.window(), /Айгүл/);
      await typePin(await world.window(), 'nor-this-one');
    });
    await world.windowGone();
    await stays(card, 3);
    return withWire(world, {}, async (wire) => {
      const { code } = await signedOn(world, wire, cades(world, STORES.card), /Айгүл/, pins.card);
      assert.equal(code, '200');
    });
  },

  'a PIN that is typed at the reader, and a card that hides its certificates': async (world) => {
    const tokens = await Tokens.of(world);
    const { padCard, hidingCard, oddCard } = tokens;
    await tokens.unplugSoftHsm();
    await oddCard.unplug();
    try {
      await padCard.plug();
      await withWire(world, {}, async (wire) => {
        await has(wire, STORES.odd);
        wire.send(cades(world, STORES.odd));
        const window = await world.window();
        await chooseRow(window, /Пернетақта/);
        await window.waitForWords(said('window-pin-at-reader'));
        await window.picture(world.artefact('token-pin-pad-ru.png'));
        assert.ok(!(await window.tree()).some((node) => node.role === 'password text'), 'a field for a PIN of the reader');
        await window.click(BUTTONS, said('window-sign'));
        await window.waitForWords(said('window-busy-reader'));
        await window.picture(world.artefact('token-pin-pad-busy-ru.png'));
        const { code, responseObject, message } = JSON.parse(await wire.next(60));
        assert.equal(code, '200', message);
        await world.windowGone();
        await verify(world, responseObject, attached(world, world.nca.authorities));
      });
      await padCard.unplug();
      await hidingCard.plug();
      await withWire(world, {}, async (wire) => {
        await has(wire, STORES.odd);
        wire.send(cades(world, STORES.odd));
        const window = await world.window();
        await chooseRow(window, /Жасырын/);
        await window.picture(world.artefact('token-hiding-ru.png'));
        await typePin(window, tokens.pins.hiding);
        await window.key('Return');
        // Whose key it is is seen only now, and signing is decided on after that.
        await window.waitForWords(new RegExp(world.nca.key('head').name));
        await window.waitForDecision();
        await window.picture(world.artefact('token-hiding-open-ru.png'));
        await window.key('Return');
        const { code, responseObject, message } = JSON.parse(await wire.next(60));
        assert.equal(code, '200', message);
        await world.windowGone();
        await verify(world, responseObject, attached(world, world.nca.authorities));
      });
    } finally {
      for (const card of [padCard, hidingCard]) if (card.isPluggedIn()) await card.unplug();
      await oddCard.plug();
    }
    return hasOracle ? undefined : WITHOUT_ORACLE;
  },

  'a card that is pulled out in the middle of signing is said, and signs when it is in again': async (world) => {
    const tokens = await Tokens.of(world);
    const { cardCard: card, pins } = tokens;
    await tokens.unplugSoftHsm();
    card.misbehave({ in: 'C_Sign', how: 'unplug', times: 1 });
    return withWire(world, {}, async (wire) => {
      wire.send(cades(world, STORES.card));
      const window = await world.window();
      await signOn(window, /Айгүл/, pins.card);
      await window.waitForWords(said('error-token-gone'));
      await window.picture(world.artefact('token-pulled-out-ru.png'));
      assert.ok(!card.isPluggedIn());
      assert.ok(await wire.isSilent(0), 'the page was told of a failure that the person can still mend');
      await card.plug();
      await signOn(window, /Айгүл/, pins.card);
      const { code, responseObject, message } = JSON.parse(await wire.next(60));
      assert.equal(code, '200', message);
      await world.windowGone();
      card.misbehave();
      return verify(world, responseObject, attached(world, world.nca.authorities));
    });
  },

  'a driver that dies or lies while it signs costs a sentence, and nothing else': async (world) => {
    const tokens = await Tokens.of(world);
    await tokens.unplugSoftHsm();
    return withWire(world, {}, async (wire) => {
      for (const [fault, sentence] of [
        [{ in: 'C_Sign', how: 'abort' }, 'error-token-crashed'],
        [{ in: 'C_Sign', how: 'garbage' }, 'error-token-wrong-signature'],
      ]) {
        tokens.odd.misbehave(fault);
        wire.send(cades(world, STORES.odd));
        const window = await world.window();
        const before = tokens.hosts(tokens.odd.path);
        await signOn(window, /Бөлек/, tokens.pins.odd);
        await window.waitForWords(said(sentence));
        await window.picture(world.artefact(`token-${fault.how}-ru.png`));
        await canceled(world, window, wire);
        await signsWithFile(world, wire);
        if (fault.how === 'abort') assert.ok(before.some((pid) => !tokens.hosts(tokens.odd.path).includes(pid)), 'it did not crash');
      }
      tokens.odd.misbehave();
      const { code } = await signedOn(world, wire, cades(world, STORES.odd), /Бөлек/, tokens.pins.odd);
      assert.equal(code, '200');
      assert.equal(tokens.oddCard.triesLeft(), 3);
    });
  },

  'a driver that hangs while it signs holds up neither the page nor the next key, and is ended': async (world) => {
    const tokens = await Tokens.of(world);
    await tokens.unplugSoftHsm();
    return withWire(world, {}, async (wire) => {
      tokens.odd.misbehave({ in: 'C_Sign', how: 'sleep', seconds: 60 });
      wire.send(cades(world, STORES.odd));
      let window = await world.window();
      await signOn(window, /Бөлек/, tokens.pins.odd);
      await window.waitForWords(said('window-busy-signing'));
      await window.picture(world.artefact('token-busy-ru.png'));
      const begin = Date.now();
      await canceled(world, window, wire);
      const cancel = Date.now() - begin;
      assert.ok(cancel < 5000, `the page had its answer after ${cancel} ms`);
      const next = await signsWithFile(world, wire);

      wire.send(cades(world, STORES.odd));
      window = await world.window();
      await signOn(window, /Бөлек/, tokens.pins.odd);
      await until('the driver is said to hang', async () => said('error-token-not-responding').test(await window.words()), { seconds: 40 });
      await window.picture(world.artefact('token-silent-ru.png'));
      tokens.odd.misbehave();
      await canceled(world, window, wire);
      return `cancelled in ${cancel} ms; the next key signed ${next} ms after its request`;
    });
  },

  'on the command line a driver that dies or hangs costs a sentence, and no process of it stays': async (world) => {
    const tokens = await Tokens.of(world);
    await tokens.unplugSoftHsm();
    const letter = join(world.scratch, 'letter.txt');
    const signature = `${letter}.cms`;
    writeFileSync(letter, world.keys.document);
    const signLetter = () => world.agent.command(['sign', letter, '--token', tokens.oddCard.label, '--pin-stdin'], { input: `${tokens.pins.odd}\n` });
    const notes = [];
    for (const [fault, sentence] of [
      [{ in: 'C_Sign', how: 'abort' }, 'command-token-crashed'],
      [{ in: 'C_Sign', how: 'sleep', seconds: 300 }, 'command-token-not-responding'],
    ]) {
      // The agent's own processes of the driver have nothing to do with the command's.
      const before = new Set(tokens.hosts(tokens.odd.path));
      tokens.odd.misbehave(fault);
      const begin = Date.now();
      const { code, stderr } = await signLetter();
      notes.push(`${fault.how}: ${((Date.now() - begin) / 1000).toFixed(1)} s`);
      assert.equal(code, 1, stderr);
      assert.match(stderr, said(sentence));
      assert.ok(!existsSync(signature), 'half a signature');
      await tokens.ended(tokens.hosts(tokens.odd.path).filter((pid) => !before.has(pid)));
    }
    tokens.odd.misbehave();
    const { code, stderr } = await signLetter();
    assert.equal(code, 0, stderr);
    assert.ok(existsSync(signature));
    assert.equal(tokens.oddCard.triesLeft(), 3);
    return notes.join(', ');
  },

  'a driver that never starts, and one that prints, hold nobody up': async (world) => {
    const tokens = await Tokens.of(world);
    await tokens.unplugSoftHsm();
    tokens.odd.misbehave({ in: '*', how: 'noise', lines: 3 });
    await world.agent.stop();
    await world.agent.start(world.port);
    await withWire(world, {}, async (wire) => {
      const { code } = await signedOn(world, wire, cades(world, STORES.odd), /Бөлек/, tokens.pins.odd);
      assert.equal(code, '200');
    });
    tokens.odd.misbehave({ in: 'C_Initialize', how: 'sleep', seconds: 60 });
    await world.agent.stop();
    await world.agent.start(world.port);
    try {
      return await withWire(world, {}, async (wire) => {
        const time = await signsWithFile(world, wire);
        const { code } = await signedOn(world, wire, cades(world, STORES.card), /Айгүл/, tokens.pins.card);
        assert.equal(code, '200');
        return `with a driver that hangs at its start, a key file signed ${time} ms after the request`;
      });
    } finally {
      tokens.odd.misbehave();
    }
  },

  'when the agent ends, no process of a driver is left behind': async (world) => {
    const tokens = await Tokens.of(world);
    const hosts = tokens.hosts();
    assert.ok(hosts.length > 0, 'no driver was loaded');
    await world.agent.stop();
    await tokens.ended(hosts);
    assert.deepEqual(tokens.hosts(), []);
    await world.agent.start(world.port);
  },
};
