// The window and the page in each of the three languages.

import assert from 'node:assert/strict';
import { Wire, createCades, sign } from '../world/wire.mjs';

const base64 = (text) => Buffer.from(text).toString('base64');
const words = { kk: /[ӘәҒғҚқҢңӨөҰұҮүҺһІі]/, ru: /Подписать|Отмена/, en: /Sign|Cancel/ };

export const journeys = Object.fromEntries(Object.entries(words).flatMap(([language, pattern]) => [
  [`the window speaks ${language}: signing, several documents, a wrong password, the page gone`, async (world) => {
    const wire = await Wire.connect(world.port, { origin: 'https://egov.kz' });
    await wire.next();
    const picture = (window, name) => window.picture(world.artefact(`${name}-${language}.png`));

    wire.send(sign({ data: base64('1'), signingParams: { decode: true }, locale: language }));
    let window = await world.window();
    assert.match(await window.words(), pattern);
    await picture(window, 'language-sign');
    await window.type(world.keys.wrongPassword);
    await window.key('Return');
    const before = await window.words();
    await window.waitForWords(/.*/);
    assert.ok(before);
    await world.sleep(700);
    await picture(window, 'language-wrong-password');
    await window.key('Escape');
    await wire.next();
    await world.windowGone();

    wire.send(sign({ data: ['1', '2', '3'].map(base64), signingParams: { decode: true, digested: true }, locale: language }));
    window = await world.window();
    await picture(window, 'language-digests');
    await window.key('Escape');
    await wire.next();
    await world.windowGone();

    wire.send(sign({ data: base64('1'), signingParams: { decode: true }, locale: language }));
    window = await world.window();
    wire.close();
    await world.sleep(400);
    await picture(window, 'language-page-gone');
    await world.windowGone();
  }],
]));
