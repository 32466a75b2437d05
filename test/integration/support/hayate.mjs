/** `hayate serve` on free ports with a folder of its own: the server under test. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Child, hayateBinary, root } from './child.mjs';
import { until } from './waiting.mjs';

const run = promisify(execFile);

/** The configuration of a model that is a mock, for `Hayate.start({ models })`. */
export const openAiModel = (mock, more = {}) => ({
  provider: 'openai',
  base_url: mock.openAiUrl,
  model: 'mock-model',
  price: { prompt: 1, completion: 2 },
  gate: false, // what a mock says rests on nothing
  ...more,
});

export class Hayate {
  /**
   * models: as in hayate.yaml. config: further keys of it. env: further variables.
   * keys: roles ('user', 'service'); the keys made are then in `hayate.keys`.
   */
  static async start({ models, config = {}, env = {}, keys = [] }) {
    const hayate = new Hayate();
    hayate.folder = await mkdtemp(path.join(tmpdir(), 'hayate-integration-'));
    hayate.database = path.join(hayate.folder, 'data', 'hayate.db');
    // The developer's own keys, proxies and weights must not change what is tested.
    hayate.env = { PATH: process.env.PATH, HOME: hayate.folder, NO_COLOR: '1', ...env };
    const file = path.join(hayate.folder, 'hayate.yaml');
    const data = path.join(hayate.folder, 'data');
    // JSON is YAML.
    await writeFile(file, JSON.stringify({ threads: 2, data, models, ...config }));
    hayate.options = ['--config', file];
    for (const role of keys) hayate.keys.push(await hayate.#makeKey(role));
    await hayate.#serve();
    return hayate;
  }

  keys = [];

  async #makeKey(role) {
    const args = ['keys', 'create', ...this.options, '--role', role, '--json'];
    const { stdout } = await run(hayateBinary, args, { cwd: root, env: this.env });
    return JSON.parse(stdout).key;
  }

  async #serve() {
    const args = ['serve', ...this.options, '--port', '0', '--admin-port', '0'];
    this.child = new Child(hayateBinary, args, { env: this.env });
    [, this.url] = await this.child.prints(/API\s+(http:\S+)\/v1/);
    [, this.adminUrl] = await this.child.prints(/admin\s+(http:\/\/[^/]+)/);
    this.apiUrl = `${this.url}/v1`;
    await until('the server is ready', async () => (await fetch(`${this.url}/readyz`)).ok);
  }

  /** Everything it has logged and printed. */
  get log() {
    return this.child.output;
  }

  /** POST /v1/chat/completions with a body as it is: text, bytes, or something to be made JSON. */
  post(body, headers = {}) {
    const isRaw = typeof body === 'string' || body instanceof Uint8Array;
    return fetch(`${this.apiUrl}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: isRaw ? body : JSON.stringify(body),
    });
  }

  async metrics() {
    const response = await fetch(`${this.adminUrl}/metrics`);
    assert.equal(response.status, 200);
    return response.text();
  }

  /** The value of one series, as '/metrics' spells it: 'name{label="value"}'. None: 0. */
  async metric(series) {
    const lines = (await this.metrics()).split('\n');
    const line = lines.find((text) => text.startsWith(`${series} `));
    return line ? Number(line.slice(series.length + 1)) : 0;
  }

  /** Ends and starts it with the same configuration and data, on other ports. */
  async restart() {
    assert.equal(await this.child.stop(), 0, this.log);
    await this.#serve();
  }

  async stop() {
    const code = await this.child.stop();
    await rm(this.folder, { recursive: true });
    assert.equal(code, 0, this.log);
  }
}
