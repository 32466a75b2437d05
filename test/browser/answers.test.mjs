/** Answers: they stream, come with cards that move nothing, can be stopped, copied, made anew. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { screenshot, siteOfThisFile } from './support/browser.mjs';
import { isJapanese, questions, watchProse } from './support/chat_page.mjs';

const site = siteOfThisFile();

describe('an answer', () => {
  for (const language of ['en', 'ja']) {
    it(`to a question in ${language} arrives in pieces`, () =>
      site.withPage({ language }, async (chat, page) => {
        const seen = await watchProse(page);
        await chat.askAndWait(questions[language].product);
        const text = await chat.proseText();
        assert.equal(isJapanese(text), language === 'ja', text);

        const lengths = await seen();
        assert.ok(lengths.length >= 5, `arrived in ${lengths.length} pieces`);
        const sorted = [...lengths].sort((a, b) => a - b);
        assert.deepEqual(lengths, sorted, 'the text only grows');
        assert.ok(lengths[0] < lengths.at(-1) / 2, 'the first piece is not most of the answer');
        await screenshot(page, `answer-${language}`);
      }));
  }

  it('echoes the question and a skeleton at once, then names real stages', () =>
    site.withPage({}, async (chat, page) => {
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
    site.withPage({}, async (chat, page) => {
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
    site.withPage({}, async (chat, page) => {
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

  for (const [language, question, edition] of [
    ['en', 'Do you have special editions of Death Note?', 'Whole story in one slipcased volume'],
    ['ja', 'DEATH NOTEの特装版はありますか？', '全話収録・函入り合本版'],
  ]) {
    it(`names the edition on its card: ${language}`, () =>
      site.withPage({ language }, async (chat) => {
        await chat.askAndWait(question);
        await chat.lastAnswer.locator('.card-fact', { hasText: edition }).waitFor();
      }));
  }

  it('says how long it took, by which model, from how many sources', () =>
    site.withPage({}, async (chat) => {
      await chat.askAndWait(questions.en.product);
      const line = await chat.lastAnswer.locator('.timing').innerText();
      assert.match(line, /first word [\d.]+ m?s · whole [\d.]+ m?s · \S+/);
    }));

  it('keeps its partial text when stopped, here and on the server', () =>
    site.withPage({}, async (chat, page) => {
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
    site.withPage({}, async (chat) => {
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
    site.withPage({ language: 'ja' }, async (chat) => {
      await chat.askAndWait(questions.ja.product);
      assert.equal(await chat.copiedAnswer(), (await chat.storedTurn('complete')).answer);
    }));
});
