import { describe, expect, it } from 'vitest';
import { isOpen, newAnswer, reduce, type Answer } from '../src/answer';
import type { Accepted, AnswerFrame, Card } from '../src/protocol';

const accepted: Accepted = {
  type: 'accepted',
  client_msg_id: 'm',
  session: 's',
  response_id: 'r',
  turn: 3,
};
const numbered = (seq: number) => ({ response_id: 'r', seq });
const delta = (seq: number, text: string): AnswerFrame => ({
  type: 'delta',
  text,
  ...numbered(seq),
});
const cardFrame = (seq: number, id: string, price_yen: number): AnswerFrame => ({
  type: 'card',
  card: {
    id,
    kind: 'product',
    sku: id,
    title: { en: id },
    price_yen,
    stock: 1,
    availability: 'low',
  } as Card,
  ...numbered(seq),
});
const play = (...frames: (Accepted | AnswerFrame)[]): Answer => frames.reduce(reduce, newAnswer());

describe('an answer', () => {
  it('runs once accepted and knows its response and turn', () => {
    expect(play(accepted)).toMatchObject({ phase: 'running', responseId: 'r', turn: 3 });
  });

  it('grows by each delta in order', () => {
    expect(play(accepted, delta(1, 'Fri'), delta(2, 'eren')).text).toBe('Frieren');
  });

  it('ignores every frame whose number was seen before, and is then the same object', () => {
    const answer = play(accepted, delta(1, 'a'), delta(2, 'b'));
    expect(reduce(answer, delta(1, 'a'))).toBe(answer);
    expect(reduce(answer, delta(2, 'b'))).toBe(answer);
    expect(reduce(answer, delta(3, 'c')).text).toBe('abc');
  });

  it('loses and repeats nothing when a replay overlaps at any point', () => {
    const frames = [...'long answer'].map((letter, i) => delta(i + 1, letter));
    for (let cut = 0; cut <= frames.length; cut += 1) {
      for (let from = 0; from <= cut; from += 1) {
        const text = play(accepted, ...frames.slice(0, cut), ...frames.slice(from)).text;
        expect(text).toBe('long answer');
      }
    }
  });

  it('has the replies that a question of the server may get', () => {
    const asked: AnswerFrame = {
      type: 'final',
      finish: 'stop',
      suggestions: ['an order', 'a problem'],
      ...numbered(2),
    };
    const { phase, suggestions } = play(accepted, delta(1, 'Which?'), asked);
    expect([phase, suggestions]).toEqual(['complete', ['an order', 'a problem']]);
    expect(play(accepted).suggestions).toEqual([]);
  });

  it('replaces a card with the same id in place', () => {
    const { cards } = play(
      accepted,
      cardFrame(1, 'a', 500),
      cardFrame(2, 'b', 600),
      cardFrame(3, 'a', 550),
    );
    expect(cards.map(({ id, price_yen }) => [id, price_yen])).toEqual([
      ['a', 550],
      ['b', 600],
    ]);
  });

  it('takes the words of a stage only from that stage', () => {
    const first: AnswerFrame = {
      type: 'status',
      stage: 'looking_up',
      text: 'Looking…',
      ...numbered(1),
    };
    const second: AnswerFrame = { type: 'status', stage: 'writing', ...numbered(2) };
    const answer = play(accepted, first, second);
    expect(answer.stage).toBe('writing');
    expect(answer.stageText).toBeUndefined();
  });

  it.each([
    ['stop', 'complete'],
    ['stopped', 'stopped'],
    ['length', 'cut'],
  ] as const)('that ends by %s is %s', (finish, phase) => {
    const end: AnswerFrame = { type: 'final', finish, degraded: ['orders'], ...numbered(2) };
    const answer = play(accepted, delta(1, 'partial'), end);
    expect(answer).toMatchObject({ phase, text: 'partial', degraded: ['orders'] });
    expect(isOpen(answer)).toBe(false);
  });

  it('keeps its text when it fails, with the reason', () => {
    const answer = reduce(play(accepted, delta(1, 'half')), {
      type: 'error',
      response_id: 'r',
      code: 'model_failed',
      message: 'no',
      retryable: true,
    });
    expect(answer).toMatchObject({
      phase: 'failed',
      text: 'half',
      error: { code: 'model_failed' },
    });
  });

  it('does not change after its end', () => {
    const end: AnswerFrame = { type: 'final', finish: 'stop', ...numbered(1) };
    const answer = play(accepted, end);
    expect(reduce(answer, delta(2, 'late'))).toBe(answer);
    expect(reduce(answer, accepted)).toBe(answer);
  });
});
