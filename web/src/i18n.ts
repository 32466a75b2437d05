/**
 * The page's language: English or Japanese, chosen by the customer, else by the browser.
 *
 * An element made with `label` or `labelled` follows a change by itself; what is built from
 * values listens with `onLanguage` and writes itself again.
 */

import { preferredLanguage } from './language';
import { messages, type MessageKey } from './messages';
import type { Language, LocalText } from './protocol';
import { recall, remember } from './storage';

type Values = Record<string, string | number>;

const kStored = 'language';
const listeners: (() => void)[] = [];
let current: Language = stored() ?? preferredLanguage(navigator.languages);

export const language = (): Language => current;
export const isLanguageChosen = (): boolean => stored() !== null;
export const onLanguage = (listener: () => void): void => void listeners.push(listener);

export function setLanguage(next: Language, chosen = true): void {
  if (chosen) remember(kStored, next);
  current = next;
  applyLanguage();
  for (const listener of listeners) listener();
}

/** Writes the language into the document and into every element that `label` marked. */
export function applyLanguage(): void {
  document.documentElement.lang = current;
  for (const element of document.querySelectorAll<HTMLElement>('[data-text]')) {
    element.textContent = t(element.dataset['text'] as MessageKey);
  }
  for (const element of document.querySelectorAll<HTMLElement>('[data-label]')) {
    writeLabel(element, t(element.dataset['label'] as MessageKey));
  }
}

export function t(key: MessageKey, values: Values = {}): string {
  return messages[current][key].replace(/\{(\w+)\}/g, (_, name: string) => `${values[name] ?? ''}`);
}

/** The singular or plural form of `key`, with {n} filled in. */
export function tn(key: PluralKey, n: number): string {
  const form = new Intl.PluralRules(current).select(n) === 'one' ? 'one' : 'other';
  return t(`${key}_${form}`, { n });
}

type PluralKey = MessageKey extends infer K ? (K extends `${infer P}_one` ? P : never) : never;

/** A shop's text in the page's language, else in whichever there is. */
export const pick = (text: LocalText | null | undefined): string =>
  text?.[current] ?? text?.en ?? text?.ja ?? '';

/** A message whose key is only known at run time (error codes, source names), else `otherwise`. */
export function tOr(key: string, otherwise: string): string {
  return Object.hasOwn(messages.en, key) ? t(key as MessageKey) : otherwise;
}

/** Gives `element` a text that follows the language. */
export function label<T extends HTMLElement>(element: T, key: MessageKey): T {
  element.dataset['text'] = key;
  element.textContent = t(key);
  return element;
}

/** Gives `element` an accessible name (and a tooltip) that follows the language. */
export function labelled<T extends HTMLElement>(element: T, key: MessageKey): T {
  element.dataset['label'] = key;
  writeLabel(element, t(key));
  return element;
}

function writeLabel(element: HTMLElement, text: string): void {
  element.setAttribute('aria-label', text);
  if (element instanceof HTMLButtonElement) element.title = text;
}

function stored(): Language | null {
  const value = recall(kStored);
  return value === 'en' || value === 'ja' ? value : null;
}
