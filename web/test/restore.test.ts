import { describe, expect, it } from 'vitest';
import { newAnswer } from '../src/answer';
import type { StoredTurn } from '../src/api';
import type { Ask } from '../src/protocol';
import { recovered, restoredTurns } from '../src/restore';

const turn = (n: number, more: Partial<StoredTurn> = {}): StoredTurn => ({
  turn: n,
  response_id: `r${n}`,
  client_msg_id: `m${n}`,
  question: `question ${n}`,
  answer: `answer ${n}`,
  state: 'complete',
  language: 'ja',
  ...more,
});
const pending: Ask = {
  type: 'ask',
  client_msg_id: 'm2',
  session: 's',
  text: 'mine',
  language: 'en',
};

describe('a restored conversation', () => {
  it('shows finished turns as they were stored', () => {
    const [only] = restoredTurns({ id: 's', turns: [turn(1)], running: null }, null);
    expect(only).toMatchObject({
      ask: { text: 'question 1', client_msg_id: 'm1' },
      answer: { phase: 'complete', text: 'answer 1' },
      spoken: 'ja',
    });
  });

  it('offers the replies that the last answer suggested', () => {
    const turns = [turn(1), turn(2, { suggestions: ['the first', 'the second'] })];
    const restored = restoredTurns({ id: 's', turns, running: null }, null);
    expect(restored.map(({ answer }) => answer.suggestions)).toEqual([
      [],
      ['the first', 'the second'],
    ]);
  });

  it('replays the running answer from its first frame, whatever part is stored', () => {
    const running = { response_id: 'r2', turn: 2 };
    const stored = { id: 's', turns: [turn(1), turn(2, { state: 'incomplete' })], running };
    const last = restoredTurns(stored, null)[1]!;
    expect(last.answer).toMatchObject({ phase: 'running', text: '', seq: 0, responseId: 'r2' });
    expect(last.ask.text).toBe('question 2');
  });

  it('takes the question of a running turn that is not stored from this tab', () => {
    const stored = { id: 's', turns: [turn(1)], running: { response_id: 'r2', turn: 2 } };
    expect(restoredTurns(stored, pending)[1]?.ask.text).toBe('mine');
    expect(restoredTurns(stored, { ...pending, session: 'other' })[1]?.ask.text).toBe('…');
  });
});

describe('recovery of an answer that cannot be replayed', () => {
  const shown = {
    ...newAnswer(),
    phase: 'running' as const,
    text: 'The first half',
    responseId: 'r1',
  };

  it('shows the stored answer when it is whole', () => {
    const whole = recovered(shown, turn(1, { answer: 'The first half and more' }));
    expect(whole).toMatchObject({ phase: 'complete', text: 'The first half and more' });
  });

  it('never takes away text that was already read', () => {
    const less = recovered(shown, turn(1, { answer: 'The first', state: 'incomplete' }));
    expect(less).toMatchObject({ phase: 'incomplete', text: 'The first half' });
  });

  it('marks the answer incomplete when nothing is stored', () => {
    expect(recovered(shown, undefined)).toMatchObject({
      phase: 'incomplete',
      text: 'The first half',
    });
  });
});
