// The doors: who may knock, what is answered without a window, and that nothing a stranger sends does harm.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import tls from 'node:tls';
import { accepts, freePort } from '../world/agent.mjs';
import { run, until } from '../world/child.mjs';
import { Window } from '../world/window.mjs';
import { BASICS, COMMON_UTILS, Wire, createCades, listeningAddresses, sign } from '../world/wire.mjs';

const GREETING = '{"result":{"version":"1.4"}}';
const MIB = 1024 * 1024;

/**
 * Writes bytes to the port and gives all that comes back until the head of an answer is whole or the socket is closed.
 * What is no request gets no answer: `patience` is how long one is waited for, in milliseconds.
 */
function raw(port, text, secure, patience = 20_000) {
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', rejectUnauthorized: false };
    const socket = secure ? tls.connect(options) : connect(options);
    let answer = '';
    socket.setTimeout(patience, () => socket.destroy());
    socket.once(secure ? 'secureConnect' : 'connect', () => socket.write(text));
    socket.on('data', (data) => {
      answer += data.toString('latin1');
      if (answer.includes('\r\n\r\n')) socket.destroy();
    });
    socket.once('error', (error) => (error.code === 'ECONNRESET' ? resolve(answer) : reject(error)));
    socket.once('close', () => resolve(answer));
  });
}

function upgrade(host, more = '') {
  return `GET / HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n`
    + `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n${more}\r\n`;
}

async function withWire(world, options, walk) {
  const wire = await Wire.connect(world.port, options);
  try {
    assert.equal(await wire.next(), GREETING);
    return await walk(wire);
  } finally {
    wire.close();
  }
}

async function noWindow(world) {
  assert.deepEqual(await Window.shown(world.display), []);
}

