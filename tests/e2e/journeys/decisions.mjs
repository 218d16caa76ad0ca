// What a person decides in the window, and what the page hears of it.

import assert from 'node:assert/strict';
import { said } from '../world/texts.mjs';
import { verify } from '../world/verify.mjs';
import { BUTTONS, Window } from '../world/window.mjs';
import { Wire, createCades, sign } from '../world/wire.mjs';

const base64 = (text) => Buffer.from(text).toString('base64');

export const journeys = {
  'cancelling is told to the page in the words of each module': async (world) => {
    const page = await world.portal();
    const cades = page.ask('createCAdESFromBase64', ['PKCS12', base64(world.keys.document)]);
    await (await world.window()).key('Escape');
    assert.equal((await cades).error, '500: action.canceled');
    await world.windowGone();

    const basics = page.ask('basicsSignCMS', [null, base64(world.keys.document), { decode: true }, { extKeyUsageOids: [], chain: [] }]);
    const window = await world.window();
    await window.click(BUTTONS, said('window-cancel'));
    assert.deepEqual(await basics, { error: 'cancelled by user', canceled: true });
    await world.windowGone();
    await page.close();
  },

  'a wrong password stays in the window, and the right one then signs': async (world) => {
    const page = await world.portal();
    const answer = page.ask('createCAdESFromBase64', ['PKCS12', base64(world.keys.document), 'SIGNATURE', true]);
    const window = await world.window();
    await window.sign(world.keys.wrongPassword);
    await window.waitForWords(said('error-wrong-password'));
    await window.picture(world.artefact('wrong-password-ru.png'));
    await window.sign(world.keys.person.password);
    const { value, error } = await answer;
    assert.equal(error, undefined);
    await world.windowGone();
    await page.close();
    return verify(world, value, { content: world.keys.document, attached: true, authorities: world.keys.authorities });
  },

  'a key meant for the page does not sign': async (world) => {
    const wire = await Wire.connect(world.port);
    await wire.next();
    wire.send(createCades(['PKCS12', 'SIGNATURE', base64('x'), true]));
    const window = await world.window();
    await window.type(world.keys.person.password);
    // Another window takes the focus and gives it back: the half second begins anew.
    await world.display.xdotool('windowminimize', window.id);
    await world.display.xdotool('windowactivate', '--sync', window.id, 'key', 'Return');
    assert.ok(await wire.isSilent(300));
    const field = (await window.tree()).find((node) => node.role === 'password text');
    assert.equal([...field.text].length, world.keys.person.password.length, 'the password was taken');
    await window.key('Escape');
    assert.equal(JSON.parse(await wire.next()).message, 'action.canceled');
    await world.windowGone();
    wire.close();
  },

  'when the page goes away the window says so and closes': async (world) => {
    const page = await world.portal();
    page.ask('createCAdESFromBase64', ['PKCS12', base64(world.keys.document)]).catch(() => {});
    const window = await world.window();
    await page.close();
    await window.waitForWords(said('window-gone'));
    await window.picture(world.artefact('page-gone-ru.png'));
    await world.windowGone();

    const again = await world.portal();
    const answer = again.ask('createCAdESFromBase64', ['PKCS12', base64('снова')]);
    await (await world.window()).key('Escape');
    assert.equal((await answer).error, '500: action.canceled');
    await world.windowGone();
    await again.close();
  },

  'a window that another program takes away is a no, and the next request opens a new one': async (world) => {
    const wire = await Wire.connect(world.port);
    await wire.next();
    const ask = () => wire.send(createCades(['PKCS12', 'SIGNATURE', base64('x'), true]));
    ask();
    await world.display.xdotool('windowclose', (await world.window()).id);
    assert.equal(JSON.parse(await wire.next()).message, 'action.canceled');
    await world.windowGone();
    // The whole connection to the screen is cut: the signer ends, the page hears it, the next request starts it anew.
    ask();
    await world.display.xdotool('windowkill', (await world.window()).id);
    assert.equal(JSON.parse(await wire.next()).code, '500');
    await world.windowGone();
    ask();
    await (await world.window()).key('Escape');
    assert.equal(JSON.parse(await wire.next()).message, 'action.canceled');
    await world.windowGone();
    wire.close();
  },

  'requests of several pages wait for each other, and the window counts them': async (world) => {
    const pages = [await world.portal(), await world.portal(), await world.portal()];
    const answers = pages.map((page, index) => page.ask('createCAdESFromBase64', ['PKCS12', base64(`документ ${index}`), 'SIGNATURE', true]));
    let window = await world.window();
    assert.match(await window.waitForWords(/ещё 2/i), /2/);
    await window.picture(world.artefact('queue-ru.png'));
    for (let index = 0; index < pages.length; index += 1) {
      await window.sign(world.keys.person.password);
      if (index < pages.length - 1) window = await world.window({ not: window.id });
    }
    for (const answer of await Promise.all(answers)) assert.equal(answer.error, undefined);
    await world.windowGone();
    for (const page of pages) await page.close();
  },

  'a key file is chosen in the window, and remembered': async (world) => {
    const wire = await Wire.connect(world.port);
    await wire.next();
    wire.send(createCades(['PKCS12', 'SIGNATURE', base64(world.keys.document), true]));
    const window = await world.window();
    await window.chooseFile(world.keys.head.file);
    await window.sign(world.keys.head.password);
    await window.waitForWords(said('window-role-head'));
    await window.waitForDecision();
    await window.picture(world.artefact('another-file-ru.png'));
    await window.key('Return');
    const { code, responseObject } = JSON.parse(await wire.next());
    assert.equal(code, '200');
    await world.windowGone();
    const { files } = JSON.parse(await world.agent.must(['keys', 'list', '--json']));
    assert.ok(files.some((file) => file.path === world.keys.head.file));
    await world.agent.must(['keys', 'remove', world.keys.head.file]);
    wire.close();
    return verify(world, responseObject, { content: world.keys.document, attached: true, authorities: world.keys.authorities });
  },

  'a site that was blocked is not heard again': async (world) => {
    const wire = await Wire.connect(world.port, { origin: 'https://blocked.example' });
    await wire.next();
    wire.send(sign({ data: 'x' }));
    const window = await world.window();
    await window.click(BUTTONS, said('window-block-site'));
    assert.deepEqual(JSON.parse(await wire.next()), { body: {}, status: true });
    await world.windowGone();
    assert.deepEqual(JSON.parse(await wire.ask(sign({ data: 'x' }))), { body: {}, status: true });
    assert.deepEqual(await Window.shown(world.display), []);
    wire.close();
  },
};
