/** The chat page as a customer uses it. Every wait is for something seen, never for a time. */

import assert from 'node:assert/strict';

/** How long a test waits before it gives up: a model on two busy cores takes its time. */
const kAnswerMs = 90_000;

/** A question about a product (the answer comes with cards), and others, in both languages. */
export const questions = {
  en: {
    product: 'Do you have Frieren volume 3?',
    recommendation: 'Can you recommend something like Yotsuba&!?',
    shipping: 'How much does shipping cost?',
    ambiguous: 'about my moon crystals', // to the shop of askingServer
  },
  ja: {
    product: '「葬送のフリーレン」3巻はありますか？',
    recommendation: '『よつばと！』のような作品のおすすめはありますか？',
    shipping: '送料はいくらですか？',
  },
};

export const isJapanese = (text) =>
  /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(text);

/** Returns what gives the lengths that the last answer's prose was seen to have, in order. */
export async function watchProse(page) {
  await page.evaluate(() => {
    window.seenLengths = [];
    const note = () => {
      const length = document.querySelector('.turn:last-child .prose')?.textContent.length ?? 0;
      if (length > 0 && length !== window.seenLengths.at(-1)) window.seenLengths.push(length);
    };
    const watch = { subtree: true, childList: true, characterData: true };
    new MutationObserver(note).observe(document.body, watch);
  });
  return () => page.evaluate(() => window.seenLengths);
}

export class ChatPage {
  constructor(page, origin) {
    this.page = page;
    this.origin = origin;
    this.input = page.locator('.composer textarea');
    this.send = page.locator('.composer .send');
    this.turns = page.locator('.turn');
    this.lastAnswer = page.locator('.turn:last-child .answer');
    this.lastProse = page.locator('.turn:last-child .prose');
  }

  async open() {
    await this.page.goto(`${this.origin}/`);
    await this.ready();
  }

  async reload() {
    await this.page.reload();
    await this.ready();
  }

  /** The shop's name is there and the composer can be used. */
  async ready() {
    await this.page.waitForFunction(() => document.querySelector('.brand-name')?.textContent);
    await this.input.waitFor();
  }

  /** Types and sends; returns when the customer's words stand in the conversation. */
  async ask(text) {
    const before = await this.turns.count();
    await this.input.fill(text);
    await this.input.press('Enter');
    await this.turns.nth(before).waitFor();
  }

  async askAndWait(text) {
    await this.ask(text);
    await this.answered();
  }

  /** At least `letters` of the last answer are on the screen. */
  async begun(letters = 1) {
    await this.page.waitForFunction(
      (least) => {
        const prose = document.querySelector('.turn:last-child .prose');
        return (prose?.textContent ?? '').length >= least;
      },
      letters,
      { timeout: kAnswerMs },
    );
  }

  /** The last answer has ended, in whatever way. */
  async answered() {
    const done = this.page.locator('.turn:last-child .answer[aria-busy="false"]');
    await done.waitFor({ timeout: kAnswerMs });
    await this.page.waitForFunction(() => document.querySelector('.turn:last-child .below *'));
  }

  phase() {
    return this.lastAnswer.getAttribute('data-phase');
  }

  proseText() {
    return this.lastProse.innerText();
  }

  act(name) {
    return this.lastAnswer.locator(`[data-act="${name}"]`);
  }

  /** The whole text of the last answer as the page holds it (Copy gives the markdown). */
  async copiedAnswer() {
    await this.act('copy').click();
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  sessionId() {
    return new URL(this.page.url()).hash.slice(1) || null;
  }

  /** What the server has stored of this conversation. */
  async storedSession(id = this.sessionId()) {
    assert.ok(id, 'the conversation has an id in the address');
    const response = await this.page.request.get(`${this.origin}/api/sessions/${id}`);
    assert.equal(response.status(), 200);
    return response.json();
  }

  /** Waits until the server has stored `state` for the last turn, and returns that turn. */
  async storedTurn(state) {
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const { turns } = await this.storedSession();
      const last = turns.at(-1);
      if (last?.state === state) return last;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return assert.fail(`the last turn was never stored as ${state}`);
  }

  focusedElement() {
    return this.page.evaluate(() => {
      const { tagName, className, dataset } = document.activeElement;
      return { tag: tagName.toLowerCase(), classes: className, act: dataset.act ?? null };
    });
  }

  /** Presses `key` until the focus is on something that matches `selector`. */
  async tabTo(selector, key = 'Tab') {
    for (let presses = 0; presses < 60; presses += 1) {
      const isThere = await this.page.evaluate((s) => document.activeElement.matches(s), selector);
      if (isThere) return;
      await this.page.keyboard.press(key);
    }
    assert.fail(`the keyboard never reached ${selector}`);
  }
}
