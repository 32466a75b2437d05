/** What the stages of an answer say, in the order and the depth in which they are shown. Pure. */

import type { StageTime, Timings } from './protocol';

export interface StageRow extends StageTime {
  /** A part of the row above it that has none of its own. */
  isPart: boolean;
  /** How the row looks: the answer waited for it, it ran beside that, or it brought nothing. */
  kind: 'waited' | 'beside' | 'lost';
}

/** What has parts comes before them; each level by its start, the longer one first. */
export function stageRows({ stages = [] }: Timings): StageRow[] {
  const names = new Set(stages.map(({ name }) => name));
  const isPart = ({ name, parent }: StageTime): boolean =>
    parent !== undefined && parent !== name && names.has(parent);
  const inOrder = [...stages].sort((a, b) => a.start_ms - b.start_ms || b.end_ms - a.end_ms);
  const row = (stage: StageTime): StageRow => ({
    ...stage,
    isPart: isPart(stage),
    kind: stage.outcome !== 'ok' ? 'lost' : stage.critical ? 'waited' : 'beside',
  });
  return inOrder
    .filter((stage) => !isPart(stage))
    .flatMap((stage) => [
      row(stage),
      ...inOrder.filter((part) => isPart(part) && part.parent === stage.name).map(row),
    ]);
}

/** The stages that the answer waited for, one after another; what only has parts is left out. */
export function waitedFor({ stages = [] }: Timings): StageTime[] {
  const headings = new Set(stages.map(({ parent }) => parent));
  return stages
    .filter(({ name, critical }) => critical && !headings.has(name))
    .sort((a, b) => a.start_ms - b.start_ms);
}

/** How much longer than planned, in milliseconds; 0 where there is no plan. */
export const overBudget = ({ start_ms, end_ms, budget_ms }: StageTime): number =>
  budget_ms === undefined ? 0 : Math.max(0, end_ms - start_ms - budget_ms);

/** Where something begins and ends on the time line, in per cent of the whole. */
export function place(fromMs: number, toMs: number, wholeMs: number): [number, number] {
  const share = (ms: number): number => Math.min(100, Math.max(0, (100 * ms) / (wholeMs || 1)));
  return [share(fromMs), share(toMs)];
}
