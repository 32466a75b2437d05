/**
 * One answer as a value: `reduce(answer, frame)` gives the next one.
 *
 * Pure, no DOM and no clock. A frame whose number was seen before returns the very same object,
 * so a replay after a reconnect neither repeats nor loses a token.
 */

import type { StoredTurn } from './api';
import type { Accepted, AnswerFrame, Card, ErrorFrame, FrameError, Stage } from './protocol';
import type { Source, Thumb, Timings } from './protocol';

/**
 * sending: not yet accepted · running · complete · stopped by the customer · cut at the length
 * limit · incomplete: the server lost it half-way · failed: ended with an error.
 */
export type Phase =
  'sending' | 'running' | 'complete' | 'stopped' | 'cut' | 'incomplete' | 'failed';

export interface Answer {
  phase: Phase;
  seq: number;
  text: string;
  cards: readonly Card[];
  sources: readonly Source[];
  degraded: readonly string[];
  notes: readonly string[];
  /** Replies to choose from, when the answer asked back. */
  suggestions: readonly string[];
  responseId?: string;
  turn?: number;
  stage?: Stage;
  stageText?: string;
  textHash?: string;
  timings?: Timings;
  model?: string;
  error?: FrameError;
  createdMs?: number;
  /** What the customer said of it. */
  thumb?: Thumb;
}

export const newAnswer = (): Answer => ({
  phase: 'sending',
  seq: 0,
  text: '',
  cards: [],
  sources: [],
  degraded: [],
  notes: [],
  suggestions: [],
});

export const isOpen = (answer: Answer): boolean =>
  answer.phase === 'sending' || answer.phase === 'running';

/** Of the ends of an answer, those that leave something to be judged. */
export const isRateable = ({ phase, text, responseId }: Answer): boolean =>
  (phase === 'complete' || phase === 'cut' || phase === 'stopped') && text !== '' && !!responseId;

export function reduce(answer: Answer, frame: Accepted | AnswerFrame | ErrorFrame): Answer {
  if (frame.type === 'accepted') return accept(answer, frame);
  if (!isOpen(answer) || (frame.seq !== undefined && frame.seq <= answer.seq)) return answer;
  const next: Answer = { ...answer, seq: frame.seq ?? answer.seq };
  switch (frame.type) {
    case 'status': {
      const { stageText: _, ...rest } = next;
      return { ...rest, stage: frame.stage, ...(frame.text ? { stageText: frame.text } : {}) };
    }
    case 'card':
      return { ...next, cards: upsert(answer.cards, frame.card) };
    case 'source':
      return { ...next, sources: upsert(answer.sources, frame.source) };
    case 'delta':
      return { ...next, text: answer.text + frame.text };
    case 'final':
      return finish(next, frame);
    case 'error':
      return { ...next, phase: 'failed', error: errorOf(frame) };
  }
}

/** The answer of a turn that the server has stored. */
export function fromStored(turn: StoredTurn): Answer {
  const { first_word_ms, total_ms } = turn;
  return {
    ...newAnswer(),
    phase: turn.state,
    text: turn.answer,
    cards: turn.cards ?? [],
    sources: turn.sources ?? [],
    suggestions: turn.suggestions ?? [],
    responseId: turn.response_id,
    turn: turn.turn,
    ...(turn.model ? { model: turn.model } : {}),
    ...(turn.thumb ? { thumb: turn.thumb } : {}),
    ...(turn.created_ms ? { createdMs: turn.created_ms } : {}),
    ...(first_word_ms && total_ms ? { timings: { first_word_ms, total_ms } } : {}),
  };
}

function accept(answer: Answer, frame: Accepted): Answer {
  if (answer.phase !== 'sending') return answer;
  return { ...answer, phase: 'running', responseId: frame.response_id, turn: frame.turn };
}

const kPhaseOfFinish: Record<string, Phase> = { length: 'cut', stopped: 'stopped' };

function finish(answer: Answer, frame: AnswerFrame & { type: 'final' }): Answer {
  return {
    ...answer,
    phase: kPhaseOfFinish[frame.finish] ?? 'complete',
    degraded: frame.degraded ?? [],
    notes: frame.notes ?? [],
    suggestions: frame.suggestions ?? [],
    ...(frame.text_hash ? { textHash: frame.text_hash } : {}),
    ...(frame.timings ? { timings: frame.timings } : {}),
    ...(frame.model ? { model: frame.model } : {}),
  };
}

function errorOf(frame: ErrorFrame): FrameError {
  const { code, message, retryable, retry_after_ms } = frame;
  const wait = retry_after_ms === undefined ? {} : { retry_after_ms };
  return { code, message, retryable, ...wait };
}

/** A card or source that is there already is replaced in place, so nothing moves. */
function upsert<T extends { id: string }>(items: readonly T[], item: T): readonly T[] {
  const at = items.findIndex(({ id }) => id === item.id);
  return at < 0 ? [...items, item] : items.with(at, item);
}
