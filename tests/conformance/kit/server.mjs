// A server that the kit starts for itself, with a program in its signer's place.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export class Server {
  /** Starts it; it says in a line of JSON where it is (`url`) and where its windows are decided (`signer`). */
  static start(program) {
    const server = new Server();
    // It ends when its input does, and so with the kit, however that ends.
    server.child = spawn(program, [], { stdio: ['pipe', 'pipe', 'inherit'] });
    return new Promise((resolve, reject) => {
      server.child.once('error', reject);
      server.child.once('exit', (code) => reject(new Error(`${program} ended with ${code}`)));
      createInterface({ input: server.child.stdout }).once('line', (line) => {
        Object.assign(server, JSON.parse(line));
        resolve(server);
      });
    });
  }

  /** Ends it, and waits until it has. */
  stop() {
    return new Promise((resolve) => {
      this.child.once('exit', resolve);
      this.child.stdin.end();
    });
  }
}
