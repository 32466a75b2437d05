/** Two small choices: the language of the page (header) and light or dark (foot of the list). */

import { h } from './dom';
import { labelled, language, onLanguage, setLanguage } from './i18n';
import { icon, type IconName } from './icons';
import type { Language } from './protocol';
import { kThemes, setTheme, theme, type Theme } from './theme';

const kNames: Record<Language, string> = { en: 'EN', ja: '日本語' };

export function languageSwitch(languages: readonly Language[]): HTMLElement {
  const buttons = languages.map((code) => {
    const button = h('button', { type: 'button', lang: code }, kNames[code]);
    button.addEventListener('click', () => setLanguage(code));
    return { value: code, button };
  });
  const mark = (): void => press(buttons, language());
  onLanguage(mark);
  mark();
  return labelled(group(buttons), 'language');
}

const kGlyphs: Record<Theme, IconName> = { system: 'auto', light: 'sun', dark: 'moon' };

export function themeSwitch(): HTMLElement {
  const buttons = kThemes.map((value) => {
    const button = labelled(
      h('button', { type: 'button' }, icon(kGlyphs[value])),
      `theme_${value}`,
    );
    button.addEventListener('click', () => {
      setTheme(value);
      press(buttons, value);
    });
    return { value, button };
  });
  press(buttons, theme());
  return labelled(group(buttons), 'theme');
}

interface Choice {
  value: string;
  button: HTMLButtonElement;
}

const group = (choices: Choice[]): HTMLElement =>
  h('div', { class: 'switch', role: 'group' }, ...choices.map(({ button }) => button));

function press(choices: Choice[], chosen: string): void {
  for (const { value, button } of choices) button.ariaPressed = `${value === chosen}`;
}
