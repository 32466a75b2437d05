/** Times, prices and dates as a customer reads them, in either language. */

import type { Language } from './protocol';

/** 180 → "180 ms", 1900 → "1.9 s", 75000 → "75 s" (Japanese: ミリ秒 and 秒). */
export function duration(ms: number, language: Language): string {
  const [inMs, inSeconds] = language === 'ja' ? ['ミリ秒', '秒'] : [' ms', ' s'];
  if (ms < 1000) return `${Math.round(ms)}${inMs}`;
  const seconds = ms / 1000;
  return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)}${inSeconds}`;
}

/** 1528 → "¥1,528", or "1,528円" in Japanese. */
export function price(yen: number, language: Language): string {
  const amount = new Intl.NumberFormat('en', { maximumFractionDigits: 0 }).format(yen);
  return language === 'ja' ? `${amount}円` : `¥${amount}`;
}

/** "2026-11-20" → "Nov 20, 2026" or "2026年11月20日"; a shop's date has no time zone. */
export function day(iso: string, language: Language): string {
  const date = new Date(`${iso}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return iso;
  const month = language === 'ja' ? 'long' : 'short';
  const form = { year: 'numeric', month, day: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(language, form).format(date);
}

/** The time of day; with the day in front when it is not today's. */
export function clock(ms: number, language: Language, nowMs = Date.now()): string {
  const date = new Date(ms);
  const today = date.toDateString() === new Date(nowMs).toDateString();
  const time = { hour: 'numeric', minute: '2-digit' } as const;
  const form = today ? time : ({ ...time, month: 'short', day: 'numeric' } as const);
  return new Intl.DateTimeFormat(language, form).format(date);
}

const kUnits = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** "now", "5 minutes ago", "yesterday"; from a week on, the date. */
export function ago(ms: number, language: Language, nowMs = Date.now()): string {
  const passed = Math.max(0, nowMs - ms);
  if (passed >= 7 * 86_400_000) {
    return new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric' }).format(ms);
  }
  const words = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  for (const [unit, length] of kUnits) {
    if (passed >= length) return words.format(-Math.floor(passed / length), unit);
  }
  return words.format(0, 'second');
}
