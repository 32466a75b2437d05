import { describe, expect, it } from 'vitest';
import { safeUrl, splitBareUrl } from '../src/links';

const base = 'https://shop.example/';

describe('a link of an answer', () => {
  it.each([
    ['https://example.com/a?b=c#d', 'https://example.com/a?b=c#d'],
    ['http://example.com', 'http://example.com/'],
    ['/help/shipping', 'https://shop.example/help/shipping'],
    ['#s_1', 'https://shop.example/#s_1'],
    ['<https://example.com/>', 'https://example.com/'],
    ['https://example.com "a title"', 'https://example.com/'],
    ['https://例え.jp/漫画', 'https://xn--r8jz45g.jp/%E6%BC%AB%E7%94%BB'],
  ])('%s is allowed', (raw, expected) => expect(safeUrl(raw, base)).toBe(expected));

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'java\tscript:alert(1)',
    '\u0001javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://shop.example/1',
    'mailto:a@example.com',
    'https://shop.example@evil.example/',
    'https://user:secret@evil.example/',
    'http://',
    '',
  ])('%j is refused', (raw) => expect(safeUrl(raw, base)).toBeNull());
});

describe('a bare address in running text', () => {
  it.each([
    ['https://example.jp/faq。続き', 'https://example.jp/faq', '。続き'],
    ['https://example.jp/faq。', 'https://example.jp/faq', '。'],
    ['https://example.jp/a,', 'https://example.jp/a', ','],
    ['https://example.jp/a).', 'https://example.jp/a', ').'],
    ['https://example.jp/a_(b)', 'https://example.jp/a_(b)', ''],
    ['https://example.jp/?q=1&r=2', 'https://example.jp/?q=1&r=2', ''],
  ])('%s ends where the sentence goes on', (text, url, rest) => {
    expect(splitBareUrl(text)).toEqual({ url, rest });
  });
});
