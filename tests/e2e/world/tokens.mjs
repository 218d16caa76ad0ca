// Tokens of a person: cards of the library for tests, which are folders, and one of SoftHSM.

import { randomBytes } from 'node:crypto';
import {
  copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, readlinkSync, renameSync, rmSync, writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { must, run, until } from './child.mjs';
import { makeFolder } from './keys.mjs';

const SOFTHSM = [
  '/usr/lib/softhsm/libsofthsm2.so', '/usr/lib64/libsofthsm2.so', '/usr/lib64/pkcs11/libsofthsm2.so',
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so', '/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so',
];

export const WITHOUT_SOFTHSM = 'NOT RUN: SoftHSM (softhsm2), pkcs11-tool (opensc) or openssl is not here';

/** What NCALayer calls the storages of these tokens. */
export const STORES = { card: 'AKKaztokenStore', odd: 'AKJaCartaStore', softHsm: 'AKEToken72KStore' };

/** Whether SoftHSM and the programs that fill it are here. */
async function softHsmLibrary() {
  const library = SOFTHSM.find((path) => existsSync(path));
  for (const [program, argument] of [['softhsm2-util', '--version'], ['pkcs11-tool', '--help'], ['openssl', 'version']]) {
    if (!library || !(await run(program, [argument]).then(() => true, () => false))) return undefined;
  }
  return library;
}

/** Makes a file another one, so that nobody reads half of it. */
function rewrite(file, text) {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

function removeCounts(folder, fits) {
  for (const name of readdirSync(folder)) if (fits.test(name)) rmSync(join(folder, name), { force: true });
}

function asToml(faults) {
  const value = (one) => (typeof one === 'string' ? JSON.stringify(one) : String(one));
  const lines = (fault) => Object.entries(fault).map(([name, one]) => `${name} = ${value(one)}\n`).join('');
  return faults.map((fault) => `\n[[fault]]\n${lines(fault)}`).join('');
}

/** Faults stand last, as tables, or are none. */
const withoutFaults = (text) => text.replace(/^fault = \[\]\n/m, '').split(/^\[\[fault\]\]$/m)[0].trimEnd();

/** A card of the library for tests. */
export class Card {
  constructor(tokens, { folder, label, serial }, pin) {
    Object.assign(this, { tokens, folder, label, serial, pin });
  }

  get config() {
    return join(this.folder, 'token.toml');
  }

  #number(name) {
    const found = new RegExp(`^${name} = (\\d+)$`, 'm').exec(readFileSync(this.config, 'utf8'));
    return found ? Number(found[1]) : undefined;
  }

  /** How many wrong PINs it still takes, as the card itself counts them. */
  triesLeft() {
    return this.#number('tries_left') ?? this.#number('max_tries');
  }

  isPluggedIn() {
    return existsSync(this.config);
  }

  unplug() {
    return must(this.tokens.program, ['unplug', this.folder]);
  }

  plug() {
    return must(this.tokens.program, ['plug', this.folder]);
  }

  /** What goes wrong with it from now on. */
  misbehave(...faults) {
    removeCounts(this.folder, /^fault-\d+\.count$/);
    rewrite(this.config, `${withoutFaults(readFileSync(this.config, 'utf8'))}\n${asToml(faults)}`);
  }

  /** As if another program had let the right PIN in. */
  forgetWrongPins() {
    rewrite(this.config, readFileSync(this.config, 'utf8').replace(/^tries_left = \d+\n/m, ''));
  }
}

/** A library for tests, at a path of its own. */
class Library {
  constructor(folder, { name, library, cards }) {
    Object.assign(this, { folder, name, path: library, cards });
    this.config = join(folder, `${name}.toml`);
  }

  /** What goes wrong in it from now on, whatever the card. */
  misbehave(...faults) {
    removeCounts(this.folder, new RegExp(`^${this.name}\\.fault-\\d+\\.count$`));
    rewrite(this.config, `${withoutFaults(readFileSync(this.config, 'utf8'))}\n${asToml(faults)}`);
  }
}

export class Tokens {
  /**
   * The tokens of the world, made when the first journey wants them. The agent is started anew for them: SoftHSM finds
   * its own through the environment.
   */
  static async of(world) {
    world.tokens ??= await Tokens.#make(world);
    return world.tokens;
  }

  static async #make(world) {
    const tokens = new Tokens();
    tokens.world = world;
    tokens.folder = world.libraries;
    tokens.program = join(world.programs, 'tanba-test-token');
    tokens.softHsmLibrary = await softHsmLibrary();
    await tokens.#makeCards();
    await world.visited?.close();
    world.visited = undefined;
    await world.agent.stop();
    if (tokens.softHsmLibrary) await tokens.#makeSoftHsm();
    await tokens.#add(tokens.kaztoken.path, '--vendor', 'KAZTOKEN');
    await tokens.#add(tokens.odd.path, '--vendor', 'Odd cards', '--storage', STORES.odd);
    await world.agent.start(world.port);
    return tokens;
  }

  #add(library, ...options) {
    return this.world.agent.must(['tokens', 'add', library, ...options]);
  }

  async #makeCards() {
    const { world } = this;
    const key = (name) => {
      const { file, password } = world.nca.key(name);
      const secret = join(world.scratch, 'password-of-the-nca');
      writeFileSync(secret, password, { mode: 0o600 });
      return { p12: file, password_file: secret };
    };
    // Each PIN is the only one of its kind in the world, so that it is known wherever it is found.
    const pins = Object.fromEntries(['card', 'second', 'pad', 'hiding', 'odd', 'new', 'softHsm'].map((name) => [name, `Pin-${randomBytes(6).toString('hex')}`]));
    this.pins = pins;
    const spec = join(world.scratch, 'cards.json');
    const card = (name, holders, token) => ({
      name, token: { pin: pins[name], max_tries: 3, ...token }, keys: [holders ?? []].flat().map(key),
    });
    writeFileSync(spec, JSON.stringify({
      modules: [
        {
          name: 'kaztoken',
          manufacturer: 'Test',
          cards: [
            card('card', 'person', { label: 'Айгүл', serial: '4711' }),
            card('second', ['head', 'auth'], { label: 'Екінші', serial: '4712' }),
          ],
        },
        {
          name: 'odd',
          manufacturer: 'Test',
          cards: [
            card('odd', 'employee', { label: 'Бөлек', serial: '13' }),
            card('pad', 'person', { label: 'Пернетақта', serial: '14', pin_pad: true, pad_milliseconds: 5000 }),
            card('hiding', 'head', { label: 'Жасырын', serial: '15', hide_certificates: true, hide_public_keys: true }),
            card('new', undefined, { label: 'Жаңа', serial: '16' }),
          ],
        },
      ],
    }), { mode: 0o600 });
    const made = JSON.parse(await must(this.program, ['make', '--dir', this.folder, '--spec', spec], { env: world.env }));
    rmSync(spec);
    rmSync(join(world.scratch, 'password-of-the-nca'));
    [this.kaztoken, this.odd] = made.modules.map((module) => new Library(this.folder, module));
    for (const module of made.modules) {
      for (const one of module.cards) this[`${one.name}Card`] = new Card(this, one, pins[one.name]);
    }
    for (const one of [this.secondCard, this.padCard, this.hidingCard, this.newCard]) await one.unplug();
  }

  /** A token of SoftHSM with a key of RSA and one of P-256, each with the certificate that its authority issued. */
  async #makeSoftHsm() {
    const { world } = this;
    const folder = join(world.scratch, 'softhsm');
    mkdirSync(join(folder, 'tokens'), { recursive: true, mode: 0o700 });
    const config = join(folder, 'softhsm2.conf');
    writeFileSync(config, `directories.tokendir = ${join(folder, 'tokens')}\nobjectstore.backend = file\nlog.level = ERROR\n`);
    const env = { ...world.env, SOFTHSM2_CONF: config };
    const pin = this.pins.softHsm;
    await must('softhsm2-util', ['--init-token', '--free', '--label', 'SoftHSM', '--so-pin', `So-${pin}`, '--pin', pin], { env });
    this.softHsmAuthorities = [];
    this.softHsmHolders = {};
    this.softHsmFolder = folder;
    this.softHsmEnv = env;
    for (const [index, algorithm] of ['rsa2048', 'p256'].entries()) {
      const made = await makeFolder(world.programs, join(folder, algorithm), 'Qwerty12', world.env, algorithm);
      const holder = made.key(algorithm === 'rsa2048' ? 'person' : 'head');
      this.softHsmHolders[algorithm] = holder.name;
      await this.#importToSoftHsm(holder, algorithm, `0${index + 1}`);
      if (algorithm === 'rsa2048') this.softHsmLogin = made.key('auth');
      made.authorities.forEach((file, at) => {
        copyFileSync(file, join(world.data, `data/test-authorities/softhsm-${algorithm}-${at}.cer`));
        this.softHsmAuthorities.push(file);
      });
    }
    world.agent.env = env;
    await this.#add(this.softHsmLibrary, '--vendor', 'SoftHSM', '--storage', STORES.softHsm);
  }

  async #importToSoftHsm(holder, label, id) {
    const env = this.softHsmEnv;
    const pin = this.pins.softHsm;
    const pem = join(this.softHsmFolder, `${label}.pem`);
    // Of the certificates in such a file OpenSSL reads nothing: they are enciphered as nobody should.
    const shown = await run('openssl', ['pkcs12', '-in', holder.file, '-passin', 'pass:Qwerty12', '-nocerts', '-nodes'], { env });
    writeFileSync(pem, shown.stdout.slice(shown.stdout.indexOf('-----BEGIN')), { mode: 0o600 });
    await must('softhsm2-util', ['--import', pem, '--token', 'SoftHSM', '--label', label, '--id', id, '--pin', pin], { env });
    await must('pkcs11-tool', [
      '--module', this.softHsmLibrary, '--token-label', 'SoftHSM', '--login', '--pin', pin,
      '--write-object', holder.certificate, '--type', 'cert', '--id', id, '--label', label,
    ], { env });
    rmSync(pem);
  }

  /** Puts a key for logging in on the token of SoftHSM, once, beside those for signing; of RSA. */
  async addLoginKey() {
    if (this.hasLoginKey) return;
    await this.#importToSoftHsm(this.softHsmLogin, 'login', '03');
    this.hasLoginKey = true;
  }

  /**
   * Pulls the token of SoftHSM out, in its way: it looks for tokens when it starts only. A window with fewer rows shows
   * all of itself at once, also to a screen reader.
   */
  async unplugSoftHsm() {
    if (!this.softHsmLibrary || this.isSoftHsmAway) return;
    const empty = join(this.world.scratch, 'no-softhsm');
    mkdirSync(empty, { recursive: true, mode: 0o700 });
    writeFileSync(join(empty, 'softhsm2.conf'), `directories.tokendir = ${empty}\nobjectstore.backend = file\nlog.level = ERROR\n`);
    await this.#restartWith({ ...this.world.agent.env, SOFTHSM2_CONF: join(empty, 'softhsm2.conf') });
    this.isSoftHsmAway = true;
  }

  /** Puts it in again. */
  async plugSoftHsm() {
    if (!this.isSoftHsmAway) return;
    await this.#restartWith(this.softHsmEnv);
    this.isSoftHsmAway = false;
  }

  async #restartWith(env) {
    this.world.agent.env = env;
    await this.world.agent.stop();
    await this.world.agent.start(this.world.port);
  }

  /** The processes that have one of these libraries loaded, or are about to: their ids. */
  hosts(library = this.folder) {
    return this.programsOf('token-host').filter(({ args }) => args.some((one) => one.startsWith(library))).map(({ pid }) => pid);
  }

  /** The running processes of the signer that were started with this argument. */
  programsOf(argument) {
    const signer = join(this.world.programs, 'tanba-signer');
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
      try {
        if (readlinkSync(`/proc/${pid}/exe`) !== signer) return [];
        const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return args.includes(argument) ? [{ pid: Number(pid), args }] : [];
      } catch {
        return []; // it ended meanwhile, or is somebody else's
      }
    });
  }

  /** Waits until these processes are no more. */
  ended(pids) {
    return until('the end of a token host', () => pids.every((pid) => !existsSync(`/proc/${pid}`)), { seconds: 5 });
  }
}
