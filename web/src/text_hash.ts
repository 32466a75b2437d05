/**
 * Does the text that arrived equal the text that was sent? The final frame carries a SHA-256 of
 * the whole answer. Without a secure context the browser has no hash: then we trust the order.
 */

export async function matchesHash(text: string, expected: string): Promise<boolean> {
  const [method, hex] = expected.split(':');
  const subtle = globalThis.crypto?.subtle;
  if (method !== 'sha256' || !hex || !subtle) return true;
  const digest = await subtle.digest('SHA-256', new TextEncoder().encode(text));
  const found = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0'));
  return found.join('') === hex.toLowerCase();
}
