// A person takes care of a key file in the main window: brings it into the list, gives it another password, has it copied and
// written anew. What comes of it is opened by OpenSSL.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child, run, until } from '../world/child.mjs';
import { said } from '../world/texts.mjs';
import { BUTTONS, Window } from '../world/window.mjs';

/** A person of their own, whose list has no keys: what is at login and in the list belongs to nobody else. */
function settle(world) {
  const home = join(world.scratch, `care-${randomBytes(3).toString('hex')}`);
  mkdirSync(join(home, 'keys'), { recursive: true, mode: 0o700 });
  const env = { ...world.env, HOME: home };
  for (const name of Object.keys(env).filter((name) => name.startsWith('XDG_') && name.endsWith('_HOME'))) delete env[name];
  const agent = world.newAgent(join(home, 'tanba'), 'care.log', env);
  world.believeTestKeys(agent.data);
  const { file, password } = world.nca.key('person');
  const key = join(home, 'keys', 'GOST512.p12');
  copyFileSync(file, key);
  return { home, env, agent, key, password };
}

async function inMain(world, { agent, env }, part, use) {
  // What is shown needs no listener, and this one would want the port of the other journeys.
  const child = new Child(agent.program, ['open', part, '--no-start', '--data-dir', agent.data], { env, log: join(world.logs, 'care-window.log') });
  try {
    const window = await world.window();
    await use(window);
    await window.key('alt+F4');
    const { code } = await child.ended;
    assert.equal(code, 0, child.output);
    await world.windowGone();
  } finally {
    if (child.isRunning) await child.stop().catch(() => {});
  }
}

/** Brings what is further down wholly into sight, and clicks it. */
async function press(window, roles, name) {
  for (let turns = 0; ; turns += 1) {
    const tree = await window.tree();
    const [, top, , height] = tree.find((node) => node.role === 'frame').box;
    const found = tree.find((node) => roles.includes(node.role) && name.test(node.name ?? ''));
    if (found && found.box[1] + found.box[3] <= top + height) break;
    assert.ok(turns < 30, `${name} does not come into sight`);
    await window.scrollDown();
    await new Promise((resolve) => { setTimeout(resolve, 200); });
  }
  await window.click(roles, name);
}

const files = async ({ agent }) => JSON.parse(await agent.must(['keys', 'list', '--json'])).files;

/** Whether the password is that of the file: OpenSSL checks the file's own authentication code by it. */
async function opens(file, password) {
  const { code } = await run('openssl', ['pkcs12', '-in', file, '-passin', 'stdin', '-nokeys', '-legacy'], { input: `${password}\n` });
  return code === 0;
}

/** The window over the main one: what it asks first is the password that the file has. */
async function withPresent(world, window, button, asks, password, next) {
  await press(window, BUTTONS, said(button));
  let asked = await world.window({ not: window.id });
  await asked.waitForWords(said(asks));
  await asked.sign(world.keys.wrongPassword);
  await asked.waitForWords(said('error-wrong-password'));
  await asked.picture(world.artefact(`care-${button}-ru.png`));
  await asked.clear();
  await asked.sign(password);
  await next(asked);
}

async function done(world, window, asked, words) {
  await asked.waitForWords(said(words));
  // The report is a window of its own.
  const report = await world.window({ not: window.id });
  await report.waitForDecision();
  await report.picture(world.artefact(`care-${words}-ru.png`));
  await report.key('Return');
  await until('the main window in front', async () => {
    const active = await world.display.xdotool('getactivewindow').catch(() => '');
    return active.trim() === window.id;
  });
}

