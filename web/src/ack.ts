/**
 * Tells the server how far the page has read, at most once a second per answer: it may then drop
 * its replay window, and it can tell a slow reader from a fast one.
 */

const kAckMs = 1_000;

export class Acks {
  private readonly due = new Map<string, number>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly send: (responseId: string, seq: number) => void) {}

  note(responseId: string, seq: number): void {
    this.due.set(responseId, seq);
    this.timer ??= setTimeout(() => this.flush(), kAckMs);
  }

  private flush(): void {
    this.timer = undefined;
    for (const [responseId, seq] of this.due) this.send(responseId, seq);
    this.due.clear();
  }
}
