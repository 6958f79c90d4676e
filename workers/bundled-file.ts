import { StudioError } from '../src/base/errors.ts';

/** The address of a file of the studio's own site, wherever the studio is served: workers lie one folder down in a build. */
export function bundledAddress(path: string): string {
  return new URL(`${import.meta.env.DEV ? '/' : '../'}${path}`, globalThis.location.href).href;
}

/** The bytes of a file below `public/`. Throws `network`. */
export async function bundledBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(bundledAddress(path)).catch((cause: unknown) => {
    throw new StudioError(
      'network',
      `${path} cannot be fetched; check the connection to this site.`,
      { path },
      { cause },
    );
  });
  if (!response.ok) {
    const message = `${path} cannot be fetched: the server answered ${response.status}; the site lacks a file of the studio.`;
    throw new StudioError('network', message, { path, status: response.status });
  }
  return new Uint8Array(await response.arrayBuffer());
}
