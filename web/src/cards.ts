/**
 * The shelf: one row of product cards above the prose. Its height does not depend on how many
 * cards there are or what they say, so nothing below it moves when another arrives; a card with
 * an id that is already there is replaced in place.
 */

import { cover } from './covers';
import { h, scrolling } from './dom';
import { clock, day, price } from './format';
import { labelled, language, pick, t, tn } from './i18n';
import { icon } from './icons';
import type { Card } from './protocol';

export class Shelf {
  readonly element: HTMLElement;
  private readonly row = labelled(h('ul', { class: 'shelf-row', tabindex: 0 }), 'products');
  private readonly checked = h('p', { class: 'shelf-checked' });
  private readonly back = this.pager('left', 'previous_products', -1);
  private readonly onwards = this.pager('right', 'next_products', 1);
  private shown: readonly Card[] = [];
  private readonly items = new Map<string, HTMLElement>();

  constructor(private readonly seenMs: () => number) {
    this.element = h('div', { class: 'shelf', hidden: true }, this.row, this.back, this.onwards);
    this.element.append(this.checked);
    this.row.addEventListener('scroll', () => this.updatePagers(), { passive: true });
    new ResizeObserver(() => this.updatePagers()).observe(this.row);
  }

  update(cards: readonly Card[]): void {
    if (cards === this.shown) return;
    const before = new Map(this.shown.map((card) => [card.id, card]));
    for (const card of cards) {
      if (before.get(card.id) !== card) this.put(card);
      before.delete(card.id);
    }
    for (const id of before.keys()) this.drop(id);
    this.shown = cards;
    this.element.hidden = cards.length === 0;
    this.checked.textContent = t('checked_at', { time: clock(this.seenMs(), language()) });
    this.updatePagers();
  }

  relabel(): void {
    const cards = this.shown;
    this.shown = [];
    this.update(cards);
  }

  private put(card: Card): void {
    const item = h('li', { class: 'card' }, ...cardParts(card));
    const old = this.items.get(card.id);
    if (old) old.replaceWith(item);
    else this.row.append(item);
    this.items.set(card.id, item);
  }

  private drop(id: string): void {
    this.items.get(id)?.remove();
    this.items.delete(id);
  }

  private pager(glyph: 'left' | 'right', name: 'previous_products' | 'next_products', by: number) {
    const turn = (): void => {
      this.row.scrollBy({ left: by * this.row.clientWidth * 0.8, behavior: scrolling() });
    };
    const button = h('button', { type: 'button', class: `pager pager-${glyph}`, tabindex: -1 });
    button.addEventListener('click', turn);
    button.append(icon(glyph));
    button.hidden = true;
    return labelled(button, name);
  }

  private updatePagers(): void {
    const { scrollLeft, scrollWidth, clientWidth } = this.row;
    this.back.hidden = scrollLeft < 8;
    this.onwards.hidden = scrollLeft + clientWidth > scrollWidth - 8;
  }
}

function cardParts(card: Card): HTMLElement[] {
  const title = pick(card.title) || card.sku;
  const facts = [...editionOf(card, title), volumeOf(card, title)]
    .filter(Boolean)
    .join(t('list_separator'));
  const text = h(
    'div',
    { class: 'card-text' },
    h('p', { class: 'card-title' }, title),
    h('p', { class: 'card-fact' }, pick(card.author)),
    h('p', { class: 'card-fact card-edition' }, facts),
    h('p', { class: 'card-price' }, price(card.price_yen, language())),
    h('p', { class: `stock stock-${card.availability}` }, stockWords(card)),
  );
  return [cover(card), text];
}

function stockWords(card: Card): string {
  switch (card.availability) {
    case 'low':
      return tn('stock_low', card.stock);
    case 'out':
      return t('stock_out');
    case 'preorder':
      return card.release_date
        ? t('stock_preorder', { date: day(card.release_date, language()) })
        : t('stock_preorder_undated');
    default:
      return t('stock_in_stock');
  }
}

/** The language and the edition, unless the title says them already. */
function editionOf(card: Card, title: string): string[] {
  const tongue = card.language ? t(`edition_${card.language}`) : '';
  const isSaid = (words: string): boolean => title.toLowerCase().includes(words.toLowerCase());
  return [pick(card.edition), tongue].filter((words) => words && !isSaid(words));
}

/** The volume, unless the title says it already. */
function volumeOf(card: Card, title: string): string {
  if (!card.volume) return '';
  const said = new RegExp(`(^|\\D)${card.volume}(\\D|$)`).test(title);
  return said ? '' : t('volume', { n: card.volume });
}

/** How the shelf is described to somebody who cannot see it. */
export const shelfSummary = (cards: readonly Card[]): string =>
  cards.length === 0 ? '' : tn('products_shown', cards.length);
