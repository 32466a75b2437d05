/** Thumbs under an answer: given, changed, taken back, kept; and what happens when they cannot be. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import axe from 'axe-core';
import { screenshot, siteOfThisFile } from './support/browser.mjs';
import { questions } from './support/chat_page.mjs';
import { cutProxy } from './support/cut_proxy.mjs';
import { accepted, numbered, scriptedSocket, wholeAnswer } from './support/scripted_socket.mjs';

const site = siteOfThisFile();

/** Which of the last answer's thumbs are pressed. */
const pressed = (chat) =>
  chat.lastAnswer
    .locator('.thumb[aria-pressed="true"]')
    .evaluateAll((all) => all.map((button) => button.dataset.act));

/** Waits until the server has kept `thumb` for the last turn. */
async function stored(chat, thumb) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { turns } = await chat.storedSession();
    if (turns.at(-1).thumb === thumb) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`the thumb was never stored as ${thumb}`);
}

const short = [{ type: 'delta', text: 'Here it is.' }];
const kept = ({ client_msg_id, response_id, thumb }) => ({
  type: 'feedback',
  client_msg_id,
  response_id,
  thumb,
});

describe('the thumbs of an answer', () => {
  it('are kept over a reload, changed and taken back', () =>
    site.withPage({}, async (chat) => {
      await chat.askAndWait(questions.en.shipping);
      assert.deepEqual(await pressed(chat), []);
      await chat.act('thumb_up').click();
      assert.deepEqual(await pressed(chat), ['thumb_up'], 'shown at once');
      await stored(chat, 'up');
      await chat.reload();
      await chat.answered();
      assert.deepEqual(await pressed(chat), ['thumb_up']);
      await chat.act('thumb_down').click();
      assert.deepEqual(await pressed(chat), ['thumb_down'], 'one or the other');
      await stored(chat, 'down');
      await chat.act('thumb_down').click();
      assert.deepEqual(await pressed(chat), []);
      await stored(chat, 'none');
      await chat.reload();
      await chat.answered();
      assert.deepEqual(await pressed(chat), []);
    }));

  it('are each answer’s own, and a regenerated answer has none yet', () =>
    site.withPage({}, async (chat) => {
      await chat.askAndWait(questions.en.shipping);
      await chat.act('thumb_down').click();
      await chat.askAndWait(questions.en.shipping);
      assert.deepEqual(await pressed(chat), []);
      await chat.act('thumb_up').click();
      assert.equal(await chat.page.locator('.thumb[aria-pressed="true"]').count(), 2);
      await stored(chat, 'up');
      await chat.act('regenerate').click();
      await chat.page.locator('.turn:last-child .answer[aria-busy="true"]').waitFor();
      assert.equal(await chat.lastAnswer.locator('.thumb').count(), 0, 'not while it is written');
      await chat.answered();
      assert.deepEqual(await pressed(chat), []);
      await chat.act('thumb_up').click();
      await stored(chat, 'up');
    }));

  for (const [language, group, names] of [
    ['en', 'Rate this answer', ['Good answer', 'Bad answer']],
    ['ja', 'この回答を評価', ['良い回答', '良くない回答']],
  ]) {
    it(`have names, work with the keyboard, and keep the focus: ${language}`, () =>
      site.withPage({ language }, async (chat, page) => {
        await chat.askAndWait(questions[language].shipping);
        const thumbs = chat.lastAnswer.getByRole('group', { name: group });
        const [up, down] = names.map((name) => thumbs.getByRole('button', { name, exact: true }));
        assert.equal(await up.getAttribute('aria-pressed'), 'false');
        await chat.tabTo('[data-act="thumb_up"]', 'Shift+Tab');
        await page.keyboard.press('Space');
        assert.equal((await chat.focusedElement()).act, 'thumb_up');
        assert.equal(await up.getAttribute('aria-pressed'), 'true');
        assert.equal(await down.getAttribute('aria-pressed'), 'false');
        const heard =
          language === 'en' ? 'Thank you for your feedback.' : 'ご意見ありがとうございます。';
        await page.locator('[aria-live="polite"]', { hasText: heard }).waitFor();
        for (const button of [up, down]) {
          const { width, height } = await button.boundingBox();
          assert.ok(width >= 44 && height >= 44, `${width} by ${height}`);
        }
      }));
  }

  it('go back when the server refuses, with a reason', () =>
    site.withPage(
      {
        before: (page) =>
          scriptedSocket(
            page,
            (ask, n) => wholeAnswer(ask, n, short),
            (frame) =>
              frame.type !== 'feedback'
                ? []
                : frame.thumb === 'up'
                  ? [kept(frame)]
                  : [
                      {
                        type: 'error',
                        code: 'answer_not_found',
                        message: 'no',
                        retryable: false,
                        client_msg_id: frame.client_msg_id,
                      },
                    ],
          ),
      },
      async (chat, page) => {
        await chat.askAndWait('hello');
        await chat.act('thumb_up').click();
        assert.deepEqual(await pressed(chat), ['thumb_up']);
        await chat.act('thumb_down').click();
        await page.locator('.toasts', { hasText: 'can no longer be rated' }).waitFor();
        assert.deepEqual(await pressed(chat), ['thumb_up']);
      },
    ));

  it('are sent when the line is back', async () => {
    const proxy = await cutProxy(site.url);
    try {
      await site.withPage({ url: proxy.url, expectsConsoleErrors: true }, async (chat, page) => {
        await chat.askAndWait(questions.en.shipping);
        proxy.cut();
        await page.locator('.banner.is-cut').waitFor();
        await chat.act('thumb_down').click();
        assert.deepEqual(await pressed(chat), ['thumb_down']);
        proxy.mend();
        await page.locator('.banner.is-cut').waitFor({ state: 'hidden' });
        await stored(chat, 'down');
      });
    } finally {
      proxy.close();
    }
  });

  it('are not offered where there is nothing to judge', () =>
    site.withPage(
      {
        before: (page) =>
          scriptedSocket(page, (ask, n) => [
            accepted(ask, n),
            ...numbered(`r_${n}`, [
              ...short,
              { type: 'error', code: 'model_failed', message: 'no', retryable: true },
            ]),
          ]),
      },
      async (chat) => {
        await chat.askAndWait('hello');
        assert.equal(await chat.phase(), 'failed');
        assert.equal(await chat.lastAnswer.locator('.thumb').count(), 0);
      },
    ));

  for (const options of [
    { language: 'en' },
    { language: 'en', dark: true },
    { language: 'ja', phone: true },
    { language: 'en', phone: true, dark: true },
  ]) {
    const { language, dark, phone } = options;
    const name = [language, dark ? 'dark' : 'light', phone ? 'phone' : 'desktop'].join('-');
    it(`are drawn without a serious finding: ${name}`, () =>
      site.withPage({ ...options, reducedMotion: true }, async (chat, page) => {
        await chat.askAndWait(questions[language].shipping);
        await chat.act('thumb_up').click();
        await stored(chat, 'up');
        await screenshot(page, `thumbs-${name}`);
        await page.evaluate(axe.source);
        const { violations } = await page.evaluate(() => window.axe.run('.foot'));
        assert.deepEqual(
          violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
          [],
        );
      }));
  }
});
