// Whether the kit finds what is wrong: run against a server that makes the mistakes which other implementations made.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';

const KIT = fileURLToPath(new URL('main.mjs', import.meta.url));

/** Greets late, has another word for an unknown module, a message in a success, tokens that are files, strict JSON only. */
function sloppy(socket) {
  setTimeout(() => socket.send('{"result":{"version":"1.4"}}'), 150);
  socket.on('message', (data) => {
    const text = data.toString();
    let request;
    try {
      request = JSON.parse(text);
    } catch {
      return;
    }
    if (request.method === 'getActiveTokens') socket.send('{"code":"200","responseObject":["PKCS12"]}');
    else if (request.method === 'changeLocale') socket.send('{"code":"200","message":""}');
    else if (request.method === 'setLocale') socket.send('{"result":"","errorCode":"NONE"}');
    else socket.send('{"status":false,"code":"MODULE_NOT_FOUND"}');
  });
}

const MISTAKES = [
  'over plain ws too the greeting comes in the same flight as the 101 answer',
  'a page that takes the first frame after its first call for the answer gets the answer',
  'a heartbeat is answered with itself',
  'names without quotes are read, as the official examples write them',
  'an unknown module is told by exactly two members',
  'getActiveTokens lists devices only, under a code that is a string',
  'changeLocale is answered, and with nothing but the code',
  'a method that does not exist is told by its name',
  'setLocale is answered with nothing',
];
const WELL_DONE = ['the first frame is the greeting, octet for octet', 'ncalayer-js-client connects, and finds no KAZTOKEN'];

/** Every clause is a heading of the dialect's page, so that whoever reads a report finds what is promised. */
async function clausesAreHeadings() {
  const page = await readFile(new URL('../../docs/ncalayer-dialect.md', import.meta.url), 'utf8');
  const headings = page.split('\n').filter((line) => /^##+ /.test(line))
    .map((line) => line.replace(/^#+ /, '').replace(/ \([^)]*\)/g, '').replaceAll('`', ''));
  for (const file of await readdir(new URL('checks/', import.meta.url))) {
    const { checks } = await import(new URL(`checks/${file}`, import.meta.url));
    for (const { clause, name } of checks) assert.ok(headings.includes(clause), `${file}: no heading "${clause}": ${name}`);
  }
}

/** A run of no check at all is no success. */
async function nothingIsNoSuccess() {
  const { code, stderr } = await new Promise((resolve) => {
    execFile(process.execPath, [KIT, '--only', 'nosuch'], (error, _, stderr) => resolve({ code: error?.code ?? 0, stderr }));
  });
  assert.deepEqual([code, stderr], [2, 'no check has "nosuch" in its name; see --list\n']);
}

await clausesAreHeadings();
await nothingIsNoSuccess();

const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
server.on('connection', sloppy);
await once(server, 'listening');

function run(...options) {
  const args = [KIT, '--url', `ws://127.0.0.1:${server.address().port}`, '--beyond', '--json', ...options];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { maxBuffer: 16 * 1024 * 1024 }, (error, stdout) => {
      resolve({ code: error?.code ?? 0, ...JSON.parse(stdout) });
    });
  });
}

// Most mistakes are answers that do not come; nobody waits for them for long.
const report = await run('--patience', '0.6');
assert.equal(report.code, 1);
assert.equal(report.passed + report.failed + report.notRun, report.checks.length);
const failed = report.checks.filter(({ result }) => result === 'fail').map(({ name }) => name);
for (const name of MISTAKES) assert.ok(failed.includes(name), `not found: ${name}`);
for (const name of WELL_DONE) {
  const { code, passed } = await run('--only', name);
  assert.deepEqual([code, passed], [0, 1], `wrongly found: ${name}`);
}
server.close();
for (const client of server.clients) client.terminate();
console.log(`the kit finds ${MISTAKES.length} mistakes of a sloppy server`);
