/** The whole contract again, with Anthropic's protocol between hayate and the provider. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openaiNode } from './support/clients/openai_node.mjs';
import { clientContract } from './support/client_contract.mjs';
import { Site } from './support/sites.mjs';

const kKey = 'sk-ant-of-the-test';
const anthropicModel = (mock, more) => ({
  provider: 'anthropic',
  gate: false,
  base_url: mock.url,
  model: 'claude-3-haiku-20240307',
  key_env: 'ANTHROPIC_KEY_OF_THE_TEST',
  ...more,
});
const shared = { modelOf: anthropicModel, env: { ANTHROPIC_KEY_OF_THE_TEST: kKey } };

clientContract(openaiNode, shared);

test('the key reaches the provider', async () => {
  const site = await Site.start({ ...shared, mock: { key: kKey, answer: 'Yes.' } });
  try {
    const question = { model: 'fast', text: 'Are you there?', stream: true };
    assert.equal((await openaiNode.ask(site.target, question)).text, 'Yes.');
  } finally {
    await site.stop();
  }
});
