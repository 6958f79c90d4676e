export interface ServiceWorkerEvents {
  /** A newer version has been fetched and waits until it is let in. */
  onWaiting(): void;
  /** Another tab has let a newer version in. */
  onReplaced(): void;
}

export interface ServiceWorkerHandle {
  /** Has the studio fetched and kept, which takes the line and the processor for seconds: when there is something to see. */
  register(): void;
  /** Lets the waiting version in, if there is one, and loads the page again. */
  takeOver(): void;
}

/**
 * The service worker at `url`, not yet registered. Where the browser has none, or refuses it (a private window, plain http),
 * or where `url` is null, the studio works without.
 */
export function studioServiceWorker(url: URL | null, events: ServiceWorkerEvents): ServiceWorkerHandle {
  const container = url !== null && 'serviceWorker' in navigator ? navigator.serviceWorker : null;
  let waiting: ServiceWorker | null = null;
  let isTakingOver = false;

  const foundWaiting = (worker: ServiceWorker): void => {
    waiting = worker;
    events.onWaiting();
  };
  const watch = (registration: ServiceWorkerRegistration | undefined): void => {
    // What blocks service workers from outside, as an extension does, may answer with nothing in place of a refusal.
    if (registration === undefined) return;
    // Without a controller it is the first version, which nobody waits for.
    if (registration.waiting !== null && container?.controller) foundWaiting(registration.waiting);
    registration.addEventListener('updatefound', () => {
      const installing = registration.installing;
      installing?.addEventListener('statechange', () => {
        if (installing.state === 'installed' && container?.controller) foundWaiting(installing);
      });
    });
  };

  if (url !== null && container !== null) {
    let wasControlled = container.controller !== null;
    container.addEventListener('controllerchange', () => {
      if (isTakingOver) globalThis.location.reload();
      else if (wasControlled) events.onReplaced();
      wasControlled = true;
    });
  }

  return {
    register() {
      if (url === null || container === null) return;
      container.register(url, { updateViaCache: 'none' }).then(watch, () => {
        // Refused by the browser: nothing is kept for offline use, and everything else works.
      });
    },
    takeOver() {
      if (waiting === null) {
        globalThis.location.reload();
        return;
      }
      isTakingOver = true;
      waiting.postMessage('take-over');
    },
  };
}
