/**
 * The quiet line under an answer: "first word 180 ms · whole 1.9 s · fast · 2 sources". Where the
 * server sent its stages, "How fast?" opens where the time went.
 */

import type { Answer } from './answer';
import { h } from './dom';
import { duration } from './format';
import { language, t, tn } from './i18n';
import { icon } from './icons';
import { waterfall } from './waterfall';

export function timingLine(answer: Answer): HTMLElement | null {
  const words = timingWords(answer);
  if (words === '') return null;
  const stages = answer.timings?.stages ?? [];
  if (!answer.timings || stages.length === 0) return h('p', { class: 'timing' }, words);
  const how = h('span', { class: 'how-fast' }, t('how_fast'), icon('chevron'));
  const summary = h('summary', { title: t('timing_details') }, h('span', {}, words), ' ', how);
  return h('details', { class: 'timing' }, summary, waterfall(answer.timings));
}

export function timingWords(answer: Answer): string {
  const { timings, model, sources, text } = answer;
  const parts = [
    timings &&
      text !== '' &&
      t('first_word', { time: duration(timings.first_word_ms, language()) }),
    timings && t('whole', { time: duration(timings.total_ms, language()) }),
    model,
    sources.length > 0 && tn('n_sources', sources.length),
  ];
  return parts.filter(Boolean).join(' · ');
}
