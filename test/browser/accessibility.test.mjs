/** axe-core, what a screen reader hears, sizes, scrolling, phone width, colours, motion. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import axe from 'axe-core';
import { screenshot, siteOfThisFile } from './support/browser.mjs';
import { questions } from './support/chat_page.mjs';

const site = siteOfThisFile();

describe('accessibility', () => {
  for (const options of [
    { language: 'en' },
    { language: 'en', dark: true },
    { language: 'ja', phone: true },
    { language: 'ja', phone: true, dark: true },
  ]) {
    const { language, dark, phone } = options;
    const name = [language, dark ? 'dark' : 'light', phone ? 'phone' : 'desktop'].join('-');
    it(`has no serious finding: ${name}`, () =>
      site.withPage({ ...options, reducedMotion: true }, async (chat, page) => {
        await page.locator('.starter').first().waitFor();
        await screenshot(page, `welcome-${name}`);
        await assertNoFindings(page, 'welcome');
        await chat.askAndWait(questions[language].product);
        await chat.askAndWait(questions[language].recommendation);
        await screenshot(page, `chat-${name}`);
        await assertNoFindings(page, 'chat');
        await page.locator(phone ? '.opener' : '.account').click();
        await page
          .locator(phone ? '.new-chat' : '.menu-item')
          .first()
          .waitFor();
        await screenshot(page, `menu-${name}`);
        await assertNoFindings(page, 'menu');
      }));
  }

  it('does not read words one by one: the finished answer is announced once', () =>
    site.withPage({}, async (chat, page) => {
      assert.equal(await page.locator('[role="log"]').getAttribute('aria-live'), 'off');
      await page.evaluate(() => {
        window.heard = [];
        const region = document.querySelector('[role="status"]');
        new MutationObserver((records) => {
          for (const { addedNodes } of records) {
            for (const node of addedNodes) window.heard.push(node.textContent);
          }
        }).observe(region, { childList: true, subtree: true });
      });
      await chat.ask(questions.en.product);
      await chat.begun(3);
      assert.equal(await chat.lastAnswer.getAttribute('aria-busy'), 'true');
      await chat.answered();
      const text = (await chat.proseText()).slice(0, 40);
      await page.waitForFunction((t) => window.heard.some((said) => said.includes(t)), text);
      const heard = await page.evaluate(() => window.heard);
      assert.equal(heard.filter((said) => said.includes(text)).length, 1);
      assert.ok(heard.length <= 6, `heard ${heard.length} things`);
    }));

  it('gives every control 44 by 44 pixels', () =>
    site.withPage({ phone: true }, async (chat, page) => {
      await chat.askAndWait(questions.en.product);
      await page.locator('.opener').click();
      await page.locator('.new-chat').waitFor();
      const small = await page.evaluate(() => {
        const controls = document.querySelectorAll('button, summary, textarea');
        const visible = [...controls].filter((element) => element.checkVisibility());
        const box = (element) => (element.closest('.switch') ?? element).getBoundingClientRect();
        return visible
          .filter((element) => box(element).height < 43.5 || box(element).width < 43.5)
          .map((element) => `${element.className} ${element.textContent}`);
      });
      assert.deepEqual(small, []);
    }));

  it('needs no sideways scrolling at 360 pixels', () =>
    site.withPage({ phone: true }, async (chat, page) => {
      const overflow = () =>
        page.evaluate(() => {
          const root = document.documentElement;
          const box = document.querySelector('.scroll');
          return [root.scrollWidth - root.clientWidth, box.scrollWidth - box.clientWidth];
        });
      assert.deepEqual(await overflow(), [0, 0]);
      await chat.askAndWait(questions.en.product);
      await chat.askAndWait(`${'long'.repeat(40)} ${questions.en.recommendation}`);
      assert.deepEqual(await overflow(), [0, 0]);
      const right = await page.evaluate(() =>
        Math.max(
          ...[...document.querySelectorAll('.head > *')].map(
            (e) => e.getBoundingClientRect().right,
          ),
        ),
      );
      assert.ok(right <= 360, `the header ends at ${right}`);
    }));

  it('follows the text only while the reader is at the end', () =>
    site.withPage({ size: { width: 900, height: 420 } }, async (chat, page) => {
      const left = () =>
        page.evaluate(() => {
          const box = document.querySelector('.scroll');
          return Math.round(box.scrollHeight - box.scrollTop - box.clientHeight);
        });
      await chat.askAndWait(questions.en.recommendation);
      assert.ok((await left()) <= 2, 'followed to the end');
      const jump = page.locator('.jump');
      assert.equal(await jump.isVisible(), false);
      await chat.ask(questions.en.product);
      await chat.begun(3);
      await page.mouse.move(500, 200);
      await page.mouse.wheel(0, -300);
      await jump.waitFor();
      const top = await page.evaluate(() => document.querySelector('.scroll').scrollTop);
      await chat.answered();
      const later = await page.evaluate(() => document.querySelector('.scroll').scrollTop);
      assert.ok(later <= top, 'the reader stays where they scrolled to');
      await screenshot(page, 'jump-to-latest');
      await jump.click();
      await page.waitForFunction(() => {
        const box = document.querySelector('.scroll');
        return box.scrollHeight - box.scrollTop - box.clientHeight <= 2;
      });
      await jump.waitFor({ state: 'hidden' });
    }));

  it('remembers light or dark against the system', () =>
    site.withPage({}, async (chat, page) => {
      const ground = () =>
        page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
      const light = await ground();
      await page.locator('.theme-line button[aria-label="Dark"]').click();
      const dark = await ground();
      assert.notEqual(dark, light);
      await chat.reload();
      assert.equal(await ground(), dark);
      await page.locator('.theme-line button[aria-label="Auto"]').click();
      assert.equal(await ground(), light);
    }));

  it('is still when motion is not wanted', () =>
    site.withPage({ reducedMotion: true }, async (chat, page) => {
      await chat.ask(questions.en.product);
      const moving = await page.evaluate(() => document.getAnimations().length);
      assert.equal(moving, 0);
      await chat.answered();
    }));
});

async function assertNoFindings(page, where) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run(document));
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const told = grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  assert.deepEqual(told, [], where);
}
