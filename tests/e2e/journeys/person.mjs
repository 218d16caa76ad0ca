// A person without a page: they ask for a certificate, put it in, sign, and lose the key, all in windows that they open
// themself with the program as it is shipped.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Child, until } from '../world/child.mjs';
import { handIn, issued } from '../world/counter.mjs';
import { chooseRow } from '../world/pin.mjs';
import { said } from '../world/texts.mjs';
import { verify } from '../world/verify.mjs';
import { BUTTONS, Window } from '../world/window.mjs';
import { Wire, sign } from '../world/wire.mjs';

function started(world, args) {
  const { program, data, env } = world.agent;
  return new Child(program, [...args, '--window', '--data-dir', data], { env, log: join(world.logs, 'person.log') });
}

/** A command that opens windows, while a person sits before them. */
async function inWindows(world, args, use) {
  const child = started(world, args);
  let last;
  const next = async () => {
    last = await world.window({ not: last?.id });
    return last;
  };
  try {
    await use(next);
    await world.windowGone();
    const { code } = await child.ended;
    return { code, output: child.output };
  } finally {
    if (child.isRunning) await child.stop().catch(() => {});
  }
}

/** Reads what was done, and closes it. */
async function read(window, done) {
  await window.waitForWords(said(done));
  await window.waitForDecision();
  await window.key('Return');
}

async function signed(world, key, password, document) {
  return world.agent.command(['sign', document, '--key', key, '--force', '--password-stdin'], { input: `${password}\n` });
}

async function isBlocked(world, key) {
  const { files } = JSON.parse(await world.agent.must(['keys', 'list', '--json']));
  return files.find(({ path }) => path === key).keys.every(({ blocked }) => blocked);
}

async function pending(world) {
  return JSON.parse(await world.agent.must(['keys', 'pending', '--json'])).pending;
}

