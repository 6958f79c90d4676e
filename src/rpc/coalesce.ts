import type { TrainEvent } from './protocol.ts';

export interface Coalescer {
  push(events: readonly TrainEvent[]): void;
  /** Sends at once what is waiting. */
  flush(): void;
}

/**
 * Collects events and sends them together, at most once in `intervalMs`; of progress only the newest is kept. What comes
 * after a quiet interval goes out at once, so that nothing depends on timers, which hidden tabs slow down.
 */
export function coalesce(
  send: (events: readonly TrainEvent[]) => void,
  intervalMs: number,
  now: () => number = () => performance.now(),
): Coalescer {
  let waiting: TrainEvent[] = [];
  let sentAt = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | null = null;

  const flush = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (waiting.length === 0) return;
    const events = waiting;
    waiting = [];
    sentAt = now();
    send(events);
  };

  const push = (events: readonly TrainEvent[]): void => {
    for (const event of events) {
      if (event.type === 'progress') waiting = waiting.filter((other) => other.type !== 'progress');
      waiting.push(event);
    }
    const restMs = sentAt + intervalMs - now();
    if (restMs <= 0) flush();
    else timer ??= setTimeout(flush, restMs);
  };

  return { push, flush };
}

/** So often a worker tells the page what happens. */
const MESSAGES_EVERY_MS = 100;

/** Does `work`, whose events reach `send` in ten messages a second at most; when it has ended all of them have been sent. */
export async function coalesced<T>(
  send: (events: readonly TrainEvent[]) => void,
  work: (push: Coalescer['push']) => Promise<T>,
): Promise<T> {
  const events = coalesce(send, MESSAGES_EVERY_MS);
  return work(events.push).finally(events.flush);
}
