/** Answers: they stream, come with cards that move nothing, can be stopped, copied, made anew. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { launch, screenshot, withPage } from './support/browser.mjs';
import { questions } from './support/chat_page.mjs';

describe('an answer', () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser.close());

  for (const language of ['en', 'ja']) {
    it(`to a question in ${language} arrives in pieces`, () =>
      withPage(browser, { language }, async (chat, page) => {
        await watchProse(page);
        await chat.askAndWait(questions[language].product);
        const text = await chat.proseText();
        const isJapanese = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(text);
        assert.equal(isJapanese, language === 'ja', text);

        const seen = await page.evaluate(() => window.seenProse);
        const lengths = seen.map(({ length }) => length);
        const moments = new Set(seen.map(({ at }) => Math.round(at)));
        assert.ok(moments.size >= 5, `arrived at ${moments.size} moments`);
        assert.deepEqual(
          lengths,
          [...lengths].sort((a, b) => a - b),
          'the text only grows',
        );
        assert.ok(lengths[0] < lengths.at(-1) / 2, 'the first piece is not most of the answer');
        await screenshot(page, `answer-${language}`);
      }));
  }

  it('echoes the question and a skeleton at once, then names real stages', () =>
    withPage(browser, {}, async (chat, page) => {
      await page.evaluate(() => {
        window.stages = [];
        const note = () => {
          const words = document.querySelector('.progress:not([hidden]) .stage')?.textContent;
          if (words && window.stages.at(-1) !== words) window.stages.push(words);
        };
        new MutationObserver(note).observe(document.body, { subtree: true, childList: true });
      });
      await chat.input.fill(questions.en.product);
      await chat.input.press('Enter');
      const echo = await page.evaluate(() => ({
        question: document.querySelector('.turn .question')?.textContent,
        bones: document.querySelectorAll('.progress:not([hidden]) .bones i').length,
        value: document.querySelector('textarea').value,
      }));
      assert.deepEqual(echo, { question: questions.en.product, bones: 3, value: '' });
      await chat.answered();
      const stages = await page.evaluate(() => window.stages);
      assert.ok(stages.length >= 2, `stages shown: ${stages.join(' | ')}`);
    }));

  it('shows cards above the prose, and nothing moves when they and the text arrive', () =>
    withPage(browser, {}, async (chat, page) => {
      await chat.ask(questions.en.product);
      await chat.begun(3);
      const place = () =>
        page.evaluate(() => {
          const top = (s) => document.querySelector(s).getBoundingClientRect().top;
          return { shelf: top('.shelf'), prose: top('.prose'), question: top('.question') };
        });
      const early = await place();
      await chat.answered();
      assert.deepEqual(await place(), early);
      assert.ok(early.shelf < early.prose, 'cards stand above the prose');
      const card = chat.lastAnswer.locator('.card').first();
      assert.match(await card.locator('.card-price').innerText(), /^¥[\d,]+$/);
      assert.notEqual((await card.locator('.stock').innerText()).trim(), '');
      assert.notEqual((await card.locator('.card-title').innerText()).trim(), '');
    }));

  it('shows the same cards in the other language when the page changes its language', () =>
    withPage(browser, {}, async (chat, page) => {
      await chat.askAndWait(questions.en.product);
      const count = await chat.lastAnswer.locator('.card').count();
      assert.ok(count > 0, 'the answer has cards');
      await page.locator('.languages button[lang="ja"]').click();
      assert.equal(await page.evaluate(() => document.documentElement.lang), 'ja');
      assert.equal(await chat.lastAnswer.locator('.card').count(), count);
      const price = await chat.lastAnswer.locator('.card-price').first().innerText();
      assert.match(price, /^[\d,]+円$/);
      await chat.reload();
      assert.equal(await page.evaluate(() => document.documentElement.lang), 'ja', 'persisted');
    }));

  it('says how long it took, by which model, from how many sources', () =>
    withPage(browser, {}, async (chat) => {
      await chat.askAndWait(questions.en.product);
      const line = await chat.lastAnswer.locator('.timing').innerText();
      assert.match(line, /first word [\d.]+ m?s · whole [\d.]+ m?s · \S+/);
    }));

  it('keeps its partial text when stopped, here and on the server', () =>
    withPage(browser, {}, async (chat, page) => {
      await chat.ask(questions.en.recommendation);
      await chat.begun(4);
      assert.equal(await chat.send.getAttribute('aria-label'), 'Stop');
      await chat.send.click();
      await chat.answered();
      assert.equal(await chat.phase(), 'stopped');
      assert.equal(await chat.lastAnswer.locator('.note-stopped').innerText(), 'Stopped');
      const shown = await chat.proseText();
      assert.ok(shown.length >= 4, shown);
      const stored = await chat.storedTurn('stopped');
      assert.equal(await chat.copiedAnswer(), stored.answer);
      await screenshot(page, 'stopped');
      await chat.reload();
      await chat.answered();
      assert.equal(await chat.proseText(), shown);
      assert.equal(await chat.phase(), 'stopped');
    }));

  it('can be made anew, in its own place', () =>
    withPage(browser, {}, async (chat) => {
      await chat.askAndWait(questions.en.shipping);
      const first = await chat.storedTurn('complete');
      await chat.act('regenerate').click();
      await chat.page.locator('.turn:last-child .answer[aria-busy="true"]').waitFor();
      assert.equal((await chat.focusedElement()).tag, 'textarea');
      await chat.answered();
      assert.equal(await chat.turns.count(), 1);
      const { turns } = await chat.storedSession();
      assert.equal(turns.length, 1, 'regenerate replaces the turn');
      assert.notEqual(turns[0].response_id, first.response_id);
      assert.equal(await chat.copiedAnswer(), turns[0].answer);
    }));

  it('is copied as the server wrote it', () =>
    withPage(browser, { language: 'ja' }, async (chat) => {
      await chat.askAndWait(questions.ja.product);
      assert.equal(await chat.copiedAnswer(), (await chat.storedTurn('complete')).answer);
    }));
});

/** Notes when the prose changed and how long it was, in window.seenProse. */
async function watchProse(page) {
  await page.evaluate(() => {
    window.seenProse = [];
    const note = () => {
      const length = document.querySelector('.turn:last-child .prose')?.textContent.length ?? 0;
      const last = window.seenProse.at(-1);
      if (length > 0 && length !== last?.length) {
        window.seenProse.push({ at: performance.now(), length });
      }
    };
    const watch = { subtree: true, childList: true, characterData: true };
    new MutationObserver(note).observe(document.body, watch);
  });
}
