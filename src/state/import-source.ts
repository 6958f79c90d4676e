import { SHARD_INDEX_FILE } from '../base/shard-format.ts';
import type { GivenFile } from '../rpc/protocol.ts';

/** What an import goes by: the folder's name, or an archive's without its ending; of several shards what they have in common. */
export function nameOfGiven(given: readonly GivenFile[]): string {
  // What is called index.json says nothing of what it is the index of.
  const named = given.filter(({ path }) => path !== SHARD_INDEX_FILE);
  const files = named.length > 0 ? named : given;
  const first = files[0]?.path ?? '';
  const folder = first.split('/').filter((part) => part !== '' && part !== '.')[0];
  if (first.includes('/') && folder !== undefined) return folder;
  if (first === '') return 'data set';
  const stems = files.map(({ path }) => path.replace(/\.(tar\.gz|tgz|tar|zip|json)$/i, ''));
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

/** What an import from an address goes by: the last name in it, or the folder of an index. */
export function nameOfAddress(url: string): string {
  const names = (url.split(/[?#]/)[0] ?? '').split('/').filter((part) => part !== '');
  const last = names.at(-1);
  return (last === SHARD_INDEX_FILE && names.length > 3 ? names.at(-2) : last) ?? url;
}

/** Null where this is an address that a set can be fetched from, else what is wrong with it, in a sentence. */
export function addressFault(text: string): string | null {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    // What cannot be read as an address is told below.
    return 'This is no address. It should begin with https:// and name an archive (.tar, .tar.gz, .tgz or .zip) or the folder of a set in shards.';
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return `Addresses that begin with ${url.protocol} cannot be fetched: use https://, or choose the file from this computer.`;
  }
  return null;
}
