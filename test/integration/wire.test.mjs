/** The bytes of a stream, where clients forgive: what OpenAI's API reference says of its chunks. */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventsOf, textOf } from './support/chat_stream.mjs';
import { Site } from './support/sites.mjs';

const kAnswer = 'はい、大阪にもお届けします。 Yes, also to Osaka 🚚';

let site;
before(async () => {
  site = await Site.start({ mock: { answer: kAnswer } });
});
after(() => site.stop());

async function chunksOf(model, more = {}) {
  const messages = [{ role: 'user', content: 'Do you ship to Osaka?' }];
  const response = await site.hayate.post({ model, messages, stream: true, ...more });
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type'), /^text\/event-stream/);
  const events = eventsOf(await response.text());
  assert.equal(events.pop(), '[DONE]');
  return events;
}

const without = (object, ...names) =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));

for (const model of ['fast', 'mangaassist']) {
  describe(model, () => {
    test('every chunk says whose it is, and the first one the role', async () => {
      const chunks = await chunksOf(model);
      const [{ id, created }] = chunks;
      assert.match(id, /^chatcmpl-/);
      for (const chunk of chunks) {
        const identity = { id, created, model, object: 'chat.completion.chunk' };
        assert.deepEqual(without(chunk, 'choices'), identity);
        assert.equal(chunk.choices.length, 1);
        assert.equal(chunk.choices[0].index, 0);
      }
      assert.equal(chunks[0].choices[0].delta.role, 'assistant');
    });

    test('the finish reason comes once, in the last chunk, behind the whole text', async () => {
      const chunks = await chunksOf(model);
      assert.deepEqual(textOf(chunks), { text: kAnswer, finishes: ['stop'] });
      assert.equal(chunks.at(-1).choices[0].finish_reason, 'stop');
    });

    test('the usage has a chunk of its own, only when asked for', async () => {
      const stream_options = { include_usage: true };
      const chunks = await chunksOf(model, { stream_options });
      const { choices, usage } = chunks.pop();
      assert.deepEqual(choices, []);
      assert.equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens);
      assert.ok(usage.completion_tokens > 1);
      assert.ok(chunks.every((chunk) => chunk.usage === null));
    });

    test('an answer that may not be longer says so', async () => {
      const chunks = await chunksOf(model, { max_tokens: 3 });
      const { text, finishes } = textOf(chunks);
      assert.deepEqual(finishes, ['length']);
      assert.ok(text !== '' && text !== kAnswer && kAnswer.startsWith(text), text);
    });
  });
}
