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
  /** What has come, and what was kept and is held again, is shown in turns; at once where there are none. */
  readonly turns?: Turns;
}

/** Parts of what is to be shown, so that a screen full of pictures is not drawn in one go. */
export interface Turns {
  /** So many are shown each time. */
  readonly most: number;
  /** Calls once, when the next are to be shown. */
  readonly next: (show: () => void) => void;
}

interface Entry<Value> {
  /** What is shown of it. */
  held: Held<Value>;
  /** What is known of it. */
  known: Held<Value>;
  readonly fetch: () => Promise<Value>;
  readonly listeners: Set<() => void>;
  sent: boolean;
}

const WAITING: Held<never> = { state: 'waiting' };

/** Keeps what is shown and a few more. The newest wish comes first: after a long scroll that is what stands on the screen. */
export function createPictureShelf<Value>(options: PictureShelfOptions<Value>): PictureShelf<Value> {
  const { atOnce, mostIdle, dispose, turns } = options;
  const entries = new Map<string, Entry<Value>>();
  /** Keys that are not sent for yet, the newest last. */
  const queue = new Set<string>();
  /** Keys of ready entries that nobody holds, the oldest first. */
  const idle = new Set<string>();
  let running = 0;
  /** Entries of which more is known than shown, and those that were left since the last turn. */
  const unshown = new Set<Entry<Value>>();
  const left = new Set<Entry<Value>>();
  let turnComes = false;

  const show = (entry: Entry<Value>): void => {
    unshown.delete(entry);
    entry.held = entry.known;
    for (const listener of entry.listeners) listener();
  };

  const takeTurn = ({ most, next }: Turns): void => {
    if (turnComes) return;
    turnComes = true;
    next(() => {
      turnComes = false;
      for (const entry of left) {
        if (entry.listeners.size === 0) entry.held = WAITING;
      }
      left.clear();
      for (const entry of [...unshown].slice(0, most)) show(entry);
      if (unshown.size > 0) takeTurn({ most, next });
    });
  };

  const showInTurn = (entry: Entry<Value>): void => {
    if (turns === undefined) {
      show(entry);
      return;
    }
    unshown.add(entry);
    takeTurn(turns);
  };

  const settle = (key: string, entry: Entry<Value>, known: Held<Value>): void => {
    entry.known = known;
    if (entry.listeners.size === 0) rest(key, entry);
    else showInTurn(entry);
  };

  const rest = (key: string, entry: Entry<Value>): void => {
    unshown.delete(entry);
    // A failure is not kept: the next look tries again.
    if (entry.known.state !== 'ready') {
      entries.delete(key);
      return;
    }
    idle.add(key);
    if (turns !== undefined) {
      // Taken from sight with the next turn: a picture that only moves to another place is held again before.
      left.add(entry);
      takeTurn(turns);
    }
    for (const oldest of idle) {
      if (idle.size <= mostIdle) break;
      idle.delete(oldest);
      const dropped = entries.get(oldest);
      entries.delete(oldest);
      if (dropped?.known.state === 'ready') dispose(dropped.known.value);
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
      const entry = entries.get(key) ?? { held: WAITING, known: WAITING, fetch, listeners: new Set(), sent: false };
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
      if (entry.held !== entry.known) showInTurn(entry);
      return () => {
        if (!entry.listeners.delete(listener) || entry.listeners.size > 0) return;
        if (!entry.sent) {
          queue.delete(key);
          entries.delete(key);
        } else if (entry.known.state !== 'waiting') rest(key, entry);
      };
    },
  };
}
