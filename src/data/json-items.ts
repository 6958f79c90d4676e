import type { JsonCursor } from './json-cursor.ts';

/** After so many bytes of a list, whatever else waits for the thread has its turn. */
const PAUSE_BYTES = 8 * 2 ** 20;

/**
 * Goes through the list at which the cursor stands, and passes it: `take` passes each item, and hears its number. Throws as the
 * cursor, as `take`, and once `signal` is aborted.
 */
export async function eachItem(json: JsonCursor, take: (i: number) => void, signal?: AbortSignal): Promise<void> {
  let pauseAt = json.at() + PAUSE_BYTES;
  let i = 0;
  for (let more = json.enterList(); more; more = json.nextItem()) {
    take(i);
    i += 1;
    if (json.at() < pauseAt) continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    signal?.throwIfAborted();
    pauseAt = json.at() + PAUSE_BYTES;
  }
}
