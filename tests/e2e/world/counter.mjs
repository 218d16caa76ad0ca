// The counter of the miniature NCA, where a person hands in what their keys ask for.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Hands something in at the counter; gives the number that it was filed under. */
export async function handIn(world, path, file) {
  const answer = await fetch(`${world.nca.url}${path}`, { method: 'POST', body: readFileSync(file) });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text).number;
}

/** The same, and comes back with the certificate, in a file. */
export async function issued(world, path, request, name) {
  const number = await handIn(world, path, request);
  assert.equal((await fetch(`${world.nca.url}/requests/${number}/issue`, { method: 'POST' })).status, 200);
  const certificate = await fetch(`${world.nca.url}/requests/${number}/certificate`);
  const file = join(world.scratch, name);
  writeFileSync(file, Buffer.from(await certificate.arrayBuffer()));
  return file;
}
