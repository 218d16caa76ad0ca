// What a person does in a window whose key is on a token.

import assert from 'node:assert/strict';
import { sleep, until } from './child.mjs';
import { said } from './texts.mjs';
import { BUTTONS } from './window.mjs';

export const isRow = (node) => node.role === 'radio button';

/** The keys that a window lists, as a screen reader says them. */
export async function rows(window) {
  return (await window.tree()).filter(isRow);
}

/** Waits for the row of a token, or of a key on it, that can be chosen, and chooses it. */
export async function chooseRow(window, pattern) {
  const found = async () => (await rows(window)).find((one) => pattern.test(one.name) && one.states.includes('sensitive'));
  // A chosen row that its field pushed out of sight is named above the field.
  const isChosen = async () => (await window.tree()).some(({ role, name, states }) => pattern.test(name ?? '')
    && (role === 'radio button' ? states.includes('checked') : role === 'label'));
  await until(`${pattern} among the keys`, found);
  await until(`${pattern} chosen`, async () => {
    if (await isChosen()) return true;
    if (await found()) await window.click(['radio button'], pattern);
    // What a row that is chosen needs appears below it.
    for (let moment = 0; moment < 5; moment += 1) {
      if (await isChosen()) return true;
      await sleep(100);
    }
    // Half of it may be under the buttons, where a click is none of it.
    await window.scrollDown();
    return false;
  });
}

/** Types a PIN into its field, from nothing. */
export async function typePin(window, pin) {
  const field = async () => (await window.tree()).find((node) => node.role === 'password text');
  const { states } = await until('the field of the PIN', field);
  if (!states.includes('focused')) await window.click(['password text'], /./);
  await window.waitForFocus(['password text']);
  await window.clear();
  await window.type(pin);
  await until('the whole PIN in its field', async () => [...((await field())?.text ?? '')].length === pin.length);
}

/** Chooses a key on a token and signs with its PIN. */
export async function signOn(window, pattern, pin) {
  await chooseRow(window, pattern);
  await typePin(window, pin);
  await window.key('Return');
}

/** Asks over a socket, signs on a token, and gives the parsed answer. */
export async function signedOn(world, wire, request, pattern, pin, picture) {
  wire.send(request);
  const window = await world.window();
  await chooseRow(window, pattern);
  if (picture) await window.picture(world.artefact(picture));
  await typePin(window, pin);
  await window.key('Return');
  const answer = JSON.parse(await wire.next(60));
  await world.windowGone();
  return answer;
}

/** Types the PIN on the last try of a token, which needs a box to be set by hand first. */
export async function lastTry(window, pin, picture) {
  await window.waitForWords(said('window-pin-last'));
  await typePin(window, pin);
  await window.key('Return');
  await window.waitForWords(said('window-missing-understanding'));
  if (picture) await picture();
  await window.click(BUTTONS, said('window-pin-last-understood'));
  await until('the box set', async () => (await window.tree())
    .some((node) => said('window-pin-last-understood').test(node.name ?? '') && node.states.includes('checked')));
  await typePin(window, pin);
  await window.key('Return');
}

/** Nothing is done for a moment: whatever was tried without being asked would have happened. */
export async function stays(card, tries) {
  await sleep(300);
  assert.equal(card.triesLeft(), tries, 'the card has counted a PIN that nobody gave');
}
