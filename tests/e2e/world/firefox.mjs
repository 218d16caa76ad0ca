// Firefox with a fresh profile, driven over WebDriver BiDi (https://w3c.github.io/webdriver-bidi/), which it speaks
// itself: no driver program stands between.

import { accessSync, constants, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import WebSocket from 'ws';
import { Child, must, until } from './child.mjs';

export function firefoxProgram() {
  const candidates = process.env.PATH.split(delimiter)
    .flatMap((folder) => ['firefox-esr', 'firefox'].map((name) => join(folder, name)));
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return !realpathSync(path).endsWith('/snap');
    } catch {
      return false;
    }
  });
}

export class Firefox {
  /** Makes a new profile where Firefox keeps a person's, so that `tanba trust install` finds it; with `more` preferences. */
  static async makeProfile(home, name, more = {}) {
    const profile = join(home, `.mozilla/firefox/${name}.default`);
    mkdirSync(profile, { recursive: true });
    await must('certutil', ['-N', '--empty-password', '-d', `sql:${profile}`]);
    const preferences = {
      'browser.shell.checkDefaultBrowser': false,
      'browser.aboutwelcome.enabled': false,
      'datareporting.policy.dataSubmissionEnabled': false,
      'toolkit.telemetry.enabled': false,
      'app.update.enabled': false,
      'network.captive-portal-service.enabled': false,
      'network.connectivity-service.enabled': false,
      'browser.safebrowsing.malware.enabled': false,
      'browser.safebrowsing.phishing.enabled': false,
      ...more,
    };
    const lines = Object.entries(preferences).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`);
    writeFileSync(join(profile, 'user.js'), `${lines.join('\n')}\n`);
    return profile;
  }

  static async start(home, profile, env, log) {
    const browser = new Firefox();
    browser.child = new Child(
      firefoxProgram(),
      ['--headless', '--no-remote', '--remote-debugging-port', '0', '--profile', profile],
      { env: { ...env, HOME: home, MOZ_CRASHREPORTER_DISABLE: '1' }, log },
    );
    const address = await until('Firefox', () => {
      if (!browser.child.isRunning) throw new Error(`Firefox: ${browser.child.output}`);
      return /WebDriver BiDi listening on (ws:\S+)/.exec(browser.child.output)?.[1];
    }, { seconds: 60 });
    browser.waiting = new Map();
    browser.socket = new WebSocket(`${address}/session`, { maxPayload: 256 * 1024 * 1024 });
    browser.socket.on('message', (data) => {
      const message = JSON.parse(data);
      const settle = browser.waiting.get(message.id);
      browser.waiting.delete(message.id);
      if (!settle) return;
      if (message.type === 'error') settle.reject(new Error(`${message.error}: ${message.message}`));
      else settle.resolve(message.result);
    });
    await new Promise((resolve, reject) => {
      browser.socket.once('open', resolve);
      browser.socket.once('error', reject);
    });
    await browser.send('session.new', { capabilities: {} });
    return browser;
  }

  send(method, params) {
    this.count = (this.count ?? 0) + 1;
    const id = this.count;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }

  async open(url) {
    const { context } = await this.send('browsingContext.create', { type: 'tab' });
    await this.send('browsingContext.navigate', { context, url, wait: 'complete' });
    const evaluate = async (expression) => {
      const answer = await this.send('script.evaluate', { expression, target: { context }, awaitPromise: true });
      if (answer.type !== 'success') throw new Error(answer.exceptionDetails.text);
      return JSON.parse(answer.result.value);
    };
    return {
      ask: (method, args = [], agent = undefined) => evaluate(
        `ask(${JSON.stringify(method)}, ${JSON.stringify(args)}, ${JSON.stringify(agent)}).then(JSON.stringify)`,
      ),
      evaluate: (expression) => evaluate(`Promise.resolve(${expression}).then((value) => JSON.stringify(value ?? null))`),
      picture: async (path) => {
        const { data } = await this.send('browsingContext.captureScreenshot', { context, origin: 'document' });
        writeFileSync(path, Buffer.from(data, 'base64'));
      },
      close: () => this.send('browsingContext.close', { context }),
    };
  }

  async stop() {
    this.socket?.terminate();
    await this.child.stop().catch(() => {});
  }
}
