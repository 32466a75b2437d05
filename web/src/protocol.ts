/**
 * The native WebSocket protocol and the JSON of the HTTP API, as the page sees them.
 *
 * `parseFrame` is the only door: a frame that is not JSON, has no known type or lacks what its
 * type needs is dropped (null), so a newer server never breaks an older page.
 */

export type Language = 'en' | 'ja';
export type LocalText = Partial<Record<Language, string>>;
export type Stage = 'understanding' | 'looking_up' | 'waiting' | 'writing';
export type Availability = 'in_stock' | 'low' | 'out' | 'preorder';
export type Finish = 'stop' | 'length' | 'stopped';
export type Thumb = 'up' | 'down' | 'none';

export interface Card {
  id: string;
  kind: 'product';
  sku: string;
  title: LocalText;
  series?: LocalText;
  author?: LocalText;
  price_yen: number;
  stock: number;
  availability: Availability;
  release_date?: string;
  language?: Language;
  volume?: number | null;
  edition?: LocalText;
}

export interface Source {
  id: string;
  kind: 'faq' | 'series' | 'product' | 'order';
  title: string;
}

export interface StageTime {
  name: string;
  start_ms: number;
  end_ms: number;
  outcome: string;
  /** The stage that it is a part of. */
  parent?: string;
  /** The answer waited for it. */
  critical?: boolean;
  budget_ms?: number;
}

export interface Timings {
  first_word_ms: number;
  total_ms: number;
  /** The same work, one after another. */
  sequential_ms?: number;
  saved_ms?: number;
  stages?: StageTime[];
}

export interface Limits {
  text_chars: number;
  frame_bytes: number;
}

export interface FrameError {
  code: string;
  message: string;
  retryable: boolean;
  retry_after_ms?: number;
}

export interface Ask {
  type: 'ask';
  client_msg_id: string;
  session?: string;
  text: string;
  language: Language;
  regenerate?: number;
  /** `final` is to say what was waited for, and what was saved. */
  trace?: boolean;
}

export type ClientFrame =
  | Ask
  | { type: 'stop'; response_id: string }
  | { type: 'resume'; response_id: string; after_seq: number }
  | { type: 'ack'; response_id: string; seq: number }
  | { type: 'feedback'; client_msg_id: string; response_id: string; thumb: Thumb }
  | { type: 'pong' };

export interface Final {
  finish: Finish;
  text_hash?: string;
  timings?: Timings;
  model?: string;
  sources?: number;
  degraded?: string[];
  notes?: string[];
  /** Replies to choose from: the answer asked back. */
  suggestions?: string[];
}

type Numbered<T> = T & { response_id: string; seq: number };

/** A numbered event of one answer; `seq` grows, and a number seen before is a repeat. */
export type AnswerFrame = Numbered<
  | { type: 'status'; stage: Stage; text?: string }
  | { type: 'card'; card: Card }
  | { type: 'source'; source: Source }
  | { type: 'delta'; text: string }
  | ({ type: 'final' } & Final)
>;

export interface Accepted {
  type: 'accepted';
  client_msg_id: string;
  session: string;
  response_id: string;
  turn: number;
}

export interface ErrorFrame extends FrameError {
  type: 'error';
  response_id?: string;
  client_msg_id?: string;
  seq?: number;
}

/** A thumb that the server has kept. */
export interface FeedbackKept {
  type: 'feedback';
  response_id: string;
  thumb: Thumb;
  client_msg_id?: string;
}

export type ServerFrame =
  | { type: 'hello'; ping_ms: number; limits: Limits }
  | { type: 'ping' }
  | Accepted
  | AnswerFrame
  | ErrorFrame
  | FeedbackKept
  | { type: 'gone'; response_id: string };

type FieldTypes = Record<string, 'string' | 'number' | 'object'>;

const kNumbered: FieldTypes = { response_id: 'string', seq: 'number' };
const kNeeds: Record<ServerFrame['type'], FieldTypes> = {
  hello: { ping_ms: 'number', limits: 'object' },
  ping: {},
  accepted: { client_msg_id: 'string', session: 'string', response_id: 'string', turn: 'number' },
  status: { ...kNumbered, stage: 'string' },
  card: { ...kNumbered, card: 'object' },
  source: { ...kNumbered, source: 'object' },
  delta: { ...kNumbered, text: 'string' },
  final: { ...kNumbered, finish: 'string' },
  error: { code: 'string' },
  feedback: { response_id: 'string', thumb: 'string' },
  gone: { response_id: 'string' },
};

const kCardNeeds: FieldTypes = { id: 'string', title: 'object', price_yen: 'number' };
const kSourceNeeds: FieldTypes = { id: 'string', title: 'string' };

export function parseFrame(data: unknown): ServerFrame | null {
  if (typeof data !== 'string') return null;
  const frame = parseObject(data);
  if (!frame) return null;
  const type = frame['type'];
  if (typeof type !== 'string' || !Object.hasOwn(kNeeds, type)) return null;
  const complete =
    has(frame, kNeeds[type as ServerFrame['type']]) &&
    (type !== 'card' || has(frame['card'], kCardNeeds)) &&
    (type !== 'source' || has(frame['source'], kSourceNeeds));
  return complete ? (frame as unknown as ServerFrame) : null;
}

function has(value: unknown, needs: FieldTypes): boolean {
  const fields = value as Record<string, unknown>;
  return Object.entries(needs).every(
    ([name, kind]) => typeof fields[name] === kind && fields[name] !== null,
  );
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
