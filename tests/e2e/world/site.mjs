// A portal: one page on localhost with the client as npm delivers it.

import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const files = {
  '/': [fileURLToPath(new URL('../page/index.html', import.meta.url)), 'text/html; charset=utf-8'],
  '/ncalayer-client.js': [createRequire(import.meta.url).resolve('ncalayer-js-client'), 'text/javascript; charset=utf-8'],
};

export class Site {
  static start() {
    const site = new Site();
    site.server = createServer((request, response) => {
      const [path, type] = files[request.url] ?? [];
      if (!path) {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(200, { 'content-type': type });
      createReadStream(path).pipe(response);
    });
    return new Promise((resolve, reject) => {
      site.server.once('error', reject);
      site.server.listen(0, '127.0.0.1', () => {
        site.origin = `http://localhost:${site.server.address().port}`;
        resolve(site);
      });
    });
  }

  stop() {
    this.server.closeAllConnections?.();
    return new Promise((resolve) => { this.server.close(resolve); });
  }
}