export const journeys = {
  'a person without a page asks for a certificate, puts it in, signs, and loses the key': async (world) => {
    const at = (name) => join(world.scratch, name);
    const key = at('person-window.p12');
    const password = `Person1-${randomBytes(6).toString('hex')}`;

    const left = await inWindows(world, ['keys', 'request'], async (next) => {
      const window = await next();
      await window.waitForWords(said('own-via'));
      await window.key('Escape');
    });
    assert.equal(left.code, 1, left.output);
    assert.match(left.output, said('own-left'));
    assert.deepEqual(await pending(world), []);

    const asked = await inWindows(world, ['keys', 'request', '--iin', '12345'], async (next) => {
      let window = await next();
      await window.fill(said('window-detail-surname'), 'Оқыған');
      await window.fill(said('form-name'), 'Әлия');
      await window.key('Return');
      await window.waitForWords(said('form-number-short'));
      await window.picture(world.artefact('person-form-ru.png'));
      await window.fill(said('window-detail-iin'), '123456789013');
      await window.key('Return');
      window = await next();
      const words = await window.words();
      for (const shown of ['ОҚЫҒАН ӘЛИЯ', '123456789013']) assert.ok(words.includes(shown), `${shown} is not shown`);
      await window.click(BUTTONS, said('own-back'));
      window = await next();
      assert.ok((await window.words()).includes('Оқыған'), 'what was filled in is gone');
      await window.fill(said('form-email'), 'a@example.kz');
      await window.key('Return');
      window = await next();
      await window.waitForWords(/a@example\.kz/);
      await window.typePath(key);
      await window.waitForWords(/person-window\.p12/);
      await window.typeTwice(password, password);
      window = await next();
      await window.waitForWords(/person-window\.csr/);
      await window.picture(world.artefact('person-requested-ru.png'));
      await read(window, 'own-request-done');
    });
    assert.equal(asked.code, 0, asked.output);
    const [waiting] = await pending(world);
    assert.equal(waiting.name, 'ОҚЫҒАН ӘЛИЯ');
    assert.ok(existsSync(key) && existsSync(at('person-window.csr')));

    const certificate = await issued(world, '/requests', at('person-window.csr'), 'person-window.cer');
    const letter = at('letter.txt');
    writeFileSync(letter, 'The certificate is in the other file.\n');
    const imported = await inWindows(world, ['keys', 'import'], async (next) => {
      let window = await next();
      await window.typePath(letter);
      window = await next();
      await window.waitForWords(said('keys-import-not-a-certificate'));
      await window.typePath(certificate);
      window = await next();
      await window.waitForWords(said('window-standing-test'));
      assert.ok((await window.words()).includes(waiting.id), 'it is not said which request is answered');
      await window.sign('wrong password');
      await window.waitForWords(said('error-wrong-password'));
      await window.picture(world.artefact('person-install-ru.png'));
      await window.sign(password);
      await read(await next(), 'own-import-done');
    });
    assert.equal(imported.code, 0, imported.output);
    assert.deepEqual(await pending(world), []);
    const again = await inWindows(world, ['keys', 'import', certificate], async (next) => {
      const window = await next();
      await window.waitForWords(said('own-import-no-request'));
      await window.key('Escape');
    });
    assert.equal(again.code, 1, again.output);

    const document = at('person.txt');
    writeFileSync(document, world.keys.document);
    const good = await signed(world, key, password, document);
    assert.equal(good.code, 0, good.stderr);
    const cms = readFileSync(`${document}.cms`).toString('base64');
    const note = await verify(world, cms, { content: world.keys.document, attached: true, authorities: world.nca.authorities });

    const lost = await inWindows(world, ['keys', 'lost'], async (next) => {
      let window = await next();
      await chooseRow(window, /ОҚЫҒАН ӘЛИЯ/);
      await window.click(['radio button'], said('own-why-stolen'));
      await window.picture(world.artefact('person-lost-ru.png'));
      await window.click(BUTTONS, said('own-lost-block'));
      window = await next();
      await window.waitForWords(said('own-lost-done'));
      assert.ok(await isBlocked(world, key), 'it is blocked only later');
      await window.picture(world.artefact('person-blocked-ru.png'));
      await window.waitForDecision();
      await window.click(BUTTONS, said('own-lost-go-on'));
      window = await next();
      await window.sign('wrong password');
      await window.waitForWords(said('error-wrong-password'));
      await window.sign(password);
      window = await next();
      const file = /\S+REVOCATION_\S+\.cms/.exec(await window.waitForWords(/REVOCATION_\S+\.cms/))[0];
      await read(window, 'own-revoke-done');
      await handIn(world, '/revocations', file);
    });
    assert.equal(lost.code, 0, lost.output);
    const refused = await signed(world, key, password, document);
    assert.equal(refused.code, 1, refused.stdout);
    assert.match(refused.stderr, said('sign-blocked'));
    const verdict = await world.agent.command(['verify', `${document}.cms`, '--json']);
    assert.equal(JSON.parse(verdict.stdout).valid, false, 'the authority did not take the request for revocation');

    // What was blocked before is not let go with one press; the command asks first.
    let serial;
    const twice = await inWindows(world, ['keys', 'lost'], async (next) => {
      let window = await next();
      await chooseRow(window, /ОҚЫҒАН ӘЛИЯ/);
      await window.click(BUTTONS, said('own-lost-block'));
      window = await next();
      const words = await window.waitForWords(said('own-lost-done-before'));
      assert.doesNotMatch(words, said('own-lost-undo'));
      [serial] = /\b[0-9a-f]{40}\b/.exec(words);
      await window.waitForDecision();
      await window.click(BUTTONS, said('window-close'));
    });
    assert.equal(twice.code, 0, twice.output);
    await world.agent.must(['keys', 'unblock', serial, '--yes']);
    assert.ok(!(await isBlocked(world, key)));

    // The wrong key was taken, and its owner says so at once.
    const found = await inWindows(world, ['keys', 'lost'], async (next) => {
      let window = await next();
      await chooseRow(window, /ОҚЫҒАН ӘЛИЯ/);
      await window.click(BUTTONS, said('own-lost-block'));
      window = await next();
      await window.waitForWords(said('own-lost-done'));
      await window.waitForDecision();
      await window.click(BUTTONS, said('own-lost-undo'));
      await read(await next(), 'own-lost-undone');
    });
    assert.equal(found.code, 0, found.output);
    assert.ok(!(await isBlocked(world, key)));
    await world.agent.must(['keys', 'remove', key]);
    return note;
  },

  'a window of a page and one of the person wait for each other, and none comes over the other': async (world) => {
    const only = async (window) => {
      await sleep(1500);
      assert.deepEqual(await Window.shown(world.display), [window.id], 'another window came beside this one');
    };
    const own = started(world, ['keys', 'lost']);
    const wire = await Wire.connect(world.port);
    try {
      await wire.next();
      const first = await world.window();
      await first.waitForWords(said('own-via'));
      wire.send(sign({ data: 'x' }));
      await only(first);
      await first.key('Escape');
      await own.ended;
      const page = await world.window({ not: first.id });
      await page.waitForWords(/node/);

      const later = started(world, ['keys', 'lost']);
      try {
        await until('the word that it waits', () => said('own-waits').test(later.output));
        await only(page);
        await page.key('Escape');
        const last = await world.window({ not: page.id });
        await last.waitForWords(said('own-via'));
        await last.key('Escape');
        await later.ended;
        await world.windowGone();
      } finally {
        if (later.isRunning) await later.stop().catch(() => {});
      }
    } finally {
      wire.close();
      if (own.isRunning) await own.stop().catch(() => {});
    }
  },
};
