/**
 * The list of conversations as a drawer on a narrow screen: the rest of the page is inert while
 * it is open, Escape and a tap outside close it, and focus goes in and comes back.
 */

import { h } from './dom';
import { labelled } from './i18n';
import { icon } from './icons';

const kNarrow = '(max-width: 860px)';

export class Drawer {
  readonly opener = labelled(
    h('button', { type: 'button', class: 'square opener' }, icon('menu')),
    'open_conversations',
  );
  readonly closer = labelled(
    h('button', { type: 'button', class: 'square closer' }, icon('close')),
    'close_conversations',
  );
  readonly shade = h('div', { class: 'shade' });
  private readonly narrow = matchMedia(kNarrow);
  private open = false;

  constructor(
    private readonly panel: HTMLElement,
    private readonly rest: HTMLElement,
  ) {
    this.opener.addEventListener('click', () => this.set(true));
    this.closer.addEventListener('click', () => this.close());
    this.shade.addEventListener('click', () => this.close());
    panel.addEventListener('keydown', (event) => event.key === 'Escape' && this.close());
    this.narrow.addEventListener('change', () => this.set(false));
    this.set(false);
  }

  close(): void {
    if (!this.open) return;
    this.set(false);
    this.opener.focus();
  }

  private set(open: boolean): void {
    this.open = open;
    this.panel.inert = this.narrow.matches && !open;
    this.rest.inert = open;
    document.documentElement.classList.toggle('drawer-open', open);
    this.opener.ariaExpanded = `${open}`;
    if (open) this.closer.focus();
  }
}
