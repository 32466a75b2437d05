/**
 * A provider that fails, in every way: the customer of a raw model and of the assistant gets exactly
 * one honest error and never a short answer marked complete; metrics and log name the cause; and
 * no secret is in any of them.
 */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertErrorBody, eventsOf, textOf } from './support/chat_stream.mjs';
import { openAiModel } from './support/hayate.mjs';
import { Secrets } from './support/secrets.mjs';
import { sites } from './support/sites.mjs';
import { until } from './support/waiting.mjs';

const kAnswer = 'Yes, we ship to Osaka, and parcels arrive there on the next day.';

// Port 1 belongs to a service that nobody runs.
const unreachable = (mock, more) => openAiModel({ openAiUrl: 'http://127.0.0.1:1/v1' }, more);

const unavailable = { status: 503, type: 'unavailable_error', code: 'unavailable' };
const upstream = { status: 502, type: 'upstream_error', code: 'upstream' };

/** `cause` is what the log says. `begins`: some text has reached the customer by then. */
const kFaults = {
  'a refused connection': {
    site: { modelOf: unreachable },
    ...unavailable,
    cause: /refused/i,
  },
  'a key that the provider does not take': {
    site: { mock: { key: 'another key' } },
    ...unavailable,
    cause: /status 401: the provider refused the key/,
  },
  'a rate limit': {
    site: { mock: { status: 429, retry_after: 7 } },
    status: 429,
    type: 'rate_limit_error',
    code: 'rate_limited',
    headers: { 'retry-after': '7' },
    cause: /status 429/,
  },
  'a failure of the provider': {
    site: { mock: { status: 500 } },
    ...unavailable,
    cause: /status 500/,
  },
  'an answer cut off': {
    site: { mock: { answer: kAnswer, cut_after: 3 } },
    ...upstream,
    begins: true,
    cause: /connection closed before the response was complete/,
  },
  'an answer without its end': {
    site: { mock: { answer: kAnswer, end_after: 3 } },
    ...upstream,
    begins: true,
    cause: /the stream ended before the answer did|a chunk cannot be read/,
  },
  'an answer that stalls': {
    site: { mock: { answer: kAnswer, stall_after: 3 }, model: { stall_time_ms: 500 } },
    status: 504,
    type: 'timeout_error',
    code: 'timeout',
    begins: true,
    cause: /no token for 500 ms|did not come in time/,
  },
  'an answer that never begins': {
    site: { mock: { hang: true }, model: { first_token_time_ms: 500 } },
    status: 504,
    type: 'timeout_error',
    code: 'timeout',
    cause: /the first token did not come in time/,
  },
  'a chunk that is no JSON': {
    site: { mock: { answer: kAnswer, malformed_after: 3 } },
    ...upstream,
    begins: true,
    cause: /a chunk cannot be read/,
  },
};

const secrets = new Secrets();
const withKey = (modelOf) => (mock, more) =>
  modelOf(mock, { ...more, key_env: 'PROVIDER_KEY_OF_THE_TEST' });
const site = sites(
  Object.fromEntries(
    Object.entries(kFaults).map(([name, { site: own }]) => {
      return [name, { ...own, modelOf: withKey(own.modelOf ?? openAiModel) }];
    }),
  ),
  secrets.server,
);

for (const [name, fault] of Object.entries(kFaults)) {
  describe(name, () => {
    for (const model of ['fast', 'mangaassist']) {
      test(`${model}, not streamed`, () => failsHonestly(name, fault, { model, stream: false }));
      test(`${model}, streamed`, () => failsHonestly(name, fault, { model, stream: true }));
    }

    test('no secret is in the log or in the metrics', async () => {
      const { hayate } = await site(name);
      secrets.assertAbsent(hayate.log, 'the log');
      secrets.assertAbsent(await hayate.metrics(), 'the metrics');
    });
  });
}

async function failsHonestly(name, fault, { model, stream }) {
  const { hayate } = await site(name);
  const metrics = await noteMetrics(hayate, fault, model);
  const logged = hayate.log.length;

  const messages = [{ role: 'user', content: 'Do you ship to Osaka?' }];
  const response = await hayate.post({ model, stream, messages }, secrets.headersFor(hayate));
  const body = await response.text();
  if (stream && fault.begins) {
    assert.equal(response.status, 200);
    assertBrokenStream(eventsOf(body), fault);
  } else {
    assert.equal(response.status, fault.status, body);
    assertErrorBody(JSON.parse(body), { type: fault.type, code: fault.code });
    for (const [field, value] of Object.entries(fault.headers ?? {})) {
      assert.equal(response.headers.get(field), value, field);
    }
  }
  secrets.assertAbsent(body, 'the response');
  secrets.assertAbsent([...response.headers].join('\n'), "the response's header");

  await metrics.assertRisen();
  const lines = await until('the failure is logged', () => {
    const found = hayate.log.slice(logged).match(/^.* (model_call|turn)_failed .*\n/gm);
    return found;
  });
  assert.equal(lines.length, 1, lines.join(''));
  assert.match(lines[0], fault.cause);
  assert.match(lines[0], /model=fast /);
}

function assertBrokenStream(events, fault) {
  const last = events.at(-1);
  assertErrorBody(last, { type: fault.type, code: fault.code });
  assert.equal(events.filter((event) => event.error).length, 1, 'exactly one error');
  assert.ok(!events.includes('[DONE]'), 'a broken answer has no [DONE]');
  const { text, finishes } = textOf(events);
  assert.deepEqual(finishes, [], 'nothing says that the answer is complete');
  assert.ok(text !== '' && text !== kAnswer && kAnswer.startsWith(text), text);
}

/** The series that must count this failure, each once. */
async function noteMetrics(hayate, fault, model) {
  const series = [`hayate_model_calls_total{model="fast",outcome="${fault.code}"}`];
  if (model === 'mangaassist') series.push(`hayate_turns_total{outcome="${fault.code}"}`);
  const read = () => Promise.all(series.map((one) => hayate.metric(one)));
  const before = await read();
  return {
    assertRisen: async () => {
      assert.deepEqual(
        await read(),
        before.map((value) => value + 1),
        series.join(', '),
      );
    },
  };
}
