// Requests of a page that end in a window, as a person answers them.

import assert from 'node:assert/strict';
import { said } from './texts.mjs';
import { BUTTONS } from './window.mjs';
import { Wire } from './wire.mjs';

const GREETING = '{"result":{"version":"1.4"}}';

/** One socket for one journey. */
export async function withWire(world, options, walk) {
  const wire = await Wire.connect(world.port, options);
  try {
    assert.equal(await wire.next(), GREETING);
    return await walk(wire);
  } finally {
    wire.close();
  }
}

/** Signs in a window that is open, with a key that is in its list already or is brought now. */
export async function signIn(world, window, key) {
  if (key.file === world.keys.person.file) {
    await window.sign(key.password);
    return;
  }
  await window.chooseFile(key.file);
  await window.sign(key.password);
  await window.waitForDecision();
  await window.key('Return');
}

/** Asks, signs, and gives the parsed answer. Keys that were brought are taken off the list again. */
export async function signedWith(world, wire, request, key, picture) {
  wire.send(request);
  const window = await world.window();
  if (picture) await window.picture(world.artefact(picture));
  await signIn(world, window, key);
  const answer = JSON.parse(await wire.next(60));
  await world.windowGone();
  if (key.file !== world.keys.person.file) await world.agent.must(['keys', 'remove', key.file]);
  return answer;
}

/** Says yes to what a window asks beside signing; `what` is the word in the names of its sentences. */
export async function agree(world, window, what, picture) {
  if (picture) await window.picture(world.artefact(picture));
  await window.click(BUTTONS, said(`window-${what}-yes`));
}

/** Agrees to what comes first, and gives the window that comes after it. */
export async function agreeFirst(world, what, picture) {
  const window = await world.window();
  await agree(world, window, what, picture);
  return world.window({ not: window.id });
}

/** Asks, agrees, and gives the parsed answer. */
export async function agreed(world, wire, request, what, picture) {
  wire.send(request);
  await agree(world, await world.window(), what, picture);
  const answer = JSON.parse(await wire.next(60));
  await world.windowGone();
  return answer;
}

/** Chooses a file for the page by typing its path, as where there is no file chooser. */
export async function chooseFileFor(world, window, path, picture) {
  if (picture) await window.picture(world.artefact(picture));
  await window.typePath(path);
}
