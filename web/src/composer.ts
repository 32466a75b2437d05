/**
 * The box where the customer writes. Enter sends, Shift+Enter breaks the line, and the Enter that
 * confirms a Japanese conversion does neither. Focus stays here through send and stop.
 */

import { h } from './dom';
import { label, labelled, onLanguage, t, tn } from './i18n';
import { icon } from './icons';

export interface ComposerEvents {
  send(text: string): void;
  stop(): void;
}

/** The counter appears when a tenth of the limit is left. */
const kShowCounterAt = 0.9;

export class Composer {
  readonly element: HTMLFormElement;
  private readonly input = labelled(
    h('textarea', {
      rows: 1,
      enterkeyhint: 'send',
      autocomplete: 'off',
      'aria-describedby': 'left',
    }),
    'composer',
  );
  private readonly counter = h('p', { class: 'counter', id: 'left', hidden: true });
  private readonly button = h('button', { type: 'submit', class: 'send' });
  private maxChars = 8000;
  private busy: 'no' | 'answering' | 'stopping' = 'no';

  constructor(private readonly events: ComposerEvents) {
    const line = h('div', { class: 'composer-line' }, this.input, this.button);
    const small = label(h('p', { class: 'disclaimer' }), 'disclaimer');
    this.element = h('form', { class: 'composer' }, line, this.counter, small);
    this.element.addEventListener('submit', (event) => this.submit(event));
    this.input.addEventListener('keydown', (event) => this.key(event));
    this.input.addEventListener('input', () => this.refresh());
    // Pressing the button must not take the focus (and on a phone the keyboard) away.
    this.button.addEventListener('mousedown', (event) => event.preventDefault());
    onLanguage(() => this.refresh());
    this.refresh();
  }

  focus(): void {
    this.input.focus({ preventScroll: true });
  }

  /** Focus for somebody with a keyboard; on a touch screen it would open one unasked. */
  invite(): void {
    if (matchMedia('(pointer: fine)').matches) this.focus();
  }

  setLimit(chars: number): void {
    this.maxChars = chars;
    this.refresh();
  }

  setBusy(busy: 'no' | 'answering' | 'stopping'): void {
    if (busy === this.busy) return;
    this.busy = busy;
    this.refresh();
  }

  private submit(event: Event): void {
    event.preventDefault();
    const byButton = document.activeElement === this.button;
    if (this.busy === 'answering') this.events.stop();
    else if (this.busy === 'no') this.send();
    if (byButton) this.focus();
  }

  private send(): void {
    const text = this.input.value.trim();
    if (text === '' || this.charsLeft() < 0) return;
    this.input.value = '';
    this.refresh();
    this.events.send(text);
  }

  private key(event: KeyboardEvent): void {
    // 229: Safari sends this keydown just after compositionend.
    const converting = event.isComposing || event.keyCode === 229;
    if (converting || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      if (this.busy === 'no') this.send();
    } else if (event.key === 'Escape' && this.busy === 'answering') {
      event.preventDefault();
      this.events.stop();
    }
  }

  private charsLeft(): number {
    return this.maxChars - [...this.input.value].length;
  }

  private refresh(): void {
    this.input.placeholder = t('composer_hint');
    this.drawCounter();
    this.drawButton();
    this.input.style.setProperty('height', 'auto');
    this.input.style.setProperty('height', `${this.input.scrollHeight}px`);
  }

  private drawCounter(): void {
    const left = this.charsLeft();
    const over = left < 0;
    this.counter.hidden = left > this.maxChars * (1 - kShowCounterAt);
    this.counter.classList.toggle('over', over);
    this.counter.textContent = over ? tn('chars_over', -left) : tn('chars_left', left);
    this.input.ariaInvalid = `${over}`;
  }

  private drawButton(): void {
    const isStop = this.busy !== 'no';
    const name = { no: 'send', answering: 'stop', stopping: 'stopping' } as const;
    const nothingToSend = this.input.value.trim() === '' || this.charsLeft() < 0;
    const idle = isStop ? this.busy === 'stopping' : nothingToSend;
    labelled(this.button, name[this.busy]);
    this.button.ariaDisabled = `${idle}`;
    this.button.classList.toggle('is-stop', isStop);
    if (this.button.dataset['glyph'] === name[this.busy]) return;
    this.button.dataset['glyph'] = name[this.busy];
    this.button.replaceChildren(icon(isStop ? 'stop' : 'send'));
  }
}
