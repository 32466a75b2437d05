/** The official JavaScript client against /v1. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openaiNode } from './support/clients/openai_node.mjs';
import { clientContract } from './support/client_contract.mjs';
import { Site } from './support/sites.mjs';

clientContract(openaiNode);

test('the list of models names the assistant and the raw models', async () => {
  const site = await Site.start({});
  try {
    assert.deepEqual(await openaiNode.models(site.target), ['mangaassist', 'fast']);
  } finally {
    await site.stop();
  }
});
