// The main window, as it is shipped: `tanba open`, read through the screen reader's tree, worked with keys and mouse.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Child, must, until } from '../world/child.mjs';
import { said } from '../world/texts.mjs';
import { verify } from '../world/verify.mjs';
import { BUTTONS } from '../world/window.mjs';
import { Wire, sign } from '../world/wire.mjs';

const ROW = ['list item'];
const TAB = ['page tab'];

function started(world, ...args) {
  const { program, data, env } = world.agent;
  return new Child(program, ['open', ...args, '--data-dir', data], { env, log: join(world.logs, 'main-window.log') });
}

/** The main window, until it is closed as a person closes it. */
async function inMain(world, part, use, close = (window) => window.key('alt+F4')) {
  const child = started(world, part);
  try {
    const window = await world.window();
    await use(window, child);
    await close(window);
    const { code } = await child.ended;
    assert.equal(code, 0, child.output);
    await world.windowGone();
  } finally {
    if (child.isRunning) await child.stop().catch(() => {});
  }
}

const turnTo = async (window, part) => {
  await window.click(TAB, new RegExp(`^${said(part).source}$`));
  await until(`${part} as the heading`, async () => {
    const tree = await window.tree();
    return tree.some(({ role, name }) => role !== 'page tab' && said(part).test(name ?? ''));
  });
};

/** Brings what is further down into sight, and clicks it. */
async function reach(window, roles, name) {
  await until(`${name} in sight`, async () => {
    const tree = await window.tree();
    const [, top, , height] = tree.find((node) => node.role === 'frame').box;
    const found = tree.find((node) => roles.includes(node.role) && name.test(node.name ?? ''));
    // What sticks out below cannot be clicked in its middle.
    if (found && found.box[1] + found.box[3] <= top + height) return true;
    await window.scrollDown();
    return false;
  });
  await window.click(roles, name);
}

const openRow = (window, name) => reach(window, ROW, name);

/** Of two buttons of one name the lower one. */
async function pressLast(window, name) {
  const buttons = (await window.tree()).filter((node) => BUTTONS.includes(node.role) && name.test(node.name ?? ''));
  const [x, y, width, height] = buttons.at(-1).box;
  await window.display.xdotool('mousemove', Math.round(x + width / 2), Math.round(y + height / 2), 'click', 1);
}

const files = async (world) => JSON.parse(await world.agent.must(['keys', 'list', '--json'])).files;

