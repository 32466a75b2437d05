/**
 * Wrong requests to /v1/chat/completions: a clear refusal in OpenAI's shape that names the field,
 * no call of the model, nothing stored, and a server that goes on.
 */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { badRequests } from './support/bad_requests.mjs';
import { assertErrorBody } from './support/chat_stream.mjs';
import { Site } from './support/sites.mjs';
import { rowsOf } from './support/stored.mjs';

const kAnswer = 'Yes, we do.';
const say = (content) => [{ role: 'user', content }];

let site;
before(async () => {
  site = await Site.start({ mock: { answer: kAnswer } });
});
after(() => site.stop());

async function assertRefused(body, { status, ...error }) {
  const response = await site.hayate.post(body);
  const said = await response.text();
  assert.equal(response.status, status, said);
  assert.match(response.headers.get('content-type'), /^application\/json/);
  assertErrorBody(JSON.parse(said), { type: 'invalid_request_error', ...error });
}

async function answerOf(body) {
  const response = await site.hayate.post(body);
  assert.equal(response.status, 200, await response.clone().text());
  return (await response.json()).choices[0].message.content;
}

for (const model of ['fast', 'mangaassist']) {
  describe(model, () => {
    for (const { name, body, ...refusal } of badRequests) {
      test(name, () => assertRefused(body(model), refusal));
    }
  });
}

describe('only the assistant', () => {
  const model = 'mangaassist';
  const refusals = {
    'an empty message': [say(''), 400, 'empty_message'],
    'a message of nothing but space': [say(' \n\u3000'), 400, 'empty_message'],
    'a message of 100,000 characters': [say('あ'.repeat(100_000)), 413, 'message_too_long'],
    "a last message that is not the user's": [
      [...say('Hi'), { role: 'assistant', content: 'Hello' }],
      400,
      'bad_request',
    ],
    'nothing but a system message': [[{ role: 'system', content: 'Hi' }], 400, 'bad_request'],
  };
  for (const [name, [messages, status, code]] of Object.entries(refusals)) {
    test(name, () => assertRefused({ model, messages }, { status, code, param: 'messages' }));
  }
});

test('an unknown model', async () => {
  const unknown = { status: 404, type: 'not_found_error', code: 'model_not_found', param: 'model' };
  await assertRefused({ model: 'gpt-9', messages: say('Hi') }, unknown);
});

test('a raw model is given what its own vendor may judge', async () => {
  for (const content of ['', 'あ'.repeat(100_000)]) {
    assert.equal(await answerOf({ model: 'fast', messages: say(content) }), kAnswer);
  }
});

test('nothing reached the model but those two, nothing is stored, and the server answers', async () => {
  assert.equal((await site.mock.calls()).length, 2);
  for (const table of ['sessions', 'turns']) {
    assert.deepEqual(await rowsOf(site.hayate.database, `SELECT count(*) FROM ${table}`), [[0]]);
  }
  for (const model of ['fast', 'mangaassist']) {
    assert.equal(await answerOf({ model, messages: say('Do you ship to Osaka?') }), kAnswer);
  }
});
