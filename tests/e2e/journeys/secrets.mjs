// The last journeys: after all that was signed, neither a log nor the data folder holds a password, a PIN, a document or a
// key, nor does the memory of the processes that have nothing to do with them.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { withWire } from '../world/asking.mjs';
import { Child } from '../world/child.mjs';
import { privateBytes } from '../world/keys.mjs';
import { AS_A_PERSON, isOpenToOthers, memoryHolds, writesNoCore } from '../world/memory.mjs';
import { chooseRow, signedOn, typePin } from '../world/pin.mjs';
import { STORES, Tokens } from '../world/tokens.mjs';
import { COMMON_UTILS, createCades } from '../world/wire.mjs';

function* filesBelow(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const status = statSync(path, { throwIfNoEntry: false });
    if (status?.isDirectory()) yield* filesBelow(path);
    else if (status?.isFile()) yield path;
  }
}

/** The ways in which a careless program might have written some bytes. */
function spellings(bytes) {
  const buffer = Buffer.from(bytes);
  const base64 = [0, 1, 2].map((shift) => Buffer.concat([Buffer.alloc(shift), buffer]).toString('base64'))
    // Only the middle is the same whatever stood around it.
    .map((text) => text.slice(4, -4));
  return [buffer, Buffer.from(buffer.toString('hex')), Buffer.from(buffer.toString('hex').toUpperCase()),
    Buffer.from(buffer.toString('utf16le'), 'utf8'), ...base64.filter((text) => text.length >= 8).map((text) => Buffer.from(text))];
}

/** All PINs of the world's tokens, by what they are. */
function pins(world) {
  return Object.fromEntries(Object.entries(world.tokens?.pins ?? {}).map(([name, pin]) => [`the PIN of ${name}`, pin]));
}

export const journeys = {
  'no process but the signer holds a PIN or a private key in memory, and none writes it to a core file': async (world) => {
    const tokens = await Tokens.of(world);
    const { cardCard: card, oddCard } = tokens;
    // The keys of the cards are in their libraries, of course; the person's own is in no process but the signer.
    const keys = [...await privateBytes(world.keys.person), ...await privateBytes(world.nca.key('person'))];
    const needles = [
      ...Object.entries({ ...pins(world), 'the password': world.keys.person.password }).map(([name, text]) => [name, Buffer.from(text)]),
      ...keys.map((bytes, index) => [`private key ${index}`, bytes]),
    ];
    const isPin = (name) => name.startsWith('the PIN');
    const cades = createCades([STORES.card, 'SIGNATURE', 'eA==', true]);
    const looked = [];
    const holdsNone = (what, pid, wanted = needles) => {
      const held = memoryHolds(pid, wanted);
      if (!held) return;
      assert.deepEqual(held.found, [], `${what} (${held.octets} octets)`);
      assert.ok(held.octets > 100_000, `${what}: only ${held.octets} octets were looked at`);
      looked.push(what);
    };
    const quiet = () => {
      holdsNone('the listener', world.agent.child.pid);
      const [watcher] = tokens.programsOf('watch');
      holdsNone('the watcher', watcher.pid);
      // Drivers of the cards that were signed with: what they were given is theirs for one call.
      for (const library of [tokens.kaztoken, tokens.odd]) {
        for (const pid of tokens.hosts(library.path)) holdsNone(`a driver's process`, pid, needles.filter(([name]) => isPin(name)));
      }
    };
    await withWire(world, {}, async (wire) => {
      await wire.ask({ module: COMMON_UTILS, method: 'getActiveTokens', args: [] });
      assert.equal((await signedOn(world, wire, cades, new RegExp(card.label), card.pin)).code, '200');
      quiet();
      // While a PIN is being typed, and while the window of another card is open.
      wire.send(createCades([STORES.odd, 'SIGNATURE', 'eA==', true]));
      const window = await world.window();
      await chooseRow(window, new RegExp(oddCard.label));
      await typePin(window, oddCard.pin);
      quiet();
      // The search finds what is there.
      const signer = memoryHolds(window.pid, needles);
      if (signer) assert.ok(signer.found.includes('the PIN of odd'), 'the search is blind');
      await window.key('Return');
      assert.equal(JSON.parse(await wire.next(60)).code, '200');
      await world.windowGone();
      quiet();
      for (const pid of [window.pid, ...tokens.programsOf('watch').map(({ pid }) => pid), ...tokens.hosts()]) {
        assert.ok(writesNoCore(pid), `process ${pid} may write a core file`);
      }
    });
    return looked.length > 0 ? undefined : 'NOT RUN for memory: only root may look at it';
  },

  'no other program of the same person may look into the agent, its signer or a driver\'s process': async (world) => {
    const tokens = await Tokens.of(world);
    const { cardCard: card } = tokens;
    await world.agent.stop();
    await world.agent.start(world.port, AS_A_PERSON);
    const [command, ...args] = [...AS_A_PERSON, 'sleep', '60'];
    const other = new Child(command, args, { env: world.env, log: join(world.logs, 'sleep.log') });
    try {
      await withWire(world, {}, async (wire) => {
        wire.send(createCades([STORES.card, 'SIGNATURE', 'eA==', true]));
        const window = await world.window();
        await chooseRow(window, new RegExp(card.label));
        await typePin(window, card.pin);
        const ours = {
          'the listener': [world.agent.child.pid],
          'the signer': [window.pid],
          'the watcher': tokens.programsOf('watch').map(({ pid }) => pid),
          'a driver\'s process': tokens.hosts(),
        };
        // The look sees what is open.
        assert.ok(await isOpenToOthers(other.pid), 'the look is blind');
        for (const [what, pids] of Object.entries(ours)) {
          assert.ok(pids.length > 0, `${what} does not run`);
          for (const pid of pids) assert.equal(await isOpenToOthers(pid), false, `${what} is open to others`);
        }
        await window.key('Return');
        assert.equal(JSON.parse(await wire.next(60)).code, '200');
        await world.windowGone();
      });
    } finally {
      await other.stop('SIGKILL');
      await world.agent.stop();
      await world.agent.start(world.port);
    }
  },

  'no log and no file of the agent holds a password, a PIN, a document or a private key': async (world) => {
    const secrets = {
      ...pins(world),
      ...Object.fromEntries((world.lifePasswords ?? []).map((password, index) => [`password ${index} of a key that was asked for`, password])),
      'the password': world.keys.person.password,
      'the password of another key': world.keys.head.password,
      'a wrong password': world.keys.wrongPassword,
      'a document': world.keys.marker,
    };
    const privateKeys = [...await privateBytes(world.keys.person), ...await privateBytes(world.keys.head)];
    privateKeys.forEach((bytes, index) => { secrets[`private key ${index}`] = bytes; });
    const logs = readdirSync(world.logs).filter((name) => !/^(xvfb|openbox|firefox)/.test(name)).map((name) => join(world.logs, name));
    const files = [...logs, ...filesBelow(world.data)];
    assert.ok(logs.some((path) => statSync(path).size > 0), 'the agent wrote no log at all, so nothing was looked at');
    assert.ok(files.length > logs.length, 'the data folder is empty');
    for (const file of files) {
      const bytes = readFileSync(file);
      for (const [what, secret] of Object.entries(secrets)) {
        for (const spelling of spellings(secret)) {
          assert.ok(!bytes.includes(spelling), `${what} stands in ${file}`);
        }
      }
    }
    return privateKeys.length > 0 ? undefined : 'NOT RUN for private keys: the independent verifier is not here';
  },
};
