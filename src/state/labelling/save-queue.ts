import { type StudioError, toStudioError } from '../../base/errors.ts';
import type { Sample } from '../../rpc/protocol.ts';

/** How far saving is. */
export interface SaveStatus {
  /** Pictures whose last state is not kept yet. */
  readonly waiting: number;
  /** Why the last try failed; null once one succeeded. */
  readonly failed: StudioError | null;
}

export interface SaveQueue {
  /** Keeps these samples, and the classes where the list changed, as soon as what is being written is. */
  save(samples: readonly Sample[], classes: readonly string[] | null): void;
  /** Tries at once what failed. */
  retry(): void;
  /** Resolves once nothing waits, or at the first failure. */
  flushed(): Promise<void>;
  /** What waits for a write that succeeds, each picture in its last state. */
  unsaved(): { readonly samples: readonly Sample[]; readonly classes: readonly string[] | null };
}

export interface SaveQueuePorts {
  readonly write: (samples: readonly Sample[], classes: readonly string[] | null) => Promise<void>;
  readonly onStatus: (status: SaveStatus) => void;
  /** Calls back after so many milliseconds; returns how to call it off. */
  readonly later: (work: () => void, ms: number) => () => void;
}

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 30_000;

/**
 * Writes each action at once, one write at a time; what comes meanwhile goes with the next one, each picture in its last state.
 * A write that fails is told and tried again, at growing intervals and with the next action, until it succeeds.
 */
export function createSaveQueue({ write, onStatus, later }: SaveQueuePorts): SaveQueue {
  let waiting = new Map<string, Sample>();
  let waitingClasses: readonly string[] | null = null;
  let writing = 0;
  let isWriting = false;
  let failed: StudioError | null = null;
  let retryMs = FIRST_RETRY_MS;
  let callOff: (() => void) | null = null;
  let listeners: (() => void)[] = [];

  const isIdle = (): boolean => !isWriting && waiting.size === 0 && waitingClasses === null;

  const tell = (): void => {
    onStatus({ waiting: Math.max(waiting.size + writing, isIdle() ? 0 : 1), failed });
    if (!isIdle() && failed === null) return;
    const told = listeners;
    listeners = [];
    for (const listener of told) listener();
  };

  const send = async (): Promise<void> => {
    if (isWriting || isIdle()) return;
    callOff?.();
    callOff = null;
    const [samples, classes] = [waiting, waitingClasses];
    waiting = new Map();
    waitingClasses = null;
    isWriting = true;
    writing = samples.size;
    tell();
    try {
      await write([...samples.values()], classes);
      failed = null;
      retryMs = FIRST_RETRY_MS;
    } catch (thrown) {
      failed = toStudioError(thrown);
      // What came meanwhile is newer.
      waiting = new Map([...samples, ...waiting]);
      waitingClasses ??= classes;
    }
    isWriting = false;
    writing = 0;
    tell();
    if (failed === null) {
      void send();
      return;
    }
    callOff = later(() => void send(), retryMs);
    retryMs = Math.min(2 * retryMs, LAST_RETRY_MS);
  };

  return {
    save(samples, classes) {
      for (const sample of samples) waiting.set(sample.id, sample);
      waitingClasses = classes ?? waitingClasses;
      tell();
      void send();
    },
    retry: () => void send(),
    flushed: () =>
      new Promise((resolve) => {
        if (isIdle() || failed !== null) resolve();
        else listeners.push(resolve);
      }),
    unsaved: () => ({ samples: [...waiting.values()], classes: waitingClasses }),
  };
}
