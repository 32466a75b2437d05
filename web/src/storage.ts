/** Small values kept in the browser. A browser that refuses storage only forgets, never fails. */

const kPrefix = 'hayate.';

export function remember(key: string, value: string | null, store = () => localStorage): void {
  try {
    if (value === null) store().removeItem(kPrefix + key);
    else store().setItem(kPrefix + key, value);
  } catch {
    // Private mode or a full store: the choice lasts for this visit only.
  }
}

export function recall(key: string, store = () => localStorage): string | null {
  try {
    return store().getItem(kPrefix + key);
  } catch {
    return null;
  }
}
