// Who decides in the window: a person, who is told what to click, or a program in the signer's place.

import net from 'node:net';
import { createInterface } from 'node:readline';

/** No person is asked in vain for longer. */
const PERSON = 600_000;

/** A window that a person sees and a line of this program speaks of. */
class PersonsWindow {
  constructor(say) {
    this.say = say;
  }

  sign() { this.say('sign: choose a key, type its password, confirm'); }

  signAsAnother() { this.say('sign with another key than the last time'); }

  cancel() { this.say('press Cancel'); }

  choose() { this.say('choose a key file and confirm'); }

  allowPaths() { this.say('allow the site to name files, and confirm'); }
}

/** A person in front of the screen. */
export class Person {
  constructor(write) {
    this.patience = PERSON;
    this.isPerson = true;
    this.write = write;
  }

  async opened(asked = 'In the window that opens now') {
    return new PersonsWindow((what) => this.write(`  >>> ${asked}: ${what}.\n`));
  }

  /** Nobody sees from here whether a window opens. */
  openedBefore() { return this.opened(); }

  async clear() {}

  async close() {}
}

class ScriptedWindow {
  constructor(signer, shown) {
    this.signer = signer;
    this.shown = shown;
  }

  sign() { this.signer.decide(this.shown.shown, 'sign'); }

  signAsAnother() { this.signer.decide(this.shown.shown, 'sign-as-another'); }

  cancel() { this.signer.decide(this.shown.shown, 'cancel'); }

  choose() { this.sign(); }

  allowPaths() { this.signer.decide(this.shown.shown, 'allow-paths'); }

  fail() { this.signer.decide(this.shown.shown, 'fail'); }

  /** Waits until the agent takes it off the screen. */
  withdrawn() { return this.signer.waitFor(`window ${this.shown.shown} to be withdrawn`, (word) => word.withdrawn === this.shown.shown); }
}

/** A program in the signer's place. It says a line of JSON for each window, and is told one for each decision. */
export class ScriptedSigner {
  static async connect(address, patience) {
    const [host, port] = [address.slice(0, address.lastIndexOf(':')), address.slice(address.lastIndexOf(':') + 1)];
    const signer = new ScriptedSigner();
    signer.patience = patience;
    signer.words = [];
    signer.waiting = new Set();
    signer.open = new Set();
    signer.socket = net.connect({ host, port });
    signer.socket.on('error', () => {});
    createInterface({ input: signer.socket, crlfDelay: Infinity }).on('line', (line) => signer.hear(JSON.parse(line)));
    await signer.waitFor('the scripted signer', (word) => word.ready === 1);
    return signer;
  }

  hear(word) {
    if (word.shown !== undefined) this.open.add(word.shown);
    if (word.withdrawn !== undefined) this.open.delete(word.withdrawn);
    for (const waiting of this.waiting) {
      if (waiting.fits(word)) return waiting.resolve(word);
    }
    return this.words.push(word);
  }

  /** The next word that fits; `undefined` when there is an answer before it. */
  waitFor(what, fits, answer) {
    const index = this.words.findIndex(fits);
    if (index >= 0) return Promise.resolve(this.words.splice(index, 1)[0]);
    return new Promise((resolve, reject) => {
      const waiting = { fits };
      const end = (settle, value) => {
        clearTimeout(timer);
        this.waiting.delete(waiting);
        settle(value);
      };
      const timer = setTimeout(() => end(reject, new Error(`waited ${this.patience / 1000} s in vain for ${what}`)), this.patience);
      waiting.resolve = (word) => end(resolve, word);
      waiting.give = () => end(reject, new Error('the check is over'));
      answer?.then(() => end(resolve), (error) => end(reject, error));
      this.waiting.add(waiting);
    });
  }

  /** The next window that opens. */
  opened() {
    return this.openedBefore();
  }

  /** The same; `undefined` when the answer comes without one. */
  async openedBefore(answer) {
    const word = await this.waitFor('a window', ({ shown }) => shown !== undefined, answer);
    return word && new ScriptedWindow(this, word);
  }

  /** From now on these kinds of token are plugged in, one for each name. */
  plug(names) {
    this.plugged = names;
    this.socket.write(`${JSON.stringify({ plugged: names })}\n`);
  }

  decide(window, decision) {
    this.open.delete(window);
    this.socket.write(`${JSON.stringify({ decide: window, as: decision })}\n`);
  }

  /** After a check that broke off: no window of it meets the next one. */
  async clear() {
    for (const window of [...this.open]) this.decide(window, 'cancel');
    if (this.plugged?.length) this.plug([]);
    for (const waiting of [...this.waiting]) waiting.give();
    this.words = [];
  }

  async close() {
    this.socket.destroy();
  }
}
