// Sockets, greeting, heartbeat, order of replies.

import assert from 'node:assert/strict';
import https from 'node:https';
import { always, beyond, beyondDecided, decided, NotRun } from '../kit/check.mjs';
import { ACCESSORY, CHEAP, GREETING, MODULE_NOT_FOUND, base64, common, sleep } from '../kit/kit.mjs';
import { BINARY, CONTINUATION, PING, PONG, TEXT, frame } from '../kit/raw.mjs';

const HEARTBEAT = '--heartbeat--';
const MIB = 1024 * 1024;
const SOCKETS = 60;
const sign = common('createCAdESFromBase64', 'PKCS12', 'SIGNATURE', base64('conformance'), true);

/** The socket is still served, and nothing was said in between. */
async function answersNext(wire) {
  assert.deepEqual(await wire.call(CHEAP), MODULE_NOT_FOUND);
}

async function greets(kit, where) {
  const wire = await kit.socket(where);
  assert.equal(await wire.next(), GREETING);
  await answersNext(wire);
}

/** The greeting stands in the very read that ends the head of the 101 answer. */
async function greetsInOneFlight(kit, scheme) {
  for (let turn = 0; turn < 5; turn += 1) {
    const raw = await kit.raw({ scheme });
    raw.write(raw.handshake());
    await raw.upgraded(1);
    const head = raw.reads.findIndex((_, index) => Buffer.concat(raw.reads.slice(0, index + 1)).includes('\r\n\r\n'));
    const soFar = Buffer.concat(raw.reads.slice(0, head + 1));
    const behind = soFar.subarray(soFar.indexOf('\r\n\r\n') + 4);
    assert.ok(behind.includes(GREETING), `the read that brought the 101 answer brought ${behind.length} octets behind it`);
    raw.close();
  }
}

async function canReach(kit, where) {
  try {
    (await kit.raw(where)).close();
    return true;
  } catch {
    return false;
  }
}

