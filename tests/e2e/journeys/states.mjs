// A picture of each state of the window, kept for people to look at; and that each says what it must say.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { said } from '../world/texts.mjs';
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

export const journeys = {
  'the window names the site, the document, the key, and says TEST in red': (world) => shown(
    world, createCades(['PKCS12', 'SIGNATURE', base64('Заявление на получение справки\nПрошу выдать справку.'), true]),
    async (window) => {
      const words = await window.words();
      assert.match(words, /https:\/\/egov\.kz|egov\.kz/);
      assert.match(words, said('window-test-banner'));
      assert.match(words, /Заявление на получение справки/);
      assert.match(words, new RegExp(world.keys.person.name));
      await window.picture(world.artefact('state-text.png'));
      await window.click(BUTTONS, said('window-show'));
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

  'an address that a program claims is said to be only claimed': (world) => shown(
    world, sign({ data: 'x' }),
    async (window) => {
      await window.picture(world.artefact('state-http.png'));
      assert.match(await window.words(), said('window-alarm-unknown-program-claims', { site: 'http://old-portal.kz' }));
    },
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
      assert.match(await window.words(), said('window-warning-digest-only'));
    });
    await shown(world, digest(3), async (window) => {
      await window.picture(world.artefact('state-digest-wrong-length.png'));
      assert.match(await window.words(), said('window-warning-digest-length', { octets: 3, expected: 64 }));
    });
  },

  'keys that do not fit are shown with the reason': async (world) => {
    const { expired, auth, head } = world.keys;
    for (const key of [expired, auth, head]) {
      await world.agent.must(['keys', 'add', key.file, '--password-stdin'], { input: `${key.password}\n` });
    }
    await shown(world, sign({ data: 'x', signerParams: { extKeyUsageOids: ['1.3.6.1.5.5.7.3.4'] } }), async (window) => {
      await window.picture(world.artefact('state-several-keys.png'));
      const words = await window.words();
      assert.match(words, said('window-reason-expired-on'));
      assert.match(words, said('window-reason-wrong-use'));
    });
    await shown(world, sign({ data: 'x', signerParams: { extKeyUsageOids: [], iin: '123456789012' } }), async (window) => {
      await window.picture(world.artefact('state-no-key-fits.png'));
      assert.match(await window.words(), said('window-reason-person'));
    });
    for (const key of [expired, auth, head]) await world.agent.must(['keys', 'remove', key.file]);
  },

  'Caps Lock is said beside the password': (world) => shown(world, sign({ data: 'x' }), async (window) => {
    await world.display.xdotool('key', 'Caps_Lock');
    try {
      await window.type('abc');
      await window.waitForWords(said('window-hint-caps-lock'));
      await window.picture(world.artefact('state-caps-lock.png'));
    } finally {
      await world.display.xdotool('key', 'Caps_Lock');
    }
  }),

  'a file that is no key file is said in the window': (world) => shown(world, sign({ data: 'x' }), async (window) => {
    await window.typePath(world.keys.authorities[0]);
    await window.waitForWords(said('error-not-a-key-file'));
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
