import { describe, expect, it } from 'vitest';
import { overBudget, place, stageRows, waitedFor } from '../src/stages';
import type { StageTime, Timings } from '../src/protocol';

const stage = (name: string, start_ms: number, end_ms: number, more = {}): StageTime => ({
  name,
  start_ms,
  end_ms,
  outcome: 'ok',
  ...more,
});
const part = (name: string, start: number, end: number, more = {}): StageTime =>
  stage(name, start, end, { parent: 'gather', ...more });

const timings: Timings = {
  first_word_ms: 700,
  total_ms: 1460,
  sequential_ms: 1850,
  saved_ms: 400,
  stages: [
    part('session', 0, 150),
    part('retrieval', 0, 650, { critical: true }),
    part('orders', 0, 200, { outcome: 'timeout' }),
    stage('gather', 0, 651, { critical: true }),
    stage('model', 652, 1450, { critical: true }),
    stage('store', 1450, 1460, { critical: true }),
  ],
};

describe('the stages of an answer', () => {
  it('stand under what they are a part of, the longest first', () => {
    const rows = stageRows(timings).map(({ name, isPart, kind }) => [name, isPart, kind]);
    expect(rows).toEqual([
      ['gather', false, 'waited'],
      ['retrieval', true, 'waited'],
      ['orders', true, 'lost'],
      ['session', true, 'beside'],
      ['model', false, 'waited'],
      ['store', false, 'waited'],
    ]);
  });

  it('are all shown, whatever a server says of their parents', () => {
    const odd = {
      first_word_ms: 1,
      total_ms: 1,
      stages: [stage('a', 0, 1, { parent: 'nowhere' }), stage('b', 0, 1, { parent: 'b' })],
    };
    expect(stageRows(odd).map(({ name, isPart }) => [name, isPart])).toEqual([
      ['a', false],
      ['b', false],
    ]);
    expect(stageRows({ first_word_ms: 1, total_ms: 1 })).toEqual([]);
  });

  it('name what was waited for, without the headings', () => {
    expect(waitedFor(timings).map(({ name }) => name)).toEqual(['retrieval', 'model', 'store']);
  });

  it('know by how much they are over their budget', () => {
    expect(overBudget(stage('model', 100, 400))).toBe(0);
    expect(overBudget(stage('model', 100, 400, { budget_ms: 250 }))).toBe(50);
    expect(overBudget(stage('model', 100, 400, { budget_ms: 900 }))).toBe(0);
  });

  it('stay inside the picture', () => {
    expect(place(365, 730, 1460)).toEqual([25, 50]);
    expect(place(-5, 9000, 1460)).toEqual([0, 100]);
    expect(place(1, 2, 0)).toEqual([100, 100]);
  });
});
