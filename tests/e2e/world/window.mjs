// The signer's window, used as a person uses it: read through the screen reader's tree, worked with key presses and
// mouse clicks of the X server.

import { fileURLToPath } from 'node:url';
import { must, run, sleep, until } from './child.mjs';
import { said } from './texts.mjs';

const TREE = fileURLToPath(new URL('tree.py', import.meta.url));
const CLASS = 'tanba';
export const BUTTONS = ['push button', 'button', 'link', 'check box'];
/** The window takes no consent for half a second after it appears or gets the focus back. */
const GUARD = 600;

const isFocused = (node) => node.states.includes('focused');

export class Window {
  constructor(display, id, pid) {
    this.display = display;
    this.id = id;
    this.pid = pid;
  }

  /** The ids of the signer's windows that are on the screen. */
  static async shown(display) {
    const { stdout } = await run('xdotool', ['search', '--onlyvisible', '--class', CLASS], { env: display.env });
    return stdout.split('\n').filter(Boolean);
  }

  /**
   * Waits for the signer's window, until it has the focus and its guard is over. `not` is the id of a window that is
   * still on its way out.
   */
  static async wait(display, { not, seconds = 30 } = {}) {
    const id = await until('the window', async () => (await Window.shown(display)).find((id) => id !== not), { seconds });
    const pid = Number(await display.xdotool('getwindowpid', id));
    const window = new Window(display, id, pid);
    await until('the window in front', async () => {
      const { stdout } = await run('xdotool', ['getactivewindow'], { env: display.env });
      return stdout.trim() === id;
    });
    // Something in it has the focus: it was drawn, and it has heard that it is in front. Only then its guard began.
    await until('the focus in the window', async () => (await window.tree()).some(isFocused), { seconds });
    await sleep(GUARD);
    return window;
  }

  /** Types the password and signs, looking at the field as a person does. */
  async sign(password) {
    await this.waitForFocus(['password text']);
    await this.type(password);
    const typed = async () => [...((await this.tree()).find((node) => node.role === 'password text')?.text ?? '')].length;
    await until('the whole password in its field', async () => (await typed()) === [...password].length);
    await this.key('Return');
  }

  /** Types a new password in both fields, as a person does: Enter in the first one leads to the second. */
  async typeTwice(first, second) {
    const fields = async () => (await this.tree()).filter((node) => node.role === 'password text');
    const typed = (index, text) => until(`${text.length} letters in field ${index}`, async () => [...((await fields())[index]?.text ?? '')].length === text.length);
    await this.waitForFocus(['password text']);
    await this.type(first);
    await typed(0, first);
    await this.key('Return');
    await until('the focus in the second field', async () => isFocused((await fields())[1] ?? { states: [] }));
    await this.type(second);
    await typed(1, second);
    await this.key('Return');
  }

  /** Goes to a field by Tab and types into it, in the place of what is there. */
  async fill(name, text) {
    const field = async () => (await this.tree()).find((node) => node.role === 'entry' && name.test(node.name ?? ''));
    for (let steps = 0; !isFocused((await field()) ?? { states: [] }); steps += 1) {
      if (steps === 20) throw new Error(`Tab does not lead to ${name}`);
      await this.key('Tab');
      await sleep(100);
    }
    await this.clear();
    await this.type(text);
    await until(`${text} in ${name}`, async () => (await field())?.text === text);
  }

  static gone(display, seconds = 15) {
    return until('the window to close', async () => (await Window.shown(display)).length === 0, { seconds });
  }

  /** Every element, from top to bottom, as a screen reader is told it. */
  async tree() {
    const out = await must('/usr/bin/python3', [TREE, String(this.pid)], { env: this.display.env });
    return out.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  }

  /** All that can be read in the window, one line for each element. */
  async words() {
    return (await this.tree())
      .flatMap((node) => [node.name, node.description, node.role === 'password text' ? '' : node.text])
      .filter(Boolean)
      .join('\n');
  }

  async waitForWords(pattern) {
    let words = '';
    return until(`${pattern} in the window`, async () => {
      words = await this.words();
      return pattern.test(words) && words;
    }).catch((error) => { throw new Error(`${error.message}; it says:\n${words}`); });
  }

  /** The first element of one of the roles whose name fits. */
  async find(roles, name) {
    const tree = await this.tree();
    const found = tree.find((node) => roles.includes(node.role) && name.test(node.name ?? ''));
    if (!found) {
      const names = tree.map((node) => `${node.role}: ${node.name}`).join('\n');
      throw new Error(`no ${roles.join('/')} named ${name} in the window:\n${names}`);
    }
    return found;
  }

  async click(roles, name) {
    const { box: [x, y, width, height] } = await this.find(roles, name);
    await this.display.xdotool('mousemove', Math.round(x + width / 2), Math.round(y + height / 2), 'click', 1);
  }

  /** Turns the mouse's wheel over the middle of the window. */
  async scrollDown() {
    await this.display.xdotool('mousemove', '--window', this.id, 330, 430, 'click', '--repeat', 3, 5);
  }

  /** Shows the chosen key, which needs no password: goes to the main button first, since Enter in the list shows nothing. */
  async showKey() {
    const onButton = async () => {
      const focused = (await this.tree()).find(isFocused);
      return focused && BUTTONS.includes(focused.role) && said('window-show-key').test(focused.name ?? '');
    };
    for (let steps = 0; !(await onButton()); steps += 1) {
      if (steps === 20) throw new Error('Tab does not lead to the button that shows the key');
      await this.key('Tab');
    }
    await this.key('Return');
  }

  /** Names a file by its path, for people and tests without a file chooser. */
  async typePath(path) {
    await this.click(BUTTONS, said('window-type-path'));
    await this.waitForFocus(['entry', 'text']);
    await this.type(path);
    await this.key('Return');
  }

  /** The same for a key file; ends in the field for its password. */
  async chooseFile(path) {
    await this.typePath(path);
    await this.waitForFocus(['password text']);
    // The main button opens the file now, where it signed before.
    await sleep(GUARD);
  }

  /** People see where they type. */
  waitForFocus(roles) {
    return until(`the focus in ${roles.join('/')}`, async () => {
      const tree = await this.tree();
      return tree.some((node) => roles.includes(node.role) && isFocused(node));
    });
  }

  /** The main button means something else now and has the focus; like a new window it is deaf for a moment. */
  async waitForDecision() {
    await this.waitForFocus(BUTTONS);
    await sleep(GUARD);
  }

  type(text) {
    return this.display.xdotool('type', '--delay', 20, text);
  }

  key(...keys) {
    return this.display.xdotool('key', '--delay', 30, ...keys);
  }

  async clear() {
    await this.key('ctrl+a', 'BackSpace');
  }

  picture(path) {
    return this.display.picture(path, this.id);
  }
}
