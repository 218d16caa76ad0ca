// Everything a journey needs, made once: a display, a home folder, keys of the miniature NCA, a portal, the agent.

import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Agent, choosePort } from './agent.mjs';
import { must } from './child.mjs';
import { Chromium } from './chromium.mjs';
import { Display } from './display.mjs';
import { makeKeys } from './keys.mjs';
import { ServedNca } from './nca.mjs';
import { Site } from './site.mjs';
import { Window } from './window.mjs';

const DROP = fileURLToPath(new URL('drop.py', import.meta.url));
const ARTEFACTS = fileURLToPath(new URL('../artefacts', import.meta.url));

export class World {
  static async make({ programs, scratch, libraries }) {
    const world = new World();
    try {
      await world.build(programs, scratch, libraries);
    } catch (error) {
      await world.stop();
      throw error;
    }
    return world;
  }

  async build(programs, scratch, libraries) {
    rmSync(ARTEFACTS, { recursive: true, force: true });
    mkdirSync(ARTEFACTS, { recursive: true });
    this.programs = programs;
    this.scratch = scratch;
    this.libraries = libraries;
    this.home = process.env.HOME;
    this.logs = join(scratch, 'logs');
    mkdirSync(this.logs);
    const env = { ...process.env, LANG: 'ru_RU.UTF-8', LC_ALL: '', LANGUAGE: '' };
    this.display = await Display.start(env, this.logs);
    this.env = this.display.env;
    // A program that reads the screen to a blind person sets this; windows build their tree only then.
    await must('dbus-send', [
      '--session', '--print-reply', '--dest=org.a11y.Bus', '/org/a11y/bus', 'org.freedesktop.DBus.Properties.Set',
      'string:org.a11y.Status', 'string:ScreenReaderEnabled', 'variant:boolean:true',
    ], { env: this.env });
    this.keys = await makeKeys(programs, join(scratch, 'nca'), this.env);
    this.nca = await ServedNca.start(programs, join(scratch, 'served'), this.env, join(this.logs, 'nca.log'));
    this.site = await Site.start();
    this.data = join(scratch, 'tanba');
    this.port = await choosePort();
    this.agent = this.newAgent(this.data, 'tanba.log');
    this.believeTestKeys(this.data);
    await this.agent.must(['keys', 'add', this.keys.person.file, '--password-stdin'], { input: `${this.keys.person.password}\n` });
    await this.agent.start(this.port);
  }

  newAgent(data, log, env = this.env) {
    return new Agent(this.programs, data, env, join(this.logs, log));
  }

  /** What a tester writes by hand: the test environment, the authorities of the miniature NCA and where it answers. */
  believeTestKeys(data) {
    mkdirSync(join(data, 'config'), { recursive: true, mode: 0o700 });
    const services = `[services]\nproxy = "none"\ntsp = "${this.nca.url}/tsp"\nocsp = "${this.nca.url}/ocsp"\n`;
    writeFileSync(join(data, 'config/settings.toml'), `test_environment = true\n${services}`);
    mkdirSync(join(data, 'data/test-authorities'), { recursive: true, mode: 0o700 });
    [...this.keys.authorities, ...this.nca.authorities].forEach((authority, index) => cpSync(authority, join(data, `data/test-authorities/${index}.cer`)));
  }

  /** Chromium, started when the first journey wants it, after `tanba trust install` was told of its home folder. */
  async chromium() {
    if (!this.browser) {
      await this.agent.must(['trust', 'install']);
      this.browser = await Chromium.start(this.home, this.env);
    }
    return this.browser;
  }

  /** The portal's page in Chromium, connected to the agent, and open until the next failure or the end. */
  async visit() {
    this.visited ??= await this.portal();
    return this.visited;
  }

  /** The same, for one journey that closes it. */
  async portal() {
    const page = await (await this.chromium()).open(this.site.origin);
    const { value, error } = await page.ask('connect', [], this.agent.address);
    if (error) throw new Error(`connect: ${error}`);
    page.version = value;
    return page;
  }

  window(options) {
    return Window.wait(this.display, options);
  }

  windowGone() {
    return Window.gone(this.display);
  }

  /** Drops a file on a window, as a file manager does. */
  drop(window, path) {
    return must('/usr/bin/python3', [DROP, window.id, path], { env: this.display.env });
  }

  /** The place of a picture that stays. */
  artefact(name) {
    return join(ARTEFACTS, name);
  }

  /** What was on the screen and in the logs when a journey failed. */
  async keepEvidence(name) {
    const stem = this.artefact(`failed-${name.replaceAll(/[^\p{L}\d]+/gu, '-').slice(0, 60)}`);
    await this.display.picture(`${stem}.png`).catch(() => {});
    cpSync(this.logs, `${stem}-logs`, { recursive: true });
  }

  /** Clears the way for the next journey: no page, no window, an agent that has heard of nothing. */
  async beginAnew() {
    await this.browser?.stop().catch(() => {});
    this.browser = undefined;
    this.visited = undefined;
    await this.agent.stop().catch((error) => console.log(`note    ${error.message}`));
    await this.windowGone();
    await this.agent.start(this.port);
  }

  async stop() {
    await this.browser?.stop().catch(() => {});
    await this.agent?.stop().catch((error) => console.log(`note    ${error.message}`));
    await this.site?.stop();
    await this.nca?.stop();
    await this.display?.stop();
  }
}
