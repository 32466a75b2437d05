/** Keys and tokens on every way they take, right and wrong: none is repeated to anybody. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Secrets, customerToken } from './support/secrets.mjs';
import { openAiModel } from './support/hayate.mjs';
import { Site } from './support/sites.mjs';
import { rowsOf } from './support/stored.mjs';

const secrets = new Secrets();
const kMessages = [{ role: 'user', content: 'Do you gift wrap?' }];

let site;
before(async () => {
  site = await Site.start({
    ...secrets.server,
    mock: { key: secrets.providerKey, answer: 'On its way.' },
    modelOf: (mock) => openAiModel(mock, { key_env: 'PROVIDER_KEY_OF_THE_TEST' }),
  });
  secrets.headersFor(site.hayate);
});
after(() => site.stop());

/** The status and the error's code; the secrets are looked for in all that came back. */
async function outcomeOf(headers, model = 'mangaassist') {
  const response = await site.hayate.post({ model, messages: kMessages }, headers);
  const body = await response.text();
  secrets.assertAbsent(body, 'the response');
  secrets.assertAbsent([...response.headers].join('\n'), "the response's header");
  return [response.status, JSON.parse(body).error?.code];
}

test('right ones are taken, also by the provider', async () => {
  for (const model of ['fast', 'mangaassist']) {
    const outcome = await outcomeOf(secrets.headersFor(site.hayate), model);
    assert.deepEqual(outcome, [200, undefined]);
  }
});

test('a key that lacks its last character is refused', async () => {
  const headers = { authorization: `Bearer ${secrets.apiKey.slice(0, -1)}` };
  assert.deepEqual(await outcomeOf(headers), [401, 'invalid_api_key']);
});

test('a token of another shop is refused', async () => {
  const wrong = customerToken('c-001', 'the secret of another shop, as long');
  const headers = { authorization: `Bearer ${secrets.apiKey}`, 'x-hayate-customer': wrong };
  assert.equal((await outcomeOf(headers))[0], 401);
});

test('a right token with a claim exchanged is refused', async () => {
  const other = customerToken('c-002', 'any secret').split('.');
  const [, , signature] = secrets.customerToken.split('.');
  const headers = {
    authorization: `Bearer ${secrets.apiKey}`,
    'x-hayate-customer': [other[0], other[1], signature].join('.'),
  };
  assert.equal((await outcomeOf(headers))[0], 401);
});

test('no secret is in the log, in the metrics or in the database', async () => {
  secrets.assertAbsent(site.hayate.log, 'the log');
  secrets.assertAbsent(await site.hayate.metrics(), 'the metrics');
  const keys = await rowsOf(site.hayate.database, 'SELECT * FROM api_keys');
  assert.equal(keys.length, 1);
  secrets.assertAbsent(JSON.stringify(keys), 'the database');
});
