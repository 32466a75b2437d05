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
    const models = await openaiNode.models(site.target);
    assert.deepEqual(
      models.map(({ id, object, owned_by: owner }) => [id, object, owner]),
      [
        ['mangaassist', 'model', 'hayate'],
        ['fast', 'model', 'openai'],
      ],
    );
  } finally {
    await site.stop();
  }
});
