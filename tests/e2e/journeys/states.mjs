// A picture of each state of the window, kept for people to look at; and that each says what it must say.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { BUTTONS } from '../world/window.mjs';
import { Wire, createCades, sign } from '../world/wire.mjs';

const base64 = (data) => Buffer.from(data).toString('base64');
const XML = '<?xml version="1.0" encoding="UTF-8"?><login><ticket id="42">вход</ticket><when>2026-11-23</when></login>';

/** Opens a window with a request, shows it to `look`, and cancels it. */
export async function shown(world, request, look, options = {}) {
  const wire = await Wire.connect(world.port, options);
  await wire.next();
  wire.send(request);
  const window = await world.window();
  try {
    await look(window, wire);
  } finally {
    await window.key('Escape');
    await world.windowGone();
    wire.close();
  }
}

const person = (world) => ({ iin: world.keys.person.iin });

export const journeys = {
  'the window names the site, the document, the key, and says TEST in red': (world) => shown(
    world, createCades(['PKCS12', 'SIGNATURE', base64('Заявление на получение справки\nПрошу выдать справку.'), true]),
    async (window) => {
      const words = await window.words();
      assert.match(words, /https:\/\/egov\.kz|egov\.kz/);
      assert.match(words, /ТЕСТ/);
      assert.match(words, /Заявление на получение справки/);
      assert.match(words, new RegExp(world.keys.person.name));
      await window.picture(world.artefact('state-text.png'));
      await window.click(BUTTONS, /^Показать$/);
      await window.waitForWords(/Прошу выдать справку/);
      await window.picture(world.artefact('state-text-shown.png'));
    },
    { origin: 'https://egov.kz' },
  ),

  'XML is laid out for reading': (world) => shown(world, sign({ data: XML }), async (window) => {
    await window.picture(world.artefact('state-xml.png'));
    assert.match(await window.words(), /ticket/);
  }),

  'a program that is no browser is said in words': (world) => shown(world, sign({ data: 'x' }), async (window) => {
    await window.picture(world.artefact('state-program.png'));
    assert.match(await window.words(), /node/);
  }),

  'a page without TLS is said in words': (world) => shown(
    world, sign({ data: 'x' }),
    (window) => window.picture(world.artefact('state-http.png')),
    { origin: 'http://old-portal.kz' },
  ),

  'several documents are listed, each with its preview': (world) => shown(
    world, sign({ data: [base64(XML), base64('%PDF-1.7\n1 0 obj'), base64('третий')], signingParams: { decode: true } }),
    async (window) => {
      await window.picture(world.artefact('state-several.png'));
      assert.match(await window.words(), /3 документа/);
    },
  ),

  'a bare digest is warned of, and one of a wrong length in red': async (world) => {
    const digest = (length) => sign({
      data: base64(Buffer.alloc(length, 7)), signingParams: { decode: true, digested: true, encapsulate: false },
    });
    await shown(world, digest(64), async (window) => {
      await window.picture(world.artefact('state-digest.png'));
      assert.match(await window.words(), /хеш/i);
    });
    await shown(world, digest(3), async (window) => {
      await window.picture(world.artefact('state-digest-wrong-length.png'));
      assert.match(await window.words(), /неверной длины: 3 .*никто не сможет/);
    });
  },

  'keys that do not fit are shown with the reason': (world) => shown(
    world, sign({ data: 'x', signerParams: { extKeyUsageOids: ['1.2.398.3.3.4.1.2.1'], chain: [] } }),
    (window) => window.picture(world.artefact('state-unfit.png')),
  ),

  'Caps Lock is said beside the password': (world) => shown(world, sign({ data: 'x', signerParams: { extKeyUsageOids: [], ...person(world) } }), async (window) => {
    await world.display.xdotool('key', 'Caps_Lock');
    try {
      await window.type('abc');
      await window.waitForWords(/Caps Lock/i);
      await window.picture(world.artefact('state-caps-lock.png'));
    } finally {
      await world.display.xdotool('key', 'Caps_Lock');
    }
  }),

  'a file that is no key file is said in the window': (world) => shown(world, sign({ data: 'x' }), async (window) => {
    await window.chooseFile(world.keys.authorities[0]);
    await window.type('abc');
    await window.key('Return');
    await window.waitForWords(/не файл ключа/);
    await window.picture(world.artefact('state-not-a-key-file.png'));
  }),

  'every control has a name for a screen reader': (world) => shown(world, sign({ data: XML }), async (window) => {
    const tree = await window.tree();
    const read = tree.map(({ depth, role, name, states }) => `${'  '.repeat(depth)}${role} «${name}» ${states.join(' ')}\n`);
    writeFileSync(world.artefact('state-xml-as-a-screen-reader-reads-it.txt'), read.join(''));
    const controls = tree.filter((node) => [...BUTTONS, 'password text', 'text', 'radio button', 'entry'].includes(node.role)
      && node.states.includes('showing'));
    assert.ok(controls.length >= 4, JSON.stringify(controls));
    assert.deepEqual(controls.filter((node) => !node.name && !node.text), []);
  }),
};
