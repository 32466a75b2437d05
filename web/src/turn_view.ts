/**
 * One turn on the screen: the customer's words at once, and the answer as it comes.
 *
 * `show(answer)` may be called with every paint; it touches only what changed. The prose is never
 * rebuilt while it grows; only an answer whose text was replaced (regenerate, recovery of a
 * stored answer) starts over.
 */

import { isOpen, type Answer } from './answer';
import { footParts, pressThumbs, type AnswerActions } from './answer_foot';
import { Shelf } from './cards';
import { fill, h } from './dom';
import { label, language, t } from './i18n';
import { seal } from './icons';
import { languageOf } from './language';
import { Markdown } from './markdown';
import { Progress } from './progress';
import type { Language } from './protocol';
import { questionBalloon } from './question';

/** Whether the prose of `next` is more than `shown` grown further. */
function isAnother(shown: Answer, next: Answer): boolean {
  if (!isOpen(shown)) return isOpen(next) || next.text !== shown.text;
  return !next.text.startsWith(shown.text);
}

export class TurnView {
  readonly element: HTMLElement;
  private readonly article: HTMLElement;
  private readonly shelf: Shelf;
  private readonly progress = new Progress();
  private readonly prose = h('div', { class: 'prose' });
  private readonly foot = h('div', { class: 'below' });
  private markdown = new Markdown(this.prose);
  private answer: Answer | null = null;
  private drawnFoot = '';
  private isLast = true;
  private readonly askedMs = Date.now();

  constructor(
    question: string,
    spoken: Language | undefined,
    private readonly assistantName: string,
    private readonly actions: AnswerActions,
  ) {
    const tongue = spoken ?? languageOf(question, language());
    this.shelf = new Shelf(() => this.answer?.createdMs ?? this.askedMs);
    this.article = h('article', { class: 'answer', 'aria-label': assistantName });
    this.prose.lang = tongue;
    const body = h('div', { class: 'answer-body' });
    fill(body, this.shelf.element, this.progress.element, this.prose, this.foot);
    fill(this.article, h('div', { class: 'mark', 'aria-hidden': 'true' }, seal()), body);
    const who = label(h('h2', { class: 'unseen' }), 'you_said');
    this.element = h(
      'section',
      { class: 'turn' },
      who,
      questionBalloon(question, tongue),
      this.article,
    );
  }

  show(answer: Answer): void {
    if (this.answer && isAnother(this.answer, answer)) this.startOver();
    this.answer = answer;
    const open = isOpen(answer);
    this.article.dataset['phase'] = answer.phase;
    this.article.ariaBusy = `${open}`;
    this.shelf.update(answer.cards);
    this.progress.element.hidden = !open || answer.text !== '';
    if (open) this.progress.update(answer);
    this.markdown.grow(answer.text);
    if (!open) this.markdown.end();
    this.drawFoot(false);
  }

  /** Only the latest answer can be made anew. */
  setLast(isLast: boolean): void {
    this.isLast = isLast;
    this.drawFoot(true);
  }

  relabel(): void {
    this.shelf.relabel();
    if (this.answer && isOpen(this.answer)) this.progress.update(this.answer);
    this.drawFoot(true);
  }

  /** What a screen reader hears when the answer is finished. */
  get spokenText(): string {
    return t('answer_from', { name: this.assistantName, text: this.prose.innerText.trim() });
  }

  private startOver(): void {
    this.prose.replaceChildren();
    this.markdown = new Markdown(this.prose);
  }

  private drawFoot(always: boolean): void {
    if (!this.answer) return;
    const { phase, sources } = this.answer;
    const drawn = `${phase} ${sources.length}`;
    if (!always && drawn === this.drawnFoot) return pressThumbs(this.foot, this.answer);
    this.drawnFoot = drawn;
    fill(this.foot, ...footParts(this.answer, this.isLast, this.actions));
  }
}
