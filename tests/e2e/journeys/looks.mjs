// The main window as desktops show it that are dark, of high contrast, or twice as large: pictures to look at, and what a
// machine can see of them: that the window fits on the screen and that nothing in it is cut off sideways.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child, sleep, until } from '../world/child.mjs';
import { GuidePerson, PARTS } from '../world/guide.mjs';
import { said } from '../world/texts.mjs';

const PORTAL = fileURLToPath(new URL('../../windows/portal.py', import.meta.url));

export const minutes = 10;

/** As wide as the screen of the journeys is. */
const SCREEN = 1280;

/** How the desktop looks, and how large it shows things. */
const LOOKS = [['light', 1], ['dark', 1], ['contrast', 1], ['dark-contrast', 1], ['light', 2], ['dark', 2]];

const READY = {
  keys: 'main-keys-days', files: 'main-files-explained', journal: 'main-journal-explained', sites: 'main-sites-explained',
  check: 'main-check-report', settings: 'main-settings-explained', about: 'main-about-explained',
};

/** What sticks out of the window at its side, though nothing scrolls that way, or the window out of the screen. */
function isWhole(tree, what) {
  const { box: [left, , width] } = tree.find((node) => node.role === 'frame');
  assert.ok(left >= 0 && left + width <= SCREEN, `${what}: from ${left} to ${left + width} on a screen of ${SCREEN}`);
  const out = tree.filter(({ states, box, role }) => role !== 'frame' && states.includes('showing') && box && box[2] > 0
    && box[3] > 0 && (box[0] < left - 1 || box[0] + box[2] > left + width + 1));
  assert.deepEqual(out.map(({ role, name }) => `${role}: ${name}`), [], `${what}: cut off at the side`);
}

async function inLook(world, look, use) {
  const portal = new Child('/usr/bin/python3', [PORTAL, look], { env: world.display.env, log: join(world.logs, 'portal.log') });
  try {
    await until('the portal', () => portal.output.includes('ready'));
    await use();
  } finally {
    await portal.stop().catch(() => {});
  }
}

async function walk(world, language) {
  const person = await GuidePerson.settle(world, language);
  const folder = world.artefact(`looks/${language}`);
  mkdirSync(folder, { recursive: true });
  try {
    for (const origin of ['https://egov.kz', 'https://cabinet.salyk.kz']) {
      await person.asked(origin, 'text', (window) => window.key('Escape'));
    }
    const document = join(person.home, 'report.txt');
    writeFileSync(document, 'A report.\n');
    const { env } = person;
    for (const [look, scale] of LOOKS) {
      person.env = { ...env, SLINT_SCALE_FACTOR: String(scale) };
      await inLook(world, look, async () => {
        for (const part of PARTS) {
          await person.inPart(part, async (window) => {
            const what = `${part}-${language}-${look}-${scale * 100}`;
            await until(what, async () => said(READY[part], {}, language).test(await window.words()), { seconds: 60 });
            if (part === 'files') {
              await world.drop(window, document);
              await window.waitForWords(said('main-files-sign', {}, language));
            } else if (['keys', 'journal', 'settings', 'check'].includes(part)) {
              // The first row, opened.
              await window.click(['list item'], /./);
            }
            await sleep(500);
            isWhole(await window.tree(), what);
            await world.display.xdotool('mousemove', 1279, 959);
            await sleep(300);
            await window.picture(join(folder, `${what}.png`));
          });
        }
      });
    }
  } finally {
    await person.leave().catch((error) => console.log(`note    ${error.message}`));
  }
}

export const journeys = Object.fromEntries(['kk', 'ru', 'en'].map((language) => [
  `the main window in ${language}, light, dark, with high contrast and twice as large, is whole`,
  (world) => walk(world, language),
]));
