import { readJson } from '../base/test-fixtures.ts';

/** One of the odd archives, and what is expected of it. */
export interface ArchiveCase {
  readonly file: string;
  readonly note: string;
  readonly expected: {
    readonly result: 'read' | 'error';
    readonly data_sets?: number;
    readonly images?: number;
    readonly train?: readonly string[];
    readonly val?: readonly string[];
    readonly warnings?: number | string;
  };
}

/** The odd archives in a folder, by whether they are to be read. For tests only. */
export function archiveCases(folder: string): { readable: ArchiveCase[]; refused: ArchiveCase[] } {
  const { archives } = readJson<{ archives: readonly ArchiveCase[] }>(`${folder}/manifest.json`);
  return {
    readable: archives.filter(({ expected }) => expected.result === 'read'),
    refused: archives.filter(({ expected }) => expected.result === 'error'),
  };
}
