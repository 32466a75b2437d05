/** `hayate mock-model`: the provider that every test of the gateway talks to. */

import assert from 'node:assert/strict';
import { Child, hayateBinary } from './child.mjs';
import { until } from './waiting.mjs';

export class MockModel {
  /** Options are those of the command: { rate: 'constant:20', cut_after: 3, hang: true, key }. */
  static async start(options = {}) {
    const flags = Object.entries(options).flatMap(([name, value]) => {
      const flag = `--${name.replaceAll('_', '-')}`;
      return value === true ? [flag] : [flag, String(value)];
    });
    const mock = new MockModel();
    mock.child = new Child(hayateBinary, ['mock-model', '--port', '0', ...flags]);
    const [, url] = await mock.child.prints(/Anthropic base URL (http:\S+)/);
    mock.url = url;
    mock.openAiUrl = `${url}/v1`;
    return mock;
  }

  /** What it was asked, the oldest first, and how each call ended. */
  async calls() {
    const response = await fetch(`${this.url}/_mock/log`);
    return (await response.json()).requests;
  }

  /** Remembers the calls so far; `watch.call(state)` then waits for the one that comes next. */
  async watch() {
    const last = (await this.calls()).at(-1)?.id ?? 0;
    const next = (is) => async () =>
      (await this.calls()).find((call) => call.id > last && is(call));
    return {
      begun: () =>
        until(
          'the model is called',
          next(() => true),
        ),
      ended: () =>
        until(
          'the call of the model ends',
          next((call) => !call.live),
        ),
    };
  }

  async stop() {
    assert.equal(await this.child.stop(), 0, this.child.output);
  }
}

/** The client of the model went away before the answer was whole. `most`: tokens sent by then. */
export function assertClosedEarly(call, most) {
  assert.equal(call.closed_by_client, true, 'the call was closed by the gateway');
  assert.equal(call.finished, false);
  assert.ok(call.tokens <= most, `closed after ${call.tokens} tokens, before token ${most + 1}`);
}
