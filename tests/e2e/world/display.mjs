// A display without a screen, with a window manager on it: what a person would sit in front of.

import { join } from 'node:path';
import { Child, must, run, until } from './child.mjs';

export class Display {
  /** Starts Xvfb on the first free number, and openbox in it. */
  static async start(env, logs, size = '1280x960') {
    const display = new Display();
    display.server = new Child('Xvfb', ['-displayfd', '3', '-screen', '0', `${size}x24`, '-nolisten', 'tcp', '-noreset'], {
      env, log: join(logs, 'xvfb.log'), extra: true,
    });
    let number = '';
    display.server.process.stdio[3].on('data', (data) => { number += data; });
    await until('a display', () => {
      if (!display.server.isRunning) throw new Error(`Xvfb: ${display.server.output}`);
      return number.includes('\n');
    });
    display.env = { ...env, DISPLAY: `:${number.trim()}` };
    delete display.env.WAYLAND_DISPLAY;
    display.manager = new Child('openbox', ['--sm-disable'], { env: display.env, log: join(logs, 'openbox.log') });
    await until('the window manager', async () => (await run('xdotool', ['get_desktop'], { env: display.env })).code === 0);
    // The layouts of a computer in Kazakhstan. With all letters on the keyboard xdotool need not change it for a letter,
    // which a window may notice too late.
    await must('setxkbmap', ['-layout', 'us,kz,ru'], { env: display.env });
    return display;
  }

  xdotool(...args) {
    // Letters beyond ASCII are read by the locale's rules, and this one is on every machine.
    return must('xdotool', args.map(String), { env: { ...this.env, LC_ALL: 'C.UTF-8' } });
  }

  /** A picture of the whole screen, or of one window. */
  picture(path, window = 'root') {
    return must('import', ['-silent', '-window', String(window), path], { env: this.env });
  }

  async stop() {
    await this.manager?.stop().catch(() => {});
    await this.server?.stop().catch(() => {});
  }
}
