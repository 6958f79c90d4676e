import { type StudioError, toStudioError } from '../../base/errors.ts';

/** What is known of one thing that was asked for. */
export type Held<Value> =
  | { readonly state: 'waiting' }
  | { readonly state: 'ready'; readonly value: Value }
  | { readonly state: 'failed'; readonly error: StudioError };

export interface PictureShelf<Value> {
  /** What is known now; the same object until it changes. */
  look(key: string): Held<Value>;
  /**
   * Asks for it, and keeps it for as long as the returned function was not called. What nobody holds any more is dropped
   * before it is sent for, or kept until there are too many.
   */
  hold(key: string, fetch: () => Promise<Value>, onChange: () => void): () => void;
}

export interface PictureShelfOptions<Value> {
  /** So many are fetched at a time. */
  readonly atOnce: number;
  /** So many that nobody holds are kept for the next look. */
  readonly mostIdle: number;
  /** Frees one for good. */
  readonly dispose: (value: Value) => void;
}

interface Entry<Value> {
  held: Held<Value>;
  readonly fetch: () => Promise<Value>;
  readonly listeners: Set<() => void>;
  sent: boolean;
}

const WAITING: Held<never> = { state: 'waiting' };

/** Keeps what is shown and a few more. The newest wish comes first: after a long scroll that is what stands on the screen. */
export function createPictureShelf<Value>(options: PictureShelfOptions<Value>): PictureShelf<Value> {
  const { atOnce, mostIdle, dispose } = options;
  const entries = new Map<string, Entry<Value>>();
  /** Keys that are not sent for yet, the newest last. */
  const queue = new Set<string>();
  /** Keys of ready entries that nobody holds, the oldest first. */
  const idle = new Set<string>();
  let running = 0;

  const settle = (key: string, entry: Entry<Value>, held: Held<Value>): void => {
    entry.held = held;
    if (entry.listeners.size === 0) rest(key, entry);
    for (const listener of entry.listeners) listener();
  };

  const rest = (key: string, entry: Entry<Value>): void => {
    // A failure is not kept: the next look tries again.
    if (entry.held.state !== 'ready') {
      entries.delete(key);
      return;
    }
    idle.add(key);
    for (const oldest of idle) {
      if (idle.size <= mostIdle) break;
      idle.delete(oldest);
      const dropped = entries.get(oldest);
      entries.delete(oldest);
      if (dropped?.held.state === 'ready') dispose(dropped.held.value);
    }
  };

  const send = (): void => {
    while (running < atOnce) {
      const key = [...queue].at(-1);
      const entry = key === undefined ? undefined : entries.get(key);
      if (key === undefined || entry === undefined) return;
      queue.delete(key);
      entry.sent = true;
      running += 1;
      void entry
        .fetch()
        .then(
          (value) => settle(key, entry, { state: 'ready', value }),
          (thrown: unknown) => settle(key, entry, { state: 'failed', error: toStudioError(thrown) }),
        )
        .finally(() => {
          running -= 1;
          send();
        });
    }
  };

  return {
    look: (key) => entries.get(key)?.held ?? WAITING,
    hold(key, fetch, onChange) {
      const entry = entries.get(key) ?? { held: WAITING, fetch, listeners: new Set(), sent: false };
      entries.set(key, entry);
      idle.delete(key);
      // One listener may hold twice.
      const listener = (): void => onChange();
      entry.listeners.add(listener);
      if (!entry.sent) {
        queue.delete(key);
        queue.add(key);
        send();
      }
      return () => {
        if (!entry.listeners.delete(listener) || entry.listeners.size > 0) return;
        if (!entry.sent) {
          queue.delete(key);
          entries.delete(key);
        } else if (entry.held.state !== 'waiting') rest(key, entry);
      };
    },
  };
}
