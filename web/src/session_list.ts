/**
 * The conversations of this customer: choose, start anew, delete (asked once, in place). A column
 * beside the chat on a wide screen, a drawer on a phone.
 */

import type { SessionSummary } from './api';
import { fill, h } from './dom';
import { ago } from './format';
import { label, language, onLanguage, t } from './i18n';
import { icon } from './icons';

const kTickMs = 30_000;

export interface SessionListEvents {
  open(id: string): void;
  startNew(): void;
  remove(id: string): void;
}

export class SessionList {
  readonly element: HTMLElement;
  private readonly list = h('ul', { class: 'sessions' });
  private readonly empty = label(h('p', { class: 'sessions-empty' }), 'no_conversations');
  private sessions: SessionSummary[] = [];
  private current: string | null = null;
  private asking: string | null = null;
  private readonly times = new Map<HTMLElement, number>();

  constructor(private readonly events: SessionListEvents) {
    const start = h('button', {
      type: 'button',
      class: 'new-chat',
      click: () => events.startNew(),
    });
    start.append(icon('plus'), label(h('span'), 'new_chat'));
    const head = label(h('h2', { class: 'sessions-head', id: 'sessions-head' }), 'conversations');
    this.element = h(
      'nav',
      { 'aria-labelledby': 'sessions-head' },
      start,
      head,
      this.empty,
      this.list,
    );
    onLanguage(() => this.draw());
    setInterval(() => this.tick(), kTickMs);
  }

  show(sessions: SessionSummary[]): void {
    this.sessions = sessions;
    this.draw();
  }

  setCurrent(id: string | null): void {
    if (id === this.current) return;
    this.current = id;
    this.draw();
  }

  private draw(): void {
    this.empty.hidden = this.sessions.length > 0;
    const places = this.focusPlaces();
    this.times.clear();
    fill(this.list, ...this.sessions.map((session) => this.item(session)));
    const find = (place: string) => this.element.querySelector<HTMLElement>(place);
    places.map(find).find(Boolean)?.focus();
  }

  /** Where the focus belongs after a redraw, best first; nothing, if it was not in the list. */
  private focusPlaces(): string[] {
    const focused = document.activeElement;
    const item = this.list.contains(focused) ? focused?.closest('li') : null;
    if (!focused || !item) return [];
    const here = `[data-id="${item.dataset['id']}"]`;
    const same = `${here} .${focused.classList[0]}`;
    return [same, `${here} .session-delete`, '[aria-current]', '.session', '.new-chat'];
  }

  /** "now" does not stay true. */
  private tick(): void {
    for (const [element, ms] of this.times) element.textContent = ago(ms, language());
  }

  private item(session: SessionSummary): HTMLElement {
    const item = session.id === this.asking ? this.question(session) : this.entry(session);
    item.dataset['id'] = session.id;
    return item;
  }

  private entry(session: SessionSummary): HTMLElement {
    const title = session.title || t('untitled');
    const name = h('span', { class: 'session-title' }, title);
    const when = h('span', { class: 'session-when' }, ago(session.updated_ms, language()));
    this.times.set(when, session.updated_ms);
    const open = h('button', { type: 'button', class: 'session', title }, name, when);
    open.addEventListener('click', () => this.events.open(session.id));
    if (session.id === this.current) open.setAttribute('aria-current', 'page');
    const remove = h('button', { type: 'button', class: 'session-delete' }, icon('trash'));
    remove.setAttribute('aria-label', t('delete_conversation', { title }));
    remove.addEventListener('click', () => this.ask(session.id));
    return h('li', {}, open, remove);
  }

  private question(session: SessionSummary): HTMLElement {
    const yes = h('button', { type: 'button', class: 'button danger' }, t('delete_confirm'));
    const no = h('button', { type: 'button', class: 'button' }, t('delete_cancel'));
    yes.addEventListener('click', () => {
      this.ask(null);
      this.events.remove(session.id);
    });
    no.addEventListener('click', () => this.ask(null));
    const words = h('p', {}, t('delete_question'));
    const item = h('li', { class: 'asking' }, words, h('div', {}, yes, no));
    item.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.ask(null);
    });
    return item;
  }

  private ask(id: string | null): void {
    this.asking = id;
    this.draw();
    if (id !== null) this.list.querySelector<HTMLElement>('.danger')?.focus();
  }
}
