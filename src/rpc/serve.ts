import { expose } from 'comlink';
import { keepStudioErrors } from './errors.ts';
import { reportOutside } from './outside.ts';

/** What a worker says once, when it can be called. */
export interface ReadyMessage {
  readonly detrain: 'ready';
  /** A Web Lock that the worker holds as long as it lives, or null where there are no locks. */
  readonly lifeLock: string | null;
}

/**
 * Offers `api` to the page that made this worker. Call it synchronously while the worker's module is first run, so that
 * no early message is lost.
 */
export function serve(api: object): void {
  keepStudioErrors();
  expose(api);
  reportOutside(globalThis.location.origin);
  // The browser frees the lock however the worker ends, out of memory included: no other sign of that reaches the page.
  if (typeof navigator.locks === 'undefined') {
    announce(null);
    return;
  }
  const lifeLock = `detrain-worker-${crypto.randomUUID()}`;
  void navigator.locks.request(lifeLock, () => {
    announce(lifeLock);
    return new Promise<never>(() => {});
  });
}

function announce(lifeLock: string | null): void {
  const ready: ReadyMessage = { detrain: 'ready', lifeLock };
  globalThis.postMessage(ready);
}
