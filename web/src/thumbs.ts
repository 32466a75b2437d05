/**
 * What the customer says of an answer, on its way to the server: shown at once, sent again when the
 * line was cut, and taken back when the server refuses it. No DOM.
 */

import { uuid } from './ids';
import type { ClientFrame, ErrorFrame, FeedbackKept, Thumb } from './protocol';

interface Pending {
  frame: ClientFrame & { type: 'feedback' };
  /** What the server has kept, as far as it is known. */
  kept: Thumb;
}

export class Thumbs {
  private readonly pending = new Map<string, Pending>();

  /** `set` shows a thumb on the answer with this response id, if it is there. */
  constructor(
    private readonly send: (frame: ClientFrame) => void,
    private readonly set: (responseId: string, thumb: Thumb) => void,
  ) {}

  /** `shown` is the thumb so far; the same one pressed again takes it back. */
  press(responseId: string, shown: Thumb, pressed: 'up' | 'down'): void {
    const thumb: Thumb = shown === pressed ? 'none' : pressed;
    const kept = this.pending.get(responseId)?.kept ?? shown;
    const frame = {
      type: 'feedback' as const,
      client_msg_id: uuid(),
      response_id: responseId,
      thumb,
    };
    this.pending.set(responseId, { frame, kept });
    this.set(responseId, thumb);
    this.send(frame);
  }

  /** The line is up again: the last thumb wins, so repeating one is harmless. */
  resend(): void {
    for (const { frame } of this.pending.values()) this.send(frame);
  }

  /** Whether it is the thumb that was pressed last. */
  kept({ client_msg_id, response_id }: FeedbackKept): boolean {
    const isLast = this.pending.get(response_id)?.frame.client_msg_id === client_msg_id;
    if (isLast) this.pending.delete(response_id);
    return isLast;
  }

  /** False when the error is about something else. */
  refused({ client_msg_id }: ErrorFrame): boolean {
    for (const [responseId, { frame, kept }] of this.pending) {
      if (frame.client_msg_id !== client_msg_id) continue;
      this.pending.delete(responseId);
      this.set(responseId, kept);
      return true;
    }
    return false;
  }
}
