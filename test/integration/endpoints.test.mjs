/**
 * A model behind three endpoints, seen through the whole server: what clients get and what the endpoints
 * are asked, by their own count, while some or all of them fail.
 */

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { assertErrorBody } from './support/chat_stream.mjs';
import { Hayate } from './support/hayate.mjs';
import { until } from './support/waiting.mjs';

const kAnswer = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'Hi' },
      finish_reason: 'stop',
    },
  ],
  usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 },
});
const kChunks = [
  { choices: [{ index: 0, delta: { content: 'Hi' }, finish_reason: null }] },
  { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
].map(
  (event) =>
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', ...event })}\n\n`,
);

/** An endpoint that counts its calls, and answers them while it is well. */
class Endpoint {
  calls = 0;
  isWell = true;

  static async start() {
    const endpoint = new Endpoint();
    endpoint.server = createServer((request, response) => endpoint.#answer(request, response));
    await new Promise((done) => endpoint.server.listen(0, '127.0.0.1', done));
    endpoint.url = `http://127.0.0.1:${endpoint.server.address().port}/v1`;
    return endpoint;
  }

  async #answer(request, response) {
    let body = '';
    for await (const piece of request) body += piece;
    if (request.method === 'POST') this.calls += 1;
    if (!this.isWell) {
      response.writeHead(503, { 'content-type': 'application/json' });
      response.end('{"error":{"message":"out of order"}}');
    } else if (body && JSON.parse(body).stream) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`${kChunks.join('')}data: [DONE]\n\n`);
    } else {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(kAnswer);
    }
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(done));
  }
}

describe('three endpoints of one model', () => {
  let endpoints;
  let hayate;

  before(async () => {
    endpoints = await Promise.all([Endpoint.start(), Endpoint.start(), Endpoint.start()]);
    const model = {
      provider: 'openai',
      model: 'm',
      endpoints: endpoints.map(({ url }) => url),
      hedge_percent: 0, // hedges are asked for by time; here every call is counted
    };
    hayate = await Hayate.start({ models: { fast: model } });
  });
  after(async () => {
    await hayate.stop();
    await Promise.all(endpoints.map((endpoint) => endpoint.stop()));
  });

  const ask = (stream) =>
    hayate.post({
      model: 'fast',
      messages: [{ role: 'user', content: 'Hello' }],
      stream,
    });

  /** The statuses of `count` calls, ten at a time, every second one streamed. */
  async function askOften(count) {
    const statuses = [];
    const askInTurn = async () => {
      while (count > 0) {
        count -= 1;
        const response = await ask(count % 2 === 0);
        await response.text();
        statuses.push(response.status);
      }
    };
    await Promise.all(Array.from({ length: 10 }, askInTurn));
    return statuses;
  }

  const forget = () => endpoints.forEach((endpoint) => (endpoint.calls = 0));
  const calls = () => endpoints.reduce((sum, endpoint) => sum + endpoint.calls, 0);

  test('all are well: each gets its part', async () => {
    forget();
    const statuses = await askOften(300);
    assert.ok(statuses.every((status) => status === 200));
    assert.equal(calls(), 300);
    for (const endpoint of endpoints) assert.ok(endpoint.calls > 30, `${endpoint.calls} calls`);
  });

  test('one answers 503: no client notices, and it is soon left alone', async () => {
    endpoints[2].isWell = false;
    forget();
    const statuses = await askOften(1_000);
    assert.deepEqual(
      statuses.filter((status) => status !== 200),
      [],
    );
    assert.ok(endpoints[2].calls <= 50, `${endpoints[2].calls} of 1,000 calls`);
    endpoints[2].isWell = true;
  });

  test('all answer 503: clients get one honest error, and calls are not multiplied', async () => {
    endpoints.forEach((endpoint) => (endpoint.isWell = false));
    forget();
    const refusal = await ask(false);
    assertErrorBody(await refusal.json(), {
      type: 'overloaded_error',
      code: 'busy',
    });
    const statuses = await askOften(299);
    assert.ok(statuses.every((status) => status === 503));
    assert.ok(calls() <= 375, `${calls()} calls upstream for 300 of clients`);
  });

  test('all are repaired: answers come again', async () => {
    endpoints.forEach((endpoint) => (endpoint.isWell = true));
    await until('a call is answered', async () => (await ask(false)).status === 200);
  });
});
