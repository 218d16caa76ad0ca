// Runs the journeys one after the other, as a person would live them, and ends with `N passed, N failed`.

import { parseArgs } from 'node:util';
import { Window } from './world/window.mjs';
import { World } from './world/world.mjs';

const { values: options } = parseArgs({
  options: {
    programs: { type: 'string' },
    scratch: { type: 'string' },
    libraries: { type: 'string' },
    which: { type: 'string', default: 'journeys' },
    only: { type: 'string', default: '' },
  },
});

const MINUTES = 3;
const full = options.which === 'all-journeys';
const files = [
  'client', 'decisions', 'keys', 'request', 'doors', 'check', 'dialect', 'forms', 'modules', 'states',
  ...(full ? ['languages', 'check-look', 'firefox'] : []), 'tokens', ...(full ? ['kit'] : []), 'life', 'secrets',
];

function deadline(promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took longer than ${MINUTES} minutes`)), MINUTES * 60_000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

let passed = 0;
let failed = 0;
const world = await World.make(options);
try {
  for (const file of files) {
    const { journeys } = await import(`./journeys/${file}.mjs`);
    for (const [name, walk] of Object.entries(journeys)) {
      if (!`${file}: ${name}`.includes(options.only)) continue;
      const begin = Date.now();
      try {
        const walking = walk(world);
        walking.catch(() => {}); // heard below, or too late to matter
        const note = await deadline(walking);
        if ((await Window.shown(world.display)).length > 0) throw new Error('a window was left behind');
        passed += 1;
        console.log(`ok      ${name} (${((Date.now() - begin) / 1000).toFixed(1)} s)${note ? `\n        ${note}` : ''}`);
      } catch (error) {
        failed += 1;
        console.log(`FAILED  ${name}\n${error.stack}`);
        await world.keepEvidence(name).catch((trouble) => console.log(`note    no evidence: ${trouble.message}`));
        await world.beginAnew();
      }
    }
  }
} catch (error) {
  // What cannot be cleared away would spoil every later journey.
  failed += 1;
  console.log(`FAILED  the journeys cannot go on\n${error.stack}`);
} finally {
  await world.stop();
}
console.log(`journeys: ${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