export const journeys = {
  'care: a key file comes into the list, gets another password, a backup and a file with today\'s protection': async (world) => {
    const person = settle(world);
    const { home, key, password } = person;
    const [changed, copied] = ['Changed1', 'Copied22'].map((word) => `${word}-${randomBytes(4).toString('hex')}`);
    const old = readFileSync(key);
    await inMain(world, person, 'keys', async (window) => {
      await window.waitForWords(said('main-keys-none'));
      await world.drop(window, key);
      let asked = await world.window({ not: window.id });
      await asked.waitForWords(said('own-add-explained'));
      // Left, it is not on the list.
      await asked.key('Escape');
      await window.waitForWords(said('main-keys-none'));
      assert.deepEqual(await files(person), []);
      await world.drop(window, key);
      asked = await world.window({ not: window.id });
      await asked.sign(world.keys.wrongPassword);
      await asked.waitForWords(said('error-wrong-password'));
      await asked.clear();
      await asked.sign(password);
      await window.waitForWords(said('main-keys-added'));
      assert.equal((await files(person))[0].path, key);

      await window.click(['list item'], new RegExp(world.nca.key('person').name));
      await withPresent(world, window, 'main-keys-password', 'own-password-present', password, async (present) => {
        let renew = await world.window({ not: window.id });
        await renew.waitForWords(said('own-password-explained'));
        await renew.typeTwice(password, password);
        await renew.waitForWords(said('life-password-same'));
        assert.deepEqual(readFileSync(key), old, 'written with the same password');
        await renew.clear();
        await renew.typeTwice(changed, changed);
        await done(world, window, renew, 'own-password-done');
      });
      assert.equal(await opens(key, changed), true, 'OpenSSL does not open it with the new password');
      assert.equal(await opens(key, password), false, 'the old password opens it still');

      const copy = join(home, 'keys', 'copy.p12');
      await withPresent(world, window, 'main-keys-backup', 'own-backup-present', changed, async () => {
        const where = await world.window({ not: window.id });
        await where.waitForWords(said('own-backup-explained'));
        await where.typePath(copy);
        await where.waitForWords(/copy\.p12/);
        await where.typeTwice(copied, copied);
        await done(world, window, where, 'own-backup-done');
      });
      assert.equal(await opens(copy, copied), true, 'OpenSSL does not open the backup');
      assert.equal(statSync(copy).mode & 0o777, 0o600);

      await withPresent(world, window, 'main-keys-modernise', 'own-modern-explained', changed, async (made) => {
        await done(world, window, made, 'own-modern-done');
      });
      const modern = join(home, 'keys', 'GOST512.modern.p12');
      assert.equal(await opens(modern, changed), true, 'OpenSSL does not open the file with today\'s protection');
      assert.equal(existsSync(key), true);
    });
  },

  'care: Tanba is started at login, and no more, from the settings': async (world) => {
    const person = settle(world);
    const entry = join(person.home, '.config/autostart');
    const entries = () => (existsSync(entry) ? readdirSync(entry) : []);
    const button = (id) => new RegExp(`^${said(id).source}$`);
    await inMain(world, person, 'settings', async (window) => {
      await press(window, ['list item'], said('doctor-autostart'));
      await window.waitForWords(said('main-settings-on'));
      await press(window, BUTTONS, button('main-settings-on'));
      await until('the entry', () => entries().length === 1);
      assert.match(readFileSync(join(entry, entries()[0]), 'utf8'), /^Exec=.*tanba/m);
      assert.match(await person.agent.must(['autostart', 'status']), said('autostart-on'));
      await window.waitForWords(said('autostart-turned-on'));
      await press(window, BUTTONS, button('main-settings-off'));
      await until('no entry', () => entries().length === 0);
    });
  },

  'care: the window opens over a settings file that is broken, says so, and puts it aside': async (world) => {
    const person = settle(world);
    const file = join(person.agent.data, 'config/settings.toml');
    const good = readFileSync(file, 'utf8');
    await inMain(world, person, 'keys', async (window) => {
      await window.waitForWords(said('main-keys-none'));
      writeFileSync(file, 'language = "tlh"\n');
      await window.key('F5');
      await until('what is broken', async () => /tlh/.test(await window.words()));
      // Signing, and all else that settings are for, is not done on a guess.
      await world.drop(window, person.key);
      await new Promise((resolve) => { setTimeout(resolve, 1000); });
      assert.deepEqual(await Window.shown(world.display), [window.id]);
      writeFileSync(file, good);
      await window.key('F5');
      await window.waitForWords(said('main-keys-none'));
    });
    writeFileSync(file, 'language = "tlh"\n');
    await inMain(world, person, 'keys', async (window) => {
      await until('the part that finds it', async () => said('main-check-report').test(await window.words()), { seconds: 60 });
      await press(window, ['list item'], said('doctor-settings'));
      await press(window, BUTTONS, said('main-check-mend'));
      await window.waitForWords(/^Переименовать .*config\/settings\.toml/m);
      const buttons = (await window.tree()).filter((node) => BUTTONS.includes(node.role) && said('main-check-mend').test(node.name ?? ''));
      const [x, y, width, height] = buttons.at(-1).box;
      await world.display.xdotool('mousemove', Math.round(x + width / 2), Math.round(y + height / 2), 'click', 1);
      await until('the file aside', () => existsSync(file.replace('.toml', '.broken.toml')), { seconds: 60 });
      assert.equal(existsSync(file), false);
      await until('all looked at anew', async () => said('main-check-report').test(await window.words()), { seconds: 60 });
      await window.key('ctrl+1');
      await window.waitForWords(said('main-keys-none'));
    });
  },
};
