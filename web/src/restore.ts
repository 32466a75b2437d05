/**
 * From what the server has stored to what the page shows: after a reload, and when a stream could
 * not be continued. Pure.
 */

import { fromStored, newAnswer, type Answer } from './answer';
import type { StoredSession, StoredTurn } from './api';
import type { Ask, Language } from './protocol';

export interface RestoredTurn {
  ask: Ask;
  answer: Answer;
  spoken?: Language;
}

/**
 * All turns of a conversation. The running one starts empty, to be replayed from its first frame;
 * where it is not among the stored turns, its question is the one this tab has `pending`.
 */
export function restoredTurns(stored: StoredSession, pending: Ask | null): RestoredTurn[] {
  const { turns, running } = stored;
  const restored = turns.map((turn) => restoredTurn(turn, turn.turn === running?.turn));
  if (!running || turns.some(({ turn }) => turn === running.turn)) return restored;
  const ours = pending?.session === stored.id ? pending : null;
  const ask: Ask = ours ?? { type: 'ask', client_msg_id: '', text: '…', language: 'en' };
  return [...restored, { ask, answer: runningAnswer(running) }];
}

/** The stored answer, unless it is only a piece of what already stands on the screen. */
export function recovered(shown: Answer, stored: StoredTurn | undefined): Answer {
  if (!stored) return { ...shown, phase: 'incomplete' };
  const answer = fromStored(stored);
  const isPiece = answer.phase === 'incomplete' && shown.text.startsWith(answer.text);
  const { text, cards, sources } = shown;
  return isPiece ? { ...answer, text, cards, sources } : answer;
}

function restoredTurn(stored: StoredTurn, isRunning: boolean): RestoredTurn {
  const spoken = stored.language;
  const ask: Ask = {
    type: 'ask',
    client_msg_id: stored.client_msg_id ?? '',
    text: stored.question,
    language: spoken ?? 'en',
  };
  const answer = isRunning ? runningAnswer(stored) : fromStored(stored);
  return { ask, answer, ...(spoken ? { spoken } : {}) };
}

const runningAnswer = ({ response_id, turn }: { response_id: string; turn: number }): Answer => ({
  ...newAnswer(),
  phase: 'running',
  responseId: response_id,
  turn,
});
