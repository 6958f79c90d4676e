import type { GivenFile } from '../rpc/protocol.ts';

/** What an import goes by: the folder's name, or an archive's without its ending; of several shards what they have in common. */
export function nameOfGiven(files: readonly GivenFile[]): string {
  const first = files[0]?.path ?? '';
  const folder = first.split('/').filter((part) => part !== '' && part !== '.')[0];
  if (first.includes('/') && folder !== undefined) return folder;
  if (first === '') return 'data set';
  const stems = files.map(({ path }) => path.replace(/\.(tar\.gz|tgz|tar|zip)$/i, ''));
  const common = stems.reduce((shared, stem) => {
    let length = 0;
    while (length < shared.length && shared[length] === stem[length]) length += 1;
    return shared.slice(0, length);
  });
  // "part-00000" and "part-00001" have "part-0000" in common.
  const tidy = stems.length > 1 ? common.replace(/[-_. ]*(shard|part)?[-_. ]*\d*$/i, '') : common;
  return tidy || stems[0] || 'data set';
}

/** Files from a file dialogue; of a folder each has its path inside it. */
export function givenFiles(files: Iterable<File>): GivenFile[] {
  return [...files].map((file) => ({
    path: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath,
    file,
  }));
}

/** Null where this is an address that an archive can be fetched from, else what is wrong with it, in a sentence. */
export function addressFault(text: string): string | null {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    // What cannot be read as an address is told below.
    return 'This is no address. It should begin with https:// and name an archive (.tar, .tar.gz, .tgz or .zip).';
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return `Addresses that begin with ${url.protocol} cannot be fetched: use https://, or choose the file from this computer.`;
  }
  return null;
}
