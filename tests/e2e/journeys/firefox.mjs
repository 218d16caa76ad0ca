// The short form of the portal's visit, in Firefox.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Firefox, firefoxProgram } from '../world/firefox.mjs';
import { verify } from '../world/verify.mjs';

export const journeys = {
  'the client of npm connects from Firefox and gets a signature': async (world) => {
    if (!firefoxProgram()) return 'NOT RUN: no Firefox that a test can use is here';
    const profile = await Firefox.makeProfile(world.home, 'journey');
    await world.agent.must(['trust', 'install']);
    const browser = await Firefox.start(world.home, profile, world.env, join(world.logs, 'firefox.log'));
    try {
      const page = await browser.open(world.site.origin);
      assert.deepEqual(await page.ask('connect', [], world.agent.address), { value: '1.4' });
      const answer = page.ask('createCAdESFromBase64', ['PKCS12', Buffer.from(world.keys.document).toString('base64'), 'SIGNATURE', true]);
      const window = await world.window();
      await window.picture(world.artefact('firefox-ru.png'));
      assert.match(await window.words(), /Firefox/);
      await window.sign(world.keys.person.password);
      const { value, error } = await answer;
      assert.equal(error, undefined);
      await world.windowGone();
      return await verify(world, value, { content: world.keys.document, attached: true, authorities: world.keys.authorities });
    } finally {
      await browser.stop();
    }
  },
};
