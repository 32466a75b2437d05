import { describe, expect, it } from 'vitest';
import { parseFrame } from '../src/protocol';

const parse = (frame: unknown) => parseFrame(JSON.stringify(frame));

describe('a frame from the server', () => {
  it('is taken when it has what its type needs, with whatever else it has', () => {
    expect(parse({ type: 'delta', response_id: 'r', seq: 1, text: 'a', later: 1 })).toMatchObject({
      text: 'a',
    });
    expect(parse({ type: 'ping' })).toEqual({ type: 'ping' });
  });

  it.each([
    ['of a type from the future', { type: 'confetti' }],
    ['named like an object member', { type: 'constructor' }],
    ['without a number', { type: 'delta', response_id: 'r', text: 'a' }],
    ['without its text', { type: 'delta', response_id: 'r', seq: 1 }],
    ['with a card of nothing', { type: 'card', response_id: 'r', seq: 1, card: null }],
    [
      'with a card without title',
      { type: 'card', response_id: 'r', seq: 1, card: { id: 'a', price_yen: 1 } },
    ],
    ['that is no object', 7],
    ['that is null', null],
  ])('%s is dropped', (_, frame) => expect(parse(frame)).toBeNull());

  it('is dropped when it is not JSON or not text', () => {
    expect(parseFrame('{"type":"pi')).toBeNull();
    expect(parseFrame(new ArrayBuffer(2))).toBeNull();
  });
});
