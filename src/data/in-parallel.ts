/**
 * Does `work` on each item, `atOnce` at a time, in their order. At the first that fails the others' signal is aborted, and
 * once all have ended, what that one threw is thrown.
 */
export async function inParallel<Item>(
  atOnce: number,
  items: readonly Item[],
  signal: AbortSignal,
  work: (item: Item, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const failures: unknown[] = [];
  const queue = items.values();
  const one = async (): Promise<void> => {
    for (const item of queue) {
      if (stop.aborted) return;
      try {
        await work(item, stop);
      } catch (thrown) {
        failures.push(thrown);
        failed.abort();
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, atOnce) }, one));
  if (failures.length > 0) throw failures[0];
  signal.throwIfAborted();
}
