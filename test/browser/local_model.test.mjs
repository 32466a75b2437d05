/** The page with the real model of this machine: no answer is made up here. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { screenshot, siteOfThisFile } from './support/browser.mjs';
import { isJapanese, questions, watchProse } from './support/chat_page.mjs';
import { localServer } from './support/server.mjs';

const site = siteOfThisFile(localServer);

describe('the local model', () => {
  for (const language of ['en', 'ja']) {
    it(`answers a question in ${language}, piece by piece`, () =>
      site.withPage({ language }, async (chat, page) => {
        const seen = await watchProse(page);
        await chat.askAndWait(questions[language].recommendation);
        assert.equal(await chat.phase(), 'complete');
        const text = await chat.proseText();
        assert.equal(isJapanese(text), language === 'ja', text);
        assert.match(await chat.lastAnswer.locator('.timing').innerText(), / · fast\b/);
        assert.ok(await chat.lastAnswer.locator('.card').count(), 'the shop has something like it');
        const lengths = await seen();
        assert.ok(lengths.length >= 5, `arrived in ${lengths.length} pieces`);
        await screenshot(page, `local-${language}`);
      }));
  }

  it('is stopped, keeps what it wrote, and a reload finds the conversation', () =>
    site.withPage({}, async (chat, page) => {
      await chat.ask('Tell me all about the manga Frieren, in as many words as you can.');
      await chat.begun(4);
      await chat.send.click();
      await chat.answered();
      assert.equal(await chat.phase(), 'stopped');
      const shown = await chat.proseText();
      await chat.storedTurn('stopped');
      await chat.reload();
      await chat.answered();
      assert.equal(await chat.proseText(), shown);
      await page.locator('.session[aria-current]').waitFor();
      await chat.askAndWait(questions.en.shipping);
      assert.equal(await chat.phase(), 'complete', 'the model is free for the next question');
      assert.equal(await chat.turns.count(), 2);
    }));
});
