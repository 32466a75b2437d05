/**
 * The question that is on its way, kept for this tab until its answer ends: a cut line or a
 * reload sends it again under the same client_msg_id, which the server answers only once.
 */

import type { Ask } from './protocol';
import { recall, remember } from './storage';

const kKey = 'pending';
const tab = (): Storage => sessionStorage;

export const keepPending = (ask: Ask): void => remember(kKey, JSON.stringify(ask), tab);
export const dropPending = (): void => remember(kKey, null, tab);

export function pendingAsk(): Ask | null {
  try {
    const ask = JSON.parse(recall(kKey, tab) ?? 'null') as Ask | null;
    return ask?.type === 'ask' && ask.client_msg_id && ask.text ? ask : null;
  } catch {
    return null;
  }
}
