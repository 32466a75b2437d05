import { describe, expect, it } from 'vitest';
import { messages, type MessageKey } from '../src/messages';

const sources = import.meta.glob<string>('../src/*.ts', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const keys = Object.keys(messages.en) as MessageKey[];
const values = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

describe('the messages', () => {
  it('exist in both languages, none of them empty', () => {
    expect(Object.keys(messages.ja).sort()).toEqual([...keys].sort());
    for (const key of keys) expect(messages.ja[key].trim(), key).not.toBe('');
  });

  it('name the same values in both languages', () => {
    for (const key of keys) expect(values(messages.ja[key]), key).toEqual(values(messages.en[key]));
  });

  it('are really Japanese where they have words', () => {
    const noWords = new Set<MessageKey>(['page_title', 'list_separator']);
    const japanese = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u;
    for (const key of keys) {
      if (!noWords.has(key)) expect(messages.ja[key], key).toMatch(japanese);
    }
  });

  it('are all used: by name, or through one of the prefixes chosen at run time', () => {
    const byPrefix = /^(error|part|outcome|source|stage|stock|edition|theme)_|_(one|other)$/;
    const code = Object.entries(sources).filter(([path]) => !path.endsWith('/messages.ts'));
    const text = code.map(([, content]) => content).join('\n');
    const unused = keys.filter((key) => !byPrefix.test(key) && !text.includes(`'${key}'`));
    expect(unused).toEqual([]);
  });
});
