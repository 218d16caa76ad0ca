// The whole dialect on the real program: the client of the API before 2018 as npm has it, and the test kit.

import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { createRequire } from 'node:module';
import WebSocket from 'ws';
import { run } from '../world/child.mjs';
import { verify } from '../world/verify.mjs';

const { default: Client } = createRequire(import.meta.url)('@seithq/ncalayer');
const KIT = fileURLToPath(new URL('../../conformance/run.sh', import.meta.url));

/** A page with that client; each call gives what the client made of the answer. */
async function page(world) {
  const socket = new WebSocket(world.agent.address, { rejectUnauthorized: false, origin: 'https://intranet.example' });
  const client = new Client(socket);
  await new Promise((resolve, reject) => {
    socket.addEventListener('error', ({ message }) => reject(new Error(message)));
    socket.addEventListener('message', resolve, { once: true }); // the greeting, which the client has taken by then
  });
  return {
    version: client.version,
    ask: (method, ...args) => new Promise((resolve) => { client[method](...args, resolve); }),
    close: () => socket.terminate(),
  };
}

export const journeys = {
  'the client of the API before 2018 hears of a cancel, and gets a signature': async (world) => {
    const site = await page(world);
    assert.equal(site.version, '1.4');
    // What the page says for a password is the password of nothing: the window asks for it.
    const sign = () => site.ask('createCMSSignature', 'PKCS12', '', '', 'of-the-page', world.keys.document, true);
    const refused = sign();
    await (await world.window()).key('Escape');
    assert.equal((await refused).isOk(), false);
    assert.equal((await refused).getResult(), '');
    await world.windowGone();

    const answer = sign();
    const window = await world.window();
    await window.picture(world.artefact('applet-ru.png'));
    await window.sign(world.keys.person.password);
    const response = await answer;
    assert.ok(response.isOk(), response.getErrorCode());
    await world.windowGone();
    site.close();
    return verify(world, response.getResult(), { content: world.keys.document, attached: true, authorities: world.keys.authorities });
  },

  'the test kit finds nothing wrong in what needs no person': async (world) => {
    const options = ['--url', world.agent.address, '--beyond', '--json'];
    const { stdout, stderr } = await run(KIT, options, { env: world.env, timeout: 170_000 });
    assert.match(stdout, /^\{/, stderr);
    const { passed, checks } = JSON.parse(stdout);
    assert.deepEqual(checks.filter(({ result }) => result === 'fail'), []);
    assert.ok(passed > 50, `${passed} checks`);
  },
};