export const journeys = {
  'main window: a key is shown, its certificate saved, taken off the list and put back': async (world) => {
    const [{ path, keys: [{ name }] }] = await files(world);
    await inMain(world, 'keys', async (window) => {
      await window.waitForWords(said('main-keys-days'));
      await window.click(ROW, new RegExp(name));
      await window.waitForWords(said('main-fact-serial'));
      await window.picture(world.artefact('main-keys-ru.png'));
      await window.click(BUTTONS, said('main-keys-export'));
      const saved = (await window.waitForWords(said('main-keys-exported'))).match(/(\/[^\n]+\.cer)/)[1];
      assert.ok(existsSync(saved), `${saved} is not there`);
      const inspected = JSON.parse(await world.agent.must(['inspect', saved, '--json']));
      assert.match(JSON.stringify(inspected), new RegExp(name));
      await reach(window, BUTTONS, said('main-keys-forget'));
      await window.waitForWords(said('main-forgotten'));
      assert.ok(!(await files(world)).some((file) => file.path === path), 'it is on the list still');
      await window.click(BUTTONS, said('main-undo'));
      await window.waitForWords(said('main-remembered'));
      assert.ok((await files(world)).some((file) => file.path === path), 'it is not on the list again');
    });
  },

  'main window: a file is dropped on it, signed in the usual window, and its signature checked': async (world) => {
    const document = join(world.scratch, 'contract.txt');
    writeFileSync(document, 'A contract.\n');
    await inMain(world, 'files', async (window) => {
      await world.drop(window, document);
      await window.waitForWords(/contract\.txt/);
      await window.waitForWords(said('main-files-sign'));
      await window.click(BUTTONS, said('main-files-sign'));
      const asked = await world.window({ not: window.id });
      await asked.waitForWords(said('own-asks-sign'));
      await asked.picture(world.artefact('main-sign-ru.png'));
      await asked.sign(world.keys.person.password);
      const done = await world.window({ not: window.id });
      await done.waitForWords(said('own-sign-done'));
      await done.waitForDecision();
      await done.key('Return');
      await window.waitForWords(said('main-files-signed'));
      await verify(world, readFileSync(`${document}.cms`).toString('base64'), {
        content: document, attached: true, authorities: world.keys.authorities,
      });
      await world.drop(window, `${document}.cms`);
      await window.waitForWords(/contract\.txt\.cms/);
      await until('the button', async () => (await window.words()).match(said('main-files-verify')));
      await window.click(BUTTONS, said('main-files-verify'));
      await window.waitForWords(said('main-files-good'));
      await window.picture(world.artefact('main-files-ru.png'));
    });
  },

  'main window: a second start brings the open window to the front': async (world) => {
    await inMain(world, 'keys', async (window) => {
      await world.display.xdotool('windowminimize', window.id);
      const second = started(world);
      assert.equal((await second.ended).code, 0, second.output);
      await until('the first window in front', async () => {
        // Until then none may be.
        const active = await world.display.xdotool('getactivewindow').catch(() => '');
        return active.trim() === window.id;
      });
      // Destroyed by another program it ends as well.
    }, (window) => world.display.xdotool('windowclose', window.id));
  },

  'main window: settings are changed, refused with the reason, given back, and speak the new language at once': async (world) => {
    const setting = async (key) => (await world.agent.must(['settings', 'get', key])).trim();
    const before = await setting('limits.waiting_requests');
    await inMain(world, 'settings', async (window) => {
      await openRow(window, said('setting-services-check-before-signing'));
      await window.waitForWords(said('main-settings-off'));
      await window.click(BUTTONS, new RegExp(`^${said('main-settings-off').source}$`));
      await window.waitForWords(said('main-settings-saved'));
      assert.equal(await setting('services.check_before_signing'), 'false');
      await window.click(BUTTONS, said('main-settings-reset'));
      await until('the default', async () => (await setting('services.check_before_signing')) === 'true');
      await turnTo(window, 'main-keys');
      await turnTo(window, 'main-settings');
      await openRow(window, said('setting-limits-waiting-requests'));
      await window.waitForWords(said('main-settings-expected'));
      await window.fill(said('setting-limits-waiting-requests'), '100000');
      await window.key('Return');
      await window.waitForWords(said('main-settings-not-allowed'));
      await turnTo(window, 'main-keys');
      await turnTo(window, 'main-settings');
      await openRow(window, said('setting-language'));
      await window.waitForWords(/English/);
      await window.click(BUTTONS, /^English$/);
      await window.waitForWords(said('main-settings-saved', {}, 'en'));
      await window.click(TAB, said('main-keys', {}, 'en'));
      await window.waitForWords(said('main-keys-explained', {}, 'en'));
      await world.agent.must(['settings', 'reset', 'language']);
    });
    assert.equal(await setting('limits.waiting_requests'), before);
  },

  'main window: what is in the way is found, mended after a yes, and found no more; a report is saved': async (world) => {
    const { file: key } = world.keys.person;
    chmodSync(key, 0o644);
    await inMain(world, 'check', async (window) => {
      await until('what was found', async () => said('main-check-report').test(await window.words()), { seconds: 60 });
      const finding = said('doctor-keys-open');
      await openRow(window, finding);
      await window.waitForWords(said('main-check-mend'));
      await window.picture(world.artefact('main-check-ru.png'));
      await window.click(BUTTONS, said('main-check-mend'));
      await window.waitForWords(said('window-cancel'));
      assert.equal(statSync(key).mode & 0o777, 0o644, 'it was mended before the yes');
      await pressLast(window, said('main-check-mend'));
      await until('the key file closed', () => (statSync(key).mode & 0o777) === 0o600, { seconds: 60 });
      await until('all looked at anew', async () => {
        const words = await window.words();
        return said('main-check-report').test(words) && !said('main-check-looking').test(words) && !finding.test(words);
      }, { seconds: 60 });
      await window.click(BUTTONS, said('main-check-report'));
      await until('the report', async () => said('main-check-reported').test(await window.words()), { seconds: 60 });
      const report = (await window.words()).match(said('main-check-reported'))[0].match(/(\/\S+\.txt)/)[1];
      assert.match(readFileSync(report, 'utf8'), /keys\./);
    });
  },

  'main window: what a page had signed stands in the journal, is found, and its site can be forgotten': async (world) => {
    const origin = `https://journal-${randomBytes(4).toString('hex')}.kz`;
    const wire = await Wire.connect(world.port, { origin });
    await wire.next();
    try {
      const answer = wire.ask(sign({ data: 'PHhtbC8+' }));
      const asked = await world.window();
      await asked.key('Escape');
      await answer;
    } finally {
      wire.close();
    }
    await world.windowGone();
    await inMain(world, 'journal', async (window) => {
      await window.waitForWords(new RegExp(origin));
      await window.click(ROW, new RegExp(origin));
      await window.waitForWords(said('main-fact-call'));
      await window.picture(world.artefact('main-journal-ru.png'));
      // By the mouse: from a row the Tab key leads through all further ones first.
      await window.click(['entry'], said('main-journal-search'));
      await window.fill(said('main-journal-search'), 'nothing-of-this-kind');
      await window.waitForWords(said('main-journal-none-fit'));
      await window.click(BUTTONS, said('main-journal-check'));
      await window.waitForWords(/Журнал цел/);
      await turnTo(window, 'main-sites');
      await window.waitForWords(new RegExp(origin));
      await window.click(ROW, new RegExp(origin));
      await window.waitForWords(said('main-sites-forget'));
      await window.click(BUTTONS, said('main-sites-forget'));
      await window.waitForWords(said('sites-forgotten'));
      const { sites } = JSON.parse(await world.agent.must(['sites', 'list', '--json']));
      assert.ok(!sites.some((site) => site.origin === origin), 'it is remembered still');
    });
  },

  'main window: a newer version that the guardian found stands under About, with an address to copy and not to change': async (world) => {
    const { agent } = world;
    const page = 'https://tanba.example/new';
    const at = (name) => join(world.scratch, name);
    const key = world.keys.person;
    const given = { input: `${key.password}\n` };
    writeFileSync(at('version.json'), JSON.stringify({ program: 'tanba', version: '9.1.0', page, issued: new Date().toISOString() }));
    await agent.must(['sign', at('version.json'), '--key', key.file, '--password-stdin', '-o', at('version.cms'), '--force'], given);
    await agent.must(['keys', 'export', key.file, '--password-stdin', '-o', at('publisher.cer')], given);
    const digest = createHash('sha256').update(readFileSync(at('publisher.cer'))).digest('hex');
    await agent.must(['settings', 'set', 'updates.file', at('version.cms')]);
    await agent.must(['settings', 'set', 'updates.signer', digest]);
    try {
      await must(join(dirname(agent.program), 'tanba-signer'), ['guardian', '--data-dir', agent.data], { env: agent.env });
      await inMain(world, 'about', async (window) => {
        const row = said('updates-known', { version: '9.1.0' });
        await window.waitForWords(row);
        await openRow(window, row);
        await window.waitForWords(said('updates-known-next'));
        const field = async () => (await window.tree()).find((node) => node.role === 'entry' && node.text === page);
        await until('the address', field);
        await window.click(['entry'], said('updates-page'));
        await window.key('ctrl+a');
        await window.type('x');
        for (const pressed of ['BackSpace', 'ctrl+x', 'Return']) await window.key(pressed);
        assert.ok(await field(), 'the address was changed');
        await window.picture(world.artefact('main-about-newer-ru.png'));
      });
    } finally {
      for (const name of ['updates.file', 'updates.signer']) await agent.must(['settings', 'reset', name]);
    }
    // With nobody named, nothing is known.
    await inMain(world, 'about', async (window) => {
      await window.waitForWords(said('main-about-folders'));
      assert.doesNotMatch(await window.words(), /9\.1\.0/);
    });
  },
};
