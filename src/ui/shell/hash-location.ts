import { useSyncExternalStore } from 'react';
import type { BaseLocationHook, BaseSearchHook } from 'wouter';

function subscribe(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange);
  return () => window.removeEventListener('hashchange', onChange);
}

/** Path and query of a hash: `#/train?steps=5` is `/train` and `steps=5`; no hash is `/`. */
export function splitHash(hash: string): { readonly path: string; readonly query: string } {
  const [path = '', ...query] = hash.replace(/^#?\/?/, '').split('?');
  return { path: `/${path.replace(/\/+$/, '')}`, query: query.join('?') };
}

/** Goes to a path, with a query or without, such as `/train?steps=5`. */
export function goTo(to: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  const { path, query } = splitHash(to);
  const oldURL = window.location.href;
  history[replace ? 'replaceState' : 'pushState'](null, '', `#${path}${query === '' ? '' : `?${query}`}`);
  // Neither call tells anyone by itself.
  window.dispatchEvent(new HashChangeEvent('hashchange', { oldURL, newURL: window.location.href }));
}

const readPath = (): string => splitHash(window.location.hash).path;
const readQuery = (): string => splitHash(window.location.hash).query;

/** For wouter: the path that stands in the hash, without its query, so that rooms match with one too. */
export const useHashPath: BaseLocationHook & { hrefs: (path: string) => string } = Object.assign(
  (): [string, typeof goTo] => [useSyncExternalStore(subscribe, readPath), goTo],
  { hrefs: (path: string) => `#${path}` },
);

/** For wouter: the query that stands in the hash, without its question mark. */
export const useHashQuery: BaseSearchHook = () => useSyncExternalStore(subscribe, readQuery);
