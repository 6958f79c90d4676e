/** Keeps values by key, up to a number of bytes; the one that was not asked for longest goes first. */
export interface ByteCache<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  bytes(): number;
}

/** An empty cache; a value larger than `maxBytes` is not kept. */
export function createByteCache<Value>(maxBytes: number, bytesOf: (value: Value) => number): ByteCache<Value> {
  const held = new Map<string, Value>();
  let bytes = 0;
  const drop = (key: string): void => {
    const value = held.get(key);
    if (value === undefined) return;
    bytes -= bytesOf(value);
    held.delete(key);
  };
  return {
    get(key) {
      const value = held.get(key);
      if (value === undefined) return undefined;
      // A Map gives its keys in the order of insertion: the first is the one to go.
      held.delete(key);
      held.set(key, value);
      return value;
    },
    set(key, value) {
      drop(key);
      if (bytesOf(value) > maxBytes) return;
      held.set(key, value);
      bytes += bytesOf(value);
      for (const oldest of held.keys()) {
        if (bytes <= maxBytes) break;
        drop(oldest);
      }
    },
    bytes: () => bytes,
  };
}
