// The real agent in a data folder of its own.

import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { Child, must, run, until } from './child.mjs';

/** Where portals look for it. */
export const PORT = 13579;

function isFree(port, host) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(error.code === 'EADDRNOTAVAIL'));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** NCALayer's own port; another one, with a word about it, where somebody's agent runs already. */
export async function choosePort() {
  if ((await isFree(PORT, '127.0.0.1')) && (await isFree(PORT, '::1'))) return PORT;
  const port = await freePort();
  console.log(`note    port ${PORT} is taken, so the journeys use ${port}: the client is told so`);
  return port;
}

export function accepts(port, host = '127.0.0.1') {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    socket.once('connect', () => { socket.destroy(); resolve(true); });
    socket.once('error', () => resolve(false));
  });
}

export class Agent {
  constructor(programs, data, env, log) {
    this.program = join(programs, 'tanba');
    this.data = data;
    this.env = env;
    this.log = log;
  }

  /** `under` is a program, with its arguments, that starts the agent in its place. */
  async start(port, under = []) {
    this.port = port;
    const [command, ...args] = [...under, this.program];
    this.child = new Child(command, [...args, 'run', '--data-dir', this.data, '--port', String(port)], {
      env: this.env, log: this.log, deathSignal: 'TERM',
    });
    await until('the agent', async () => {
      if (!this.child.isRunning) throw new Error(`tanba run ended:\n${this.child.output}`);
      return accepts(port);
    });
  }

  get address() {
    return `wss://127.0.0.1:${this.port}`;
  }

  /** A command of `tanba` in this data folder that must succeed; gives its standard output. */
  must(args, options = {}) {
    return must(this.program, [...args, '--data-dir', this.data], { env: this.env, ...options });
  }

  /** The same, whatever it ends with. */
  command(args, options = {}) {
    return run(this.program, [...args, '--data-dir', this.data], { env: this.env, ...options });
  }

  async stop() {
    if (!this.child) return;
    const { code } = await this.child.stop();
    if (code !== 0) throw new Error(`tanba run ended with ${code} when it was asked to stop\n${this.child.output}`);
  }
}
