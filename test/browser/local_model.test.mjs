/** The page with the real model of this machine: no answer is made up here. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { screenshot, siteOfThisFile } from './support/browser.mjs';
import { isJapanese, questions, watchProse } from './support/chat_page.mjs';
import { localServer } from './support/server.mjs';

/** A small model may talk up to the length limit; that is an end, too. */
const kWhole = /^(complete|cut)$/;

const site = siteOfThisFile(localServer);

/** On a machine without a core to spare the shop's own records answer; then it is asked again. */
async function answeredByModel(chat, page, question) {
  const seen = await watchProse(page);
  await chat.askAndWait(question);
  const timing = chat.lastAnswer.locator('.timing');
  for (let again = 0; again < 3 && !/ · fast\b/.test(await timing.innerText()); again += 1) {
    await page.evaluate(() => (window.seenLengths = []));
    await chat.act('regenerate').click();
    await page.locator('.turn:last-child .answer[aria-busy="true"]').waitFor();
    await chat.answered();
  }
  assert.match(await timing.innerText(), / · fast\b/);
  return seen();
}

describe('the local model', () => {
  for (const language of ['en', 'ja']) {
    it(`answers a question in ${language}, piece by piece`, () =>
      site.withPage({ language }, async (chat, page) => {
        const lengths = await answeredByModel(chat, page, questions[language].recommendation);
        assert.ok(lengths.length >= 5, `arrived in ${lengths.length} pieces`);
        assert.match(await chat.phase(), kWhole);
        const text = await chat.proseText();
        assert.equal(isJapanese(text), language === 'ja', text);
        assert.ok(await chat.lastAnswer.locator('.card').count(), 'the shop has something like it');
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
      assert.match(await chat.phase(), kWhole, 'the model is free for the next question');
      assert.equal(await chat.turns.count(), 2);
    }));
});
