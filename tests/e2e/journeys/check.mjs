// The check page: what it finds where all is well and where something stands in the way, and its test signature.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CheckPage, FINE } from '../world/check-page.mjs';
import { until } from '../world/child.mjs';
import { Chromium } from '../world/chromium.mjs';
import { Firefox, firefoxProgram } from '../world/firefox.mjs';
import { said } from '../world/texts.mjs';
import { verify } from '../world/verify.mjs';
import { BUTTONS, Window } from '../world/window.mjs';

const address = (world, language = 'ru', scheme = 'https') => `${scheme}://127.0.0.1:${world.port}/?lang=${language}`;

async function open(world, prepare, language) {
  return CheckPage.inChromium(await world.chromium(), address(world, language), prepare);
}

/** What is found beside what is found where all is well. */
function differs({ lines }, besides = {}) {
  // Chromium asks for the permission or does not, as old as it is.
  const { network, ...others } = lines;
  assert.match(network, /^(?:unknown asked|ok absent|ok granted)$/);
  assert.deepEqual(others, { ...FINE, ...besides });
}

async function finds(world, prepare, result, besides, sentence) {
  const page = await open(world, prepare);
  const found = await page.checked();
  differs(found, besides);
  assert.equal(found.result, result);
  assert.match(found.sentence, sentence);
  await page.close();
  return found;
}

/** Nothing of the person and of this computer is in a report. */
function isRedacted(world, report) {
  const { name, iin, file } = world.keys.person;
  for (const secret of [name, ...name.split(' '), iin, file, world.home, world.data, world.keys.person.password]) {
    assert.ok(!report.includes(secret), `the report has ${secret}`);
  }
}

/** Saves both files as a person does, and holds them against each other and the independent verifier. */
async function holds(world, text, signature) {
  assert.match(text, said('check-sign-sample'));
  return verify(world, signature.toString('base64'), { content: text, attached: true, authorities: world.keys.authorities });
}

const agentAs = (userAgent) => async (tab) => {
  const session = await tab.context().newCDPSession(tab);
  await session.send('Emulation.setUserAgentOverride', { userAgent });
};

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)';

/** The browser's clock, so many milliseconds away. */
const clockOff = (milliseconds) => (tab) => tab.addInitScript((shift) => {
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...given) {
      if (given.length > 0) super(...given);
      else super(Real.now() + shift);
    }

    static now() {
      return Real.now() + shift;
    }
  };
}, milliseconds);

const HOUR = 3_600_000;

