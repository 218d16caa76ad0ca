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

/** No journey takes longer, but for those whose file says so (`minutes`). */
const MINUTES = 3;
const full = options.which === 'all-journeys';
const files = [
  'client', 'decisions', 'keys', 'request', 'person', 'main-window', 'care', 'guide', 'doors', 'check', 'dialect', 'forms', 'modules', 'states',
  ...(full ? ['languages', 'looks', 'check-look', 'firefox'] : []), 'tokens', 'kit', 'life', 'secrets',
];

function deadline(promise, minutes) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took longer than ${minutes} minutes`)), minutes * 60_000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

let passed = 0;
let failed = 0;
const world = await World.make(options);
try {
  for (const file of files) {
    // What takes minutes is for the full run.
    const { journeys, longJourneys = {}, minutes = MINUTES } = await import(`./journeys/${file}.mjs`);
    for (const [name, walk] of Object.entries({ ...journeys, ...(full ? longJourneys : {}) })) {
      if (!`${file}: ${name}`.includes(options.only)) continue;
      const begin = Date.now();
      try {
        const walking = walk(world);
        walking.catch(() => {}); // heard below, or too late to matter
        const note = await deadline(walking, minutes);
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
