// The verifier that shares no code with Tanba, for what is no CMS.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './child.mjs';
import { WITHOUT_ORACLE, hasOracle } from './verify.mjs';

let count = 0;

async function ask(world, args) {
  if (!hasOracle) return undefined;
  const { code, stdout, stderr } = await run(process.env.TANBA_PYTHON, ['-m', 'nca_oracle', ...args, '--json'], {
    env: { ...process.env, PYTHONPATH: join(process.env.TANBA_SHARED, 'oracle') },
  });
  assert.equal(code, 0, `the independent verifier: ${stdout}${stderr}`);
  return JSON.parse(stdout);
}

function put(world, name, content) {
  count += 1;
  const file = join(world.scratch, `${name}-${count}`);
  writeFileSync(file, content);
  return file;
}

/** Verifies a signed XML document by `tanba verify` and by the oracle. */
export async function verifyXml(world, xml) {
  const file = put(world, 'signed.xml', xml);
  const own = await world.agent.command(['verify', file, '--json', '--offline']);
  assert.equal(own.code, 0, `tanba verify: ${own.stdout}${own.stderr}`);
  const changed = put(world, 'changed.xml', xml.replace(/(<\/(?!ds:)[^>]+>)\s*$/, '!$1'));
  assert.notEqual((await world.agent.command(['verify', changed, '--json', '--offline'])).code, 0, 'a changed document verified');
  const report = await ask(world, ['xml', file]);
  return report ? undefined : WITHOUT_ORACLE;
}

/** Verifies a bare signature value; `pem` is the certificate. */
export async function verifyRaw(world, signature, content, pem) {
  const report = await ask(world, ['raw', '--cert', put(world, 'signer.pem', pem), '--data', put(world, 'signed', content), '--signature', signature]);
  return report ? undefined : WITHOUT_ORACLE;
}