export const journeys = {
  'where nothing stands in the way the page says so, and shows no window': async (world) => {
    const page = await open(world);
    const found = await page.checked();
    differs(found);
    assert.equal(found.result, 'ready');
    assert.match(found.sentence, said('page-ready'));
    assert.deepEqual(page.complaints, []);
    assert.deepEqual(await Window.shown(world.display), []);
    await page.close();
  },

  'a test signature is made in the window, verified, and both files are given': async (world) => {
    const page = await open(world);
    await page.checked();
    await page.tab.focus('#test');
    await page.tab.keyboard.press('Enter');
    const window = await world.window();
    assert.match(await window.words(), said('window-this-computer'));
    assert.match(await window.waitForWords(said('check-sign-sample')), /127\.0\.0\.1/);
    await page.reaches('sign', 'waiting open');
    await window.picture(world.artefact('check-window-ru.png'));
    await page.tab.screenshot({ path: world.artefact('check-open-ru.png'), fullPage: true });
    await window.sign(world.keys.person.password);
    const found = await page.checked();
    await world.windowGone();
    differs(found, { sign: 'ok good', keys: 'ok ready' });
    assert.equal(found.result, 'signed');
    assert.match(found.said.keys, said('check-keys-ready'));
    isRedacted(world, found.report);
    const save = async (link) => {
      const [download] = await Promise.all([page.tab.waitForEvent('download'), page.tab.click(link)]);
      return { name: download.suggestedFilename(), octets: readFileSync(await download.path()) };
    };
    const [text, signature] = [await save('#file-text'), await save('#file-signature')];
    assert.deepEqual([text.name, signature.name], ['tanba-test.txt', 'tanba-test.txt.cms']);
    assert.deepEqual(page.complaints, []);
    await page.close();
    return holds(world, text.octets.toString(), signature.octets);
  },

  'a wrong password stays in the window, and a closed window signs nothing': async (world) => {
    const page = await open(world);
    await page.checked();
    // Who presses twice, because nothing seems to happen, gets one window.
    await page.press('test');
    await page.press('test');
    const window = await world.window();
    await window.sign(world.keys.wrongPassword);
    await window.waitForWords(said('error-wrong-password'));
    await page.reaches('sign', 'waiting open');
    await window.key('Escape');
    const found = await page.checked();
    await world.windowGone();
    differs(found, { sign: 'unknown cancelled' });
    assert.match(found.said.sign, new RegExp(`tanba sites forget https://127\\.0\\.0\\.1:${world.port}`));
    assert.equal(await page.evaluate('document.getElementById("files").hidden'), true);
    await page.close();
  },

  'a signature that is not found good is not told as good': async (world) => {
    // Tanba's answers are exchanged on their way: the page must ask, and believe only what it hears.
    const answers = { bad: () => true, unverified: () => undefined };
    for (const [name, answer] of Object.entries(answers)) {
      const page = await open(world, (tab) => tab.routeWebSocket(/127\.0\.0\.1/, (socket) => {
        const server = socket.connectToServer();
        socket.onMessage((message) => {
          if (!message.includes('"verifyCMSSignature"')) server.send(message);
          else socket.send(JSON.stringify({ result: answer() ?? '', errorCode: 'COMMON' }));
        });
      }));
      await page.checked();
      await page.press('test');
      await (await world.window()).sign(world.keys.person.password);
      const { lines } = await page.checked();
      await world.windowGone();
      assert.match(lines.sign, new RegExp(` ${name}$`));
      await page.close();
    }
  },

  'when Tanba goes away during the test, the page says so': async (world) => {
    const page = await open(world);
    await page.checked();
    await page.press('test');
    await world.window();
    await world.agent.stop();
    await world.windowGone();
    const { lines, result } = await page.checked();
    assert.deepEqual([lines.sign, result], ['fault lost', 'fault']);
    await page.close();
    await world.agent.start(world.port);
  },

  'a socket that is blocked is said, with what may be in the way': async (world) => {
    const silent = { socket: 'fault silent', tls: 'unknown unknown', tokens: 'unknown unknown' };
    const block = (tab) => tab.routeWebSocket(/127\.0\.0\.1/, (socket) => socket.close());
    await finds(world, block, 'unreachable', silent, said('page-unreachable'));
  },

  'without cookies the page says that portals will not work': async (world) => {
    const off = async (tab) => {
      const session = await tab.context().newCDPSession(tab);
      await session.send('Emulation.setDocumentCookieDisabled', { disabled: true });
    };
    await finds(world, off, 'fault', { cookies: 'fault off' }, said('check-cookies'));
  },

  'without JavaScript the page says that it cannot look, and what to do': async (world) => {
    const browser = await world.chromium();
    const tab = await browser.context.newPage();
    const session = await browser.context.newCDPSession(tab);
    await session.send('Emulation.setScriptExecutionDisabled', { value: true });
    await tab.goto(address(world));
    const words = await tab.innerText('main');
    assert.match(words, said('page-no-script-next'));
    // Nothing that cannot be true is on it: no line, no button.
    assert.equal(await tab.locator('.check:visible, button:visible').count(), 0);
    await tab.screenshot({ path: world.artefact('check-no-script-ru.png') });
    await tab.close();
  },

  'an old browser, one that portals do not name, and one that says nothing': async (world) => {
    const old = agentAs(`${CHROME} Chrome/84.0.4147.89 Safari/537.36`);
    const { said: words } = await finds(world, old, 'fault', { browser: 'fault old' }, said('check-browser'));
    assert.match(words.browser, /Chrome 84.*Chrome 85/s);
    const yandex = agentAs(`${CHROME} Chrome/120.0.0.0 YaBrowser/24.1.0.0 Safari/537.36`);
    await finds(world, yandex, 'attention', { browser: 'attention unlisted' }, said('check-browser'));
    await finds(world, agentAs('Nothing'), 'ready', { browser: 'unknown unknown' }, said('page-ready'));
    for (const [userAgent, state] of [
      ['Mozilla/5.0 (X11; Linux x86_64; rv:85.0) Gecko/20100101 Firefox/85.0', 'fault old'],
      ['Mozilla/5.0 (X11; Linux x86_64; rv:86.0) Gecko/20100101 Firefox/86.0', 'ok fit'],
      ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.6 Safari/605.1.15', 'fault old'],
      ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.0 Safari/605.1.15', 'ok fit'],
      [`${CHROME} Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0`, 'ok fit'],
      [`${CHROME} Chrome/84.0.0.0 Safari/537.36 OPR/70.0.0.0`, 'fault old'],
      ['Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko', 'fault old'],
    ]) {
      const page = await open(world, agentAs(userAgent));
      assert.equal((await page.checked()).lines.browser, state, userAgent);
      await page.close();
    }
  },

  'a blocker, a browser without digests, and an extension are seen': async (world) => {
    const blocker = (tab) => tab.addInitScript(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('.adsbox { display: none !important; }');
      document.adoptedStyleSheets = [sheet];
    });
    await finds(world, blocker, 'attention', { blocker: 'attention some' }, said('check-blocker'));
    const without = (tab) => tab.addInitScript(() => Object.defineProperty(crypto, 'subtle', { value: undefined }));
    await finds(world, without, 'fault', { crypto: 'fault missing' }, said('check-crypto'));
    const marked = (tab) => tab.addInitScript(() => document.addEventListener('DOMContentLoaded', () => {
      document.documentElement.dataset.tanbaExtension = '9.8.7';
    }));
    const { said: words } = await finds(world, marked, 'ready', { extension: 'ok there' }, said('page-ready'));
    assert.match(words.extension, /9\.8\.7/);
  },

  'what the browser says of the way to this computer is told as that, and no more': async (world) => {
    const { context } = await world.chromium();
    const origin = `https://127.0.0.1:${world.port}`;
    const network = async (prepare) => {
      const page = await open(world, prepare);
      const { lines } = await page.checked();
      assert.equal(lines.socket, FINE.socket);
      await page.close();
      return lines.network;
    };
    assert.equal(await network(), 'unknown asked');
    await context.grantPermissions(['local-network-access'], { origin });
    assert.equal(await network(), 'ok granted');
    const deny = async (tab) => {
      const session = await context.newCDPSession(tab);
      await session.send('Browser.setPermission', { permission: { name: 'loopback-network' }, setting: 'denied', origin });
    };
    assert.equal(await network(deny), 'attention denied');
    await context.clearPermissions();
  },

  'clocks that differ, a clock before this version, and a time zone of before 2024': async (world) => {
    await finds(world, clockOff(2 * HOUR), 'fault', { clock: 'fault browser' }, said('check-clock'));
    await finds(world, clockOff(-8 * 365 * 24 * HOUR), 'fault', { clock: 'fault browser' }, said('check-clock'));
    const zone = async (tab) => {
      const session = await tab.context().newCDPSession(tab);
      await session.send('Emulation.setTimezoneOverride', { timezoneId: 'Asia/Almaty' });
      await tab.addInitScript(() => { Date.prototype.getTimezoneOffset = () => -360; });
    };
    await finds(world, zone, 'attention', { clock: 'attention zone' }, said('check-clock'));
    // Tanba's own clock, and both: the page as a computer with an empty battery would get it.
    const behind = async (tab) => {
      const session = await tab.context().newCDPSession(tab);
      session.on('Fetch.requestPaused', async ({ requestId, responseHeaders, responseStatusCode: responseCode }) => {
        const { body } = await session.send('Fetch.getResponseBody', { requestId });
        const page = Buffer.from(body, 'base64').toString().replace(/data-now="[^"]+"/, 'data-now="2020-01-01T00:00:00.000Z"');
        const answer = { requestId, responseCode, responseHeaders, body: Buffer.from(page).toString('base64') };
        await session.send('Fetch.fulfillRequest', answer);
      });
      await session.send('Fetch.enable', { patterns: [{ urlPattern: '*?lang=*', requestStage: 'Response' }] });
    };
    // A page that did not come over the network itself needs the permission to reach this computer.
    const { context } = await world.chromium();
    await context.grantPermissions(['local-network-access'], { origin: `https://127.0.0.1:${world.port}` });
    await finds(world, behind, 'fault', { clock: 'fault agent' }, said('check-clock'));
    const both = async (tab) => {
      await behind(tab);
      await clockOff(Date.UTC(2020, 0, 1) - Date.now())(tab);
    };
    await finds(world, both, 'fault', { clock: 'fault past' }, said('check-clock'));
    await context.clearPermissions();
  },

  'a browser that does not trust the certificate yet is told the command': async (world) => {
    const home = join(world.scratch, 'untrusting');
    mkdirSync(home, { recursive: true });
    const browser = await Chromium.start(home, world.env);
    try {
      const page = await CheckPage.inChromium(browser, address(world, 'ru', 'http'));
      const found = await page.checked();
      assert.deepEqual([found.lines.socket, found.lines.tls, found.result], ['ok answers', 'fault untrusted', 'untrusted']);
      assert.match(found.sentence, /tanba trust install/);
      await page.tab.screenshot({ path: world.artefact('check-untrusted-ru.png') });
    } finally {
      await browser.stop();
    }
  },

  'the report is copied, and where that is refused it is marked for copying': async (world) => {
    const browser = await world.chromium();
    const page = await open(world);
    const { report } = await page.checked();
    await browser.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: `https://127.0.0.1:${world.port}` });
    await page.tab.click('#copy');
    await until('the word that it was copied', () => page.evaluate('!document.getElementById("copied").hidden'));
    const copied = await page.evaluate('navigator.clipboard.readText()');
    const withoutTime = (text) => text.replace(/^20\S+Z$/m, '');
    assert.equal(withoutTime(copied.replaceAll('\r', '')), withoutTime(report));
    assert.match(copied, /\[socket\.answers\]/);
    isRedacted(world, copied);
    await page.evaluate('navigator.clipboard.writeText = () => Promise.reject(new Error("refused"))');
    await page.tab.click('#copy');
    await until('the word that it is marked', () => page.evaluate('!document.getElementById("by-hand").hidden'));
    assert.equal(await page.evaluate('getSelection().toString() === document.activeElement.value'), true);
    await browser.context.clearPermissions();
    await page.close();
  },

  'a hostile page can neither frame the page, nor read it, nor press its button': async (world) => {
    const ours = address(world);
    const server = createServer((request, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      response.end(`<!doctype html><title>evil</title><iframe src="${ours}"></iframe>`);
    });
    await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    const browser = await world.chromium();
    const tab = await browser.context.newPage();
    try {
      await tab.goto(`http://localhost:${server.address().port}/`);
      const [, frame] = tab.frames();
      assert.doesNotMatch(frame.url(), /lang=ru/);
      for (const mode of ['cors', 'no-cors']) {
        const got = await tab.evaluate(([url, m]) => fetch(url, { mode: m }).then(() => 'an answer', () => 'nothing'), [ours, mode]);
        assert.equal(got, 'nothing', mode);
      }
      const [popup] = await Promise.all([
        browser.context.waitForEvent('page'),
        tab.evaluate((url) => { globalThis.theirs = window.open(`${url}&sign=1#test`); }, ours),
      ]);
      await popup.waitForURL(/lang=ru/);
      const page = new CheckPage((expression) => popup.evaluate(expression));
      await page.checked();
      assert.equal(await popup.evaluate('window.opener'), null);
      // The handle leads to nothing, and what it says nobody hears.
      assert.equal(await tab.evaluate('theirs.closed'), true);
      await tab.evaluate("theirs.postMessage({ type: 'sign' }, '*')");
      assert.equal((await page.checked()).lines.sign, FINE.sign);
      assert.deepEqual(await Window.shown(world.display), []);
      await popup.close();
    } finally {
      await tab.close();
      server.closeAllConnections?.();
      server.close();
    }
  },

  'in Firefox the page finds all well, and its test signature holds': async (world) => {
    if (!firefoxProgram()) return 'NOT RUN: no Firefox that a test can use is here';
    const downloads = join(world.scratch, 'firefox-downloads');
    const profile = await Firefox.makeProfile(world.home, 'check', {
      'browser.download.folderList': 2, 'browser.download.dir': downloads,
    });
    await world.agent.must(['trust', 'install']);
    const browser = await Firefox.start(world.home, profile, world.env, join(world.logs, 'firefox-check.log'));
    try {
      const { evaluate, picture } = await browser.open(address(world));
      const page = new CheckPage(evaluate);
      const found = await page.checked();
      differs(found);
      assert.equal(found.result, 'ready');
      await page.press('test');
      await (await world.window()).sign(world.keys.person.password);
      const signed = await page.checked();
      await world.windowGone();
      differs(signed, { sign: 'ok good', keys: 'ok ready' });
      assert.equal(signed.result, 'signed');
      isRedacted(world, signed.report);
      await picture(world.artefact('check-firefox-ru.png'));
      const save = async (id, name) => {
        await page.press(id);
        return until(name, () => {
          try {
            const octets = readFileSync(join(downloads, name));
            return octets.length > 0 && octets;
          } catch {
            return undefined;
          }
        });
      };
      const text = await save('file-text', 'tanba-test.txt');
      const signature = await save('file-signature', 'tanba-test.txt.cms');
      return await holds(world, text.toString(), signature);
    } finally {
      await browser.stop();
    }
  },

  'the page can be blocked like any site, and says how to lift it': async (world) => {
    const origin = `https://127.0.0.1:${world.port}`;
    const page = await open(world);
    await page.checked();
    await page.press('test');
    await (await world.window()).click(BUTTONS, said('window-block-site'));
    assert.equal((await page.checked()).lines.sign, 'unknown cancelled');
    await world.windowGone();
    await page.press('test');
    const { said: words } = await page.checked();
    assert.deepEqual(await Window.shown(world.display), []);
    assert.ok(words.sign.includes(`tanba sites forget ${origin}`), words.sign);
    await world.agent.must(['sites', 'forget', origin]);
    await page.press('test');
    await (await world.window()).key('Escape');
    await page.checked();
    await world.windowGone();
    await page.close();
  },
};
