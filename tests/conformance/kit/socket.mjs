// A socket on the server under test: what a page sends, without a client between.

import WebSocket from 'ws';

/** The longest frame that the kit takes. */
const MOST = 512 * 1024 * 1024;

export class Wire {
  /** Connects; the frames that come are kept from the very first. */
  static connect(url, { origin, patience = 20_000 } = {}) {
    const wire = new Wire();
    wire.patience = patience;
    wire.frames = [];
    wire.pongs = [];
    wire.readers = [];
    wire.socket = new WebSocket(url, {
      rejectUnauthorized: false, // whether browsers trust the certificate is no matter of the dialect
      origin,
      maxPayload: MOST,
      perMessageDeflate: false,
      handshakeTimeout: patience,
    });
    wire.socket.on('message', (data, isBinary) => wire.hear(isBinary ? data : data.toString()));
    wire.socket.on('pong', (data) => wire.pongs.push(data.toString()));
    wire.socket.on('close', (code, reason) => {
      wire.closed = new Error(`the server closed the socket: ${code} ${reason}`.trim());
      for (const reader of wire.readers.splice(0)) reader.reject(wire.closed);
    });
    wire.socket.on('error', () => {}); // 'close' follows
    return new Promise((resolve, reject) => {
      wire.socket.once('open', () => resolve(wire));
      wire.socket.once('error', reject);
    });
  }

  hear(frame) {
    const reader = this.readers.shift();
    if (reader) reader.resolve(frame);
    else this.frames.push(frame);
  }

  get isOpen() {
    return !this.closed && this.socket.readyState === WebSocket.OPEN;
  }

  /** The next frame, as it came. */
  next(patience = this.patience) {
    if (this.frames.length > 0) return Promise.resolve(this.frames.shift());
    if (this.closed) return Promise.reject(this.closed);
    return new Promise((resolve, reject) => {
      const reader = {};
      const timer = setTimeout(() => {
        this.readers = this.readers.filter((other) => other !== reader);
        reject(new Error(`no answer came within ${patience / 1000} s`));
      }, patience);
      reader.resolve = (frame) => { clearTimeout(timer); resolve(frame); };
      reader.reject = (error) => { clearTimeout(timer); reject(error); };
      this.readers.push(reader);
    });
  }

  send(value) {
    this.socket.send(typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value));
  }

  /** Sends, and gives the answer as it came. */
  ask(value, patience) {
    this.send(value);
    return this.next(patience);
  }

  /** Sends, and gives the answer as the value that it is. */
  async call(value, patience) {
    const text = await this.ask(value, patience);
    try {
      return JSON.parse(text);
    } catch {
      throw new Error(`the answer is no JSON: ${String(text).slice(0, 200)}`);
    }
  }

  close() {
    this.socket.terminate();
  }
}
