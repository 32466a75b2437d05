/** The customer's own words. A long message is folded to its first lines; a button unfolds it. */

import { fill, h } from './dom';
import { label } from './i18n';
import type { Language } from './protocol';

const kLongChars = 900;
const kLongLines = 14;

export function questionBalloon(text: string, tongue: Language): HTMLElement {
  const balloon = h('div', { class: 'question', lang: tongue });
  const isLong = text.length > kLongChars || text.split('\n').length > kLongLines;
  fill(balloon, ...(isLong ? folded(text) : [text]));
  return balloon;
}

function folded(text: string): HTMLElement[] {
  const words = h('div', { class: 'question-text is-folded' }, text);
  const button = label(h('button', { type: 'button', class: 'unfold' }), 'show_all');
  button.ariaExpanded = 'false';
  button.addEventListener('click', () => {
    const isFolded = words.classList.toggle('is-folded');
    button.ariaExpanded = `${!isFolded}`;
    label(button, isFolded ? 'show_all' : 'show_less');
  });
  return [words, button];
}
