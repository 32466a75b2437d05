/** The metrics after every kind of traffic, as an operator's tools read them. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Site } from './support/sites.mjs';

const run = promisify(execFile);
const kMessages = [{ role: 'user', content: 'Do you ship to Osaka?' }];

let site;
before(async () => {
  site = await Site.start({ mock: { answer: 'Yes, we do.' } });
});
after(() => site.stop());

const ask = async (more) => {
  const response = await site.hayate.post({ model: 'fast', messages: kMessages, ...more });
  await response.text();
  return response.status;
};

test('promtool finds nothing to complain about', async () => {
  assert.equal(await ask({}), 200);
  assert.equal(await ask({ stream: true }), 200);
  assert.equal(await ask({ model: 'mangaassist' }), 200);
  assert.equal(await ask({ n: 2 }), 400);
  const checking = run('promtool', ['check', 'metrics']);
  checking.child.stdin.end(await site.hayate.metrics());
  assert.deepEqual(await checking, { stdout: '', stderr: '' });
});

test('every call is counted once, with its tokens and its price', async () => {
  const series = {
    calls: 'hayate_model_calls_total{model="fast",outcome="ok"}',
    written: 'hayate_model_tokens_total{model="fast",kind="completion"}',
    read: 'hayate_model_tokens_total{model="fast",kind="prompt"}',
    cost: 'hayate_cost_micro_dollars_total{model="fast"}',
  };
  const read = async () => {
    const values = await Promise.all(Object.values(series).map((one) => site.hayate.metric(one)));
    return Object.fromEntries(Object.keys(series).map((name, i) => [name, values[i]]));
  };
  const before = await read();
  const watch = await site.mock.watch();
  assert.equal(await ask({ stream: true }), 200);
  const call = await watch.ended();
  const after = await read();
  assert.equal(after.calls - before.calls, 1);
  assert.equal(after.written - before.written, call.tokens);
  // One dollar for a million tokens read, two for a million written.
  assert.equal(after.cost - before.cost, after.read - before.read + 2 * call.tokens);
});

test('the metrics are not on the public listener', async () => {
  assert.notEqual((await fetch(`${site.hayate.url}/metrics`)).status, 200);
});
