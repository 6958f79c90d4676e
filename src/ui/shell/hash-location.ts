import { useSyncExternalStore } from 'react';
import type { BaseLocationHook, BaseSearchHook } from 'wouter';
import { splitHash } from './split-hash.ts';

function subscribe(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange);
  return () => window.removeEventListener('hashchange', onChange);
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
