// The test kit's scripted signer (tests/conformance/README.md) with the real window behind it: what the kit decides is
// done with the keyboard and the mouse.

import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { sleep } from './child.mjs';
import { Window } from './window.mjs';

export class Decider {
  /**
   * `deeds` are what a person does for each decision, with the window: `sign`, `cancel`, … What they do that leads to a
   * second window of the same request they do through `follow(window, act)`, which gives that window.
   */
  static async start(world, deeds) {
    const decider = new Decider();
    Object.assign(decider, { world, deeds, open: new Map(), followed: new Set(), count: 0, troubles: [] });
    decider.server = createServer((socket) => decider.#serve(socket));
    await new Promise((resolve) => { decider.server.listen(0, '127.0.0.1', resolve); });
    decider.address = `127.0.0.1:${decider.server.address().port}`;
    return decider;
  }

  #serve(socket) {
    this.socket = socket;
    socket.on('error', () => {});
    this.#say({ ready: 1 });
    createInterface({ input: socket, crlfDelay: Infinity }).on('line', (line) => {
      const { decide, as } = JSON.parse(line);
      const id = this.open.get(decide);
      if (id) this.#act(id, as).catch((error) => this.#giveUp(error));
    // Who asked may go without a word when it has heard all; what it found it says itself.
    }).on('error', () => {});
    this.watching = this.#watch();
  }

  #say(word) {
    this.socket.write(`${JSON.stringify(word)}\n`);
  }

  async #act(id, as) {
    // One whose page has gone may still say so, beside this one.
    const other = (await Window.shown(this.world.display)).find((shown) => shown !== id);
    const window = await Window.wait(this.world.display, { not: other });
    if (window.id !== id) throw new Error(`window ${id} does not come to the front`);
    const deed = this.deeds[as];
    if (!deed) throw new Error(`nobody knows how to ${as}`);
    await deed(window, (before, next) => this.#follow(before, next));
  }

  /** The kit counts requests: the second window of one is no news to it. */
  async #follow(window, act) {
    this.isFollowing = true;
    try {
      await act();
      const next = await Window.wait(this.world.display, { not: window.id });
      this.followed.add(next.id);
      return next;
    } finally {
      this.isFollowing = false;
    }
  }

  /** A window that nobody answers keeps its page waiting, and every later one behind it: what cannot be done is a no. */
  async #giveUp(error) {
    this.troubles.push(error);
    await this.world.display.picture(this.world.artefact(`undecided-${this.troubles.length}.png`)).catch(() => {});
    await this.world.display.xdotool('key', 'Escape').catch(() => {});
  }

  /** Says which windows come, and which go. */
  async #watch() {
    while (!this.isStopped) {
      const shown = await Window.shown(this.world.display);
      for (const id of shown) {
        if (![...this.open.values(), ...this.followed].includes(id) && !this.isFollowing) {
          this.count += 1;
          this.open.set(this.count, id);
          this.#say({ shown: this.count });
        }
      }
      for (const [number, id] of this.open) {
        if (!shown.includes(id)) {
          this.open.delete(number);
          this.#say({ withdrawn: number });
        }
      }
      for (const id of this.followed) if (!shown.includes(id)) this.followed.delete(id);
      await sleep(40);
    }
  }

  async stop() {
    this.isStopped = true;
    await this.watching;
    this.socket?.destroy();
    await new Promise((resolve) => { this.server.close(resolve); });
  }
}
