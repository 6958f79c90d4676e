import { StudioError, toStudioError } from '../../base/errors.ts';
import type { Library } from '../library.ts';
import type { DataSetStore, DecodeImage } from '../types.ts';
import type { SetChange, SetVersion } from '../versions/types.ts';
import type { CheckProgress, CleaningReport, Fix } from './types.ts';

export interface CleaningPorts {
  readonly store: Pick<DataSetStore, 'pictureSha256' | 'looks' | 'writeLooks'>;
  readonly library: Library;
  readonly decode: DecodeImage;
  /** Milliseconds, never going back. */
  readonly now: () => number;
  /** Makes a change as a version of its own. */
  readonly changeSet: (id: string, change: SetChange, what: string) => Promise<SetVersion>;
}

/** Checks sets for what is wrong in them, and mends it: a `CleaningApi`. What does so is fetched when it is needed. */
export function createCleaning({ store, library, decode, now, changeSet }: CleaningPorts) {
  let current: AbortController | null = null;

  const check = async (id: string, onProgress: (progress: CheckProgress) => void, signal: AbortSignal) => {
    const [{ checkSet }, dataSet, kept, hashes] = await Promise.all([
      import('./check-set.ts'),
      library.open(id),
      store.looks(id),
      store.pictureSha256(id),
    ]);
    const looks = new Map(Object.entries(kept ?? {}));
    const known = looks.size;
    const byPath = new Map(Object.entries(hashes ?? {}));
    const sha256 = new Map(
      dataSet.samples.flatMap(({ id: sampleId, imagePath }) => {
        const digest = byPath.get(imagePath);
        return digest === undefined ? [] : [[sampleId, digest] as const];
      }),
    );
    try {
      return await checkSet(dataSet, { decode, now, signal, onProgress, looks, sha256 });
    } finally {
      // A check that was cancelled goes on from what it has seen.
      if (looks.size > known) await store.writeLooks(id, Object.fromEntries(looks));
    }
  };

  return {
    async checkDataSet(id: string, onProgress: (progress: CheckProgress) => void): Promise<CleaningReport> {
      if (current !== null) throw new StudioError('usage', 'Another set is being checked. Wait for it, or cancel it.');
      const mine = new AbortController();
      current = mine;
      try {
        return await check(id, onProgress, mine.signal);
      } catch (thrown) {
        throw toStudioError(thrown);
      } finally {
        current = null;
      }
    },

    async cancelCheck() {
      current?.abort();
    },

    /** Mends what is wrong by now, as a version of its own; null where nothing is. */
    async applyFix(id: string, fix: Fix): Promise<SetVersion | null> {
      const byDuplicates = fix.kind === 'remove-duplicates' || fix.kind === 'end-leaks' || fix.kind === 'split';
      const index = await library.index(id);
      const { duplicates } = byDuplicates
        ? await check(id, () => undefined, new AbortController().signal)
        : { duplicates: [] };
      const { changeOf } = await import('./fixes.ts');
      const proposed = changeOf(fix, index, duplicates);
      return proposed === null ? null : changeSet(id, proposed.change, proposed.what);
    },
  };
}
