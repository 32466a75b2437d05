/** Starting, starting twice, and starting again. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Child, hayateBinary } from './support/child.mjs';
import { Site } from './support/sites.mjs';

const kMessages = [{ role: 'user', content: 'Do you ship to Osaka?' }];

let site;
before(async () => {
  site = await Site.start({ mock: { answer: 'Yes, we do.' } });
});
after(() => site.stop());

test('a second server on the same port is refused and says so', async () => {
  const { hayate } = site;
  const port = new URL(hayate.url).port;
  const args = ['serve', ...hayate.options, '--port', port, '--admin-port', '0'];
  const second = new Child(hayateBinary, args, { env: hayate.env });
  try {
    await second.prints(new RegExp(`cannot listen on 127.0.0.1:${port}: .*in use`));
  } finally {
    assert.notEqual(await second.stop(), 0);
  }
});

test('a server starts again on what it has stored, and answers', async () => {
  await site.hayate.restart();
  const response = await site.hayate.post({ model: 'mangaassist', messages: kMessages });
  assert.equal((await response.json()).choices[0].message.content, 'Yes, we do.');
});
