// Pages of our own that behave as sites were seen to.

import assert from 'node:assert/strict';
import { always, beyond, decided } from '../kit/check.mjs';
import { socketOf } from '../kit/clients.mjs';
import { CHEAP, GREETING, MODULE_NOT_FOUND, base64, common, sleep } from '../kit/kit.mjs';
import { cmsHolds, fromBase64 } from '../kit/signature.mjs';

const HEARTBEAT = '--heartbeat--';

/** A browser's socket of a page, with nothing set on it yet. */
function browserSocket(kit) {
  const socket = new (socketOf(kit.site))(kit.url.href);
  kit.open.push({ close: () => socket.terminate() });
  socket.on('error', () => {}); // the waiting below says it
  return socket;
}

const within = (kit, what, promise, patience = kit.patience) => Promise.race([
  promise,
  sleep(patience).then(() => { throw new Error(`${what} did not come within ${patience / 1000} s`); }),
]);

export const checks = [
  always('The connection', 'a page that takes the first frame after its first call for the answer gets the answer', async (kit) => {
    // It calls on the first turn of the loop after the socket opened; the greeting must be there by then.
    const socket = browserSocket(kit);
    await within(kit, 'the socket', new Promise((resolve) => { socket.onopen = resolve; }));
    await new Promise(setImmediate);
    const answer = new Promise((resolve) => { socket.onmessage = ({ data }) => resolve(data); });
    socket.send(JSON.stringify(CHEAP));
    assert.deepEqual(JSON.parse(await within(kit, 'the answer', answer)), MODULE_NOT_FOUND);
  }),
  always('The connection', 'a page that calls before it was greeted, and matches answers in order, is served', async (kit) => {
    const socket = browserSocket(kit);
    const frames = [];
    const three = new Promise((resolve) => {
      socket.onmessage = ({ data }) => { frames.push(data); if (frames.length === 3) resolve(); };
    });
    socket.onopen = () => { socket.send(JSON.stringify(CHEAP)); socket.send(JSON.stringify(common('changeLocale', 'ru'))); };
    await within(kit, 'three frames', three);
    assert.equal(frames[0], GREETING);
    assert.deepEqual(frames.slice(1).map((frame) => JSON.parse(frame)), [MODULE_NOT_FOUND, { code: '200' }]);
  }),
  beyond('The connection', 'the page of goszakup drops the first frame, whatever it is, and then asks NURSign for its version', async (kit) => {
    const wire = await kit.socket();
    // It looks twenty times, every quarter of a second, whether the first frame has come.
    for (let look = 0; wire.frames.length === 0; look += 1) {
      assert.ok(look < 20, 'error 997: no first frame within 20 looks');
      await sleep(kit.isLong ? 250 : 20);
    }
    await wire.next();
    const version = await wire.call({ module: 'NURSign', type: 'version' });
    assert.equal(version.result?.version, '1.0.0', JSON.stringify(version));
  }),
  always('The connection', 'the old official page lives on heartbeats, and throws its greeting away', async (kit) => {
    const socket = browserSocket(kit);
    let callback; // not set before the first call: the greeting meets none
    let missed = 0;
    socket.onmessage = ({ data }) => {
      if (data === HEARTBEAT) missed = 0;
      else callback?.(JSON.parse(data));
    };
    await within(kit, 'the socket', new Promise((resolve) => { socket.onopen = resolve; }));
    for (let beat = 0; beat < 5; beat += 1) {
      assert.ok(missed < 3, 'three heartbeats without an answer: the page closes its socket');
      missed += 1;
      socket.send(HEARTBEAT);
      await sleep(kit.isLong ? 2000 : 100);
    }
    const answer = new Promise((resolve) => { callback = resolve; });
    socket.send(JSON.stringify(common('getActiveTokens')));
    assert.equal((await within(kit, 'the answer', answer)).code, '200');
  }),
  always('The connection', 'a page that opens a socket for each call, and closes none, is served', async (kit) => {
    const wires = [];
    for (let call = 0; call < 100; call += 1) {
      const wire = await kit.greeted();
      assert.deepEqual(await wire.call(common('changeLocale', 'ru')), { code: '200' });
      wires.push(wire);
    }
    await sleep(100);
    assert.ok(wires.every((wire) => wire.isOpen), 'a socket was closed on the page');
  }),
  always('The connection', 'a page that keeps its sockets in a pool finds each as it left it', async (kit) => {
    const pool = await Promise.all(Array.from({ length: 5 }, () => kit.greeted()));
    for (let call = 0; call < 25; call += 1) {
      const name = `call${call}`;
      assert.deepEqual(await pool[call % pool.length].call(common(name)), { code: '500', message: `NoSuchMethodException ${name}` });
    }
  }),
  always('The connection', 'the page of uchet writes names without quotes, and asks for the bundle when the module is not there', async (kit) => {
    const wire = await kit.greeted();
    const version = await wire.call('{\n module: "kz.uchet.signUtil.commonUtils",\n lang: "ru",\n method: "getVersion",\n args: [""]\n}');
    if (version.errorCode === 'MODULE_NOT_FOUND') {
      const reply = await wire.call('{ module: "kz.gov.pki.ncalayerservices.accessory", method: "installBundle", symname: "no.such.bundle" }');
      assert.equal(typeof reply, 'object');
    } else assert.equal(String(version.code), '200');
  }),
  decided('commonUtils', 'the page of the commonUtils demo takes a file where there is no token, and signs', async (kit) => {
    const wire = await kit.greeted();
    const tokens = (await wire.call(common('getActiveTokens'))).responseObject;
    const storage = tokens.length === 1 ? tokens[0] : 'PKCS12';
    const reply = await kit.signed(wire, common('createCAdESFromBase64', storage, 'SIGNATURE', base64('form'), true));
    assert.equal(reply.message, undefined, 'a message is a failure to the .NET client');
    return cmsHolds(fromBase64(reply.responseObject), { document: 'form', attached: true });
  }),
  decided('The connection', 'a page of http, and a program without an origin, get their signature', async (kit) => {
    for (const origin of ['http://intranet.example', null]) {
      const wire = await kit.greeted({ origin });
      const reply = await kit.signed(wire, common('createCAdESFromBase64', 'PKCS12', 'SIGNATURE', base64('form'), true));
      assert.equal(reply.code, '200', String(origin));
    }
  }),
];
