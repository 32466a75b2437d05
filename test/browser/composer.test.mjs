/** Writing: Enter, Japanese conversion, limits, focus, and everything by keyboard alone. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { screenshot, siteOfThisFile } from './support/browser.mjs';
import { questions } from './support/chat_page.mjs';

const site = siteOfThisFile();

describe('the composer', () => {
  it('has the focus at the start and keeps it through sending', () =>
    site.withPage({}, async (chat) => {
      assert.equal((await chat.focusedElement()).tag, 'textarea');
      await chat.input.fill(questions.en.shipping);
      await chat.send.click();
      assert.equal((await chat.focusedElement()).tag, 'textarea');
      await chat.answered();
      assert.equal((await chat.focusedElement()).tag, 'textarea');
    }));

  it('breaks the line at Shift+Enter and grows', () =>
    site.withPage({}, async (chat, page) => {
      const height = async () => (await chat.input.boundingBox()).height;
      const before = await height();
      await page.keyboard.type('one');
      await page.keyboard.press('Shift+Enter');
      await page.keyboard.type('two');
      assert.equal(await chat.input.inputValue(), 'one\ntwo');
      assert.ok((await height()) > before);
      assert.equal(await chat.turns.count(), 0);
    }));

  it('does not send at the Enter that confirms a Japanese conversion', () =>
    site.withPage({ language: 'ja' }, async (chat, page) => {
      const ime = await page.context().newCDPSession(page);
      const typed = 'そうりょう';
      await ime.send('Input.imeSetComposition', {
        selectionStart: 5,
        selectionEnd: 5,
        text: typed,
      });
      const enter = { key: 'Enter', code: 'Enter', text: '', windowsVirtualKeyCode: 229 };
      await ime.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...enter });
      assert.equal(await chat.turns.count(), 0, 'while composing');
      await ime.send('Input.insertText', { text: '送料はいくらですか？' });
      // Safari: compositionend comes first, then a keydown with code 229 that is not composing.
      await page.evaluate(() => {
        const options = { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true };
        document.querySelector('textarea').dispatchEvent(new KeyboardEvent('keydown', options));
      });
      assert.equal(await chat.turns.count(), 0, 'right after composing');
      assert.equal(await chat.input.inputValue(), '送料はいくらですか？');
      await page.keyboard.press('Enter');
      await chat.answered();
      assert.equal(await page.locator('.question').innerText(), '送料はいくらですか？');
    }));

  it('sends nothing empty, and nothing while an answer is being written', () =>
    site.withPage({}, async (chat, page) => {
      await page.keyboard.type('   ');
      await page.keyboard.press('Enter');
      assert.equal(await chat.turns.count(), 0);
      await chat.ask(questions.en.recommendation);
      await page.keyboard.type('next question');
      await page.keyboard.press('Enter');
      assert.equal(await chat.turns.count(), 1);
      assert.equal(await chat.input.inputValue(), 'next question', 'the draft stays');
      await chat.answered();
      await page.keyboard.press('Enter');
      await page.waitForFunction(() => document.querySelectorAll('.turn').length === 2);
      await chat.answered();
    }));

  it('counts near the limit and does not send beyond it', () =>
    site.withPage({}, async (chat, page) => {
      const counter = page.locator('.counter');
      await chat.input.fill('あ'.repeat(7000));
      assert.equal(await counter.isVisible(), false);
      await chat.input.fill('あ'.repeat(7990));
      assert.equal(await counter.innerText(), '10 characters left');
      await chat.input.fill('あ'.repeat(8002));
      assert.equal(await counter.innerText(), '2 characters too many');
      assert.equal(await chat.input.getAttribute('aria-invalid'), 'true');
      await screenshot(page, 'too-long');
      await page.keyboard.press('Enter');
      assert.equal(await chat.turns.count(), 0);
    }));

  it('folds a long message, and unfolds it for the keyboard', () =>
    site.withPage({}, async (chat, page) => {
      const lines = Array.from({ length: 60 }, (_, i) => `Line ${i} of a long story.`);
      await chat.askAndWait(lines.join('\n'));
      const height = async () => (await page.locator('.question').boundingBox()).height;
      const folded = await height();
      await chat.tabTo('.unfold', 'Shift+Tab');
      await page.keyboard.press('Enter');
      assert.ok((await height()) > 2 * folded, 'all of it can be seen');
      await screenshot(page, 'unfolded');
      await page.keyboard.press('Enter');
      assert.equal(await height(), folded);
      await screenshot(page, 'folded');
      assert.equal((await chat.storedTurn('complete')).question, lines.join('\n'));
    }));

  it('stops an answer with Escape', () =>
    site.withPage({}, async (chat, page) => {
      await chat.ask(questions.en.recommendation);
      await chat.begun(3);
      await page.keyboard.press('Escape');
      await chat.answered();
      assert.equal(await chat.phase(), 'stopped');
    }));
});

describe('the keyboard alone', () => {
  it('asks, regenerates, starts a new chat, picks a suggestion, deletes', () =>
    site.withPage({}, async (chat, page) => {
      await page.keyboard.type(questions.en.shipping);
      await page.keyboard.press('Enter');
      await chat.answered();
      await chat.tabTo('[data-act="regenerate"]', 'Shift+Tab');
      await page.keyboard.press('Enter');
      await chat.page.locator('.turn:last-child .answer[aria-busy="true"]').waitFor();
      await chat.answered();
      await chat.tabTo('.new-chat', 'Shift+Tab');
      await page.keyboard.press('Enter');
      await page.locator('.welcome').waitFor();
      await chat.tabTo('.starter', 'Shift+Tab');
      await page.keyboard.press('Enter');
      await chat.answered();
      await page.waitForFunction(() => document.querySelectorAll('.session').length === 2);
      await chat.tabTo('.session-delete', 'Shift+Tab');
      await page.keyboard.press('Enter');
      await chat.tabTo('.danger');
      await page.keyboard.press('Enter');
      await page.waitForFunction(() => document.querySelectorAll('.session').length === 1);
    }));

  it('opens and closes the drawer on a narrow page, and the focus comes back', () =>
    site.withPage({ size: { width: 400, height: 700 } }, async (chat, page) => {
      await chat.tabTo('.opener', 'Shift+Tab');
      await page.keyboard.press('Enter');
      assert.match((await chat.focusedElement()).classes, /closer/);
      await page.keyboard.press('Escape');
      assert.match((await chat.focusedElement()).classes, /opener/);
    }));

  it('signs in', () =>
    site.withPage({}, async (chat, page) => {
      await chat.tabTo('.account', 'Shift+Tab');
      await page.keyboard.press('Enter');
      await chat.tabTo('.menu-item');
      await page.keyboard.press('Enter');
      await page.locator('.welcome-hello').waitFor();
    }));
});
