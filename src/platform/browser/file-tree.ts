import { StudioError } from '../../base/errors.ts';
import type { FileTree, ReadArchive } from '../../data/types.ts';

/**
 * The files of an archive at an address, read by `readArchive` (`readTarTree`) as it arrives. Throws `network`, and as
 * `readArchive`.
 */
export async function fetchFileTree(
  address: string,
  name: string,
  readArchive: ReadArchive,
  signal?: AbortSignal,
): Promise<FileTree> {
  const response = await fetch(address, signal === undefined ? {} : { signal }).catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw new StudioError('network', `${name} cannot be fetched; check the connection.`, { name }, { cause });
  });
  if (!response.ok || response.body === null) {
    const message = `${name} cannot be fetched: the server answered ${response.status}; check that the file is there.`;
    throw new StudioError('network', message, { name, status: response.status });
  }
  return readArchive(response.body, name);
}
