// The last journey: after all that was signed, neither a log nor the data folder holds a password, a document or a key.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { privateBytes } from '../world/keys.mjs';

function* filesBelow(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const status = statSync(path, { throwIfNoEntry: false });
    if (status?.isDirectory()) yield* filesBelow(path);
    else if (status?.isFile()) yield path;
  }
}

/** The ways in which a careless program might have written some bytes. */
function spellings(bytes) {
  const buffer = Buffer.from(bytes);
  const base64 = [0, 1, 2].map((shift) => Buffer.concat([Buffer.alloc(shift), buffer]).toString('base64'))
    // Only the middle is the same whatever stood around it.
    .map((text) => text.slice(4, -4));
  return [buffer, Buffer.from(buffer.toString('hex')), Buffer.from(buffer.toString('hex').toUpperCase()),
    Buffer.from(buffer.toString('utf16le'), 'utf8'), ...base64.filter((text) => text.length >= 8).map((text) => Buffer.from(text))];
}

export const journeys = {
  'no log and no file of the agent holds a password, a document or a private key': async (world) => {
    const secrets = {
      'the password': world.keys.person.password,
      'the password of another key': world.keys.head.password,
      'a wrong password': world.keys.wrongPassword,
      'a document': world.keys.marker,
    };
    const privateKeys = [...await privateBytes(world.keys.person), ...await privateBytes(world.keys.head)];
    privateKeys.forEach((bytes, index) => { secrets[`private key ${index}`] = bytes; });
    const logs = readdirSync(world.logs).filter((name) => !/^(xvfb|openbox|firefox)/.test(name)).map((name) => join(world.logs, name));
    const files = [...logs, ...filesBelow(world.data)];
    assert.ok(logs.some((path) => statSync(path).size > 0), 'the agent wrote no log at all, so nothing was looked at');
    assert.ok(files.length > logs.length, 'the data folder is empty');
    for (const file of files) {
      const bytes = readFileSync(file);
      for (const [what, secret] of Object.entries(secrets)) {
        for (const spelling of spellings(secret)) {
          assert.ok(!bytes.includes(spelling), `${what} stands in ${file}`);
        }
      }
    }
    return privateKeys.length > 0 ? undefined : 'NOT RUN for private keys: the independent verifier is not here';
  },
};
