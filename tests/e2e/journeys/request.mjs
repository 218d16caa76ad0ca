// A portal asks for a new key, the authority issues its certificate, the portal brings it, and the key signs.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../world/child.mjs';
import { said } from '../world/texts.mjs';
import { WITHOUT_ORACLE, hasOracle, verify } from '../world/verify.mjs';
import { BASICS, Wire, createCades } from '../world/wire.mjs';

const PASSWORD = 'Qwerty12';
const SUBJECT = { commonName: 'ТЕСТОВА АЙГҮЛ', surname: 'ТЕСТОВА', givenName: 'ТЕСТҚЫЗЫ', iin: '123456789011' };

function call(method, args) {
  return { module: BASICS, method, args: { ...args, locale: 'ru' } };
}

async function connected(world) {
  const wire = await Wire.connect(world.port);
  await wire.next();
  return wire;
}

/** The request as a verifier sees it that shares no code; OpenSSL reads it too, though it knows no such key. */
async function check(world, csr) {
  const file = join(world.scratch, 'page.csr');
  writeFileSync(file, csr);
  const openssl = await run('openssl', ['asn1parse', '-in', file], { env: world.env });
  assert.equal(openssl.code, 0, openssl.stderr);
  assert.match(openssl.stdout, /IIN123456789011/);
  if (!hasOracle) return WITHOUT_ORACLE;
  const { code, stdout, stderr } = await run(process.env.TANBA_PYTHON, ['-m', 'nca_oracle', 'csr', file, '--json'], {
    env: { ...process.env, PYTHONPATH: join(process.env.TANBA_SHARED, 'oracle') },
  });
  assert.equal(code, 0, `the independent verifier: ${stdout}${stderr}`);
  return undefined;
}

async function counter(world, path, options) {
  const answer = await fetch(`${world.nca.url}${path}`, options);
  assert.equal(answer.status, 200, `${path}: ${answer.status}`);
  return answer;
}

export const journeys = {
  'a portal asks for a key, brings its certificate, and gets a signature of it': async (world) => {
    const wire = await connected(world);
    wire.send(call('generateCsr', { allowedStorages: ['PKCS12'], subject: SUBJECT }));
    let window = await world.window();
    const words = await window.words();
    for (const shown of [SUBJECT.commonName, SUBJECT.iin]) assert.ok(words.includes(shown), `${shown} is not shown`);
    assert.match(words, said('window-algorithm-gost512'));
    const file = join(world.scratch, 'from-portal.p12');
    await window.typePath(file);
    await window.waitForWords(/from-portal\.p12/);
    await window.typeTwice(PASSWORD, 'Qwerty13');
    await window.waitForWords(said('window-missing-agreement'));
    await window.picture(world.artefact('new-key-ru.png'));
    // Both fields are empty again.
    await window.typeTwice(PASSWORD, PASSWORD);
    const { status, body } = JSON.parse(await wire.next(60));
    assert.equal(status, true);
    const { csr, requestId } = body.result;
    assert.match(requestId, /^[0-9a-f]{12}$/);
    await world.windowGone();
    assert.ok(existsSync(file));
    const note = await check(world, csr);

    const { number } = await (await counter(world, '/requests', { method: 'POST', body: csr })).json();
    await counter(world, `/requests/${number}/issue`, { method: 'POST' });
    const issued = Buffer.from(await (await counter(world, `/requests/${number}/certificate?as=pkcs7`)).arrayBuffer());
    wire.send(call('importCertificate', { certificate: issued.toString('base64') }));
    window = await world.window();
    await window.waitForWords(said('window-standing-test'));
    await window.picture(world.artefact('install-ru.png'));
    await window.sign(PASSWORD);
    const imported = JSON.parse(await wire.next(60));
    assert.match(imported.body.result.certificate, /^-----BEGIN CERTIFICATE-----/);
    await world.windowGone();

    wire.send(createCades(['PKCS12', 'SIGNATURE', Buffer.from(world.keys.document).toString('base64'), true]));
    window = await world.window();
    await window.click(['radio button'], /ТЕСТОВА АЙГҮЛ/);
    await window.sign(PASSWORD);
    const { code, message, responseObject } = JSON.parse(await wire.next());
    assert.equal(code, '200', message);
    await world.windowGone();
    wire.close();
    await world.agent.must(['keys', 'remove', file]);
    await verify(world, responseObject, { content: world.keys.document, attached: true, authorities: world.nca.authorities });
    return note;
  },

  'a key that the person does not want is not made, and a stranger\'s certificate opens no window': async (world) => {
    const wire = await connected(world);
    wire.send(call('generateCsr', { subject: SUBJECT }));
    const window = await world.window();
    await window.key('Escape');
    assert.deepEqual(JSON.parse(await wire.next()), { body: {}, status: true });
    await world.windowGone();
    const pending = JSON.parse(await world.agent.must(['keys', 'pending', '--json']));
    assert.deepEqual(pending, { pending: [] });
    const stranger = readFileSync(world.nca.key('person').certificate).toString('base64');
    const refused = JSON.parse(await wire.ask(call('importCertificate', { certificate: stranger })));
    assert.equal(refused.code, 'INVALID_IMPORTING_CERTIFICATE');
    wire.close();
  },
};
