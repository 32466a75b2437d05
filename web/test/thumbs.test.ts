import { describe, expect, it } from 'vitest';
import type { ClientFrame, Thumb } from '../src/protocol';
import { Thumbs } from '../src/thumbs';

function scene() {
  const sent: (ClientFrame & { type: 'feedback' })[] = [];
  const shown: Record<string, Thumb> = {};
  const thumbs = new Thumbs(
    (frame) => void sent.push(frame as ClientFrame & { type: 'feedback' }),
    (id, thumb) => void (shown[id] = thumb),
  );
  const press = (pressed: 'up' | 'down') => thumbs.press('r', shown['r'] ?? 'none', pressed);
  const kept = (n: number) => thumbs.kept({ ...sent[n]!, type: 'feedback' });
  const refused = (n: number) =>
    thumbs.refused({
      type: 'error',
      code: 'rate_limited',
      message: '',
      retryable: true,
      client_msg_id: sent[n]!.client_msg_id,
    });
  return { thumbs, sent, shown, press, kept, refused };
}

describe('a thumb', () => {
  it('is shown at once, and taken back by the same button', () => {
    const { sent, shown, press } = scene();
    press('up');
    expect(shown['r']).toBe('up');
    press('down');
    press('down');
    expect(sent.map(({ thumb }) => thumb)).toEqual(['up', 'down', 'none']);
    expect(new Set(sent.map(({ client_msg_id }) => client_msg_id)).size).toBe(3);
  });

  it('is sent again until the server has kept the last one', () => {
    const { thumbs, sent, press, kept } = scene();
    press('up');
    press('down');
    expect(kept(0)).toBe(false);
    thumbs.resend();
    expect(sent.map(({ thumb }) => thumb)).toEqual(['up', 'down', 'down']);
    expect(kept(1)).toBe(true);
    thumbs.resend();
    expect(sent).toHaveLength(3);
  });

  it('goes back to what the server has when it is refused', () => {
    const { thumbs, shown, press, kept, refused } = scene();
    press('up');
    kept(0);
    press('down');
    press('down');
    expect(refused(1)).toBe(false);
    expect(refused(2)).toBe(true);
    expect(shown['r']).toBe('up');
    expect(thumbs.refused({ type: 'error', code: 'busy', message: '', retryable: true })).toBe(
      false,
    );
  });
});
