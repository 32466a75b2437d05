/**
 * The strip above the conversation: no connection (with a way to try now), still warming up, or
 * the server's own notice. The worst news wins; none of it moves the focus.
 */

import { fill, h } from './dom';
import { onLanguage, pick, t } from './i18n';
import { icon } from './icons';
import type { LocalText } from './protocol';

export interface News {
  offline: boolean;
  unsent: boolean;
  pageFailed: boolean;
  warming: boolean;
  notice: LocalText | null;
}

export class Banner {
  readonly element = h('div', { class: 'banner', hidden: true });
  private news: News = {
    offline: false,
    unsent: false,
    pageFailed: false,
    warming: false,
    notice: null,
  };

  constructor(private readonly retry: () => void) {
    onLanguage(() => this.draw());
  }

  update(change: Partial<News>): void {
    this.news = { ...this.news, ...change };
    this.draw();
  }

  private draw(): void {
    const { offline, unsent, pageFailed, warming, notice } = this.news;
    const cut = offline || pageFailed;
    this.element.classList.toggle('is-cut', cut);
    this.element.hidden = !cut && !warming && !notice;
    if (cut) {
      const words = unsent ? 'offline_pending' : offline ? 'offline' : 'page_failed';
      const now = h(
        'button',
        { type: 'button', class: 'button', click: this.retry },
        t('connect_now'),
      );
      fill(this.element, icon('alert'), h('p', {}, t(words)), now);
    } else {
      fill(this.element, h('p', {}, warming ? t('warming_up') : pick(notice)));
    }
  }
}
