// Whether a signature holds: asked of `tanba verify`, and of a verifier that shares no code with it where that is here.

import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './child.mjs';

const { TANBA_SHARED, TANBA_PYTHON } = process.env;

/** Where it is, it must run: a check that quietly does not happen is worse than one that is known to be missing. */
export const hasOracle = Boolean(TANBA_SHARED && existsSync(join(TANBA_SHARED, 'oracle')));

/** What stands in a report where the independent verifier is not here. */
export const WITHOUT_ORACLE = 'NOT RUN: the independent verifier is not here';

let count = 0;

export function bytesOf(cms) {
  return Buffer.from(cms.replace(/-----(BEGIN|END) CMS-----/g, ''), 'base64');
}

/**
 * Verifies one signature. `content` is the document; `attached` says whether it must be inside.
 * `authorities` are the files of the certificates to believe.
 */
export async function verify(world, cms, { content, attached, authorities }) {
  count += 1;
  const file = join(world.scratch, `signature-${count}.cms`);
  const document = join(world.scratch, `document-${count}`);
  writeFileSync(file, bytesOf(cms));
  writeFileSync(document, content);
  const beside = attached ? [] : ['--content', document];

  // Nobody is asked: what services say is the command line's own tests.
  const own = await world.agent.command(['verify', file, '--json', '--offline', ...beside]);
  assert.equal(own.code, 0, `tanba verify: ${own.stdout}${own.stderr}`);
  if (!attached) {
    const alone = await world.agent.command(['verify', file, '--json', '--offline']);
    assert.notEqual(alone.code, 0, 'a detached signature verified without its document');
  }
  const other = join(world.scratch, `other-${count}`);
  writeFileSync(other, `${content}.`);
  const wrong = await world.agent.command(['verify', file, '--json', '--offline', '--content', other]);
  assert.notEqual(wrong.code, 0, 'a signature verified over another document');

  if (!hasOracle) return WITHOUT_ORACLE;
  const oracle = await run(TANBA_PYTHON, ['-m', 'nca_oracle', 'cms', file, '--json', ...beside, '--ca', ...authorities], {
    env: { ...process.env, PYTHONPATH: join(TANBA_SHARED, 'oracle') },
  });
  assert.equal(oracle.code, 0, `the independent verifier: ${oracle.stdout}${oracle.stderr}`);
  const report = JSON.parse(oracle.stdout);
  assert.equal(report.ok, true);
  return undefined;
}
