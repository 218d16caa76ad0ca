// The check page in a browser, read as a person reads it: the sentence on top, and a state and a case for each line.

import { until } from './child.mjs';

/** What is found where nothing stands in the way: a key in a file, no token, no extension. */
export const FINE = {
  sign: 'unknown not-yet', keys: 'unknown asked',
  browser: 'ok fit', script: 'ok on', cookies: 'ok on', crypto: 'ok works', blocker: 'ok none',
  socket: 'ok answers', tls: 'ok trusted', extension: 'ok absent', tokens: 'unknown none', clock: 'ok agree',
};

const READ = `JSON.stringify({
  result: document.getElementById('result').dataset.state,
  sentence: document.querySelector('[data-result]:not([hidden])').innerText,
  lines: Object.fromEntries([...document.querySelectorAll('.check')].map((line) => {
    const shown = [...line.querySelectorAll('[data-case]:not([hidden])')];
    return [line.id, [line.dataset.state, ...shown.map((one) => one.dataset.case)].join(' ')];
  })),
  said: Object.fromEntries([...document.querySelectorAll('.check')].map((line) => [line.id, line.querySelector('.found').innerText])),
  isReady: !document.querySelector('#test:is(:disabled, [aria-disabled=true])'),
  report: document.querySelector('textarea').value,
})`;

export class CheckPage {
  /** `evaluate` runs an expression in the page and gives its value. */
  constructor(evaluate) {
    this.evaluate = evaluate;
  }

  /** The page in Chromium, at this address; `prepare` is given the empty tab before it goes there. */
  static async inChromium(browser, address, prepare = async () => {}) {
    const tab = await browser.context.newPage();
    const page = new CheckPage((expression) => tab.evaluate(expression));
    page.tab = tab;
    page.complaints = [];
    tab.on('pageerror', (error) => page.complaints.push(error.message));
    tab.on('console', (message) => { if (message.type() === 'error') page.complaints.push(message.text()); });
    await prepare(tab);
    await tab.goto(address);
    return page;
  }

  async read() {
    return JSON.parse(await this.evaluate(READ));
  }

  /** What it says once every line has been looked at and no test goes on. */
  checked() {
    return until('the page to have checked everything', async () => {
      const found = await this.read();
      return found.isReady && found.result !== 'checking' && found;
    }, { seconds: 60 });
  }

  press(id) {
    return this.evaluate(`document.getElementById(${JSON.stringify(id)}).click()`);
  }

  /** Waits until a line stands like this. */
  reaches(id, state) {
    return until(`${id}: ${state}`, async () => (await this.read()).lines[id] === state, { seconds: 60 });
  }

  close() {
    return this.tab.close();
  }
}
