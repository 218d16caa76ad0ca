// The NCALayer dialect's test kit. Drives public clients and pages of our own against any server that says it speaks the
// dialect, and reports sentence by sentence. `node main.mjs --help`.

import { parseArgs } from 'node:util';
import * as accessory from './checks/accessory.mjs';
import * as applet from './checks/applet.mjs';
import * as basics from './checks/basics.mjs';
import * as clients from './checks/clients.mjs';
import * as commonUtils from './checks/common-utils.mjs';
import * as dialect from './checks/dialect.mjs';
import * as habits from './checks/habits.mjs';
import * as modules from './checks/modules.mjs';
import * as transport from './checks/transport.mjs';
import { Person, ScriptedSigner } from './kit/decisions.mjs';
import { Kit } from './kit/kit.mjs';
import { NotRun } from './kit/check.mjs';
import { Report } from './kit/report.mjs';
import { Server } from './kit/server.mjs';

const HELP = `usage: node main.mjs [--url URL] [options]

  --url URL          the server, wss://127.0.0.1:13579 by default
  --person           run what needs a decision too; a line says what to click
  --signer ADDRESS   the same, decided by a program in the signer's place (README.md)
  --token STORAGE    this kind of token is plugged in (AKKaztokenStore); without it nothing is expected of one
  --storage STORAGE  decisions are made with keys on such a token; with key files otherwise
  --server PROGRAM   start this program and talk to it; it says where it and its scripted signer are
  --beyond           run also what no client needs, or nobody has recorded of the original
  --patience SECONDS how long an answer may take that no person is needed for, 30 by default
  --long             let time be what it is in the wild, not scaled down
  --only WORDS       only checks whose name or clause contains this
  --json             report as JSON
  --list             name the checks and run none
`;

const GROUPS = { transport, dialect, accessory, commonUtils, basics, applet, modules, habits, clients };

const { values: options } = parseArgs({
  options: {
    url: { type: 'string', default: 'wss://127.0.0.1:13579' },
    person: { type: 'boolean', default: false },
    signer: { type: 'string' },
    token: { type: 'string' },
    storage: { type: 'string' },
    server: { type: 'string' },
    beyond: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    patience: { type: 'string', default: '30' },
    json: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** No answer of a healthy server takes longer on a busy computer. */
const PATIENCE = Number(options.patience) * 1000;
/** No check does; with a person, or in real time, each takes what it takes. */
const MINUTES = 5;

function why({ needsDecision, isBeyond }) {
  if (isBeyond && !options.beyond) return 'beyond what NCALayer is known to do (--beyond)';
  if (needsDecision && !options.person && !options.signer) return 'needs a person (--person)';
  return undefined;
}

async function decisions() {
  if (options.signer) return ScriptedSigner.connect(options.signer, PATIENCE);
  return options.person ? new Person((text) => process.stderr.write(text)) : undefined;
}

function deadline(promise) {
  if (options.person || options.long) return promise;
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took longer than ${MINUTES} minutes`)), MINUTES * 60_000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Whether anybody is there at all: one line instead of a hundred. */
async function isReachable(kit) {
  try {
    (await kit.raw()).close();
    return true;
  } catch (error) {
    process.stderr.write(`${kit.url.href} cannot be reached: ${error.message}\n`);
    return false;
  }
}

async function run() {
  const wanted = Object.entries(GROUPS).flatMap(([group, { checks }]) => checks.map((check) => ({ group, ...check })))
    .filter(({ name, clause, group }) => `${group} ${clause} ${name}`.includes(options.only));
  if (wanted.length === 0) {
    process.stderr.write(`no check has "${options.only}" in its name; see --list\n`);
    return 2;
  }
  if (options.list) {
    for (const { group, clause, name } of wanted) process.stdout.write(`${group} ${clause}: ${name}\n`);
    return 0;
  }
  const server = options.server && await Server.start(options.server);
  if (server) Object.assign(options, { url: server.url, signer: server.signer, canPlug: server.tokens });
  try {
    return await runAll(wanted);
  } finally {
    await server?.stop();
  }
}

async function runAll(wanted) {
  const report = new Report(options.json, options.url);
  const kit = new Kit({ url: options.url, patience: PATIENCE, long: options.long, token: options.token, storage: options.storage });
  kit.begin();
  if (!await isReachable(kit)) return 2;
  kit.decisions = await decisions();
  kit.canPlug = options.canPlug === true;
  for (const check of wanted) {
    const reason = why(check);
    if (reason) {
      report.notRun(check, reason);
      continue;
    }
    kit.begin();
    const begin = Date.now();
    try {
      const running = check.run(kit);
      running.catch(() => {}); // heard below, or too late to matter
      report.passed(check, Date.now() - begin, await deadline(running));
    } catch (error) {
      if (error instanceof NotRun) report.notRun(check, error.message);
      else report.failed(check, Date.now() - begin, error);
    } finally {
      await kit.clear();
    }
  }
  await kit.decisions?.close();
  return report.end() ? 0 : 1;
}

if (options.help) process.stdout.write(HELP);
else process.exit(await run());
