/**
 * "How fast?": where the time of an answer went. A picture of what ran when, the same in numbers
 * as a table, and in a sentence what was saved by doing things at once.
 */

import { h, type Child } from './dom';
import { duration } from './format';
import { language, t, tOr } from './i18n';
import type { MessageKey } from './messages';
import type { StageTime, Timings } from './protocol';
import { overBudget, place, stageRows, waitedFor, type StageRow } from './stages';

/** Less than this is not worth a sentence. */
const kWorthSayingMs = 10;

const time = (ms: number): string => duration(ms, language());
const whole = (ms: number): string => new Intl.NumberFormat('en').format(Math.round(ms));
const nameOf = ({ name }: StageTime): string => tOr(`part_${name}`, name.replaceAll('_', ' '));

export function waterfall(timings: Timings): HTMLElement {
  const rows = stageRows(timings);
  return h(
    'div',
    { class: 'waterfall' },
    ...sentences(timings),
    picture(timings, rows),
    table(rows),
  );
}

function sentences(timings: Timings): Child[] {
  const { sequential_ms: sequential, saved_ms: saved } = timings;
  if (sequential === undefined || saved === undefined) return [];
  const values = { taken: time(sequential - saved), sequential: time(sequential) };
  const words =
    saved < kWorthSayingMs
      ? t('nothing_saved')
      : t('time_saved', { ...values, saved: time(saved) });
  const parts = waitedFor(timings).map(nameOf).join(' → ');
  return [
    h('p', { class: 'saved' }, words),
    parts !== '' && h('p', {}, t('waited_for', { parts })),
  ];
}

/** For the eyes alone: the table says the same. */
function picture(timings: Timings, rows: StageRow[]): HTMLElement {
  const endMs = Math.max(timings.total_ms, ...rows.map(({ end_ms }) => end_ms), 1);
  const firstWord = place(timings.first_word_ms, timings.first_word_ms, endMs)[0];
  const list = h('ul', { class: 'bars' }, ...rows.map((row) => bar(row, endMs)));
  list.style.setProperty('--word', `${firstWord}%`);
  return h('div', { class: 'picture', 'aria-hidden': 'true' }, list, legend(rows));
}

function bar(row: StageRow, endMs: number): HTMLElement {
  const [from, to] = place(row.start_ms, row.end_ms, endMs);
  const drawn = h('span', { class: `bar bar-${row.kind}` });
  drawn.style.setProperty('--from', `${from}%`);
  drawn.style.setProperty('--to', `${to}%`);
  return h(
    'li',
    { class: row.isPart && 'part' },
    h('span', { class: 'bar-name' }, nameOf(row)),
    h('span', { class: 'bar-track' }, drawn),
    h('span', { class: 'bar-time' }, time(row.end_ms - row.start_ms)),
  );
}

const kLegend: Record<StageRow['kind'], MessageKey> = {
  waited: 'legend_waited',
  beside: 'legend_beside',
  lost: 'legend_lost',
};

function legend(rows: StageRow[]): HTMLElement {
  const kinds = (['waited', 'beside', 'lost'] as const).filter((kind) =>
    rows.some((row) => row.kind === kind),
  );
  const items = kinds.map((kind) =>
    h('li', {}, h('span', { class: `key bar-${kind}` }), t(kLegend[kind])),
  );
  const word = h('li', {}, h('span', { class: 'key key-word' }), t('legend_first_word'));
  return h('ul', { class: 'legend' }, ...items, word);
}

function table(rows: StageRow[]): HTMLElement {
  const head = (['step', 'starts_at', 'took', 'result'] as const).map((key) =>
    h('th', { scope: 'col' }, t(key)),
  );
  return h(
    'table',
    { class: 'numbers' },
    h('caption', {}, t('timing_stages')),
    h('thead', {}, h('tr', {}, ...head)),
    h('tbody', {}, ...rows.map(numbers)),
  );
}

function numbers(row: StageRow): HTMLElement {
  const over = overBudget(row);
  const result = [
    tOr(`outcome_${row.outcome}`, row.outcome),
    over > 0 && t('over_budget', { time: time(over) }),
    row.critical && row.kind === 'lost' && t('legend_waited'),
  ].filter(Boolean);
  return h(
    'tr',
    { class: [row.isPart && 'part', row.critical && 'waited'].filter(Boolean).join(' ') || null },
    h('th', { scope: 'row' }, nameOf(row)),
    h('td', {}, whole(row.start_ms)),
    h('td', {}, whole(row.end_ms - row.start_ms)),
    h('td', {}, result.join(' · ')),
  );
}
