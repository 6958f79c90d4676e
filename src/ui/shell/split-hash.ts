/** Path and query of a hash: `#/train?steps=5` is `/train` and `steps=5`; no hash is `/`. */
export function splitHash(hash: string): { readonly path: string; readonly query: string } {
  const [path = '', ...query] = hash.replace(/^#?\/?/, '').split('?');
  return { path: `/${path.replace(/\/+$/, '')}`, query: query.join('?') };
}
