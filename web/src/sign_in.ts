/**
 * Who is asking: the button in the header and its menu. Sign-in is for demo customers that the
 * server names; where it names none and nobody is signed in, the button is not there.
 */

import type { Customer, PageInfo } from './api';
import { fill, h } from './dom';
import { onLanguage, pick, t } from './i18n';
import { icon } from './icons';

export interface SignInEvents {
  signIn(customer: Customer): void;
  signOut(): void;
}

export class SignIn {
  readonly button = h('button', {
    type: 'button',
    class: 'account',
    popovertarget: 'account-menu',
  });
  readonly menu = h('div', { id: 'account-menu', popover: 'auto', class: 'menu-panel' });
  private page: Pick<PageInfo, 'customer' | 'demo_customers'> = {
    customer: null,
    demo_customers: [],
  };

  constructor(private readonly events: SignInEvents) {
    this.button.hidden = true;
    this.menu.addEventListener('toggle', (event) => {
      const isOpen = (event as ToggleEvent).newState === 'open';
      if (isOpen) this.menu.querySelector<HTMLElement>('button')?.focus();
    });
    onLanguage(() => this.draw());
  }

  show(page: Pick<PageInfo, 'customer' | 'demo_customers'>): void {
    this.page = page;
    this.draw();
  }

  private draw(): void {
    const { customer, demo_customers } = this.page;
    this.button.hidden = !customer && demo_customers.length === 0;
    const name = customer ? pick(customer.name) : t('sign_in');
    const badge = customer ? initial(name) : icon('person');
    fill(this.button, h('span', { class: 'badge', 'aria-hidden': 'true' }, badge));
    this.button.append(h('span', { class: 'account-name' }, name));
    this.button.setAttribute('aria-label', customer ? t('signed_in_as', { name }) : t('sign_in'));
    fill(this.menu, ...(customer ? this.signedIn(name) : []), ...this.choices());
  }

  private signedIn(name: string): HTMLElement[] {
    const out = h('button', { type: 'button', class: 'menu-item' }, t('sign_out'));
    out.addEventListener('click', () => this.close(() => this.events.signOut()));
    return [h('p', { class: 'menu-head' }, t('signed_in_as', { name })), out];
  }

  private choices(): HTMLElement[] {
    const { customer, demo_customers } = this.page;
    const others = demo_customers.filter(({ id }) => id !== customer?.id);
    if (others.length === 0) return [];
    const why = customer ? null : h('p', { class: 'menu-why' }, t('sign_in_why'));
    const head = h('div', {}, h('p', { class: 'menu-head' }, t('sign_in_demo')), why);
    return [head, ...others.map((other) => this.choice(other))];
  }

  private choice(customer: Customer): HTMLElement {
    const name = pick(customer.name);
    const badge = h('span', { class: 'badge', 'aria-hidden': 'true' }, initial(name));
    const tongue = h(
      'span',
      { class: 'menu-note' },
      customer.language === 'ja' ? '日本語' : 'English',
    );
    tongue.lang = customer.language;
    const item = h(
      'button',
      { type: 'button', class: 'menu-item' },
      badge,
      h('span', {}, name),
      tongue,
    );
    item.addEventListener('click', () => this.close(() => this.events.signIn(customer)));
    return item;
  }

  private close(then: () => void): void {
    this.menu.hidePopover();
    then();
  }
}

const initial = (name: string): string => [...name.trim()][0] ?? '?';
