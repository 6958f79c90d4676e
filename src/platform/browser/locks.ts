import { StudioError } from '../../base/errors.ts';
import { HUB_LOCK, IMPORT_LOCK, RUN_LOCK, TIDY_LOCK } from '../../base/lock-names.ts';

const HELD: Readonly<Record<string, string>> = {
  [RUN_LOCK]: 'A run is going on in another tab of this browser. Wait until it has ended, or stop it there.',
  [HUB_LOCK]: 'Another tab of this browser is fetching a model of the hub. Wait until it is done, or cancel it there.',
  [IMPORT_LOCK]: 'Another tab of this browser is importing a data set. Wait until it is done, or cancel it there.',
};

/** A tab that was reloaded a moment ago may still be letting go of its lock. */
const PATIENCE_MS = 1000;

/**
 * Does `work` while holding the lock of that name, which no other tab then gets. Throws `usage` where another tab holds it
 * and goes on holding it, and whatever `work` throws.
 */
export async function exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
  const locks = locksOfBrowser();
  if (locks === null) return work();
  const free = await attempt(locks, name, { ifAvailable: true }, work);
  if (free !== null) return free.result;
  const later = await attempt(locks, name, { signal: AbortSignal.timeout(PATIENCE_MS) }, work);
  if (later !== null) return later.result;
  throw new StudioError('usage', HELD[name] ?? `Another tab of this browser holds "${name}"; wait until it is done.`, {
    lock: name,
  });
}

/** Does `work` once all others that asked for the lock of that name before are done. */
export async function inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
  const locks = locksOfBrowser();
  return locks === null ? work() : await locks.request(name, work);
}

/**
 * Takes the lock of that name until what it resolves to is called, or the tab is closed; null where another tab holds it and
 * goes on holding it.
 */
export async function holdLock(name: string): Promise<(() => void) | null> {
  const locks = locksOfBrowser();
  if (locks === null) return () => undefined;
  return new Promise((resolve, reject) => {
    const held = attempt(locks, name, { signal: AbortSignal.timeout(PATIENCE_MS) }, () => {
      return new Promise<void>((release) => resolve(release));
    });
    held.then((had) => had === null && resolve(null), reject);
  });
}

/** Whether some tab of this browser, this one too, holds the lock of that name. */
export async function isHeld(name: string): Promise<boolean> {
  const { held = [] } = (await locksOfBrowser()?.query()) ?? {};
  return held.some((lock) => lock.name === name);
}

/** The locks of training, as its service wants them. */
export const runLocks = {
  exclusively: <T>(work: () => Promise<T>) => exclusively(RUN_LOCK, work),
  isTraining: () => isHeld(RUN_LOCK),
  inTurn: <T>(work: () => Promise<T>) => inTurn(TIDY_LOCK, work),
};

/** What `work` gave, or null where the lock could not be had. */
async function attempt<T>(
  locks: LockManager,
  name: string,
  options: LockOptions,
  work: () => Promise<T>,
): Promise<{ readonly result: T } | null> {
  let isMine = false;
  try {
    return await locks.request(name, options, async (lock) => {
      if (lock === null) return null;
      isMine = true;
      return { result: await work() };
    });
  } catch (error) {
    if (isMine || !(error instanceof Error) || error.name !== 'TimeoutError') throw error;
    return null;
  }
}

/** Absent where the page is not served over https or from localhost; there nothing is guarded. */
function locksOfBrowser(): LockManager | null {
  return typeof navigator === 'undefined' || navigator.locks === undefined ? null : navigator.locks;
}
