/**
 * How long to wait before the next attempt to connect: doubles from 0.4 s up to 15 s, the upper
 * half of it random so that a thousand pages do not come back in the same instant.
 */

const kFirstMs = 400;
const kLongestMs = 15_000;

export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(kLongestMs, kFirstMs * 2 ** attempt);
  return Math.round(full / 2 + (full / 2) * random());
}
