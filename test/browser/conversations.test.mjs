/** Conversations outlive a reload, belong to whoever is signed in, and can be deleted. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { screenshot, siteOfThisFile } from './support/browser.mjs';
import { questions } from './support/chat_page.mjs';

const site = siteOfThisFile();

describe('a conversation', () => {
  it('starts with the greeting and suggestions of the server; a suggestion asks', () =>
    site.withPage({}, async (chat, page) => {
      const { assistant } = await (await page.request.get(`${chat.origin}/api/page`)).json();
      assert.equal(await page.locator('.brand-name').innerText(), assistant.name);
      assert.equal(await page.locator('.welcome-greeting').innerText(), assistant.greeting.en);
      const starters = page.locator('.starter');
      assert.deepEqual(await starters.allInnerTexts(), assistant.suggestions.en);
      await starters.first().click();
      assert.equal(await page.locator('.question').innerText(), assistant.suggestions.en[0]);
      await chat.answered();
    }));

  it('is found again by a reload, cards and all', () =>
    site.withPage({}, async (chat) => {
      await chat.askAndWait(questions.en.product);
      const text = await chat.proseText();
      const cards = await chat.lastAnswer.locator('.card-title').allInnerTexts();
      await chat.reload();
      await chat.answered();
      assert.equal(await chat.turns.count(), 1);
      assert.equal(await chat.proseText(), text);
      assert.deepEqual(await chat.lastAnswer.locator('.card-title').allInnerTexts(), cards);
    }));

  it('goes on with the running answer when reloaded in the middle of it', () =>
    site.withPage({}, async (chat) => {
      await chat.ask(questions.en.recommendation);
      await chat.begun(5);
      await chat.reload();
      await chat.begun(1);
      await chat.answered();
      assert.equal(await chat.turns.count(), 1);
      assert.equal(await chat.phase(), 'complete');
      assert.equal(await chat.copiedAnswer(), (await chat.storedTurn('complete')).answer);
    }));

  it('is listed, and back and forward move between conversations', () =>
    site.withPage({}, async (chat, page) => {
      await chat.askAndWait(questions.en.shipping);
      const first = chat.sessionId();
      await page.locator('.new-chat').click();
      await page.locator('.welcome').waitFor();
      await chat.askAndWait(questions.en.product);
      assert.notEqual(chat.sessionId(), first);
      await page.waitForFunction(() => document.querySelectorAll('.session').length === 2);
      const titles = await page.locator('.session-title').allInnerTexts();
      assert.deepEqual(titles, [questions.en.product, questions.en.shipping], 'newest first');
      await page.locator('.session').nth(1).click();
      await page.waitForFunction((id) => location.hash === `#${id}`, first);
      await page.locator('.question', { hasText: questions.en.shipping }).waitFor();
      await page.goBack();
      await page.locator('.question', { hasText: questions.en.product }).waitFor();
    }));

  it('is deleted after one question, and then it is gone', () =>
    site.withPage({ expectsConsoleErrors: true }, async (chat, page) => {
      await chat.askAndWait(questions.en.shipping);
      const id = chat.sessionId();
      await page.locator('.session').hover();
      await page.locator('.session-delete').click();
      await screenshot(page, 'delete');
      await page.locator('.asking .danger').click();
      await page.locator('.welcome').waitFor();
      await page.waitForFunction(() => document.querySelectorAll('.sessions li').length === 0);
      const response = await page.request.get(`${chat.origin}/api/sessions/${id}`);
      assert.equal(response.status(), 404);
      await page.goto(`${chat.origin}/#${id}`);
      await page.locator('.toasts p').waitFor();
      await page.locator('.welcome').waitFor();
    }));

  it('belongs to the customer who signed in', () =>
    site.withPage({ expectsConsoleErrors: true }, async (chat, page) => {
      const info = await (await page.request.get(`${chat.origin}/api/page`)).json();
      assert.ok(info.demo_customers.length > 0, 'the test server offers demo customers');
      const [customer] = info.demo_customers;
      await page.locator('.account').click();
      await screenshot(page, 'sign-in');
      await page.locator('.menu-item', { hasText: customer.name.en }).click();
      const language = await page.waitForFunction(() =>
        document.querySelector('.welcome-hello') ? document.documentElement.lang : null,
      );
      assert.equal(await language.jsonValue(), customer.language, 'the customer’s language');
      const name = customer.name[customer.language];
      await page.locator('.account-name', { hasText: name }).waitFor();
      await chat.askAndWait(questions[customer.language].shipping);
      const id = chat.sessionId();
      await page.locator('.account').click();
      await page.locator('.menu-item').first().click();
      await page.locator('.welcome').waitFor();
      await page.waitForFunction(() => document.querySelectorAll('.session').length === 0);
      const response = await page.request.get(`${chat.origin}/api/sessions/${id}`);
      assert.equal(response.status(), 404, 'a guest does not see the customer’s conversation');
      await chat.askAndWait(questions.en.shipping);
    }));
});
