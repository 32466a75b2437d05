/**
 * What a screen reader is told. The conversation itself is not live (words arriving one by one
 * are unusable); instead one polite region says stages and the finished answer, once, and one
 * assertive region says errors. The text is removed again so that nobody reads it twice.
 */

import { h } from './dom';

const kForgetMs = 6_000;

export class Announcer {
  private readonly polite = h('div', { role: 'status', 'aria-live': 'polite', class: 'unseen' });
  private readonly assertive = h('div', { role: 'alert', class: 'unseen' });
  private readonly toasts = h('div', { class: 'toasts', 'aria-hidden': 'true' });

  mount(parent: Element): void {
    parent.append(this.polite, this.assertive, this.toasts);
  }

  say(text: string): void {
    put(this.polite, text);
  }

  alert(text: string): void {
    put(this.assertive, text);
  }

  /** An error that belongs to no message: spoken, and shown for a moment. */
  toast(text: string): void {
    this.alert(text);
    put(this.toasts, text);
  }
}

function put(region: HTMLElement, text: string): void {
  const line = h('p', {}, text);
  region.replaceChildren(line);
  setTimeout(() => line.remove(), kForgetMs);
}
