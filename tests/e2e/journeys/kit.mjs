// The dialect's test kit, run with key files, once more with keys on tokens, made to sign in the real window: what holds for
// key files holds for tokens, check by check.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../world/child.mjs';
import { Decider } from '../world/decider.mjs';
import { Hand } from '../world/hand.mjs';
import { STORES, Tokens, WITHOUT_SOFTHSM } from '../world/tokens.mjs';

const KIT = fileURLToPath(new URL('../../conformance/run.sh', import.meta.url));

/** A whole run is a hundred and more windows, each of which a person would need as long for. */
export const minutes = 20;

/** Checks that a run with a token cannot make, and why. */
const NOT_WITH_A_TOKEN = {
  'what is plugged in and taken out while the page is open is in the next answer, each kind once':
    'begins with nothing plugged in, where the key would be; the journeys of tokens plug and unplug',
  'loadSlotList has a line for each token of a kind, by which the page can name it once it was answered':
    'the same',
};

/** What the kit finds, check by check. */
async function report(world, options) {
  const { stdout, stderr } = await run(KIT, [...options, '--beyond', '--json'], { env: world.env, timeout: minutes * 60_000 });
  assert.match(stdout, /^\{/, stderr);
  return JSON.parse(stdout).checks;
}

const named = (checks, wanted) => checks.filter(({ result }) => result === wanted).map(({ name }) => name);

/** What passes with key files: the kit's own server signs with them, as in `make test`. */
async function withFiles(world) {
  world.kitWithFiles ??= await report(world, ['--server', join(world.programs, 'tanba-conformance-server')]);
  return world.kitWithFiles;
}

/** Runs the kit with these keys, which are on tokens of one kind. Only those checks whose names have these words. */
async function withToken(world, storage, keys, words = '') {
  const hand = new Hand(world, keys);
  const decider = await Decider.start(world, {
    sign: (window, follow) => hand.agree(window, follow),
    'sign-as-another': (window, follow) => hand.agree(window, follow, 'other'),
    cancel: (window) => window.key('Escape'),
  });
  try {
    const checks = await report(world, [
      '--url', world.agent.address, '--signer', decider.address, '--token', storage, '--storage', storage, '--only', words,
    ]);
    assert.deepEqual([checks.filter(({ result }) => result === 'fail'), decider.troubles], [[], []]);
    return checks;
  } finally {
    await decider.stop();
  }
}

/** Runs all of it: what passes with key files passes, and nothing is left out but what is named above. */
async function whole(world, storage, keys) {
  const files = await withFiles(world);
  assert.deepEqual(named(files, 'fail'), []);
  const checks = await withToken(world, storage, keys);
  const passed = named(checks, 'pass');
  assert.deepEqual(named(files, 'pass').filter((name) => !passed.includes(name) && !(name in NOT_WITH_A_TOKEN)), []);
  assert.deepEqual(named(checks, 'not run').sort(), Object.keys(NOT_WITH_A_TOKEN).sort());
  return `${passed.length} checks with a token, ${named(files, 'pass').length} with key files`;
}

/** Two cards with keys of GOST. */
async function withCards(world, walk) {
  const tokens = await Tokens.of(world);
  const { cardCard: card, secondCard: second, oddCard: odd } = tokens;
  await tokens.unplugSoftHsm();
  const key = ({ label, pin }, name) => ({ row: new RegExp(`${world.nca.key(name).name}.*${label}`, 's'), pin });
  await odd.unplug();
  await second.plug();
  try {
    return await walk({ own: key(card, 'person'), other: key(second, 'head'), login: key(second, 'auth') });
  } finally {
    await second.unplug();
    await odd.plug();
  }
}

/** The token of SoftHSM: the key with this algorithm signs, the other one beside it. */
async function withSoftHsm(world, algorithm, walk) {
  const tokens = await Tokens.of(world);
  if (!tokens.softHsmLibrary) return WITHOUT_SOFTHSM;
  const { cardCard: card, oddCard: odd, softHsmHolders: holders } = tokens;
  const key = (name) => ({ row: new RegExp(`${name}.*SoftHSM`, 's'), pin: tokens.pins.softHsm });
  const [other] = Object.keys(holders).filter((one) => one !== algorithm);
  await tokens.unplugSoftHsm();
  await tokens.addLoginKey();
  for (const one of [card, odd]) await one.unplug();
  await tokens.plugSoftHsm();
  try {
    return await walk({ own: key(holders[algorithm]), other: key(holders[other]), login: key(tokens.softHsmLogin.name) });
  } finally {
    await tokens.unplugSoftHsm();
    for (const one of [card, odd]) await one.plug();
  }
}

/** Runs a slice of it. */
async function slice(world, storage, keys, words) {
  return `${named(await withToken(world, storage, keys, words), 'pass').length} checks`;
}

export const journeys = {
  'the test kit is content with CAdES of a card that signs with GOST': (world) => withCards(world, (keys) => slice(world, STORES.card, keys, 'createCAdESFromBase64')),
  'the test kit is content with XML of RSA on SoftHSM': (world) => withSoftHsm(world, 'rsa2048', (keys) => slice(world, STORES.softHsm, keys, 'signXml gives')),
  'the test kit is content with bare values of EC on SoftHSM': (world) => withSoftHsm(world, 'p256', (keys) => slice(world, STORES.softHsm, keys, 'raw with outputCert')),
};

/** All of it, some minutes for each. */
export const longJourneys = {
  'the test kit is as content with a card that signs with GOST as with key files': (world) => withCards(world, (keys) => whole(world, STORES.card, keys)),
  'the test kit is as content with RSA of SoftHSM as with key files': (world) => withSoftHsm(world, 'rsa2048', (keys) => whole(world, STORES.softHsm, keys)),
  'the test kit is as content with EC of SoftHSM as with key files': (world) => withSoftHsm(world, 'p256', (keys) => whole(world, STORES.softHsm, keys)),
};
