/**
 * What is shown until the first word: the stage the server is really in, three steps, and grey
 * lines that keep the place of the text to come.
 */

import type { Answer } from './answer';
import { fill, h } from './dom';
import { t, tOr } from './i18n';
import type { Stage } from './protocol';

const kSteps = 3;
/** How many steps a stage lights. Waiting for a free model comes after the looking up is done. */
const kReached: Record<Stage, number> = { understanding: 1, looking_up: 2, waiting: 2, writing: 3 };

export class Progress {
  readonly element: HTMLElement;
  private readonly steps = Array.from({ length: kSteps }, () => h('span', { class: 'step' }));
  private readonly words = h('span', { class: 'stage' });

  constructor() {
    const steps = h('span', { class: 'steps', 'aria-hidden': 'true' }, ...this.steps);
    const bones = h('div', { class: 'bones', 'aria-hidden': 'true' });
    fill(bones, h('i'), h('i'), h('i'));
    this.element = h('div', { class: 'progress' }, h('p', {}, steps, this.words), bones);
  }

  update(answer: Answer): void {
    const reached = answer.stage ? (kReached[answer.stage] ?? 0) : 0;
    this.steps.forEach((step, i) => step.classList.toggle('done', i < reached));
    this.words.textContent = stageWords(answer);
  }
}

/** The server's own words for the stage, else the page's. */
export function stageWords(answer: Answer): string {
  if (answer.stageText) return answer.stageText;
  return answer.stage ? tOr(`stage_${answer.stage}`, '') : t('stage_sending');
}
