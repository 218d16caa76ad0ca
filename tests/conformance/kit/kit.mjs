// What a check is given: ways to the server under test, and somebody who decides.

import { Raw } from './raw.mjs';
import { Wire } from './socket.mjs';

export const GREETING = '{"result":{"version":"1.4"}}';
export const COMMON_UTILS = 'kz.gov.pki.knca.commonUtils';
export const BASICS = 'kz.gov.pki.knca.basics';
export const ACCESSORY = 'kz.gov.pki.ncalayerservices.accessory';
export const APPLET = 'kz.gov.pki.knca.applet.Applet';
export const MODULE_NOT_FOUND = { success: false, errorCode: 'MODULE_NOT_FOUND' };
/** A request that any server answers at once and without a window. */
export const CHEAP = { module: 'no.such.module', method: 'x' };


export const common = (method, ...args) => ({ module: COMMON_UTILS, method, args });
export const base64 = (text) => Buffer.from(text).toString('base64');

/** A request of `basics` to sign, as the official page has it. */
export const basics = (args) => ({
  module: BASICS,
  method: 'sign',
  args: {
    allowedStorages: ['PKCS12'], format: 'cms', data: 'x', signingParams: {},
    signerParams: { extKeyUsageOids: [], chain: [] }, locale: 'ru', ...args,
  },
});

export class Kit {
  constructor({ url, decisions, patience, long, token, storage }) {
    this.url = new URL(url);
    this.decisions = decisions;
    this.patience = patience;
    /** The kind of token that is said to be plugged in. */
    this.token = token;
    /** Where the keys are that decisions are made with; in a file, if nobody says otherwise. */
    this.storage = storage;
    /** Whether the server takes the kit's word for what is plugged in. */
    this.canPlug = false;
    /** Whether time is what it is in the wild; scaled down otherwise. */
    this.isLong = long;
    this.open = [];
    this.checks = 0;
  }

  /** Before each check: a page of its own, because an agent may hear one site only so often. */
  begin() {
    this.checks += 1;
    this.site = `https://conformance-${this.checks}.example`;
  }

  /** Asks until the answer fits: what is plugged in is on its way for a moment. */
  async until(ask, fits, what) {
    const end = Date.now() + this.patience;
    for (;;) {
      const got = await ask();
      if (fits(got)) return got;
      if (Date.now() > end) throw new Error(`${what}: still ${JSON.stringify(got)}`);
      await new Promise((resolve) => { setTimeout(resolve, 20); });
    }
  }

  /** The server's address, by another scheme, name or path. */
  address({ scheme, host, path } = {}) {
    const address = new URL(this.url);
    if (scheme) address.protocol = `${scheme}:`;
    if (host) address.hostname = host;
    if (path !== undefined) address.href = `${address.protocol}//${address.host}${path}`;
    return address;
  }

  /** A socket, as it opens: the greeting is not read yet. */
  async socket({ origin = this.site, ...where } = {}) {
    const wire = await Wire.connect(this.address(where), { origin: origin ?? undefined, patience: this.patience });
    this.open.push(wire);
    return wire;
  }

  /** A socket whose greeting was read. */
  async greeted(where) {
    const wire = await this.socket(where);
    const greeting = await wire.next();
    if (greeting !== GREETING) throw new Error(`greeted with ${greeting}`);
    return wire;
  }

  async raw({ scheme, host, path, ...options } = {}) {
    const raw = await Raw.connect(this.address({ scheme, host, path }), { patience: this.patience, ...options });
    this.open.push(raw);
    return raw;
  }

  /** Asks for what needs a decision; `decide` is given the window, and the answer may then take as long as it takes. */
  async decided(wire, request, decide) {
    return this.decide(wire.call(this.stored(request), this.decisions.patience), decide);
  }

  /** The same request, or part of one, for a key of the storage that decisions are made with. */
  stored(request) {
    if (!this.storage) return request;
    const at = (value) => {
      if (value === 'PKCS12') return this.storage;
      if (Array.isArray(value)) return value.map(at);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, at(one)]));
    };
    return at(request);
  }

  /** The storage that decisions are made with. */
  get keyStorage() {
    return this.stored('PKCS12');
  }

  /** Agrees that a page opens the key that it names, and that it goes on naming it: for a file that is its path. */
  letIn(window) {
    if (this.storage) window.sign();
    else window.allowPaths();
  }

  /** The same for an answer that is on its way. */
  async decide(answer, decide) {
    answer.catch(() => {}); // heard below
    const window = await this.decisions.openedBefore(answer);
    if (!window) throw new Error(`answered without a window: ${JSON.stringify(await answer)?.slice(0, 300)}`);
    await decide(window);
    return answer;
  }

  /** For what some agents ask in a window and others know from before: either is well. */
  async agreed(wire, request) {
    const answer = wire.call(this.stored(request), this.decisions.patience);
    answer.catch(() => {}); // heard below
    (await this.decisions.openedBefore(answer))?.sign();
    return answer;
  }

  signed(wire, request) {
    return this.decided(wire, request, (window) => window.sign());
  }

  cancelled(wire, request) {
    return this.decided(wire, request, (window) => window.cancel());
  }

  /** Closes what a check left open. */
  async clear() {
    for (const one of this.open.splice(0)) one.close();
    await this.decisions?.clear();
  }
}

/** Lets what is in flight arrive. */
export const sleep = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });
