/**
 * Frames that no real answer can be made to send, from a scripted socket: hostile markdown, parts
 * that were missing, every way to fail.
 */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { screenshot, siteOfThisFile } from './support/browser.mjs';
import { accepted, numbered, scriptedSocket, wholeAnswer } from './support/scripted_socket.mjs';

const site = siteOfThisFile();

const delta = (text) => ({ type: 'delta', text });
const answering = (text, final) => (ask, n) => wholeAnswer(ask, n, [delta(text)], final);

describe('text that is not to be trusted', () => {
  const show = (text, check, final) =>
    site.withPage(
      { before: (page) => scriptedSocket(page, answering(text, final)) },
      async (chat, page) => {
        await chat.askAndWait('show it');
        await check(chat, page);
      },
    );

  it('links only to the web, in a new tab that knows nothing of this one', () =>
    show(
      '[good](https://example.com/a) [own](/help) [script](javascript:alert`1`) ' +
        '[data](data:text/html,x) [host](https://shop@evil.example/) and https://example.jp/faq。次',
      async (chat) => {
        const links = await chat.lastProse
          .locator('a[href]')
          .evaluateAll((all) => all.map((a) => [a.textContent, a.href, a.target, a.rel]));
        const safely = ['_blank', 'noopener noreferrer'];
        assert.deepEqual(links, [
          ['good', 'https://example.com/a', ...safely],
          ['own', `${chat.origin}/help`, ...safely],
          ['https://example.jp/faq', 'https://example.jp/faq', ...safely],
        ]);
        assert.match(await chat.proseText(), /script data host and https:\/\/example\.jp\/faq。次/);
      },
    ));

  it('loads no image and runs no HTML', () =>
    show(
      'a ![x](https://evil.example/p.png) b <img src=x onerror=alert(1)> <script>alert(2)</script>',
      async (chat, page) => {
        const made = await chat.lastProse.locator('img, script, iframe').count();
        assert.equal(made, 0);
        assert.match(await chat.proseText(), /<script>alert\(2\)<\/script>/);
        assert.equal(await page.locator('img').count(), 0);
      },
    ));

  it('keeps markdown that is no markdown', () =>
    show('A [note] costs $5 and $x$, 3 * 4, snake_case, a_b_c, x__y__z.', async (chat) => {
      const expected = 'A [note] costs $5 and $x$, 3 * 4, snake_case, a_b_c, x__y__z.';
      assert.equal(await chat.proseText(), expected);
    }));

  it('survives absurd nesting', () =>
    show(`${'> '.repeat(400)}deep\n\n${'- '.repeat(100)}end`, async (chat) => {
      assert.match(await chat.proseText(), /deep/);
    }));

  it('makes tables, lists and code, with headings below the page’s own', () =>
    show(
      '# Title\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n3. three\n4. four\n\n- [x] done\n\n```js\nlet a;\n```\n',
      async (chat) => {
        const outline = await chat.lastProse.evaluate((prose) =>
          [...prose.querySelectorAll('h1,h2,h3,th,td,ol,li,pre code,input')].map((e) => e.tagName),
        );
        const expected = ['H3', 'TH', 'TH', 'TD', 'TD', 'OL', 'LI', 'LI', 'LI', 'CODE'];
        assert.deepEqual(outline, expected);
        assert.equal(await chat.lastProse.locator('ol').getAttribute('start'), '3');
      },
    ));

  it('names what was missing', () =>
    show(
      'Without the order system.',
      async (chat, page) => {
        const note = await chat.lastAnswer.locator('.note-degraded').innerText();
        assert.equal(note, 'Answered without: order system, new thing');
        await screenshot(page, 'degraded');
      },
      { degraded: ['orders', 'new_thing'] },
    ));

  it('that never came is not timed', () => {
    const stopped = (ask, n) => {
      const timings = { first_word_ms: 80, total_ms: 80 };
      return wholeAnswer(ask, n, [], { finish: 'stopped', timings, model: 'fast' });
    };
    return site.withPage({ before: (page) => scriptedSocket(page, stopped) }, async (chat) => {
      await chat.askAndWait('please');
      assert.equal(await chat.lastAnswer.locator('.timing').innerText(), 'whole 80 ms · fast');
    });
  });

  it('that the page could not check is fetched again when its hash is wrong', () =>
    site.withPage(
      {
        before: async (page) => {
          const wrong = `sha256:${'0'.repeat(64)}`;
          await scriptedSocket(page, answering('What arr', { text_hash: wrong }));
          const turn = { turn: 1, response_id: 'r_1', question: 'show it', state: 'complete' };
          const json = {
            id: 's_scripted',
            turns: [{ ...turn, answer: 'What was sent.' }],
            running: null,
          };
          await page.route('**/api/sessions/s_scripted', (route) => route.fulfill({ json }));
        },
      },
      async (chat, page) => {
        await chat.askAndWait('show it');
        await page.waitForFunction(
          () => document.querySelector('.prose').textContent === 'What was sent.',
        );
      },
    ));
});

describe('the page', () => {
  it('comes with a policy under which only its own script runs', () =>
    site.withPage({ expectsConsoleErrors: true }, async (chat, page) => {
      const headers = (await page.request.get(`${chat.origin}/`)).headers();
      const policy = headers['content-security-policy'];
      for (const rule of ["default-src 'none'", "script-src 'self'", "style-src 'self'"]) {
        assert.ok(policy.includes(rule), policy);
      }
      assert.doesNotMatch(policy, /unsafe|https?:|\*/);
      assert.equal(headers['x-content-type-options'], 'nosniff');
      // What such a policy is for: a script that got into the document stays text.
      const ran = await page.evaluate(() => {
        const script = document.createElement('script');
        try {
          script.textContent = 'window.ran = true';
        } catch {
          return false; // trusted types
        }
        document.body.append(script);
        return window.ran ?? false;
      });
      assert.equal(ran, false);
    }));
});

describe('a failure', () => {
  const failing = (error) => (ask, n) =>
    n === 1
      ? [{ type: 'error', client_msg_id: ask.client_msg_id, message: 'in English', ...error }]
      : wholeAnswer(ask, n, [delta('Now it works.')]);

  for (const code of ['busy', 'rate_limited', 'turn_running', 'unavailable', 'shutting_down']) {
    it(`"${code}" is said once, aloud, and can be tried again`, () =>
      site.withPage(
        // The server itself calls a running turn final: for this request it is.
        {
          before: (page) =>
            scriptedSocket(page, failing({ code, retryable: code !== 'turn_running' })),
        },
        async (chat, page) => {
          await chat.askAndWait('please');
          const words = await chat.lastAnswer.locator('.error p').innerText();
          assert.notEqual(words, 'in English', 'in the page’s own words');
          assert.equal(await page.locator('[role="alert"]').innerText(), words);
          await screenshot(page, `error-${code}`);
          await chat.act('try_again').click();
          await page.waitForFunction(
            () => document.querySelector('.prose').textContent === 'Now it works.',
          );
          assert.equal(await chat.turns.count(), 1);
        },
      ));
  }

  it('with a waiting time can be tried again only after it', () =>
    site.withPage(
      {
        before: (page) =>
          scriptedSocket(page, failing({ code: 'busy', retryable: true, retry_after_ms: 1200 })),
      },
      async (chat) => {
        await chat.askAndWait('please');
        assert.equal(await chat.act('try_again').isDisabled(), true);
        await chat.act('try_again').click(); // waits until the button is enabled
        await chat.begun(5);
      },
    ));

  it('that is final offers nothing to press', () =>
    site.withPage(
      { before: (page) => scriptedSocket(page, failing({ code: 'too_large', retryable: false })) },
      async (chat) => {
        await chat.askAndWait('please');
        assert.equal(await chat.act('try_again').count(), 0);
      },
    ));

  it('in the middle of an answer keeps what was written, and regenerates the turn', () =>
    site.withPage(
      {
        before: async (page) => {
          const error = { type: 'error', code: 'model_failed', message: 'x', retryable: true };
          page.sent = await scriptedSocket(page, (ask, n) =>
            n === 1
              ? [accepted(ask, n), ...numbered('r_1', [delta('I was about to'), error])]
              : wholeAnswer(ask, n, [delta('All of it.')]),
          );
        },
      },
      async (chat, page) => {
        await chat.askAndWait('please');
        assert.match(await chat.proseText(), /I was about t/);
        await chat.act('try_again').click();
        await page.waitForFunction(
          () => document.querySelector('.prose').textContent === 'All of it.',
        );
        const asks = page.sent.filter(({ type }) => type === 'ask');
        assert.equal(asks[1].regenerate, 1);
        assert.notEqual(asks[1].client_msg_id, asks[0].client_msg_id);
      },
    ));

  it('of the replay window shows the stored part as incomplete and offers regenerate', () =>
    site.withPage(
      {
        before: async (page) => {
          await scriptedSocket(page, (ask, n) => [
            accepted(ask, n),
            ...numbered('r_1', [delta('The first half')]),
            { type: 'gone', response_id: 'r_1' },
          ]);
          const turn = { turn: 1, response_id: 'r_1', question: 'please', state: 'incomplete' };
          const json = {
            id: 's_scripted',
            turns: [{ ...turn, answer: 'The first' }],
            running: null,
          };
          await page.route('**/api/sessions/s_scripted', (route) => route.fulfill({ json }));
        },
      },
      async (chat) => {
        await chat.askAndWait('please');
        assert.equal(await chat.phase(), 'incomplete');
        assert.equal(await chat.proseText(), 'The first half');
        assert.equal(await chat.act('regenerate').count(), 1);
      },
    ));
});
