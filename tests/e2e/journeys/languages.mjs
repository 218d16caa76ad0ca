// The window in each of the three languages.

import assert from 'node:assert/strict';
import { said } from '../world/texts.mjs';
import { Wire, sign } from '../world/wire.mjs';

const base64 = (data) => Buffer.from(data).toString('base64');

/** How each counts three documents: plurals are the catalogue's own business. */
const languages = {
  kk: /3 құжат/,
  ru: /3 документа/,
  en: /3 documents/,
};

async function walk(world, language, several) {
  const wire = await Wire.connect(world.port, { origin: 'https://egov.kz' });
  await wire.next();
  const picture = (window, name) => window.picture(world.artefact(`language-${name}-${language}.png`));
  const one = sign({ data: base64('1'), signingParams: { decode: true }, locale: language });

  wire.send(one);
  let window = await world.window();
  await picture(window, 'sign');
  await window.sign(world.keys.wrongPassword);
  await window.waitForWords(said('error-wrong-password', {}, language));
  await picture(window, 'wrong-password');
  await window.key('Escape');
  await wire.next();
  await world.windowGone();

  const digests = [1, 2, 3].map((octet) => base64(Buffer.alloc(64, octet)));
  wire.send(sign({ data: digests, signingParams: { decode: true, digested: true }, locale: language }));
  window = await world.window();
  await picture(window, 'digests');
  assert.match(await window.words(), several);
  await window.key('Escape');
  await wire.next();
  await world.windowGone();

  wire.send(one);
  window = await world.window();
  wire.close();
  await window.waitForWords(said('window-gone', {}, language));
  await picture(window, 'page-gone');
  await world.windowGone();
}

export const journeys = Object.fromEntries(Object.entries(languages).map(([language, several]) => [
  `the window speaks ${language}: signing, digests, a wrong password, the page gone`,
  (world) => walk(world, language, several),
]));
