/** Which of the two languages a text is in: one kana or kanji makes it Japanese. */

import type { Language } from './protocol';

const kJapanese = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u;

export function languageOf(text: string, otherwise: Language): Language {
  if (kJapanese.test(text)) return 'ja';
  return /\p{Letter}/u.test(text) ? 'en' : otherwise;
}

/** The first supported language among the browser's, in the customer's order of preference. */
export function preferredLanguage(browser: readonly string[]): Language {
  for (const tag of browser) {
    const primary = tag.toLowerCase().split('-')[0];
    if (primary === 'ja' || primary === 'en') return primary;
  }
  return 'en';
}
