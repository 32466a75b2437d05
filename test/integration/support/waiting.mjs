/** Waiting for something seen. The limit only ends a test that would hang; no test asserts a time. */

import { setTimeout as pause } from 'node:timers/promises';

const kLimitMs = 60_000;
const kPauseMs = 10;

/** Repeats `probe` until it returns something true, and returns that. `what` is for the message. */
export async function until(what, probe) {
  for (const end = Date.now() + kLimitMs; Date.now() < end; await pause(kPauseMs)) {
    const seen = await probe();
    if (seen) return seen;
  }
  throw new Error(`waited in vain until ${what}`);
}
