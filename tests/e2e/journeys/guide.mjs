// What a person sees in each of the three languages, from the first request of a site to the last part of the main window:
// looked at as the screen reader does, and as pictures, which are those of the guide (docs/guide).

import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CheckPage } from '../world/check-page.mjs';
import { run, sleep, until } from '../world/child.mjs';
import { GuidePerson, PARTS, smaller } from '../world/guide.mjs';
import { isSaid, notTranslated, said } from '../world/texts.mjs';

const GUIDE = fileURLToPath(new URL('../../../docs/guide/', import.meta.url));

export const minutes = 8;

/** The roles of what a person can do something with; each says by its name what. */
const WORKED = ['push button', 'button', 'toggle button', 'check box', 'combo box', 'entry', 'password text', 'list item', 'page tab', 'link', 'radio button'];

const WORDS = {
  kk: { document: 'Өтініш: мекенжай анықтамасын беруіңізді сұраймын.\n', report: 'Тоқсандық есеп, 910-нысан\n' },
  ru: { document: 'Заявление: прошу выдать адресную справку.\n', report: 'Квартальный отчёт, форма 910\n' },
  en: { document: 'Application: please issue a certificate of address.\n', report: 'Quarterly report, form 910\n' },
};

/** Words that are only stressed. */
const EMPHASIS = ['bold', 'Жирным', 'қалың', 'another', 'другой', 'басқа'];

const shows = (node) => node.states.includes('showing') && node.box && node.box[2] > 0 && node.box[3] > 0;

/** What a screen reader is told is whole: a name for everything, nothing in another language, nothing cut off sideways. */
function isToldWhole(tree, language, what) {
  const nameless = tree.filter((node) => WORKED.includes(node.role) && shows(node) && !node.name?.trim());
  assert.deepEqual(nameless, [], `${what}: without a name`);
  const unlabelled = tree.filter((node) => node.states.includes('focusable') && shows(node) && !node.name?.trim());
  assert.deepEqual(unlabelled, [], `${what}: takes the focus and has no name`);
  if (language !== 'en') {
    const foreign = notTranslated(language);
    for (const text of tree.flatMap((node) => [node.name, node.description]).filter(Boolean)) {
      const found = foreign.find(([, pattern]) => pattern.test(text));
      assert.equal(found?.[0], undefined, `${what}: "${text}" is English`);
    }
  }
}

const focused = (tree) => tree.find((node) => node.states.includes('focused'));
const placeOf = (node) => `${node?.role}: ${node?.name} ${node?.box}`;

/**
 * With the Tab key alone a person comes through the whole window and back to where they began, from top to bottom and only
 * to what they see.
 */
async function isWalkedByKeyboard(window, what) {
  const begin = focused(await window.tree());
  assert.ok(begin, `${what}: nothing has the focus`);
  const seen = [begin];
  for (;;) {
    await window.key('Tab');
    await sleep(150);
    const now = focused(await window.tree());
    assert.ok(now, `${what}: after ${placeOf(seen.at(-1))} nothing has the focus`);
    assert.ok(now.name?.trim(), `${what}: the focus is on something without a name`);
    // The round is closed. The first place itself may lie elsewhere by now: a row that was opened is scrolled into sight.
    if (seen.some((node) => placeOf(node) === placeOf(now))) break;
    seen.push(now);
    assert.ok(seen.length < 60, `${what}: Tab does not come round: ${seen.slice(-6).map(placeOf).join(' → ')}`);
  }
  // Once it goes up: where the round begins anew.
  const up = seen.filter((node, index) => index > 0 && node.box[1] + node.box[3] <= seen[index - 1].box[1]);
  assert.ok(up.length <= 1, `${what}: Tab goes up more than once: ${seen.map(placeOf).join(' → ')}`);
  return seen.length;
}

/** The part is there with all that it had to ask for. */
const ready = {
  keys: 'main-keys-days', files: 'main-files-explained', journal: 'main-journal-explained', sites: 'main-sites-explained',
  check: 'main-check-report', settings: 'main-settings-explained',
  about: 'main-about-explained',
};

const FILES = { kk: 'есеп.txt', ru: 'отчёт.txt', en: 'report.txt' };

const openRow = (name) => async (_, window) => {
  await window.click(['list item'], name);
  await sleep(500);
};

/** What is done in a part before its picture is taken, so that it shows what can be done there. */
const open = {
  keys: (person, window) => openRow(new RegExp(person.key.name))(person, window),
  journal: openRow(/egov\.kz/),
  sites: openRow(/salyk/),
  files: async (person, window, language) => {
    const document = join(person.home, FILES[language]);
    writeFileSync(document, WORDS[language].report);
    await person.world.drop(window, document);
    await window.waitForWords(said('main-files-sign', {}, language));
  },
};

