/**
 * Everything under the prose of an answer: how it ended, what it was made from, what can be done
 * with it. Drawn once when the answer ends, and again when the language changes.
 */

import { isOpen, isRateable, type Answer } from './answer';
import { h, type Child } from './dom';
import { t, tOr } from './i18n';
import { icon, type IconName } from './icons';
import type { MessageKey } from './messages';
import type { FrameError, Source } from './protocol';
import { timingLine } from './timing_line';

export interface AnswerActions {
  copy(): Promise<boolean>;
  regenerate(): void;
  thumb(pressed: 'up' | 'down'): void;
  ask(text: string): void;
  reload(): void;
}

export function footParts(answer: Answer, isLast: boolean, actions: AnswerActions): Child[] {
  if (isOpen(answer)) return [];
  return [
    isLast && answer.suggestions.length > 0 && replies(answer.suggestions, actions),
    note(answer),
    answer.degraded.length > 0 && degradedNote(answer),
    answer.error ? errorBox(answer, isLast, actions) : null,
    answer.sources.length > 0 && sourceLine(answer.sources),
    h('div', { class: 'foot' }, ...buttons(answer, isLast, actions), timingLine(answer)),
  ];
}

/** What may be replied to an answer that asked back. */
function replies(texts: readonly string[], actions: AnswerActions): HTMLElement {
  const buttons = texts.map((text) => {
    const click = (): void => actions.ask(text);
    return h('li', {}, h('button', { type: 'button', class: 'button', click }, text));
  });
  return h('ul', { class: 'replies', 'aria-label': t('replies') }, ...buttons);
}

const kNotes: Partial<Record<Answer['phase'], MessageKey>> = {
  stopped: 'note_stopped',
  cut: 'note_cut',
  incomplete: 'note_incomplete',
};

function note(answer: Answer): Child {
  const failedEarlier = answer.phase === 'failed' && !answer.error;
  const key = failedEarlier ? 'error_model_failed' : kNotes[answer.phase];
  return key && h('p', { class: `note note-${answer.phase}` }, t(key));
}

function degradedNote({ degraded: parts, notes }: Answer): HTMLElement {
  // Not a lack but another way to answer: the FAQ, the catalog or the order spoke for themselves.
  if (parts.join() === 'model') return h('p', { class: 'note note-direct' }, t('note_direct'));
  // The shop has words of its own for what it knows; a part without them is at least named.
  if (notes.length === parts.length) {
    return h('p', { class: 'note note-degraded' }, icon('alert'), notes.join(' '));
  }
  const names = parts.map((part) => tOr(`part_${part}`, part.replaceAll('_', ' ')));
  const text = t('note_degraded', { parts: names.join(t('list_separator')) });
  return h('p', { class: 'note note-degraded' }, icon('alert'), text);
}

function sourceLine(sources: readonly Source[]): HTMLElement {
  const items = sources.map(({ kind, title }) =>
    h('li', { class: 'source' }, h('b', {}, tOr(`source_${kind}`, kind)), ' ', title),
  );
  const head = h('span', { class: 'sources-head' }, t('sources'));
  return h('div', { class: 'sources' }, head, h('ul', {}, ...items));
}

function errorBox(answer: Answer, isLast: boolean, actions: AnswerActions): HTMLElement {
  const error = answer.error!;
  const box = h('div', { class: 'error' }, icon('alert'), h('p', {}, errorWords(error)));
  if (error.code === 'unauthenticated') {
    box.append(textButton('reload', () => actions.reload()));
  } else if (canRetry(error) && isLast) {
    const retry = textButton('try_again', () => actions.regenerate());
    if (error.retry_after_ms) holdBack(retry, error.retry_after_ms);
    box.append(retry);
  }
  return box;
}

/** The answer that is in the way (asked for in another tab) ends by itself. */
const canRetry = ({ retryable, code }: FrameError): boolean => retryable || code === 'turn_running';

export const errorWords = ({ code, message }: { code: string; message: string }): string =>
  tOr(`error_${code}`, message);

function buttons(answer: Answer, isLast: boolean, actions: AnswerActions): Child[] {
  const copy = answer.text !== '' && copyButton(actions);
  const again = isLast && !answer.error && iconButton('again', 'regenerate');
  if (again) again.addEventListener('click', () => actions.regenerate());
  return [copy, again, isRateable(answer) && thumbs(answer, actions)];
}

const kThumbs = { up: 'thumb_up', down: 'thumb_down' } as const;

function thumbs(answer: Answer, actions: AnswerActions): HTMLElement {
  const buttons = (['up', 'down'] as const).map((thumb) => {
    const key = kThumbs[thumb];
    const props = { type: 'button', class: 'quiet thumb', 'data-act': key, title: t(key) };
    const click = (): void => actions.thumb(thumb);
    return h('button', { ...props, 'aria-label': t(key), click }, icon(key));
  });
  const group = h('div', { class: 'thumbs', role: 'group', 'aria-label': t('rate') }, ...buttons);
  pressThumbs(group, answer);
  return group;
}

/** In place, so that the button that was pressed keeps the focus. */
export function pressThumbs(foot: HTMLElement, { thumb: given }: Answer): void {
  for (const thumb of ['up', 'down'] as const) {
    const button = foot.querySelector<HTMLElement>(`[data-act="${kThumbs[thumb]}"]`);
    if (button) button.ariaPressed = `${given === thumb}`;
  }
}

function copyButton(actions: AnswerActions): HTMLButtonElement {
  const button = iconButton('copy', 'copy');
  button.addEventListener('click', async () => {
    if (!(await actions.copy())) return;
    button.replaceChildren(icon('check'), h('span', {}, t('copied')));
    setTimeout(() => button.replaceChildren(icon('copy'), h('span', {}, t('copy'))), 2000);
  });
  return button;
}

const iconButton = (glyph: IconName, key: MessageKey): HTMLButtonElement =>
  h(
    'button',
    { type: 'button', class: 'quiet', 'data-act': key },
    icon(glyph),
    h('span', {}, t(key)),
  );

const textButton = (key: MessageKey, click: () => void): HTMLButtonElement =>
  h('button', { type: 'button', class: 'button', 'data-act': key, click }, t(key));

/** Counts the server's "not before" down on the button, then lets it be pressed. */
function holdBack(button: HTMLButtonElement, waitMs: number): void {
  const until = Date.now() + waitMs;
  button.disabled = true;
  const tick = (): void => {
    const left = Math.ceil((until - Date.now()) / 1000);
    button.disabled = left > 0;
    button.textContent = left > 0 ? t('try_again_in', { n: left }) : t('try_again');
    if (left > 0) setTimeout(tick, 250);
  };
  tick();
}
