import { afterEach, describe, expect, it, vi } from 'vitest';
import { Acks } from '../src/ack';
import { ago, clock, day, duration, price } from '../src/format';
import { languageOf, preferredLanguage } from '../src/language';
import { matchesHash } from '../src/text_hash';

afterEach(() => void vi.useRealTimers());

describe('acknowledgements', () => {
  it('go out at most once a second, with the latest number', () => {
    vi.useFakeTimers();
    const sent: [string, number][] = [];
    const acks = new Acks((responseId, seq) => sent.push([responseId, seq]));
    for (let seq = 1; seq <= 90; seq += 1) {
      acks.note('r', seq);
      vi.advanceTimersByTime(30);
    }
    vi.advanceTimersByTime(1000);
    expect(sent).toEqual([
      ['r', 34],
      ['r', 68],
      ['r', 90],
    ]);
  });
});

describe('the language', () => {
  it.each([
    ['「葬送のフリーレン」はありますか', 'ja'],
    ['Frieren の3巻', 'ja'],
    ['在庫', 'ja'],
    ['Do you have Frieren?', 'en'],
    ['Chloé?', 'en'],
    ['12345 !?', 'ja'],
  ] as const)('of %s is %s', (text, expected) => expect(languageOf(text, 'ja')).toBe(expected));

  it('of the page is the first one that the browser wants and we have', () => {
    expect(preferredLanguage(['fr-FR', 'ja-JP', 'en'])).toBe('ja');
    expect(preferredLanguage(['en-GB', 'ja'])).toBe('en');
    expect(preferredLanguage(['de'])).toBe('en');
  });
});

describe('what customers read', () => {
  it('is a duration', () => {
    expect(duration(180.4, 'en')).toBe('180 ms');
    expect(duration(1900, 'en')).toBe('1.9 s');
    expect(duration(75_000, 'ja')).toBe('75秒');
    expect(duration(180, 'ja')).toBe('180ミリ秒');
  });

  it('is a price', () => {
    expect(price(1528, 'en')).toBe('¥1,528');
    expect(price(528, 'ja')).toBe('528円');
  });

  it('is a day without a time zone', () => {
    expect(day('2026-11-20', 'en')).toBe('Nov 20, 2026');
    expect(day('2026-11-20', 'ja')).toBe('2026年11月20日');
    expect(day('soon', 'en')).toBe('soon');
  });

  it('is how long ago', () => {
    const now = Date.UTC(2026, 10, 24, 12);
    expect(ago(now - 10_000, 'en', now)).toBe('now');
    expect(ago(now - 5 * 60_000, 'en', now)).toBe('5 minutes ago');
    expect(ago(now - 26 * 3_600_000, 'ja', now)).toBe('昨日');
    expect(ago(now + 5_000, 'en', now)).toBe('now');
  });

  it('is a time of day, with the date when it was another day', () => {
    const now = new Date(2026, 10, 24, 12).getTime();
    expect(clock(now, 'ja', now)).toBe('12:00');
    expect(clock(now - 86_400_000, 'en', now)).toContain('Nov 23');
  });
});

describe('the hash of an answer', () => {
  const hello = 'sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';

  it('tells the same text from another', async () => {
    expect(await matchesHash('hello', hello)).toBe(true);
    expect(await matchesHash('hell', hello)).toBe(false);
  });

  it('by a method we do not know is not held against the text', async () => {
    expect(await matchesHash('hello', 'blake3:00')).toBe(true);
  });
});
