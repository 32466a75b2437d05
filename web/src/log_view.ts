/**
 * The conversation on the screen: the welcome page or the turns, scrolled so that new text is
 * followed only while the reader is at the end.
 *
 * A log by role, but not live: the announcer speaks for it.
 */

import { fill, h } from './dom';
import { Follower } from './follow';
import { label, labelled, onLanguage } from './i18n';
import { icon } from './icons';
import type { TurnView } from './turn_view';

export class LogView {
  readonly element: HTMLElement;
  readonly jump = h('button', { type: 'button', class: 'jump', hidden: true });
  private readonly turns = labelled(
    h('div', { class: 'turns', role: 'log', 'aria-live': 'off' }),
    'conversation',
  );
  private readonly follower: Follower;
  private views: TurnView[] = [];

  constructor(private readonly welcome: HTMLElement) {
    this.element = h('div', { class: 'scroll', tabindex: -1 }, welcome, this.turns);
    this.jump.append(icon('down'), label(h('span'), 'jump_to_latest'));
    this.jump.addEventListener('click', () => this.follower.toEnd(true));
    this.follower = new Follower(this.element, (following) => (this.jump.hidden = following));
    new ResizeObserver(() => this.follower.keep()).observe(this.turns);
    onLanguage(() => this.views.forEach((view) => view.relabel()));
    this.show([]);
  }

  /** Replaces the whole conversation; an empty one shows the welcome page. */
  show(views: TurnView[]): void {
    this.views = views;
    fill(this.turns, ...views.map((view) => view.element));
    views.forEach((view, i) => view.setLast(i === views.length - 1));
    this.showWelcome();
    if (views.length > 0) this.follower.toEnd();
    else this.follower.toStart();
  }

  append(view: TurnView): void {
    this.views.at(-1)?.setLast(false);
    this.views.push(view);
    this.turns.append(view.element);
    this.showWelcome();
    this.follower.toEnd();
  }

  toEnd(): void {
    this.follower.toEnd();
  }

  private showWelcome(): void {
    this.welcome.hidden = this.views.length > 0;
    this.turns.hidden = this.views.length === 0;
  }
}
