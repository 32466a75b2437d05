/**
 * The quiet line under an answer: "first word 180 ms · whole 1.9 s · fast · 2 sources". Where the
 * server sent its stages, the line opens to a small chart of where the time went.
 */

import type { Answer } from './answer';
import { h } from './dom';
import { duration } from './format';
import { labelled, language, t, tn, tOr } from './i18n';
import { icon } from './icons';
import type { Timings } from './protocol';

export function timingLine(answer: Answer): HTMLElement | null {
  const words = timingWords(answer);
  if (words === '') return null;
  const stages = answer.timings?.stages ?? [];
  if (!answer.timings || stages.length === 0) return h('p', { class: 'timing' }, words);
  const summary = h('summary', { title: t('timing_details') }, words, icon('chevron'));
  return h('details', { class: 'timing' }, summary, chart(answer.timings));
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

const named = (kind: string, name: string): string =>
  tOr(`${kind}_${name}`, name.replaceAll('_', ' '));

function chart({ stages = [], total_ms }: Timings): HTMLElement {
  const end = Math.max(total_ms, ...stages.map((stage) => stage.end_ms), 1);
  const rows = stages.map((stage) => {
    const bar = h('span', { class: `bar outcome-${stage.outcome === 'ok' ? 'ok' : 'other'}` });
    bar.style.setProperty('--from', `${(100 * stage.start_ms) / end}%`);
    bar.style.setProperty('--to', `${(100 * stage.end_ms) / end}%`);
    const took = duration(stage.end_ms - stage.start_ms, language());
    const outcome = stage.outcome === 'ok' ? '' : ` · ${named('outcome', stage.outcome)}`;
    return h(
      'li',
      {},
      h('span', { class: 'bar-name' }, named('part', stage.name)),
      h('span', { class: 'bar-track', 'aria-hidden': 'true' }, bar),
      h('span', { class: 'bar-time' }, took + outcome),
    );
  });
  return labelled(h('ul', { class: 'chart' }, ...rows), 'timing_stages');
}
