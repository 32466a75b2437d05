/** A shop whose language model is not there: the page says so, and still helps. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { screenshot, siteOfThisFile } from './support/browser.mjs';
import { isJapanese, questions } from './support/chat_page.mjs';
import { modellessServer } from './support/server.mjs';

const site = siteOfThisFile(modellessServer);

describe('without a language model', () => {
  for (const language of ['en', 'ja']) {
    it(`says so, and answers from the shop’s own data: ${language}`, () =>
      site.withPage({ language }, async (chat, page) => {
        const { notice } = await (await page.request.get(`${chat.origin}/api/page`)).json();
        assert.equal(await page.locator('.banner p').innerText(), notice[language]);
        for (const question of Object.values(questions[language])) {
          await chat.askAndWait(question);
          assert.equal(await chat.phase(), 'complete');
          const text = await chat.proseText();
          assert.equal(isJapanese(text), language === 'ja', text);
          await chat.lastAnswer.locator('.note-direct').waitFor();
          await screenshot(page, `without-model-${language}`);
        }
      }));
  }

  it('finds the order of a customer who signed in, and of nobody else', () =>
    site.withPage({}, async (chat, page) => {
      const question = 'Where is my order MNG-78901?';
      await chat.askAndWait(question);
      assert.match(await chat.proseText(), /sign in/i);
      await page.locator('.account').click();
      await page.locator('.menu-item', { hasText: 'Yuki Tanaka' }).click();
      await page.locator('.welcome-hello').waitFor();
      await chat.askAndWait(question);
      assert.match(await chat.proseText(), /Your order MNG-78901 is /);
      await screenshot(page, 'order-without-model');
    }));
});
