import { BUNDLED_SET_ID } from '../base/bundled.ts';
import { StudioError } from '../base/errors.ts';
import { sharedPromise } from '../base/shared-promise.ts';
import { countSet } from './set-figures.ts';
import type { DataSet, DataSetIndex, DataSetStore, DataSetSummary, Sample } from './types.ts';
import { applyChange } from './versions/apply-change.ts';
import { editsAsChange, versionWithHash } from './versions/at-version.ts';
import { hashVersion } from './versions/hash-version.ts';

/** The data sets that this browser has, for workers: the bundled one and those that were imported. */
export interface Library {
  /** The bundled one first, then the newest import first. */
  summaries(): Promise<readonly DataSetSummary[]>;
  /** With what was edited since the last version, whose hash stands in it. Throws `not-found`. */
  index(id: string): Promise<DataSetIndex>;
  /** The encoded bytes of a picture. Throws `not-found`. */
  picture(id: string, sampleId: string): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * The set for reading, its pictures one by one from where they are kept, with the hash of what it holds now. With `hash`
   * the version of that hash, where it is kept, and else the set as it is now. Throws `not-found`.
   */
  open(id: string, hash?: string): Promise<DataSet>;
  /** Lists a set whose import goes on, by its id, until null is lent: its pictures are read as those of any. */
  lend(index: DataSetIndex | null): void;
  /** The set is gone, or may be: what is remembered of it is of no use any more. */
  forget(id: string): void;
}

/** So many sets' indexes are remembered: a set of 20,000 pictures has one of about 20 MB. */
const REMEMBERED = 2;

interface Opened {
  readonly index: DataSetIndex;
  readonly samples: ReadonlyMap<string, Sample>;
  readonly revision: number;
  /** Whether something was edited since the version of the index's hash. */
  readonly isEdited: boolean;
}

/**
 * A library over a store. The bundled set is made at first use by `bundledDataSet`, held in memory, and never written.
 */
export function createLibrary(store: DataSetStore, bundledDataSet: () => Promise<DataSet>): Library {
  const bundled = sharedPromise(async () => {
    const set = await bundledDataSet();
    const { imageBytes, ...rest } = set;
    return { index: { ...rest, id: BUNDLED_SET_ID, name: BUNDLED_SET_ID } satisfies DataSetIndex, imageBytes };
  });
  const opened = new Map<string, Promise<Opened>>();
  let lent: Opened | null = null;

  const load = async (id: string): Promise<Opened> => {
    // First, so that what is written meanwhile makes it old.
    const revision = await store.revision(id);
    const [sealed, edits] = await Promise.all([store.index(id), store.openEdits(id)]);
    if (sealed === null) {
      const message = `There is no data set "${id}" in this browser; it was deleted, or belongs to another browser. Choose another, or import it again.`;
      throw new StudioError('not-found', message, { id });
    }
    const isEdited = edits.samples.length > 0 || edits.classes !== null;
    const index = isEdited ? applyChange(sealed, editsAsChange(edits)).index : sealed;
    return openedOf(index, revision, isEdited);
  };

  const openStored = async (id: string): Promise<Opened> => {
    if (lent?.index.id === id) return lent;
    const held = await opened.get(id);
    const set =
      (held?.revision === (await store.revision(id)) ? opened.get(id) : undefined) ??
      load(id).catch((error: unknown) => {
        opened.delete(id);
        throw error;
      });
    // The last that was asked for stands last.
    opened.delete(id);
    opened.set(id, set);
    for (const oldest of opened.keys()) {
      if (opened.size <= REMEMBERED) break;
      opened.delete(oldest);
    }
    return set;
  };

  const storedPicture = async (id: string, { index, samples }: Opened, sampleId: string) => {
    const sample = samples.get(sampleId);
    if (sample === undefined) {
      throw new StudioError('not-found', `${index.name} has no picture "${sampleId}".`, { id, sampleId });
    }
    const bytes = await store.picture(index.picturesOf ?? id, sample.imagePath);
    if (bytes === null) {
      const message = `The picture "${sampleId}" of ${index.name} is not in this browser's storage any more. Delete the data set and import it again.`;
      throw new StudioError('not-found', message, { id, sampleId });
    }
    return bytes;
  };

  const asOf = async (now: Opened, hash: string | undefined): Promise<Opened> => {
    const { index, isEdited } = now;
    if (hash !== undefined && (isEdited || hash !== index.hash)) {
      const version = await versionWithHash(store, index.id, hash);
      if (version !== null) {
        return openedOf(version, now.revision, false);
      }
    }
    return isEdited ? { ...now, index: { ...index, hash: await hashVersion(store, index) } } : now;
  };

  const library: Library = {
    async summaries() {
      const { index } = await bundled.get();
      const stored = [...(await store.summaries())].sort((a, b) => (b.importedAtMs ?? 0) - (a.importedAtMs ?? 0));
      return [{ ...countSet(index), bundled: true, bytes: 0, importedAtMs: null }, ...stored];
    },
    async index(id) {
      return id === BUNDLED_SET_ID ? (await bundled.get()).index : (await openStored(id)).index;
    },
    async picture(id, sampleId) {
      if (id !== BUNDLED_SET_ID) return storedPicture(id, await openStored(id), sampleId);
      // A copy: the one in memory is needed again.
      return new Uint8Array(await (await bundled.get()).imageBytes(sampleId));
    },
    async open(id, hash) {
      if (id === BUNDLED_SET_ID) {
        const { index, imageBytes } = await bundled.get();
        return { ...index, imageBytes };
      }
      const set = await asOf(await openStored(id), hash);
      // Where its pictures lie is no part of what it is: a copy has its own.
      const { picturesOf: _, ...index } = set.index;
      return { ...index, imageBytes: (sampleId) => storedPicture(id, set, sampleId) };
    },
    lend(index) {
      lent = index === null ? null : openedOf(index, 0, false);
    },
    forget(id) {
      opened.delete(id);
    },
  };
  return library;
}

function openedOf(index: DataSetIndex, revision: number, isEdited: boolean): Opened {
  return { index, samples: new Map(index.samples.map((sample) => [sample.id, sample])), revision, isEdited };
}
