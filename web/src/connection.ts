/**
 * The WebSocket to the server: opened at once, kept alive, reopened with backoff.
 *
 * `state` becomes 'open' when the server has said hello; until then `send` drops its frame. What
 * must survive a cut is resent by the owner on the next 'open'.
 * Silence of three ping intervals counts as a dead line, however open the socket claims to be.
 */

import { backoffMs } from './backoff';
import { parseFrame, type ClientFrame, type ServerFrame } from './protocol';

export type ConnectionState = 'connecting' | 'open' | 'waiting';

export interface ConnectionEvents {
  state(state: ConnectionState): void;
  frame(frame: ServerFrame): void;
}

const kHelloTimeoutMs = 10_000;
const kWatchMs = 5_000;
const kMissedPings = 3;
/** A line that held this long was good: the next failure starts with a short wait again. */
const kStableMs = 5_000;

export class Connection {
  state: ConnectionState = 'connecting';
  private socket: WebSocket | null = null;
  private attempt = 0;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private pingMs = 15_000;
  private heardAt = 0;
  private openedAt = 0;

  constructor(
    private readonly url: string,
    private readonly events: ConnectionEvents,
  ) {}

  start(): void {
    this.connect();
    setInterval(() => this.check(), kWatchMs);
    addEventListener('online', () => this.wake());
    addEventListener('pageshow', () => this.wake());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.wake();
    });
  }

  send(frame: ClientFrame): void {
    if (this.state === 'open') this.socket?.send(JSON.stringify(frame));
  }

  /** A fresh socket: after a change of identity, or because the customer asks for it. */
  restart(): void {
    this.drop();
    this.attempt = 0;
    this.connect();
  }

  private connect(): void {
    clearTimeout(this.retryTimer);
    this.setState('connecting');
    this.heardAt = Date.now();
    this.openedAt = 0;
    const socket = new WebSocket(this.url);
    this.socket = socket;
    socket.onmessage = (event) => this.receive(event.data);
    socket.onclose = () => this.retryLater();
  }

  private receive(data: unknown): void {
    this.heardAt = Date.now();
    const frame = parseFrame(data);
    if (!frame) return;
    if (frame.type === 'ping') this.send({ type: 'pong' });
    if (frame.type === 'hello') {
      this.pingMs = frame.ping_ms;
      this.openedAt = Date.now();
      this.events.frame(frame);
      this.setState('open');
    } else {
      this.events.frame(frame);
    }
  }

  private check(): void {
    const silentMs = Date.now() - this.heardAt;
    const limitMs = this.state === 'open' ? kMissedPings * this.pingMs : kHelloTimeoutMs;
    if (this.state !== 'waiting' && silentMs > limitMs) this.retryLater();
  }

  /** The machine or the tab woke up, or the network is back: do not sit out a long wait. */
  private wake(): void {
    if (this.state === 'waiting') this.restart();
    else this.check();
  }

  private retryLater(): void {
    this.drop();
    if (this.openedAt > 0 && Date.now() - this.openedAt > kStableMs) this.attempt = 0;
    this.retryTimer = setTimeout(() => this.connect(), backoffMs(this.attempt));
    this.attempt += 1;
    this.setState('waiting');
  }

  private drop(): void {
    clearTimeout(this.retryTimer);
    if (!this.socket) return;
    this.socket.onclose = this.socket.onmessage = null;
    this.socket.close();
    this.socket = null;
  }

  private setState(state: ConnectionState): void {
    if (state === this.state) return;
    this.state = state;
    this.events.state(state);
  }
}

export function socketUrl(page: string): string {
  const url = new URL('/ws', page);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}
