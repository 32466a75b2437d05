/**
 * The first page of an empty conversation: a strip of three drawn panels, the shop's greeting and
 * its suggestions. The words come from the server; only the drawing is ours.
 */

import type { PageInfo } from './api';
import { fill, h } from './dom';
import { language, onLanguage, pick, t } from './i18n';
import { icon } from './icons';
import { panelStrip } from './panel_strip';

export class Welcome {
  readonly element: HTMLElement;
  private readonly words = h('div', { class: 'welcome-words' });
  private readonly starters = h('ul', { class: 'starters' });
  private page: PageInfo | null = null;

  constructor(private readonly ask: (text: string) => void) {
    this.element = h('section', { class: 'welcome' }, panelStrip(), this.words, this.starters);
    onLanguage(() => this.draw());
  }

  show(page: PageInfo): void {
    this.page = page;
    this.draw();
  }

  private draw(): void {
    if (!this.page) return;
    const { assistant, customer } = this.page;
    const name = customer && pick(customer.name);
    const hello = name && h('p', { class: 'welcome-hello' }, t('hello_customer', { name }));
    fill(this.words, hello, h('p', { class: 'welcome-greeting' }, pick(assistant.greeting)));
    const questions = assistant.suggestions[language()] ?? assistant.suggestions.en ?? [];
    this.starters.ariaLabel = t('suggestions');
    fill(this.starters, ...questions.map((question) => this.starter(question)));
  }

  private starter(question: string): HTMLElement {
    const button = h('button', { type: 'button', class: 'starter' }, h('span', {}, question));
    button.append(icon('right'));
    button.addEventListener('click', () => this.ask(question));
    return h('li', {}, button);
  }
}
