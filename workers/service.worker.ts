import { cleanupOutdatedCaches, matchPrecache, type PrecacheEntry, precache } from 'workbox-precaching';
import { OFFERED_SETS_FILE, OFFERED_SETS_FOLDER } from '../src/base/offered.ts';
import { policyHeaders } from '../src/base/page-policy.ts';
import { onDemandFile } from './on-demand.ts';

declare const self: ServiceWorkerGlobalScope & { readonly __WB_MANIFEST: (PrecacheEntry | string)[] };

// The whole studio is kept at the first visit: the page, the workers, the sample set and the pretrained weights.
precache(self.__WB_MANIFEST);
cleanupOutdatedCaches();

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('message', (event) => {
  if (event.data === 'take-over') event.waitUntil(self.skipWaiting());
});
self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method === 'GET' && request.url.startsWith(self.registration.scope)) event.respondWith(answer(request));
});

/** The kept file, else what the server says; either way with the headers that a static host does not send. */
async function answer(request: Request): Promise<Response> {
  const { origin, pathname } = new URL(request.url);
  const file = `${origin}${pathname}${pathname.endsWith('/') ? 'index.html' : ''}`;
  const response = (await matchPrecache(file)) ?? (await onDemandFile(request)) ?? (await fromSite(request));
  if (response.type === 'opaqueredirect' || response.body === null) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(policyHeaders(pathname))) headers.set(name, value);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

/** From the site itself; without a connection to it, it offers no sets. */
async function fromSite(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (thrown) {
    if (!new URL(request.url).pathname.endsWith(`/${OFFERED_SETS_FOLDER}/${OFFERED_SETS_FILE}`)) throw thrown;
    return Response.json({ sets: [] });
  }
}
