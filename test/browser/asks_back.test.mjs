/** An answer that asks back: its replies are buttons, as long as it can be replied to. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { screenshot, siteOfThisFile } from './support/browser.mjs';
import { questions } from './support/chat_page.mjs';
import { askingServer } from './support/server.mjs';

const site = siteOfThisFile(askingServer);

const kChoices = [
  'how delivery, payment or returns work in general',
  'a problem that we should put right',
];

/** The buttons in the whole conversation. */
const replies = (page) => page.locator('.replies button');

describe('an answer that asks back', () => {
  it('offers its replies again after a reload, and one of them is asked', () =>
    site.withPage({}, async (chat, page) => {
      await chat.askAndWait(questions.en.ambiguous);
      assert.deepEqual(await replies(page).allInnerTexts(), kChoices);
      await chat.reload();
      await chat.answered();
      assert.deepEqual(await replies(page).allInnerTexts(), kChoices);
      await screenshot(page, 'asks-back-restored');
      await replies(page).nth(1).click();
      await chat.turns.nth(1).waitFor();
      await chat.answered();
      assert.equal(await page.locator('.question').nth(1).innerText(), kChoices[1]);
      assert.match(await chat.proseText(), /CASE-/, 'the reply was understood');
      assert.equal(await replies(page).count(), 0, 'it has been replied to');
      await chat.reload();
      await chat.answered();
      assert.equal(await chat.turns.count(), 2);
      assert.equal(await replies(page).count(), 0, 'and stays so');
    }));

  it('offers them again when the conversation is opened from the list', () =>
    site.withPage({}, async (chat, page) => {
      await chat.askAndWait(questions.en.ambiguous);
      await page.locator('.new-chat').click();
      await page.locator('.welcome').waitFor();
      assert.equal(await replies(page).count(), 0);
      await page.locator('.session').click();
      await chat.answered();
      assert.deepEqual(await replies(page).allInnerTexts(), kChoices);
    }));
});
