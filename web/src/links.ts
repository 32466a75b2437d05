/**
 * Which addresses of an answer may become links. The text of an answer is data: it may quote a
 * hostile document, so everything but plain web addresses is refused.
 */

/** The address to link to, or null. Relative ones resolve against the page's own origin. */
export function safeUrl(raw: string, base: string): string | null {
  if (hasControlCharacter(raw)) return null;
  const address =
    raw
      .trim()
      .replace(/^<(.*)>$/, '$1')
      .split(/\s/)[0] ?? '';
  if (address === '') return null;
  let url: URL;
  try {
    url = new URL(address, base);
  } catch {
    return null;
  }
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  const hidesItsHost = url.username !== '' || url.password !== '';
  return isWeb && !hidesItsHost ? url.href : null;
}

/**
 * A bare address in running text ends where Japanese text or closing punctuation begins:
 * "https://example.jp/faq。続き" is a link followed by a sentence.
 */
export function splitBareUrl(text: string): { url: string; rest: string } {
  const url = /^[\w\-.~:/?#[\]@!$&'()*+,;=%]*/.exec(text)?.[0] ?? '';
  const trimmed = url.replace(/[.,;:!?'*)\]]+$/, (tail) =>
    tail.startsWith(')') && url.includes('(') ? tail.slice(0, 1) : '',
  );
  return { url: trimmed, rest: text.slice(trimmed.length) };
}

const hasControlCharacter = (text: string): boolean => /[\u0000-\u001f\u007f]/.test(text);
