// Keys of the miniature NCA, made anew for each run, with words in them that nobody else writes.

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from './child.mjs';
import { hasOracle } from './verify.mjs';

/** Makes the keys of a miniature NCA whose keys are all of this algorithm, in a folder of their own. */
export async function makeFolder(programs, folder, password, env, algorithm = 'gost512') {
  const options = ['make', '--out', folder, '--password-stdin', '--algorithm', algorithm];
  await must(join(programs, 'test-nca'), options, { input: `${password}\n`, env });
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  const key = (name) => {
    const { key_file: file, certificate, common_name: holder, iin, bin } = manifest.keys.find((one) => one.name === name);
    return { file: join(folder, file), certificate: join(folder, certificate), password, name: holder, iin, bin };
  };
  return { key, authorities: [manifest.root, manifest.authority].map((name) => join(folder, name)) };
}

/**
 * The private number of a key file's key, in both byte orders, as the independent verifier reads it; nothing where that
 * is not here.
 */
export async function privateBytes({ file, password }) {
  if (!hasOracle) return [];
  const program = `
import json, sys
from nca_oracle import p12
key = p12.read(open(sys.argv[1], "rb").read(), sys.stdin.readline().rstrip("\\n")).keys[0][0]
print(f"{key.d:0128x}")`;
  const hex = await must(process.env.TANBA_PYTHON, ['-c', program, file], {
    input: `${password}\n`,
    env: { ...process.env, PYTHONPATH: join(process.env.TANBA_SHARED, 'oracle'), PYTHONIOENCODING: 'utf-8' },
  });
  const bigEndian = Buffer.from(hex.trim(), 'hex');
  return [bigEndian, Buffer.from(bigEndian).reverse()];
}

/**
 * The keys of the journeys: `person` with a password of Latin letters, `head` with one of Kazakh letters and of another
 * authority, so that neither is known by knowing the other. Also a document, with a mark that only this run knows.
 */
export async function makeKeys(programs, folder, env) {
  const random = () => randomBytes(6).toString('hex');
  const latin = await makeFolder(programs, join(folder, 'latin'), `Tanba-${random()}`, env);
  const kazakh = await makeFolder(programs, join(folder, 'kazakh'), `Құпия-сөз-${random()}`, env);
  const marker = `МАРКЕР-${random()}${random()}`;
  return {
    person: latin.key('person'),
    expired: latin.key('expired'),
    auth: latin.key('auth'),
    head: kazakh.key('head'),
    authorities: [...latin.authorities, ...kazakh.authorities],
    wrongPassword: `Wrong-${random()}`,
    marker,
    document: `Заявление. Өтініш. ${marker}\n`,
  };
}
