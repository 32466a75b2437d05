/** The line breaks; the conversation does not. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { screenshot, siteOfThisFile } from './support/browser.mjs';
import { questions } from './support/chat_page.mjs';
import { cutProxy } from './support/cut_proxy.mjs';

const site = siteOfThisFile();

describe('a cut line', () => {
  const withProxy = async (body) => {
    const proxy = await cutProxy(site.url);
    const options = { url: proxy.url, expectsConsoleErrors: true };
    try {
      await site.withPage(options, (chat, page) => body(chat, page, proxy));
    } finally {
      proxy.close();
    }
  };

  it('in the middle of an answer loses and repeats nothing', () =>
    withProxy(async (chat, page, proxy) => {
      const fetched = [];
      page.on('request', (request) => {
        if (request.url().includes('/api/sessions/')) fetched.push(request.url());
      });
      await chat.ask(questions.en.recommendation);
      await chat.begun(5);
      proxy.cut();
      await page.locator('.banner.is-cut').waitFor();
      await screenshot(page, 'disconnected');
      proxy.mend();
      await page.locator('.banner .button').click();
      await chat.answered();
      await page.locator('.banner.is-cut').waitFor({ state: 'hidden' });
      assert.equal(await chat.phase(), 'complete');
      assert.equal(await chat.copiedAnswer(), (await chat.storedTurn('complete')).answer);
      assert.equal(await chat.turns.count(), 1);
      assert.deepEqual(fetched, [], 'the stream itself was whole: nothing had to be fetched again');
    }));

  it('keeps a question and sends it when the line is back, by itself', () =>
    withProxy(async (chat, page, proxy) => {
      proxy.cut();
      await page.locator('.banner.is-cut').waitFor();
      await chat.ask(questions.en.shipping);
      proxy.mend();
      await chat.answered();
      assert.equal(await chat.phase(), 'complete');
      assert.equal((await chat.storedSession()).turns.length, 1);
    }));

  it('that swallowed the acceptance does not make the server answer twice', () =>
    withProxy(async (chat, page, proxy) => {
      proxy.mute();
      const asked = page.waitForEvent('websocket').catch(() => null);
      await chat.ask(questions.en.shipping);
      await reached(chat, questions.en.shipping);
      proxy.cut();
      proxy.mend();
      await asked;
      await chat.answered();
      const { turns } = await chat.storedSession();
      assert.equal(turns.length, 1);
      assert.equal(await chat.copiedAnswer(), turns[0].answer);
      const { sessions } = await listed(chat);
      assert.equal(sessions.length, 1);
    }));

  it('lets the customer withdraw a question that was not sent', () =>
    withProxy(async (chat, page, proxy) => {
      proxy.cut();
      await page.locator('.banner.is-cut').waitFor();
      await chat.ask(questions.en.shipping);
      await chat.send.click();
      await chat.answered();
      assert.equal(await chat.phase(), 'stopped');
      proxy.mend();
      await page.locator('.banner.is-cut').waitFor({ state: 'hidden' });
      assert.equal((await listed(chat)).sessions.length, 0);
    }));
});

/** The server's own list, asked directly (not through the proxy), with the page's cookie. */
async function listed(chat) {
  const cookies = await chat.page.context().cookies();
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const response = await fetch(`${site.url}/api/sessions`, { headers: { cookie } });
  assert.equal(response.status, 200);
  return response.json();
}

/** The question has arrived at the server although the page was told nothing. */
async function reached(chat, title) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { sessions } = await listed(chat);
    if (sessions.some((session) => session.title === title)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail('the question never reached the server');
}