async function signs(person, window, world) {
  const { language } = person;
  isToldWhole(await window.tree(), language, 'the signing window');
  await person.picture(window, 'sign');
  await window.sign(world.keys.wrongPassword);
  await window.waitForWords(said('error-wrong-password', {}, language));
  isToldWhole(await window.tree(), language, 'the signing window after a wrong password');
  await person.picture(window, 'wrong-password');
  await window.clear();
  await window.sign(person.key.password);
}

async function looksAtCheckPage(person) {
  const browser = await person.chromium();
  const page = await CheckPage.inChromium(browser, `https://127.0.0.1:${person.agent.port}/?lang=${person.language}`);
  await page.tab.setViewportSize({ width: 1000, height: 760 });
  await page.checked();
  const path = join(person.pictures, 'check-page.png');
  await page.tab.screenshot({ path });
  await smaller(path);
  await page.close();
}

/** How much a picture may differ from the one in the guide, in hundredths of its points: a date, a number of days. */
const MOST_DIFFERENCE = 1.5;
/** What a browser draws, in its own letters, which another version draws otherwise. */
const BY_A_BROWSER = ['check-page.png'];

async function difference(one, other) {
  const { stderr } = await run('compare', ['-metric', 'AE', '-fuzz', '10%', one, other, 'null:']);
  const { stdout } = await run('identify', ['-format', '%[fx:w*h]', one]);
  // Of pictures that differ in size it says no number.
  return /^[\d.e+]+$/.test(stderr.trim()) ? (100 * Number(stderr)) / Number(stdout) : 100;
}

/** The guide shows what is on the screen today, and its words in bold stand there. `make guide` makes its pictures anew. */
async function isInTheGuide(person) {
  const folder = join(GUIDE, person.language);
  const text = readFileSync(join(folder, 'README.md'), 'utf8');
  const wanted = [...text.matchAll(/!\[[^\]]+\]\(([^)]+\.png)\)/g)].map(([, name]) => name).sort();
  const made = readdirSync(person.pictures).sort();
  assert.deepEqual(wanted, made, 'the guide shows other pictures than there are');
  for (const [, broken] of text.matchAll(/\*\*([^*]+?)[.:]?\*\*/g)) {
    const words = broken.replaceAll(/\s+/g, ' ');
    // What a list begins its points with is the guide's own.
    const isOwn = new RegExp(`^\\d\\. \\*\\*${words}\\.\\*\\*`, 'm').test(text);
    assert.ok(isOwn || EMPHASIS.includes(words) || isSaid(words, person.language), `nothing on the screen says "${words}"`);
  }
  for (const name of made) {
    const [fresh, kept] = [join(person.pictures, name), join(folder, name)];
    if (process.env.TANBA_GUIDE === 'make') {
      copyFileSync(fresh, kept);
    } else if (!BY_A_BROWSER.includes(name)) {
      assert.ok(existsSync(kept), `${kept} is not there: make guide`);
      const hundredths = await difference(fresh, kept);
      assert.ok(hundredths <= MOST_DIFFERENCE, `${name} differs in ${hundredths.toFixed(1)} % of its points from the one in the guide: make guide`);
    }
  }
}

async function walk(world, language) {
  const person = await GuidePerson.settle(world, language);
  const { document, report } = WORDS[language];
  try {
    const signed = await person.asked('https://egov.kz', document, (window) => signs(person, window, world));
    assert.equal(signed.status, true, JSON.stringify(signed).slice(0, 300));
    await person.asked('https://cabinet.salyk.kz', report, async (window) => {
      await window.key('Escape');
    });
    let steps = 0;
    for (const part of PARTS) {
      await person.inPart(part, async (window) => {
        let words = '';
        await until(`${part} in ${language}`, async () => {
          words = await window.words();
          return said(ready[part], {}, language).test(words);
        }, { seconds: 60 }).catch((error) => { throw new Error(`${error.message}; it says:\n${words}`); });
        const tree = await window.tree();
        isToldWhole(tree, language, `${part} (${language})`);
        const tabs = tree.filter((node) => node.role === 'page tab').map((node) => node.name);
        assert.deepEqual(tabs.map((name, index) => said(`main-${PARTS[index]}`, {}, language).test(name)), PARTS.map(() => true), tabs.join());
        await open[part]?.(person, window, language);
        isToldWhole(await window.tree(), language, `${part} opened (${language})`);
        await person.picture(window, part);
        steps += await isWalkedByKeyboard(window, `${part} (${language})`);
      });
    }
    await looksAtCheckPage(person);
    await isInTheGuide(person);
    return `${steps} places by the Tab key`;
  } finally {
    await person.leave().catch((error) => console.log(`note    ${error.message}`));
  }
}

const of = (languages) => Object.fromEntries(languages.map((language) => [
  `guide: all that a person sees in ${language} has names, is translated, and is walked by the keyboard`,
  (world) => walk(world, language),
]));

export const journeys = of(['kk']);
export const longJourneys = of(['ru', 'en']);
