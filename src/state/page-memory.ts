/** Port: a few words that outlive the page. `localStorage` is one; reading and writing may throw. */
export type Memory = Pick<Storage, 'getItem' | 'setItem'>;

/** The browser's own; null where it is blocked, so that nothing is remembered from one visit to the next. */
export function pageMemory(): Memory | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    // Blocked: that costs convenience, and nothing of a person's data.
    return null;
  }
}

/** What was kept under that key; null where there is nothing or nothing that can be read. */
export function recalled(memory: Memory | null, key: string): unknown {
  try {
    return JSON.parse(memory?.getItem(key) ?? 'null');
  } catch {
    // Nothing readable is the same as nothing kept.
    return null;
  }
}

/** Keeps it under that key for the next visit, where there is room. */
export function remember(memory: Memory | null, key: string, value: unknown): void {
  try {
    memory?.setItem(key, JSON.stringify(value));
  } catch {
    // A full or blocked storage costs the next visit what was to be remembered, and nothing else.
  }
}
