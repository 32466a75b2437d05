/**
 * What is shown until the first word: the stage the server is really in, three steps, and grey
 * lines that keep the place of the text to come.
 */

import type { Answer } from './answer';
import { fill, h } from './dom';
import { t } from './i18n';
import type { Stage } from './protocol';

const kStages: readonly Stage[] = ['understanding', 'looking_up', 'writing'];

export class Progress {
  readonly element: HTMLElement;
  private readonly steps = kStages.map(() => h('span', { class: 'step' }));
  private readonly words = h('span', { class: 'stage' });

  constructor() {
    const steps = h('span', { class: 'steps', 'aria-hidden': 'true' }, ...this.steps);
    const bones = h('div', { class: 'bones', 'aria-hidden': 'true' });
    fill(bones, h('i'), h('i'), h('i'));
    this.element = h('div', { class: 'progress' }, h('p', {}, steps, this.words), bones);
  }

  update(answer: Answer): void {
    const at = answer.stage ? kStages.indexOf(answer.stage) : -1;
    this.steps.forEach((step, i) => step.classList.toggle('done', i <= at));
    this.words.textContent = stageWords(answer);
  }
}

/** The server's own words for the stage, else the page's. */
export function stageWords(answer: Answer): string {
  if (answer.stageText) return answer.stageText;
  return t(answer.stage ? `stage_${answer.stage}` : 'stage_sending');
}