export const journeys = {
  'the agent listens on 127.0.0.1 and ::1 only': async (world) => {
    const addresses = listeningAddresses(world.port);
    // 127.0.0.1 and ::1 as the kernel prints them on a little-endian machine.
    const [v6, v4] = ['00000000000000000000000001000000', '0100007F'];
    assert.ok(addresses.includes(v4), `127.0.0.1 is not among ${addresses}`);
    assert.deepEqual(addresses.filter((address) => address !== v4 && address !== v6), []);
  },

  'a foreign Host is refused before the upgrade': async (world) => {
    for (const secure of [false, true]) {
      for (const host of ['egov.kz', `egov.kz:${world.port}`, '127.0.0.1:1', '127.0.0.1', `127.0.0.1.egov.kz:${world.port}`]) {
        const answer = await raw(world.port, upgrade(host), secure);
        assert.match(answer, /^HTTP\/1\.1 421 /, host);
        assert.doesNotMatch(answer, /version/, host);
      }
      const answer = await raw(world.port, upgrade(`localhost:${world.port}`), secure);
      assert.match(answer, /^HTTP\/1\.1 101/);
    }
  },

  'plain and TLS sockets are greeted alike, by every name of this computer': async (world) => {
    for (const scheme of ['ws', 'wss']) {
      for (const host of ['127.0.0.1', 'localhost', ...(await accepts(world.port, '::1') ? ['[::1]'] : [])]) {
        const wire = await Wire.connect(world.port, { scheme, host });
        assert.equal(await wire.next(), GREETING);
        wire.close();
      }
    }
  },

  'heartbeats are answered, an empty object and noise are not': (world) => withWire(world, {}, async (wire) => {
    assert.equal(await wire.ask('--heartbeat--'), '--heartbeat--');
    for (const silent of ['{}', 'is anybody there?']) {
      wire.send(silent);
      assert.ok(await wire.isSilent(), silent);
    }
    assert.equal(await wire.ask('--heartbeat--'), '--heartbeat--');
  }),

  'heartbeats are answered while a window is open': (world) => withWire(world, {}, async (wire) => {
    wire.send(createCades(['PKCS12', 'SIGNATURE', 'MTIz', true]));
    const window = await world.window();
    assert.equal(await wire.ask('--heartbeat--'), '--heartbeat--');
    await window.key('Escape');
    assert.equal(JSON.parse(await wire.next()).message, 'action.canceled');
    await world.windowGone();
  }),

  'a frame of 20 MiB is served': (world) => withWire(world, { scheme: 'wss' }, async (wire) => {
    const large = 'A'.repeat(20 * MIB);
    assert.deepEqual(JSON.parse(await wire.ask({ module: 'no.such.module', data: large }, 120)), { success: false, errorCode: 'MODULE_NOT_FOUND' });
    wire.send(createCades(['PKCS12', 'SIGNATURE', large, false]));
    const window = await world.window({ seconds: 120 });
    await window.sign(world.keys.person.password);
    assert.equal(JSON.parse(await wire.next(120)).code, '200');
    await world.windowGone();
  }),

  'what cannot be done is answered at once and opens no window': (world) => withWire(world, {}, async (wire) => {
    const ask = async (request) => JSON.parse(await wire.ask(request));
    assert.deepEqual(await ask({ module: 'kz.digiflow.mobile.extensions', method: 'getVersion' }), { success: false, errorCode: 'MODULE_NOT_FOUND' });
    assert.deepEqual(await ask({ module: COMMON_UTILS, method: 'noSuchMethod', args: [] }), { code: '500', message: 'NoSuchMethodException noSuchMethod' });
    assert.deepEqual(await ask({ module: COMMON_UTILS, method: 'getKeyInfo', args: ['PKCS12', 'more'] }), { code: '500', message: 'NoSuchMethodException getKeyInfo' });
    assert.deepEqual(await ask({ module: COMMON_UTILS, method: 'getKeyInfo', args: [null] }), {
      code: '500', message: 'java.lang.IllegalArgumentException: argument type mismatch. Method: getKeyInfo',
    });
    for (const base64 of ['***', 'AAAAA', '====']) {
      const { code, responseObject } = await ask(createCades(['PKCS12', 'SIGNATURE', base64, true]));
      assert.deepEqual([code, responseObject], ['500', undefined], base64);
      const basics = await ask(sign({ data: base64, signingParams: { decode: true } }));
      assert.equal(basics.status, false, base64);
      assert.match(`${basics.details}${basics.message}`, /\S/);
    }
    assert.equal((await ask(sign({ data: [] }))).status, false);
    assert.equal((await ask({ module: BASICS, method: 'sign', args: { format: 'cms', data: 'x' } })).code, 'INVOCATION_ERROR');
    assert.equal((await ask({ module: BASICS, method: 'foo', args: {} })).code, 'GENERAL_ERROR');
    await noWindow(world);
    // org.json's dialect: what real portals send.
    assert.deepEqual(await ask("{module: 'no.such.module', method: getBundles;}"), { success: false, errorCode: 'MODULE_NOT_FOUND' });
  }),

  'bytes that are no request at all do no harm': async (world) => {
    const bytes = ['\r\n\r\n', 'GET', `\x16\x03\x01${'\xff'.repeat(200)}`, `GET / HTTP/1.1\r\n${'a: b\r\n'.repeat(5000)}`, '\0'.repeat(4096)];
    for (const secure of [false, true]) {
      for (const text of bytes) await raw(world.port, text, secure, 1000);
    }
    await withWire(world, {}, async (wire) => {
      wire.socket.send(Buffer.from([0xff, 0x00, 0xfe]));
      wire.send('['.repeat(200_000));
      wire.send(`{"module":"${COMMON_UTILS}","method":${'['.repeat(100_000)}`);
      assert.equal(await wire.ask('--heartbeat--'), '--heartbeat--');
    });
    await withWire(world, {}, async (wire) => assert.equal(await wire.ask('--heartbeat--'), '--heartbeat--'));
    assert.ok(world.agent.child.isRunning);
  },

  'dozens of sockets are served side by side': async (world) => {
    const wires = await Promise.all(Array.from({ length: 60 }, (_, i) => Wire.connect(world.port, { scheme: i % 2 ? 'ws' : 'wss' })));
    for (const wire of wires) {
      assert.equal(await wire.next(), GREETING);
      assert.equal(await wire.ask('--heartbeat--'), '--heartbeat--');
    }
    for (const wire of wires) wire.close();
  },

  'when the port is taken the agent says which program holds it': async (world) => {
    const second = world.newAgent(join(world.scratch, 'second'), 'second.log');
    const start = (port) => run(second.program, ['run', '--data-dir', second.data, '--port', String(port)], { env: world.env });
    const ours = await start(world.port);
    assert.notEqual(ours.code, 0);
    assert.match(ours.stderr, new RegExp(`${world.port}.*Tanba.*${world.agent.child.pid}`));

    const stranger = createServer().listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    const { port } = stranger.address();
    const theirs = await start(port);
    stranger.close();
    assert.notEqual(theirs.code, 0);
    assert.match(theirs.stderr, new RegExp(`${port}.*node.*${process.pid}`));
  },

  'another user of this computer is not served': async (world) => {
    if (process.getuid() !== 0) return 'NOT RUN: only root can become another user here';
    const script = `
      const socket = require('node:net').connect(${world.port}, '127.0.0.1');
      let got = '';
      socket.on('connect', () => socket.write(${JSON.stringify(upgrade(`127.0.0.1:${world.port}`))}));
      socket.on('data', (data) => { got += data; });
      socket.on('error', () => {});
      socket.on('close', () => console.log(JSON.stringify(got)));
      socket.setTimeout(3000, () => socket.destroy());`;
    const { stdout } = await run('setpriv', ['--reuid', '65534', '--regid', '65534', '--clear-groups', process.execPath, '-e', script], { env: { PATH: process.env.PATH } });
    const got = JSON.parse(stdout);
    assert.doesNotMatch(got, /101/);
    assert.doesNotMatch(got, /version/);
    return undefined;
  },

  'the agent stops by itself when it is asked to, and its window goes with it': async (world) => {
    const other = world.newAgent(join(world.scratch, 'other'), 'other.log');
    const port = await freePort();
    await other.start(port);
    for (const signal of ['SIGTERM', 'SIGINT']) {
      if (!other.child.isRunning) await other.start(port);
      const wire = await Wire.connect(other.port);
      await wire.next();
      wire.send(createCades(['PKCS12', 'SIGNATURE', 'MTIz', true]));
      await world.window();
      const { code } = await other.child.stop(signal);
      assert.equal(code, 0, signal);
      await world.windowGone();
      await until('the port to be free', async () => !(await accepts(other.port)));
    }
  },
};
