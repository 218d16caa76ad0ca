// What was found, for people or as JSON.

/** The line of the check's own code that failed, without the way there. */
const place = (error) => /(checks|kit)\/[a-z-]+\.mjs:\d+/.exec(error.stack ?? '')?.[0];

export class Report {
  constructor(isJson, url) {
    this.isJson = isJson;
    this.url = url;
    this.results = [];
  }

  add(check, result, more) {
    const { group, clause, name } = check;
    this.results.push({ group, clause, name, result, ...more });
  }

  line(word, { clause, name }, more = []) {
    if (this.isJson) return;
    const indented = more.filter(Boolean).flatMap((text) => text.split('\n')).map((text) => `           ${text}\n`);
    process.stdout.write(`${word.padEnd(8)} ${clause}: ${name}\n${indented.join('')}`);
  }

  passed(check, milliseconds, note) {
    this.add(check, 'pass', { milliseconds, note });
    this.line('ok', check, [note]);
  }

  failed(check, milliseconds, error) {
    this.add(check, 'fail', { milliseconds, error: error.message, at: place(error) });
    this.line('FAILED', check, [error.message, place(error)]);
  }

  notRun(check, reason) {
    this.add(check, 'not run', { reason });
    // In one line: whoever runs many kinds of tests looks for these words.
    this.line('NOT RUN', { ...check, name: `${check.name}: ${reason}` });
  }

  count(result) {
    return this.results.filter((one) => one.result === result).length;
  }

  /** Says the last word; whether nothing failed. */
  end() {
    const [passed, failed, notRun] = ['pass', 'fail', 'not run'].map((result) => this.count(result));
    if (this.isJson) process.stdout.write(`${JSON.stringify({ url: this.url, passed, failed, notRun, checks: this.results }, null, 2)}\n`);
    else process.stdout.write(`conformance: ${passed} passed, ${failed} failed, ${notRun} not run\n`);
    return failed === 0;
  }
}