export const checks = [
  always('The connection', 'the first frame is the greeting, octet for octet', async (kit) => {
    const wire = await kit.socket();
    assert.equal(await wire.next(), GREETING);
  }),
  always('The connection', 'the greeting fits the expression by which the .NET client knows it', async (kit) => {
    assert.match(await (await kit.socket()).next(), /^\{"result":\{"version":"[0-9.]*"\}\}$/);
  }),
  always('The connection', 'over TLS the greeting comes in the same flight as the 101 answer', (kit) => greetsInOneFlight(kit, 'wss')),
  always('The connection', 'a request that is sent with the handshake is answered after the greeting', async (kit) => {
    const raw = await kit.raw({ scheme: kit.url.protocol.slice(0, -1) });
    raw.write(Buffer.concat([raw.handshake(), frame(TEXT, JSON.stringify(CHEAP))]));
    const { frames } = await raw.upgraded(2);
    assert.equal(frames[0].payload.toString(), GREETING);
    assert.deepEqual(JSON.parse(frames[1].payload), MODULE_NOT_FOUND);
  }),
  always('The connection', 'TLS 1.2 and TLS 1.3 are spoken', async (kit) => {
    for (const version of ['TLSv1.2', 'TLSv1.3']) {
      const raw = await kit.raw({ scheme: 'wss', minVersion: version, maxVersion: version });
      raw.write(raw.handshake());
      assert.match((await raw.upgraded(1)).head, /^HTTP\/1\.1 101 /);
    }
  }),
  always('The connection', 'any path leads to the socket', async (kit) => {
    for (const path of ['', '/', '/basics/index.html', '/a/b?c=d&e=1']) await greets(kit, { path });
  }),
  always('The connection', 'a client that offers compression or a subprotocol is served without', async (kit) => {
    const raw = await kit.raw();
    raw.write(raw.handshake({ 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' }));
    const { head, frames } = await raw.upgraded(1);
    assert.doesNotMatch(head, /sec-websocket-(extensions|protocol)/i);
    assert.equal(frames[0].payload.toString(), GREETING);
  }),
  always('The connection', 'both names of this computer that pages use lead to the socket', async (kit) => {
    for (const host of ['127.0.0.1', 'localhost']) await greets(kit, { host });
  }),
  beyond('The connection', 'the IPv6 loopback address leads to the socket', async (kit) => {
    if (!await canReach(kit, { host: '[::1]' }) && !await canReach(kit, { host: '[::1]', scheme: 'ws' })) {
      throw new NotRun('nothing listens on ::1, or this computer has no such address');
    }
    await greets(kit, { host: '[::1]' });
  }),
  beyond('The connection', 'plain ws is served on the same port', (kit) => greets(kit, { scheme: 'ws' })),
  beyond('The connection', 'over plain ws too the greeting comes in the same flight as the 101 answer', (kit) => greetsInOneFlight(kit, 'ws')),
  always('The connection', 'pages of https, of http and without an origin are served', async (kit) => {
    for (const origin of [kit.site, 'http://intranet.example', 'http://10.0.0.7:8080', null, 'null']) await greets(kit, { origin });
  }),
  always('The connection', 'the same port shows a browser a page, so that a person can accept the certificate', async (kit) => {
    const options = { host: kit.url.hostname, port: kit.url.port, path: '/', rejectUnauthorized: false, headers: { Host: kit.url.host } };
    const status = await new Promise((resolve, reject) => {
      https.get(options, (answer) => { answer.resume(); resolve(answer.statusCode); }).on('error', reject);
    });
    assert.equal(status, 200);
  }),

  always('The connection', 'a heartbeat is answered with itself', async (kit) => {
    const wire = await kit.greeted();
    for (let beat = 0; beat < 3; beat += 1) assert.equal(await wire.ask(HEARTBEAT), HEARTBEAT);
  }),
  decided('The connection', 'heartbeats are answered for as long as a window is open', async (kit) => {
    // The old official page beats every 2 s, and gives up after 50 beats without an answer while it waits.
    const wire = await kit.greeted();
    wire.send(sign);
    const window = await kit.decisions.opened('Leave the window open until the next line; then');
    for (let beat = 0; beat < 50; beat += 1) {
      assert.equal(await wire.ask(HEARTBEAT), HEARTBEAT, `beat ${beat}`);
      await sleep(kit.isLong ? 2000 : 20);
    }
    window.cancel();
    assert.deepEqual(JSON.parse(await wire.next(kit.decisions.patience)), { code: '500', message: 'action.canceled' });
  }),
  beyond('The connection', 'an empty object and text that is no JSON are answered with nothing', async (kit) => {
    const wire = await kit.greeted();
    for (const silent of ['{}', ' {} ', 'is anybody there?', '', '<xml/>', '{"module":']) {
      wire.send(silent);
      await answersNext(wire);
    }
  }),
  beyond('The connection', 'a ping is answered with its own payload', async (kit) => {
    const wire = await kit.greeted();
    wire.socket.ping('are you there');
    await answersNext(wire);
    const end = Date.now() + kit.patience;
    while (wire.pongs.length === 0 && Date.now() < end) await sleep(5);
    assert.deepEqual(wire.pongs, ['are you there']);
  }),
  beyond('The connection', 'a binary frame is answered with nothing and harms nothing', async (kit) => {
    const wire = await kit.greeted();
    wire.send(Buffer.from([0xff, 0x00, 0xfe]));
    wire.send(Buffer.from(JSON.stringify(CHEAP)));
    await answersNext(wire);
    assert.equal(await wire.ask(HEARTBEAT), HEARTBEAT);
  }),
  always('The connection', 'a message in several frames is one message, with a ping between them', async (kit) => {
    const raw = await kit.raw();
    raw.write(raw.handshake());
    await raw.upgraded(1);
    const text = Buffer.from(JSON.stringify({ ...CHEAP, method: 'Қазақша' }));
    const cuts = [0, 7, text.indexOf('Қ') + 1, text.length]; // in the middle of a letter of two octets
    raw.write(frame(TEXT, text.subarray(cuts[0], cuts[1]), { fin: false }));
    raw.write(frame(PING, 'between'));
    raw.write(frame(CONTINUATION, text.subarray(cuts[1], cuts[2]), { fin: false }));
    raw.write(frame(CONTINUATION, text.subarray(cuts[2], cuts[3])));
    const { frames } = await raw.upgraded(3);
    const pong = frames.find(({ opcode }) => opcode === PONG);
    assert.equal(pong?.payload.toString(), 'between');
    const answer = frames.filter(({ opcode }) => opcode === TEXT || opcode === BINARY).at(-1);
    assert.deepEqual(JSON.parse(answer.payload), MODULE_NOT_FOUND);
  }),

  always('The connection', 'requests that are sent ahead are answered one by one, in their order', async (kit) => {
    const wire = await kit.greeted();
    const methods = Array.from({ length: 40 }, (_, index) => `method${index}`);
    for (const method of methods) wire.send(common(method));
    for (const method of methods) assert.deepEqual(JSON.parse(await wire.next()), { code: '500', message: `NoSuchMethodException ${method}` });
  }),
  decided('The connection', 'what is asked behind an open window is answered after it', async (kit) => {
    const wire = await kit.greeted();
    wire.send(sign);
    const window = await kit.decisions.opened();
    wire.send(CHEAP);
    await sleep(100);
    assert.deepEqual(wire.frames, []);
    window.cancel();
    assert.equal(JSON.parse(await wire.next(kit.decisions.patience)).message, 'action.canceled');
    assert.deepEqual(JSON.parse(await wire.next()), MODULE_NOT_FOUND);
  }),
  always('The connection', 'nothing comes that was not asked for', async (kit) => {
    const wire = await kit.greeted();
    await answersNext(wire);
    await sleep(kit.isLong ? 10_000 : 300);
    assert.deepEqual(wire.frames, []);
    assert.ok(wire.isOpen);
  }),
  always('The connection', 'an answer with an error leaves the socket open', async (kit) => {
    const wire = await kit.greeted();
    await wire.ask(common('noSuchMethod'));
    await wire.ask({ module: ACCESSORY, method: 'noSuchMethod' });
    await answersNext(wire);
    assert.ok(wire.isOpen);
  }),
  always('The connection', `${SOCKETS} sockets are served side by side`, async (kit) => {
    const wires = await Promise.all(Array.from({ length: SOCKETS }, () => kit.greeted()));
    await Promise.all(wires.map(async (wire) => assert.equal(await wire.ask(HEARTBEAT), HEARTBEAT)));
    await Promise.all(wires.map(answersNext));
  }),
  beyondDecided('The connection', 'a page that goes away takes its window with it, and the next page is served', async (kit) => {
    const gone = await kit.greeted();
    gone.send(sign);
    const window = await kit.decisions.opened('Only look: the window must close by itself');
    gone.close();
    if (window.withdrawn) await window.withdrawn();
    const wire = await kit.greeted();
    assert.deepEqual(await kit.cancelled(wire, sign), { code: '500', message: 'action.canceled' });
  }),
  beyondDecided('The connection', 'requests of several pages wait for each other', async (kit) => {
    const wires = await Promise.all(Array.from({ length: 3 }, () => kit.greeted()));
    const answers = wires.map((wire) => wire.call(sign, kit.decisions.patience));
    for (let count = 0; count < wires.length; count += 1) (await kit.decisions.opened()).cancel();
    for (const answer of await Promise.all(answers)) assert.deepEqual(answer, { code: '500', message: 'action.canceled' });
  }),
  always('The connection', 'a frame of 20 MiB is read', async (kit) => {
    const wire = await kit.greeted();
    wire.send({ ...CHEAP, data: 'A'.repeat(20 * MIB) });
    assert.deepEqual(JSON.parse(await wire.next(120_000)), MODULE_NOT_FOUND);
  }),
];
