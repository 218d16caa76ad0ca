// The test kit's decisions, made in the real window with a key on a card: what holds for key files holds for tokens.

import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { run } from '../world/child.mjs';
import { Decider } from '../world/decider.mjs';
import { chooseRow, rows, typePin } from '../world/pin.mjs';
import { said } from '../world/texts.mjs';
import { STORES, Tokens } from '../world/tokens.mjs';
import { BUTTONS } from '../world/window.mjs';

const KIT = fileURLToPath(new URL('../../conformance/run.sh', import.meta.url));

/** Whatever the window asks, the answer is yes; where it wants a key, the card's. */
async function agrees(window, card) {
  if ((await rows(window)).length === 0) {
    await window.click(BUTTONS, said('window-stamp-yes'));
    return;
  }
  await chooseRow(window, new RegExp(card.label));
  if ((await window.tree()).some((node) => node.role === 'password text')) {
    await typePin(window, card.pin);
    await window.key('Return');
  } else {
    await window.showKey();
  }
}

/** Runs those of the kit's checks with the card whose names have these words. */
async function checked(world, words) {
  const { cardCard: card } = await Tokens.of(world);
  const decider = await Decider.start(world, { sign: (window) => agrees(window, card), cancel: (window) => window.key('Escape') });
  try {
    const { stdout, stderr } = await run(KIT, [
      '--url', world.agent.address, '--signer', decider.address, '--token', STORES.card, '--storage', STORES.card,
      '--only', words, '--json',
    ], { env: world.env, timeout: 170_000 });
    assert.match(stdout, /^\{/, stderr);
    const { checks } = JSON.parse(stdout);
    assert.deepEqual(decider.troubles, []);
    assert.deepEqual(checks.filter(({ result }) => result === 'fail'), []);
    return `${checks.filter(({ result }) => result === 'pass').length} checks`;
  } finally {
    await decider.stop();
  }
}

export const journeys = {
  'the test kit is content with CAdES of a card': (world) => checked(world, 'createCAdESFromBase64'),
  'the test kit is content with the key of a card': (world) => checked(world, 'getKeyInfo gives all'),
};
