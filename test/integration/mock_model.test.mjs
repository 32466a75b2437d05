/**
 * The mock against the official clients of both protocols: what they accept from a provider, and
 * what they throw, is what the mock must emit. Every other test here relies on it.
 */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { anthropic } from './support/clients/anthropic.mjs';
import { openaiNode } from './support/clients/openai_node.mjs';
import { assertClosedEarly, MockModel } from './support/mock_model.mjs';

const kAnswer = '『よつばと！』は全巻そろっています。 Every volume is in stock 📚';
const kKey = 'key-of-the-mock';

let mock;
before(async () => {
  mock = await MockModel.start({ answer: kAnswer, key: kKey });
});
after(() => mock.stop());

const kProtocols = [
  {
    client: openaiNode,
    baseUrl: () => mock.openAiUrl,
    finish: { stop: 'stop', length: 'length' },
    types: { overload: 'overloaded_error', refused: 'rate_limit_error' },
  },
  {
    client: anthropic,
    baseUrl: () => mock.url,
    finish: { stop: 'end_turn', length: 'max_tokens' },
    types: { overload: 'overloaded_error', refused: 'rate_limit_error' },
  },
];

for (const protocol of kProtocols) {
  describe(protocol.client.name, () => {
    for (const stream of [false, true]) {
      describe(stream ? 'streamed' : 'not streamed', () => conversation(protocol, stream));
    }
  });
}

function conversation({ client, baseUrl, finish, types }, stream) {
  /** `simulation` is for this call alone, as the header x-mock takes it. */
  const ask = (simulation = '', more = {}) => {
    const { apiKey = kKey, ...question } = more;
    const target = { baseUrl: baseUrl(), apiKey, headers: { 'x-mock': simulation } };
    return client.ask(target, {
      model: 'any',
      text: 'よつばと！はありますか？',
      stream,
      ...question,
    });
  };

  test('a whole answer with its usage', async () => {
    const watch = await mock.watch();
    const answer = await ask();
    assert.equal(answer.text, kAnswer);
    assert.equal(answer.finish, finish.stop);
    const call = await watch.ended();
    assert.equal(call.finished, true);
    assert.equal(answer.usage.completion, call.tokens);
    assert.ok(answer.usage.prompt > 0);
  });

  test('single bytes on the wire', async () => {
    assert.equal((await ask('split=1')).text, kAnswer);
  });

  test('a refusal has its status and type', async () => {
    const asked = ask('status=429,retry_after=7');
    await assert.rejects(asked, { status: 429, type: types.refused, text: '' });
  });

  test('a wrong key is refused', async () => {
    await assert.rejects(ask('', { apiKey: 'another' }), {
      status: 401,
      type: 'authentication_error',
    });
  });

  for (const fault of ['cut_after', 'end_after', 'malformed_after']) {
    test(`${fault}=3 is an error to the client`, async () => {
      await assert.rejects(ask(`${fault}=3`), (error) => kAnswer !== error.text);
    });
  }

  test('a client that leaves is seen in the log', async () => {
    const watch = await mock.watch();
    const abort = new AbortController();
    const asked = ask('ttft=0,rate=constant:600000', { signal: abort.signal });
    const aborted = assert.rejects(asked, (error) => error.isAbort);
    await watch.begun();
    abort.abort();
    await aborted;
    assertClosedEarly(await watch.ended(), 1);
  });

  if (!stream) return;

  test('an error inside the stream has its type', async () => {
    await assert.rejects(ask('error_after=3'), (error) => {
      assert.equal(error.type, types.overload);
      assert.ok(error.text !== '' && kAnswer.startsWith(error.text), error.text);
      return true;
    });
  });
}
