// The published clients, as npm has them. Each expects a browser around it, and gets as much of one as it looks for.

import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import WebSocket from 'ws';

const require = createRequire(import.meta.url);

/** A browser's WebSocket on a page of this origin, which trusts the server's certificate. */
export function socketOf(origin) {
  return class extends WebSocket {
    constructor(url) {
      super(url, { rejectUnauthorized: false, origin, perMessageDeflate: false, maxPayload: 512 * 1024 * 1024 });
    }
  };
}

/** The constructor of `ncalayer-js-client`, for a page of this origin. */
export function jsClient(origin) {
  const path = require.resolve('ncalayer-js-client');
  const before = { WebSocket: globalThis.WebSocket, window: globalThis.window };
  Object.assign(globalThis, { WebSocket: socketOf(origin), window: { btoa } });
  delete require.cache[path];
  try {
    return require(path).NCALayerClient;
  } finally {
    // It has taken what it needs.
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete globalThis[name];
      else globalThis[name] = value;
    }
  }
}

/** What `@seithq/ncalayer` exports. */
export const seithq = require('@seithq/ncalayer');

/** The exchanges that the makers of `ncalayer-js-client` recorded from the real program (14.1). */
export function recordings() {
  const path = require.resolve('ncalayer-js-client').replace(/ncalayer-client\.js$/, 'test/test-data.json');
  return JSON.parse(readFileSync(path, 'utf8'));
}
