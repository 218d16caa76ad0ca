// A bare WebSocket on the agent: what a portal sends, without the client between.

import { readFileSync } from 'node:fs';
import WebSocket from 'ws';
import { sleep } from './child.mjs';

export const COMMON_UTILS = 'kz.gov.pki.knca.commonUtils';
export const BASICS = 'kz.gov.pki.knca.basics';

export class Wire {
  /** Connects; `scheme` is `ws` or `wss`, `origin` the header that a browser would send. */
  static connect(port, { scheme = 'ws', origin, host = '127.0.0.1' } = {}) {
    const wire = new Wire();
    wire.frames = [];
    wire.readers = [];
    wire.socket = new WebSocket(`${scheme}://${host}:${port}/`, {
      // Whether browsers trust the certificate is the browsers' journey.
      rejectUnauthorized: false,
      origin,
      maxPayload: 256 * 1024 * 1024,
      perMessageDeflate: false,
    });
    wire.socket.on('message', (data) => {
      const reader = wire.readers.shift();
      if (reader) reader.resolve(data.toString());
      else wire.frames.push(data.toString());
    });
    wire.socket.on('close', (code, reason) => {
      wire.closed = new Error(`the socket was closed: ${code} ${reason}`);
      for (const reader of wire.readers.splice(0)) reader.reject(wire.closed);
    });
    wire.socket.on('error', () => {}); // 'close' follows
    return new Promise((resolve, reject) => {
      wire.socket.once('open', () => resolve(wire));
      wire.socket.once('error', reject);
    });
  }

  /** The next frame. */
  next(seconds = 30) {
    if (this.frames.length > 0) return Promise.resolve(this.frames.shift());
    if (this.closed) return Promise.reject(this.closed);
    return new Promise((resolve, reject) => {
      const reader = { resolve, reject };
      const timer = setTimeout(() => {
        this.readers = this.readers.filter((other) => other !== reader);
        reject(new Error(`no frame came within ${seconds} s`));
      }, seconds * 1000);
      reader.resolve = (frame) => { clearTimeout(timer); resolve(frame); };
      reader.reject = (error) => { clearTimeout(timer); reject(error); };
      this.readers.push(reader);
    });
  }

  /** Whether nothing comes for a while. */
  async isSilent(milliseconds = 500) {
    await sleep(milliseconds);
    return this.frames.length === 0;
  }

  send(value) {
    this.socket.send(typeof value === 'string' ? value : JSON.stringify(value));
  }

  /** Sends, and gives the answer as it came. */
  async ask(value, seconds) {
    this.send(value);
    return this.next(seconds);
  }

  close() {
    this.socket.terminate();
  }
}

export function sign(args) {
  return {
    module: BASICS,
    method: 'sign',
    args: {
      allowedStorages: ['PKCS12'], format: 'cms', signingParams: {}, signerParams: { extKeyUsageOids: [], chain: [] },
      locale: 'ru', ...args,
    },
  };
}

export function createCades(args) {
  return { module: COMMON_UTILS, method: 'createCAdESFromBase64', args };
}

/** The local addresses that somebody listens on at this port, as the kernel writes them. */
export function listeningAddresses(port) {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => readFileSync(file, 'utf8').split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === '0A' && local?.endsWith(`:${wanted}`))
    .map(([, local]) => local.split(':')[0])
    .sort();
}
