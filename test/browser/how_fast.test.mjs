/** "How fast?": what was waited for, in a picture, a table and a sentence. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import axe from 'axe-core';
import { screenshot, siteOfThisFile } from './support/browser.mjs';
import { questions } from './support/chat_page.mjs';
import { scriptedSocket, wholeAnswer } from './support/scripted_socket.mjs';

const site = siteOfThisFile();

const part = (name, start_ms, end_ms, more) => ({
  name,
  start_ms,
  end_ms,
  outcome: 'ok',
  parent: 'gather',
  ...more,
});
/** The example that the product is built on, with one source that did not come. */
const timings = {
  first_word_ms: 780,
  total_ms: 1460,
  sequential_ms: 1860,
  saved_ms: 400,
  stages: [
    part('retrieval', 0, 650, { critical: true, budget_ms: 600 }),
    part('orders', 0, 200),
    part('session', 0, 150),
    part('shop_stock', 0, 400, { outcome: 'timeout' }),
    { name: 'gather', start_ms: 0, end_ms: 650, outcome: 'ok', critical: true },
    { name: 'model', start_ms: 650, end_ms: 1450, outcome: 'ok', critical: true },
    { name: 'store', start_ms: 1450, end_ms: 1460, outcome: 'ok', critical: true },
  ],
};
const scripted = (page) =>
  scriptedSocket(page, (ask, n) =>
    wholeAnswer(ask, n, [{ type: 'delta', text: 'Here it is.' }], { timings, model: 'fast' }),
  );

/** The rows of the table as texts. */
const rows = (chat) =>
  chat.lastAnswer
    .locator('.numbers tbody tr')
    .evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent)));

async function assertNoFindings(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run('.waterfall'));
  assert.deepEqual(
    violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
    [],
  );
}

describe('how fast an answer was', () => {
  it('is told of a real answer, by whose server the page asked for the trace', () =>
    site.withPage({}, async (chat) => {
      await chat.askAndWait(questions.en.product);
      await chat.lastAnswer.locator('.timing summary').click();
      const table = await rows(chat);
      const names = table.map(([name]) => name);
      assert.deepEqual(names.slice(0, 2), ['understanding', 'looking up']);
      for (const name of ['catalog search', 'order system', 'language model']) {
        assert.ok(names.includes(name), `${name} is in ${names}`);
      }
      const waited = await chat.lastAnswer.locator('.numbers .waited th').allTextContents();
      assert.ok(waited.includes('language model'), waited.join());
      assert.match(
        await chat.lastAnswer.locator('.waterfall').innerText(),
        /The answer waited for: .*language model → saving the answer/,
      );
    }));

  for (const options of [
    { language: 'en' },
    { language: 'en', dark: true },
    { language: 'ja', phone: true },
    { language: 'ja', phone: true, dark: true },
  ]) {
    const { language, dark, phone } = options;
    const name = [language, dark ? 'dark' : 'light', phone ? 'phone' : 'desktop'].join('-');
    it(`is drawn without a serious finding: ${name}`, () =>
      site.withPage({ ...options, reducedMotion: true, before: scripted }, async (chat, page) => {
        await chat.askAndWait('How fast?');
        await chat.lastAnswer.locator('.timing summary').click();
        await chat.lastAnswer.locator('.numbers').scrollIntoViewIfNeeded();
        await screenshot(page, `how-fast-${name}`);
        await assertNoFindings(page);
        const box = await page.evaluate(() => {
          const scroll = document.querySelector('.scroll');
          return scroll.scrollWidth - scroll.clientWidth;
        });
        assert.equal(box, 0, 'nothing sticks out sideways');
      }));
  }

  it('is said in words and in a table that a screen reader can walk', () =>
    site.withPage({ before: scripted }, async (chat, page) => {
      await chat.askAndWait('How fast?');
      await chat.lastAnswer.locator('.timing summary').click();
      const words = await chat.lastAnswer.locator('.waterfall > p').allTextContents();
      assert.deepEqual(words, [
        'Working on several things at once, this took 1.5 s. ' +
          'One after another it would have taken 1.9 s: 400 ms saved.',
        'The answer waited for: catalog search → language model → saving the answer',
      ]);
      const table = page.getByRole('table', { name: 'Where the time went, in milliseconds' });
      assert.equal(await table.getByRole('columnheader').count(), 4);
      assert.equal(await table.getByRole('rowheader').count(), 7);
      assert.deepEqual(await rows(chat), [
        ['looking up', '0', '650', 'done'],
        ['catalog search', '0', '650', 'done · 50 ms more than planned'],
        ['shop stock', '0', '400', 'timed out'],
        ['order system', '0', '200', 'done'],
        ['earlier messages', '0', '150', 'done'],
        ['language model', '650', '800', 'done'],
        ['saving the answer', '1,450', '10', 'done'],
      ]);
      assert.equal(await page.locator('.picture').getAttribute('aria-hidden'), 'true');
    }));

  it('opens and closes with the keyboard, and follows the language', () =>
    site.withPage({ before: scripted }, async (chat, page) => {
      await chat.askAndWait('How fast?');
      await chat.tabTo('.timing summary', 'Shift+Tab');
      const picture = chat.lastAnswer.locator('.waterfall');
      assert.equal(await picture.isVisible(), false);
      await page.keyboard.press('Enter');
      await picture.waitFor();
      await page.keyboard.press('Space');
      await picture.waitFor({ state: 'hidden' });
      await page
        .locator('.switch [lang="ja"], .switch button', { hasText: '日本語' })
        .first()
        .click();
      await chat.lastAnswer.locator('.timing summary').click();
      assert.match(await picture.innerText(), /400ミリ秒短縮しました/);
    }));

  it('is not offered where nothing is known of it', () =>
    site.withPage(
      {
        before: (page) =>
          scriptedSocket(page, (ask, n) =>
            wholeAnswer(ask, n, [{ type: 'delta', text: 'Hi.' }], {
              timings: { first_word_ms: 5, total_ms: 9 },
            }),
          ),
      },
      async (chat) => {
        await chat.askAndWait('hello');
        assert.equal(await chat.lastAnswer.locator('summary').count(), 0);
      },
    ));
});
