// How the check page looks and reads: three languages, light and dark, a phone, 200 % zoom, and what axe-core, which looks
// for what shuts people out, has to say.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { CheckPage } from '../world/check-page.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const DESK = { width: 1280, height: 900 };
/** A phone; and 1280 by 900 at 200 %, which is half as many points across. */
const NARROW = { phone: { width: 320, height: 640 }, zoom: { width: 640, height: 450 } };
const OLD = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/84.0.4147.89 Safari/537.36';

/** What is wider than its place, or cut off in it. */
const CUT = `[...document.querySelectorAll('body *')].filter((one) => {
  if (one.closest('[hidden], .unseen, svg, textarea') || one.clientWidth === 0) return false;
  const style = getComputedStyle(one);
  if (style.display === 'inline') return one.getBoundingClientRect().right > innerWidth + 1;
  return one.scrollWidth > one.clientWidth + 1 || (style.overflow !== 'visible' && one.scrollHeight > one.clientHeight + 1);
}).map((one) => one.outerHTML.slice(0, 120))`;

async function isOpenToAll(page, what) {
  await page.tab.evaluate(AXE);
  const violations = await page.tab.evaluate(async () => {
    const report = await globalThis.axe.run(document, { resultTypes: ['violations'] });
    return report.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
  });
  assert.deepEqual(violations, [], what);
}

async function isWhole(page, what) {
  assert.deepEqual(await page.evaluate(CUT), [], what);
  assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), `${what} scrolls sideways`);
}

async function looks(world, page, name) {
  const picture = (suffix) => page.tab.screenshot({ path: world.artefact(`check-${name}-${suffix}.png`), fullPage: true });
  await page.evaluate('document.querySelectorAll("details").forEach((one) => { one.open = false; })');
  for (const colorScheme of ['light', 'dark']) {
    await page.tab.emulateMedia({ colorScheme });
    await page.tab.setViewportSize(DESK);
    await isOpenToAll(page, `${name} ${colorScheme}`);
    await picture(colorScheme);
  }
  await page.tab.emulateMedia({ colorScheme: 'light' });
  await page.evaluate('document.querySelectorAll("details").forEach((one) => { one.open = true; })');
  await isOpenToAll(page, `${name} opened`);
  await isWhole(page, `${name} desk`);
  for (const [place, size] of Object.entries(NARROW)) {
    await page.tab.setViewportSize(size);
    await isWhole(page, `${name} ${place}`);
    await picture(place);
  }
  await page.tab.setViewportSize(DESK);
}

async function walk(world, language) {
  const browser = await world.chromium();
  const address = `https://127.0.0.1:${world.port}/?lang=${language}`;
  const page = await CheckPage.inChromium(browser, address);
  await page.checked();
  assert.equal(await page.evaluate('document.documentElement.lang'), language);
  await looks(world, page, `ready-${language}`);

  await page.press('test');
  const window = await world.window();
  await page.reaches('sign', 'waiting open');
  await isOpenToAll(page, `open ${language}`);
  await window.sign(world.keys.person.password);
  await page.checked();
  await world.windowGone();
  await looks(world, page, `signed-${language}`);
  await page.close();

  // As much as can go wrong at once: the longest page there is.
  const ill = await CheckPage.inChromium(browser, address, async (tab) => {
    const session = await tab.context().newCDPSession(tab);
    await session.send('Emulation.setUserAgentOverride', { userAgent: OLD });
    await session.send('Emulation.setDocumentCookieDisabled', { disabled: true });
    await tab.routeWebSocket(/127\.0\.0\.1/, (socket) => socket.close());
  });
  await ill.checked();
  await ill.press('test');
  await ill.reaches('sign', 'fault lost');
  await ill.checked();
  await looks(world, ill, `fault-${language}`);
  await ill.close();
}

/** Tab alone leads through the page, in the order in which it is read, and what has the focus is seen. */
async function keyboard(world) {
  const page = await CheckPage.inChromium(await world.chromium(), `https://127.0.0.1:${world.port}/?lang=ru`);
  await page.checked();
  const stops = [];
  for (let steps = 0; steps < 40; steps += 1) {
    await page.tab.keyboard.press('Tab');
    const stop = await page.evaluate(`(() => {
      const one = document.activeElement;
      const ring = getComputedStyle(one);
      return { tag: one.tagName, id: one.id, hasRing: ring.outlineStyle !== 'none' && parseFloat(ring.outlineWidth) >= 2 };
    })()`);
    if (stop.tag === 'BODY') break;
    assert.ok(stop.hasRing, `${stop.tag} ${stop.id} has the focus and does not show it`);
    stops.push(stop.id || stop.tag);
  }
  const lines = await page.evaluate('document.querySelectorAll(".check").length');
  assert.deepEqual(stops, [
    'A', 'A', 'A', 'again', 'test', ...Array.from({ length: lines }, () => 'SUMMARY'), 'copy', 'SUMMARY',
  ]);
  await page.tab.emulateMedia({ forcedColors: 'active' });
  await isOpenToAll(page, 'forced colours');
  await page.tab.screenshot({ path: world.artefact('check-forced-colours-ru.png') });
  await page.close();
}

export const journeys = {
  ...Object.fromEntries(['kk', 'ru', 'en'].map((language) => [
    `the check page in ${language}: light, dark, on a phone, at 200 %, and open to all`,
    (world) => walk(world, language),
  ])),
  'the check page is gone through by the keyboard alone': keyboard,
};
