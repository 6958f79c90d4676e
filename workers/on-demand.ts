/** Large files that few people ever need: kept when they are first fetched, and not before. */
const ON_DEMAND = /\/assets\/ort-wasm-[^/]*\.wasm$/;
const CACHE = 'detrain-on-demand';

/** The file from its cache, or from the site and then kept in the place of its older versions; null for any other file. */
export async function onDemandFile(request: Request): Promise<Response | null> {
  if (!ON_DEMAND.test(new URL(request.url).pathname)) return null;
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept !== undefined) return kept;
  const fetched = await fetch(request);
  if (fetched.status !== 200) return fetched;
  for (const older of await cache.keys()) await cache.delete(older);
  // Where there is no room for it, it is fetched again the next time.
  const copy = fetched.clone();
  void cache.put(request, copy).catch(() => undefined);
  return fetched;
}
