// The miniature NCA with its services on this machine: time stamps, OCSP, lists.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child, until } from './child.mjs';

/** What `test-nca serve` makes its key files with; it is in its manifest, and everybody may know it. */
const PASSWORD = 'Qwerty12';

export class ServedNca {
  static async start(programs, folder, env, log) {
    const nca = new ServedNca();
    nca.child = new Child(join(programs, 'test-nca'), ['serve', '--out', folder], { env, log });
    nca.url = await until('the services', () => {
      if (!nca.child.isRunning) throw new Error(`test-nca serve ended:\n${nca.child.output}`);
      return /^http:\/\/\S+$/m.exec(nca.child.output)?.[0];
    });
    nca.folder = folder;
    nca.manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    nca.authorities = [nca.manifest.root, nca.manifest.authority].map((name) => join(folder, name));
    return nca;
  }

  key(name) {
    const found = this.manifest.keys.find((one) => one.name === name);
    if (!found) throw new Error(`the miniature NCA made no key ${name}`);
    return { file: join(this.folder, found.key_file), certificate: join(this.folder, found.certificate), password: PASSWORD, name: found.common_name };
  }

  async stop() {
    if (this.child?.isRunning) this.child.process.kill('SIGKILL');
    await this.child?.ended;
  }
}
