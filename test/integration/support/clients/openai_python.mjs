/** The official client for Python, in a process of its own: openai_python.py, a question at a time. */

import { homedir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Child } from '../child.mjs';
import { collecting } from './client.mjs';

const cache = process.env.HAYATE_CACHE ?? path.join(homedir(), '.cache', 'hayate');
const python = path.join(cache, 'python-tests', 'bin', 'python');
const program = fileURLToPath(new URL('openai_python.py', import.meta.url));

const child = new Child(python, [program]);
const lines = createInterface({ input: child.process.stdout })[Symbol.asyncIterator]();
const say = (line) => child.process.stdin.write(`${JSON.stringify(line)}\n`);
after(async () => {
  child.process.stdin.end();
  await child.ended;
});

async function read(collector) {
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    const said = JSON.parse(line.value);
    if (said.error) throw Object.assign(new Error(said.error.message), said.error);
    if (said.answer) return said.answer;
    collector.add(said.piece);
  }
  throw new Error(`the Python client has ended:\n${child.output}`);
}

export const openaiPython = {
  name: 'openai for Python',

  ask: (target, { signal, onPiece, ...question }) =>
    collecting(
      { signal, onPiece },
      async (collector) => {
        const abort = () => say({ abort: true });
        signal?.addEventListener('abort', abort);
        say({ baseUrl: target.baseUrl, apiKey: target.apiKey ?? 'none', ...question });
        try {
          return await read(collector);
        } finally {
          signal?.removeEventListener('abort', abort);
        }
      },
      ({ status, type, code, param }) => ({ status, type, code, param }),
    ),
};
