// Chromium with a fresh profile, as a person's browser: it trusts only what the NSS database of its home folder says.

import { accessSync, constants, readFileSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const NAMES = ['chromium', 'google-chrome-stable', 'google-chrome', 'chromium-browser'];

/** The program, or undefined where there is none that a test can use. */
export function chromiumProgram() {
  const candidates = [
    process.env.TANBA_CHROMIUM,
    ...process.env.PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name))),
    chromium.executablePath(),
  ];
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      // A snap cannot see a home folder of the journey's own.
      return !realpathSync(path).endsWith('/snap') && !readFileSync(path).subarray(0, 4096).includes('/snap/bin');
    } catch {
      return false;
    }
  });
}

export class Chromium {
  static async start(home, env) {
    const browser = new Chromium();
    browser.context = await chromium.launchPersistentContext(join(home, 'chromium-profile'), {
      executablePath: chromiumProgram(),
      headless: true,
      locale: 'ru-RU',
      env: { ...env, HOME: home },
      args: [
        '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
      ],
    });
    return browser;
  }

  /** Opens a page; gives what can be done with it. */
  async open(url) {
    const page = await this.context.newPage();
    await page.goto(url);
    return {
      ask: (method, args = [], agent = undefined) => {
        const answer = page.evaluate(([m, a, u]) => ask(m, a, u), [method, args, agent]);
        answer.catch(() => {}); // a journey may fail, and the browser end, before anybody waits for it
        return answer;
      },
      close: () => page.close(),
      text: () => page.evaluate(() => document.body.innerText),
      picture: (path) => page.screenshot({ path }),
      page,
    };
  }

  stop() {
    return this.context.close();
  }
}
