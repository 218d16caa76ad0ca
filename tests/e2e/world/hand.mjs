// What a person does who agrees to whatever a window asks, with a key on a token that is plugged in.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './child.mjs';
import { chooseRow, isRow, rows, typePin } from './pin.mjs';
import { said } from './texts.mjs';
import { BUTTONS } from './window.mjs';

const isButton = (name) => (node) => BUTTONS.includes(node.role) && said(name).test(node.name ?? '');

/** What a window asks, by something in it that only such a window has. */
const QUESTIONS = {
  key: isRow,
  file: isButton('window-choose-file-yes'),
  stamp: isButton('window-stamp-yes'),
  // A digest with a key for logging in could open any door: it has a window of its own before that of the key.
  anyway: isButton('window-sign-anyway'),
};

export class Hand {
  /**
   * The keys that it signs with, each a pattern for its row in the window and the PIN: the person's `own`, `other` for who
   * signs beside, and `login` where a key for logging in is wanted, which the others are not.
   */
  constructor(world, { own, other, login }) {
    this.world = world;
    this.keys = { own: [own, login], other: [other] };
  }

  /** Says yes to whatever the window asks, and to what the next one asks; `follow` is the decider's. */
  async agree(window, follow, who = 'own') {
    const question = await until('a question in the window', async () => {
      const tree = await window.tree();
      return Object.keys(QUESTIONS).find((one) => tree.some(QUESTIONS[one]));
    });
    if (question === 'stamp') await window.click(BUTTONS, said('window-stamp-yes'));
    else if (question === 'anyway') {
      const next = await follow(window, () => window.click(BUTTONS, said('window-sign-anyway')));
      await this.agree(next, follow, who);
    } else if (question === 'file') await this.#chooseFile(window);
    else await this.#useKey(window, this.keys[who]);
  }

  async #chooseFile(window) {
    const path = join(this.world.scratch, 'chosen.txt');
    writeFileSync(path, 'a file that was chosen');
    await window.typePath(path);
  }

  async #useKey(window, keys) {
    const { row, pin } = await until('a key that fits', async () => {
      const fit = (await rows(window)).filter(({ states }) => states.includes('sensitive'));
      const found = keys.find((key) => fit.some(({ name }) => key.row.test(name)));
      // Of a long window only a part is in sight, and only that is in the tree.
      if (!found) await window.scrollDown();
      return found;
    });
    await chooseRow(window, row);
    // A key that signs needs its PIN; one that is shown does not.
    const shows = isButton('window-show-key');
    const isShown = await until('a field for the PIN, or a button that shows the key', async () => {
      const tree = await window.tree();
      if (tree.some((node) => node.role === 'password text')) return 'no';
      return tree.some(shows) && 'yes';
    });
    if (isShown === 'yes') await window.showKey();
    else {
      await typePin(window, pin);
      await window.key('Return');
    }
  }
}
