// Keys of the NCA itself, where the shared material is here: each signs, and a verifier that shares no code agrees.

import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from '../world/child.mjs';
import { makeFolder } from '../world/keys.mjs';
import { hasOracle, verify } from '../world/verify.mjs';
import { Wire, createCades } from '../world/wire.mjs';

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

/** Signs for a page with a key file that is chosen in the window, and gives the CMS. */
async function signWith(world, storage, { file, password, name }, picture) {
  const wire = await Wire.connect(world.port);
  await wire.next();
  wire.send(createCades([storage, 'SIGNATURE', Buffer.from(world.keys.document).toString('base64'), true]));
  const window = await world.window();
  await window.chooseFile(file);
  await window.sign(password);
  await window.waitForWords(new RegExp(name));
  await window.waitForDecision();
  if (picture) await window.picture(world.artefact(picture));
  await window.key('Return');
  const { code, message, responseObject } = JSON.parse(await wire.next());
  assert.equal(code, '200', message);
  await world.windowGone();
  wire.close();
  await world.agent.must(['keys', 'remove', file]);
  return responseObject;
}

/** Keys of another algorithm, whose authority the agent believes as a test authority. */
async function keysOf(world, algorithm) {
  const folder = join(world.scratch, algorithm);
  const made = await makeFolder(world.programs, folder, world.keys.person.password, world.env, algorithm);
  made.authorities.forEach((authority, index) => cpSync(authority, join(world.data, `data/test-authorities/${algorithm}-${index}.cer`)));
  return made;
}

export const journeys = {
  'RSA, EC and older GOST keys sign for a page as well': async (world) => {
    for (const algorithm of ['rsa2048', 'p256', 'gost2004']) {
      const { key, authorities } = await keysOf(world, algorithm);
      const cms = await signWith(world, 'PKCS12', key('person'), algorithm === 'rsa2048' && 'rsa-key-ru.png');
      await verify(world, cms, { content: world.keys.document, attached: true, authorities });
    }
    return hasOracle ? undefined : 'NOT RUN: the independent verifier is not here';
  },

  'a Java key store signs for a page that names that storage': async (world) => {
    const { key, authorities } = await keysOf(world, 'rsa3072');
    const person = key('person');
    const [file, secret] = [join(world.scratch, 'person.jks'), join(world.scratch, 'keytool-password')];
    writeFileSync(secret, person.password, { mode: 0o600 });
    await must('keytool', [
      '-importkeystore', '-srckeystore', person.file, '-srcstoretype', 'pkcs12', '-srcstorepass:file', secret,
      '-destkeystore', file, '-deststoretype', 'jks', '-deststorepass:file', secret,
    ], { env: world.env });
    writeFileSync(secret, '');
    const cms = await signWith(world, 'JKS', { ...person, file });
    return verify(world, cms, { content: world.keys.document, attached: true, authorities });
  },


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
