// The octets themselves, for what no client library lets through: which of them came together, and frames out of order.

import { randomBytes } from 'node:crypto';
import net from 'node:net';
import tls from 'node:tls';

export const TEXT = 1;
export const BINARY = 2;
export const CONTINUATION = 0;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

/** A frame of a client (RFC 6455 §5.2). */
export function frame(opcode, payload, { fin = true } = {}) {
  const body = Buffer.from(payload);
  const mask = randomBytes(4);
  const long = Buffer.alloc(8);
  long.writeBigUInt64BE(BigInt(body.length));
  let length = [0x80 | body.length];
  if (body.length > 0xffff) length = [0xff, ...long];
  else if (body.length > 125) length = [0xfe, ...long.subarray(6)];
  const masked = Buffer.from(body.map((octet, index) => octet ^ mask[index % 4]));
  return Buffer.concat([Buffer.from([(fin ? 0x80 : 0) | opcode, ...length]), mask, masked]);
}

/** The whole frames of a server at the beginning of these octets. */
export function frames(octets) {
  const found = [];
  let rest = octets;
  for (;;) {
    if (rest.length < 2) return found;
    let head = 2;
    let length = rest[1] & 0x7f;
    if (length === 126) { head = 4; length = rest.length < head ? Infinity : rest.readUInt16BE(2); }
    if (length === 127) { head = 10; length = rest.length < head ? Infinity : Number(rest.readBigUInt64BE(2)); }
    if (rest.length < head + length) return found;
    found.push({ fin: rest[0] >= 0x80, opcode: rest[0] & 0x0f, payload: rest.subarray(head, head + length) });
    rest = rest.subarray(head + length);
  }
}

export class Raw {
  /** Connects; `options` are those of `tls.connect` where the address is `wss:`. */
  static connect(address, { patience = 20_000, ...options } = {}) {
    const raw = new Raw();
    raw.address = address;
    raw.patience = patience;
    /** What each read gave. */
    raw.reads = [];
    raw.changed = () => {};
    const place = { host: address.hostname.replace(/^\[|\]$/g, ''), port: address.port };
    const secure = address.protocol === 'wss:';
    raw.socket = secure ? tls.connect({ ...place, rejectUnauthorized: false, ...options }) : net.connect(place);
    raw.socket.on('data', (data) => { raw.reads.push(data); raw.changed(); });
    raw.socket.on('close', () => { raw.isClosed = true; raw.changed(); });
    return new Promise((resolve, reject) => {
      raw.socket.once('error', reject);
      raw.socket.once(secure ? 'secureConnect' : 'connect', () => {
        raw.socket.on('error', () => {}); // 'close' follows
        resolve(raw);
      });
    });
  }

  /** The request of a handshake, with these fields more. */
  handshake(more = {}) {
    const fields = Object.entries(more).map(([name, value]) => `${name}: ${value}\r\n`).join('');
    return Buffer.from(
      `GET ${this.address.pathname}${this.address.search} HTTP/1.1\r\nHost: ${this.address.host}\r\nUpgrade: websocket\r\n`
      + 'Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n'
      + `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n${fields}\r\n`,
    );
  }

  write(octets) {
    this.socket.write(octets);
  }

  get received() {
    return Buffer.concat(this.reads);
  }

  /** Waits until what came so far is enough, or the server closes. */
  async until(what, isEnough) {
    const end = Date.now() + this.patience;
    while (!isEnough(this.received)) {
      if (this.isClosed) throw new Error(`the server closed before ${what}: ${this.received.toString('latin1').slice(0, 200)}`);
      const left = end - Date.now();
      if (left <= 0) throw new Error(`${what} did not come within ${this.patience / 1000} s`);
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, left);
        this.changed = () => { clearTimeout(timer); resolve(); };
      });
    }
    return this.received;
  }

  /** The head of the answer, and the frames behind it, once there are so many. */
  async upgraded(count) {
    const octets = await this.until(`${count} frame(s)`, (received) => {
      const end = received.indexOf('\r\n\r\n');
      return end >= 0 && frames(received.subarray(end + 4)).length >= count;
    });
    const end = octets.indexOf('\r\n\r\n') + 4;
    return { head: octets.subarray(0, end).toString('latin1'), frames: frames(octets.subarray(end)) };
  }

  close() {
    this.socket.destroy();
  }
}
