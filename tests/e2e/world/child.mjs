// Programs that a journey starts. Each ends with the journey, and also when the runner itself is killed: the kernel
// sends it a signal when its parent dies (setpriv --pdeathsig).

import { execFile, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const running = new Set();

for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]]) {
  process.once(signal, () => process.exit(code));
}
process.on('exit', () => {
  for (const child of running) child.process.kill('SIGKILL');
});

export class Child {
  /** Starts a program; its output goes to the file `log`. `extra` asks for a readable file descriptor 3. */
  constructor(command, args, { env, log, extra = false, deathSignal = 'KILL' }) {
    this.name = command;
    this.process = spawn('setpriv', ['--pdeathsig', deathSignal, command, ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe', ...(extra ? ['pipe'] : [])],
    });
    running.add(this);
    this.output = '';
    // Behind what an earlier one of its name said: an agent is started anew by some journeys.
    const file = createWriteStream(log, { flags: 'a' });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream.on('data', (data) => {
        this.output += data;
        file.write(data);
      });
    }
    this.ended = new Promise((resolve) => {
      this.process.once('error', (error) => resolve({ error }));
      this.process.once('close', (code, signal) => {
        running.delete(this);
        file.end();
        resolve({ code, signal });
      });
    });
  }

  get pid() {
    return this.process.pid;
  }

  get isRunning() {
    return running.has(this);
  }

  /** Asks the program to end, and makes it end when it does not. Gives its exit code. */
  async stop(signal = 'SIGTERM') {
    if (this.isRunning) this.process.kill(signal);
    const end = await Promise.race([this.ended, sleep(10_000, null, { ref: false })]);
    if (end) return end;
    this.process.kill('SIGKILL');
    await this.ended;
    throw new Error(`${this.name} did not end by itself within 10 s of ${signal}`);
  }
}

/** Runs a program to its end: `{ code, stdout, stderr }`, whatever the code. */
export function run(command, args, { env, input, timeout = 60_000 } = {}) {
  return new Promise((resolve, reject) => {
    const options = { env, timeout, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(new Error(`${command} ${args.join(' ')}: ${error.message}`));
      else resolve({ code: error ? error.code : 0, stdout, stderr });
    });
    child.stdin.on('error', () => {}); // the program may end without having read it
    child.stdin.end(input);
  });
}

/** Runs a program that must succeed; gives its standard output. */
export async function must(command, args, options) {
  const { code, stdout, stderr } = await run(command, args, options);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}\n${stdout}${stderr}`);
  return stdout;
}

/** Asks again and again until there is an answer that is not undefined, null or false. */
export async function until(what, question, { seconds = 15, every = 50 } = {}) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await question();
    if (answer !== undefined && answer !== null && answer !== false) return answer;
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain for ${what}`);
    await sleep(every);
  }
}

export { sleep };
