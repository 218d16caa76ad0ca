// Keys of the NCA itself, where the shared material is here: each signs, and a verifier that shares no code agrees.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasOracle, verify } from '../world/verify.mjs';

const FOLDER = process.env.TANBA_SHARED && join(process.env.TANBA_SHARED, 'fixtures/nca');
const HERE = FOLDER && existsSync(join(FOLDER, 'keys'));
const ABSENT = 'NOT RUN: NCA material is not here';
/** When the first of the keys below ends: the programs under test go by the real clock. */
const END = Date.parse('2027-05-08T00:00:00Z');
/** The password of the SDK's keys; a file that has another says so in its name. */
const PASSWORD = 'Qwerty12';

const authorities = HERE
  ? readdirSync(join(FOLDER, 'ca')).filter((name) => name.includes('test')).map((name) => join(FOLDER, 'ca', name))
  : [];
const inDate = HERE
  ? readdirSync(join(FOLDER, 'keys')).filter((name) => name.startsWith('gost512-') && !name.includes('expired'))
  : [];

export const journeys = {
  'every GOST-512 key of the NCA that is in date signs from the command line': async (world) => {
    if (!HERE) return ABSENT;
    if (Date.now() > END) return 'NOT RUN: the keys of the NCA have ended';
    assert.equal(inDate.length, 5);
    const document = join(world.scratch, 'нца.txt');
    const content = `${world.keys.document}${'0123456789abcdef'.repeat(640)}`;
    writeFileSync(document, content);
    for (const name of inDate) {
      for (const attached of [true, false]) {
        const out = join(world.scratch, `${name}-${attached}.cms`);
        const options = attached ? [] : ['--detached'];
        await world.agent.must(
          ['sign', document, '--key', join(FOLDER, 'keys', name), '--password-stdin', ...options, '-o', out],
          { input: `${PASSWORD}\n` },
        );
        await verify(world, readFileSync(out).toString('base64'), { content, attached, authorities });
      }
    }
    return hasOracle ? undefined : 'NOT RUN: the independent verifier is not here';
  },

  'a key of the NCA signs for a page in the browser': async (world) => {
    if (!HERE) return ABSENT;
    if (Date.now() > END) return 'NOT RUN: the keys of the NCA have ended';
    const file = join(FOLDER, 'keys/gost512-individual.p12');
    const page = await world.portal();
    const answer = page.ask('createCAdESFromBase64', ['PKCS12', Buffer.from(world.keys.document).toString('base64'), 'SIGNATURE', true]);
    const window = await world.window();
    await window.chooseFile(file);
    await window.sign(PASSWORD);
    await window.waitForWords(/ТЕСТОВ/);
    await window.waitForDecision();
    await window.picture(world.artefact('nca-key-ru.png'));
    await window.key('Return');
    const { value, error } = await answer;
    assert.equal(error, undefined);
    await world.windowGone();
    await page.close();
    await world.agent.must(['keys', 'remove', file]);
    return verify(world, value, { content: world.keys.document, attached: true, authorities });
  },
};
