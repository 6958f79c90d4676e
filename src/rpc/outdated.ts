import type { Speaker } from './outside.ts';

interface OutdatedMessage {
  readonly detrain: 'storage-outdated';
}

/** In a worker: tells its own page that a newer version of the studio, in another tab, has changed the storage. */
export function tellOutdated(): void {
  (globalThis as unknown as Speaker).postMessage({ detrain: 'storage-outdated' } satisfies OutdatedMessage);
}

/** In the page: hears that a worker's storage was taken over by a newer version of the studio. */
export function hearOutdated(worker: EventTarget, onOutdated: () => void): void {
  worker.addEventListener('message', (event) => {
    const data: unknown = 'data' in event ? event.data : null;
    if (typeof data === 'object' && data !== null && 'detrain' in data && data.detrain === 'storage-outdated')
      onOutdated();
  });
}
