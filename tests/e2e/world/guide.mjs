// What the guide shows: a person with a key, two sites that asked, and a folder of their own for all of it.

import { chmodSync, copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Child, must, sleep } from './child.mjs';
import { Chromium } from './chromium.mjs';
import { Window } from './window.mjs';
import { sign } from './wire.mjs';

const LOCALES = { kk: 'kk_KZ.UTF-8', ru: 'ru_RU.UTF-8', en: 'en_GB.UTF-8' };

export const PARTS = ['keys', 'files', 'journal', 'sites', 'check', 'settings', 'about'];

/** In few colours, and without when and by what it was made. */
export const smaller = (path) => must('convert', [path, '-strip', '-define', 'png:exclude-chunks=date,time', '+dither', '-colors', '128', `png8:${path}`]);

export class GuidePerson {
  /** An agent whose person reads this language, with one key and nothing that was asked yet. */
  static async settle(world, language) {
    const person = new GuidePerson();
    person.world = world;
    person.language = language;
    person.pictures = world.artefact(`guide/${language}`);
    mkdirSync(person.pictures, { recursive: true });
    const data = join(world.scratch, `guide-${language}`);
    // Paths stand in pictures: this one is the same on every machine.
    person.home = join('/tmp', 'tanba-guide', language);
    rmSync(person.home, { recursive: true, force: true });
    mkdirSync(person.home, { recursive: true, mode: 0o700 });
    person.env = { ...world.env, HOME: person.home, LANG: LOCALES[language], LC_ALL: '', LANGUAGE: '', TZ: 'Asia/Almaty' };
    person.agent = world.newAgent(data, `guide-${language}.log`, person.env);
    world.believeTestKeys(data);
    person.key = world.nca.key('person');
    const { password } = person.key;
    const file = join(person.home, 'GOST512.p12');
    copyFileSync(person.key.file, file);
    chmodSync(file, 0o600);
    await person.agent.must(['keys', 'add', file, '--password-stdin'], { input: `${password}\n` });
    // The lists of the miniature NCA lie on this machine.
    await person.agent.must(['settings', 'set', 'services.also', new URL(world.nca.url).host]);
    // Where sites look, as for everybody: the agent of the other journeys makes room.
    await world.agent.stop();
    await person.agent.start(world.port);
    await person.agent.must(['trust', 'install']);
    return person;
  }

  /** The person's browser. What it is shown of a site, the journey says: nothing leaves this computer. */
  async chromium() {
    this.browser ??= await Chromium.start(this.home, this.env);
    return this.browser;
  }

  /** A site asks for a signature of this text; `use` is what the person does at the window. Gives the site's answer. */
  async asked(origin, text, use) {
    const { context } = await this.chromium();
    // What a person answers the browser with when it asks whether the site may reach this computer.
    await context.grantPermissions(['local-network-access'], { origin });
    const page = await context.newPage();
    try {
      await page.route(`${origin}/**`, (route) => route.fulfill({ contentType: 'text/html', body: '<title>A site</title>' }));
      await page.goto(`${origin}/`);
      const data = Buffer.from(text).toString('base64');
      const request = sign({ data, signingParams: { decode: true }, locale: this.language });
      const answer = page.evaluate(([address, frame]) => new Promise((resolve, reject) => {
        const socket = new WebSocket(address);
        let greeted = false;
        socket.onmessage = ({ data: said }) => {
          if (greeted) resolve(said);
          else socket.send(frame);
          greeted = true;
        };
        socket.onclose = ({ code }) => reject(new Error(`the socket was closed: ${code}`));
      }), [this.agent.address, JSON.stringify(request)]);
      await use(await Promise.race([this.world.window(), answer.then((said) => { throw new Error(`answered without a window: ${said}`); })]));
      const said = await answer;
      await this.world.windowGone();
      return JSON.parse(said);
    } finally {
      await page.close();
    }
  }

  /** A part of the main window. */
  async inPart(part, use) {
    const child = new Child(this.agent.program, ['open', part, '--data-dir', this.agent.data], {
      env: this.env, log: join(this.world.logs, `guide-${this.language}-main-window.log`),
    });
    try {
      const window = await this.world.window();
      await use(window);
      await window.key('alt+F4');
      await child.ended;
      await this.world.windowGone();
    } finally {
      if (child.isRunning) await child.stop().catch(() => {});
    }
  }

  /** A picture of a window for the guide: the window alone, with nothing under the mouse. */
  async picture(window, name) {
    await this.world.display.xdotool('mousemove', 1279, 959);
    await sleep(300);
    const path = join(this.pictures, `${name}.png`);
    await window.picture(path);
    await smaller(path);
  }

  async leave() {
    await this.browser?.stop().catch(() => {});
    await this.agent.stop();
    await Window.gone(this.world.display);
    await this.world.agent.start(this.world.port);
    rmSync(this.home, { recursive: true, force: true });
  }
}
