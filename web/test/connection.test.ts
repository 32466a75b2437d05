import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { backoffMs } from '../src/backoff';
import { Connection, socketUrl, type ConnectionState } from '../src/connection';

/** A socket whose other end is the test. */
class FakeSocket {
  static all: FakeSocket[] = [];
  static get last(): FakeSocket {
    return FakeSocket.all.at(-1)!;
  }
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  sent: unknown[] = [];
  closed = false;
  constructor() {
    FakeSocket.all.push(this);
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.closed = true;
  }
  say(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

const hello = { type: 'hello', ping_ms: 15_000, limits: { text_chars: 8000, frame_bytes: 65_536 } };
let states: ConnectionState[];
let wake: Record<string, () => void>;
let connection: Connection;

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
  states = [];
  wake = {};
  const listen = (name: string, listener: () => void) => (wake[name] = listener);
  vi.stubGlobal('WebSocket', FakeSocket);
  vi.stubGlobal('addEventListener', listen);
  vi.stubGlobal('document', { addEventListener: listen, visibilityState: 'visible' });
  connection = new Connection('ws://x/ws', {
    state: (state) => states.push(state),
    frame: () => {},
  });
  connection.start();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the connection', () => {
  it('is open when the server has said hello, not before', () => {
    connection.send({ type: 'pong' });
    expect(FakeSocket.last.sent).toEqual([]);
    FakeSocket.last.say(hello);
    connection.send({ type: 'pong' });
    expect(states).toEqual(['open']);
    expect(FakeSocket.last.sent).toEqual([{ type: 'pong' }]);
  });

  it('answers a ping', () => {
    FakeSocket.last.say(hello);
    FakeSocket.last.say({ type: 'ping' });
    expect(FakeSocket.last.sent).toEqual([{ type: 'pong' }]);
  });

  it('comes back after a cut', () => {
    FakeSocket.last.say(hello);
    FakeSocket.last.onclose?.();
    vi.advanceTimersByTime(500);
    FakeSocket.last.say(hello);
    expect(FakeSocket.all).toHaveLength(2);
    expect(states).toEqual(['open', 'waiting', 'connecting', 'open']);
  });

  it('takes three silent ping intervals for a dead line', () => {
    FakeSocket.last.say(hello);
    vi.advanceTimersByTime(45_000);
    expect(FakeSocket.all).toHaveLength(1);
    vi.advanceTimersByTime(10_000);
    expect(FakeSocket.all[0]!.closed).toBe(true);
    expect(FakeSocket.all.length).toBeGreaterThan(1);
  });

  it('is kept by a ping now and then', () => {
    FakeSocket.last.say(hello);
    for (let i = 0; i < 20; i += 1) {
      vi.advanceTimersByTime(15_000);
      FakeSocket.last.say({ type: 'ping' });
    }
    expect(FakeSocket.all).toHaveLength(1);
  });

  it('does not sit out a long wait when the network is back', () => {
    for (let i = 0; i < 8; i += 1) {
      FakeSocket.last.onclose?.();
      vi.advanceTimersByTime(20_000);
    }
    FakeSocket.last.onclose?.();
    const before = FakeSocket.all.length;
    wake['online']!();
    expect(FakeSocket.all).toHaveLength(before + 1);
  });

  it('waits longer after each failure, up to 15 s, never less than half of it', () => {
    const waits = [0, 1, 2, 3, 9, 30].map((attempt) => [
      backoffMs(attempt, () => 0),
      backoffMs(attempt, () => 1),
    ]);
    expect(waits).toEqual([
      [200, 400],
      [400, 800],
      [800, 1600],
      [1600, 3200],
      [7500, 15_000],
      [7500, 15_000],
    ]);
  });

  it('goes to /ws of the page, encrypted when the page is', () => {
    expect(socketUrl('https://shop.example/a?b#c')).toBe('wss://shop.example/ws');
    expect(socketUrl('http://localhost:8080/')).toBe('ws://localhost:8080/ws');
  });
});
