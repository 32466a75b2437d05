/**
 * The server under test: `hayate serve` with MangaAssist, a database of its own in a new folder,
 * and free ports, so that test files run beside each other. Both programs are ended, and the folder
 * removed, when `stop` is called, or at the latest when this process exits.
 */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const kRepository = fileURLToPath(new URL('../../..', import.meta.url));
const kBinary = path.resolve(
  process.env.HAYATE_BIN ?? path.join(kRepository, 'build/release/hayate'),
);

/** Slow enough to be watched and interrupted: an answer of one to two seconds. */
const kPace = ['--ttft', '300', '--rate', '40', '--tokens', 'uniform:50,60'];

/** Keys and addresses in the tester's environment must not choose the model. */
const kProviders = /^(ANTHROPIC|OPENAI)_/;
const kFastWeights = 'qwen2.5-coder-0.5b-instruct-q4_k_m.gguf';

/** A server whose answers come from `hayate mock-model`, at a simulated pace. */
export async function mockedServer() {
  const mock = await run(['mock-model', '--port', '0', ...kPace], /OpenAI base URL (\S+),/);
  try {
    // What the mock says rests on nothing, so it is not checked before it is shown.
    const model = `{provider: openai, base_url: "${mock.found}", model: mock, gate: false}`;
    const server = await serve({ config: `models:\n  fast: ${model}\n  strong: ${model}\n` });
    return { url: server.url, stop: () => Promise.all([server.stop(), mock.stop()]) };
  } catch (error) {
    await mock.stop();
    throw error;
  }
}

/** A server without any model: it answers from the FAQ, the catalog and the orders alone. */
export const modellessServer = () => serve({ options: ['--no-local-model'] });

/**
 * A server without any model that asks back what `questions.en.ambiguous` is about: it has learned
 * its words as a question about the shop and as a complaint.
 */
export const askingServer = () =>
  serve({ options: ['--no-local-model'], prepare: makeShopThatAsksBack });

/** The small shop of the scenarios with the words of the shipped assistant, and a few of its own. */
function makeShopThatAsksBack(folder) {
  const shop = path.join(folder, 'shop');
  const shipped = path.join(kRepository, 'assistants/mangaassist');
  cpSync(path.join(kRepository, 'test/scenario/shop'), shop, { recursive: true });
  for (const name of ['prompts', 'intents', 'assistant.yaml']) {
    cpSync(path.join(shipped, name), path.join(shop, name), { recursive: true });
  }
  const change = (file, from, to) => {
    const text = readFileSync(path.join(shop, file), 'utf8');
    assert.ok(text.includes(from), `${file} has no ${JSON.stringify(from)}`);
    writeFileSync(path.join(shop, file), text.replace(from, to));
  };
  change('assistant.yaml', 'margin: 0.3', 'margin: 0.98');
  const learn = (intent, language, ...texts) =>
    change(
      `intents/${intent}.yaml`,
      `\n  ${language}:\n`,
      `\n  ${language}:\n    - ${texts.join('\n    - ')}\n`,
    );
  learn('faq', 'en', 'well moon crystals', 'so about my moon crystals', 'about my moon crystals');
  learn('complaint', 'en', 'my moon crystals though', 'and about my moon crystals');
  learn('complaint', 'ja', 'ほら月の結晶', 'ええと月の結晶の件ですが', '月の結晶の件ですが');
  learn('faq', 'ja', '月の結晶がまたか', 'あの月の結晶の件ですが');
  return ['--assistant', shop];
}

/**
 * A server that answers with the fast model of this machine; resolves when that is loaded. Its
 * answers are shown as they come: the gate would withhold many of so small a model's.
 */
export async function localServer() {
  const folder = process.env.HAYATE_MODELS ?? path.join(os.homedir(), '.cache/hayate/models');
  const weights = path.join(folder, kFastWeights);
  const remedy = 'python3 tools/fetch-models.py --only fast';
  assert.ok(existsSync(weights), `${weights} is missing: ${remedy}`);
  return serve({ config: 'models:\n  fast:\n    provider: local\n    gate: false\n' });
}

/** `prepare(folder)` may put files into the server's folder, and returns further options. */
async function serve({ options = [], environment = {}, config = '', prepare = () => [] }) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hayate-browser-'));
  const forget = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', forget);
  writeFileSync(path.join(folder, 'hayate.yaml'), config);
  const ports = ['--port', '0', '--admin-port', '0'];
  const files = ['--config', path.join(folder, 'hayate.yaml'), '--data', path.join(folder, 'data')];
  const args = ['serve', ...ports, ...files, ...options, ...prepare(folder)];
  const program = await run(args, /page +(\S+)\/\n/, { environment });
  const stop = () => program.stop().then(forget);
  try {
    await ready(program.found, program);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: program.found, stop };
}

/** Every model that the server was told to use can answer. */
async function ready(url, program) {
  while (!(await (await fetch(`${url}/api/page`)).json()).ready) {
    assert.ok(program.isRunning(), `the server ended:\n${program.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Starts the binary; resolves when its output matches `pattern`, whose group is `found`. */
async function run(args, pattern, { environment = {} } = {}) {
  assert.ok(existsSync(kBinary), `${kBinary} is missing: make build, or set HAYATE_BIN`);
  const inherited = Object.entries(process.env).filter(([name]) => !kProviders.test(name));
  const child = spawn(kBinary, args, {
    cwd: kRepository,
    env: { ...Object.fromEntries(inherited), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = new Promise((resolve) => child.once('close', resolve));
  let output = '';
  const found = await new Promise((resolve, reject) => {
    const hear = (bytes) => {
      output += bytes;
      const match = pattern.exec(output);
      if (match) resolve(match[1]);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', reject);
    void ended.then(() => reject(new Error(`hayate ${args[0]} ended:\n${output}`)));
  });
  return {
    found,
    output: () => output,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      process.removeListener('exit', kill);
    },
  };
}
