import { StudioError } from '../../base/errors.ts';
import { readTarTree } from '../../data/tar-tree.ts';
import type { FileTree } from '../../data/types.ts';

/**
 * The files of a tar archive, gzipped or not, that the page has fetched or was given: its bytes, or a file. Throws
 * `bad-archive` as `readTarTree`.
 */
export function openArchive(archive: ArrayBuffer | Uint8Array<ArrayBuffer> | Blob, name: string): Promise<FileTree> {
  if (archive instanceof Blob) return readTarTree(archive.stream(), name);
  return readTarTree(archive instanceof Uint8Array ? archive : new Uint8Array(archive), name);
}

/** The files of a tar archive at an address, read as it arrives. Throws `network`, or `bad-archive` as `readTarTree`. */
export async function fetchArchive(address: string, name: string, signal?: AbortSignal): Promise<FileTree> {
  const response = await fetch(address, signal === undefined ? {} : { signal }).catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw new StudioError('network', `${name} cannot be fetched; check the connection.`, { name }, { cause });
  });
  if (!response.ok || response.body === null) {
    const message = `${name} cannot be fetched: the server answered ${response.status}; check that the file is there.`;
    throw new StudioError('network', message, { name, status: response.status });
  }
  return readTarTree(response.body, name);
}
