/**
 * Where things are: the list of conversations at the side; a header, the conversation and the
 * composer in the main column.
 */

import { fill, h } from './dom';
import { label } from './i18n';
import { seal } from './icons';
import { languageSwitch, themeSwitch } from './preferences';
import type { Language } from './protocol';

export interface Pieces {
  log: { element: HTMLElement; jump: HTMLElement };
  composer: HTMLElement;
  banner: HTMLElement;
  sessions: HTMLElement;
  account: HTMLElement;
  accountMenu: HTMLElement;
}

export interface Layout {
  aside: HTMLElement;
  main: HTMLElement;
  head: HTMLElement;
  name: HTMLElement;
  /** Offers the languages of the assistant; one language needs no switch. */
  languages(codes: readonly Language[]): void;
}

export function layout(pieces: Pieces): Layout {
  const name = h('span', { class: 'brand-name' });
  const brand = h('h1', { class: 'brand' }, seal(), name);
  const place = h('div', { class: 'languages' });
  const head = h('header', { class: 'head' }, brand, place, pieces.account, pieces.accountMenu);
  const dock = h('div', { class: 'dock' }, pieces.log.jump, pieces.composer);
  const veil = h('div', { class: 'veil', 'aria-hidden': 'true' });
  const reading = h('div', { class: 'reading' }, pieces.log.element, veil);
  const middle = h('main', { class: 'middle' }, pieces.banner, reading, dock);
  const main = h('div', { class: 'main' }, head, middle);
  const themeLine = h('div', { class: 'theme-line' }, label(h('span'), 'theme'), themeSwitch());
  const tone = h('div', { class: 'screentone', 'aria-hidden': 'true' });
  const aside = h('aside', { class: 'aside' }, tone, pieces.sessions, themeLine);
  let offered = '';
  const languages = (codes: readonly Language[]): void => {
    if (codes.join() === offered) return;
    offered = codes.join();
    fill(place, codes.length > 1 && languageSwitch(codes));
  };
  languages(['en', 'ja']);
  return { aside, main, head, name, languages };
}
