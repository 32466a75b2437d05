/** Light, dark, or as the system says. The colours themselves are tokens in style.css. */

import { recall, remember } from './storage';

export type Theme = 'system' | 'light' | 'dark';
export const kThemes: readonly Theme[] = ['system', 'light', 'dark'];

const kStored = 'theme';

export function theme(): Theme {
  const value = recall(kStored);
  return value === 'light' || value === 'dark' ? value : 'system';
}

export function setTheme(next: Theme): void {
  remember(kStored, next === 'system' ? null : next);
  applyTheme();
}

export function applyTheme(): void {
  const chosen = theme();
  const root = document.documentElement;
  if (chosen === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = chosen;
}
