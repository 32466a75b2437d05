/** A program under test: what it prints is kept, and it is ended by its own process id. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { until } from './waiting.mjs';

export const root = fileURLToPath(new URL('../../../', import.meta.url));
export const hayateBinary = process.env.HAYATE_BIN ?? `${root}build/release/hayate`;

const running = new Set();
// A test runner that is stopped early must not leave servers behind.
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

export class Child {
  /** Everything printed so far, on both streams. */
  output = '';

  constructor(program, args, options = {}) {
    this.name = [program.split('/').pop(), args[0]].join(' ');
    this.process = spawn(program, args, { cwd: root, stdio: ['pipe', 'pipe', 'pipe'], ...options });
    running.add(this.process);
    this.ended = once(this.process, 'close').finally(() => running.delete(this.process));
    this.ended.catch(() => {}); // `spawn` failed: whoever waits for it is told
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        this.output += text;
      });
    }
  }

  /** Waits until the output matches, and returns the match. */
  async prints(pattern) {
    return until(`${this.name} prints ${pattern}`, () => {
      const match = this.output.match(pattern);
      if (!match) this.#checkAlive();
      return match;
    });
  }

  /** SIGTERM, and its exit code once it has ended. */
  async stop() {
    if (this.process.exitCode === null) this.process.kill('SIGTERM');
    const [code, signal] = await this.ended;
    if (signal) throw new Error(`${this.name} was ended by ${signal}:\n${this.output}`);
    return code;
  }

  #checkAlive() {
    const { exitCode, signalCode } = this.process;
    if (exitCode === null && signalCode === null) return;
    throw new Error(`${this.name} has ended (${signalCode ?? exitCode}):\n${this.output}`);
  }
}
