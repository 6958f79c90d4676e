import { BUNDLED_SET_ID } from '../../base/bundled.ts';
import { StudioError } from '../../base/errors.ts';
import { partsOf } from '../import-journal.ts';
import type { Library } from '../library.ts';
import { countSet } from '../set-figures.ts';
import type { DataSetIndex, DataSetStore, DataSetSummary, Sample } from '../types.ts';
import { applyChange } from './apply-change.ts';
import { atVersion, editsAsChange } from './at-version.ts';
import { classesChanged } from './class-changes.ts';
import { differenceOf } from './difference.ts';
import { editingRight, type HoldEditing } from './editing-right.ts';
import { hashVersion } from './hash-version.ts';
import { soundSamples } from './sound-samples.ts';
import type {
  ClassChange,
  OpenEdits,
  SetChange,
  SetDifference,
  SetHistory,
  SetVersion,
  StoredVersion,
} from './types.ts';

export interface SetVersionsPorts {
  readonly store: DataSetStore;
  readonly library: Library;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly holdEditing: HoldEditing;
  /** The name of the run that trains on that set at this moment, or null. */
  readonly runOn: (dataSetId: string) => Promise<string | null>;
}

/** A set as it stands: its last version and what was edited since. */
interface Standing {
  readonly sealed: DataSetIndex;
  readonly edits: OpenEdits;
  readonly summary: DataSetSummary;
  /** In the order of their numbers, the imported one among them. */
  readonly versions: readonly StoredVersion[];
  readonly last: StoredVersion;
}

const EDITED = 'Labels edited';

/** Samples for a set whose pictures are stored already, and what was done, as a sentence without its full stop. */
export interface Growth {
  readonly samples: readonly Sample[];
  /** Of their pictures. */
  readonly bytes: number;
  readonly what: string;
}

/**
 * Adds samples to a set as a version of its own, while nobody else edits it; `grow` is given the last version and stores the
 * pictures, and may find that there is nothing to add. Throws as all that writes, and as `grow`.
 */
export type GrowSet = (id: string, grow: (index: DataSetIndex) => Promise<Growth | null>) => Promise<SetVersion | null>;

/**
 * Edits sets that are kept in this browser. Labels are edited picture by picture: each edit is kept at once, and belongs to the
 * version that is open. A run, a name or a change of another kind seals that version, which then stays as it is.
 * All throw `not-found` for a set that is gone, `usage` for the bundled one, and `storage`; what writes throws `usage` where
 * another tab edits the set.
 */
export function createSetVersions({ store, library, clock, holdEditing, runOn }: SetVersionsPorts) {
  const right = editingRight(holdEditing);

  /** The figures of a set that may be edited. */
  const editable = async (id: string): Promise<DataSetSummary> => {
    if (id === BUNDLED_SET_ID) {
      const message = 'The sample data set came with the studio and stays as it is. Copy it, and edit the copy.';
      throw new StudioError('usage', message, { id });
    }
    const summary = (await store.summaries()).find((set) => set.id === id);
    if (summary === undefined) throw gone(id);
    if (summary.picturesOf === undefined) return summary;
    const message = `${summary.name} is the beginning of a set that is imported, and stays as it is. Copy it, and edit the copy.`;
    throw new StudioError('usage', message, { id });
  };

  const standing = async (id: string): Promise<Standing> => {
    const summary = await editable(id);
    const [sealed, edits, kept] = await Promise.all([store.index(id), store.openEdits(id), store.versions(id)]);
    if (sealed === null) throw gone(id);
    const [oldest = imported(sealed, summary), ...later] = kept;
    return { sealed, edits, summary, versions: [oldest, ...later], last: later.at(-1) ?? oldest };
  };

  /** Writes the next version of a set without open edits. */
  const writeNext = async (now: Standing, change: SetChange, what: string): Promise<SetVersion> => {
    const { sealed, summary, versions, last } = now;
    const { index, undo } = applyChange(sealed, change);
    const hashed = { ...index, hash: await hashVersion(store, index) };
    const number = last.version.number + 1;
    const { samples: _, ...difference } = differenceOf(sealed, hashed);
    const { images, boxes } = countSet(hashed);
    const version: SetVersion = {
      number,
      name: null,
      what,
      madeAtMs: clock(),
      hash: hashed.hash,
      images,
      boxes,
      difference,
    };
    // The imported one is kept with the first that follows it.
    const first = versions.length === 1 ? versions : [];
    await store.writeVersions([...first, { version, undo }], hashed, sealedSummary(summary, hashed, number));
    return version;
  };

  /** The set without open edits, those it had in a version. */
  const sealing = async (id: string): Promise<Standing> => {
    const now = await standing(id);
    if (isNothing(now.edits)) return now;
    await writeNext(now, editsAsChange(now.edits), EDITED);
    return standing(id);
  };

  const versionOf = async (id: string, number: number): Promise<DataSetIndex> => {
    const { sealed, versions } = await standing(id);
    const index = atVersion(sealed, versions, number);
    if (index !== null) return index;
    throw new StudioError('not-found', `${sealed.name} keeps no version ${number}; it was forgotten.`, { id, number });
  };

  return {
    /**
     * Keeps samples as they were edited, and class names that are new. Boxes are kept inside their picture. Throws
     * `usage` for a picture that the set lacks, and for boxes that are none.
     */
    editSamples: (id: string, edited: readonly Sample[], classes: readonly string[] | null = null): Promise<void> =>
      right.editing(id, async () => {
        const [summary, before, index] = await Promise.all([editable(id), store.openEdits(id), library.index(id)]);
        const samples = soundSamples(index, edited);
        const edits: OpenEdits = { samples, classes };
        const after = applyChange(index, editsAsChange(edits)).index;
        const pictures = new Set([...before.samples, ...samples].map((sample) => sample.id));
        await store.writeEdits(id, edits, {
          ...summary,
          ...countSet(after),
          hash: summary.hash,
          edited: pictures.size,
          revision: (summary.revision ?? 0) + 1,
        });
      }),

    /** Makes a change as a version of its own, after one with what was edited before. */
    changeSet: (id: string, change: SetChange, what: string): Promise<SetVersion> =>
      right.editing(id, async () => {
        const now = await sealing(id);
        const changed =
          change.samples === undefined ? change : { ...change, samples: soundAdded(now.sealed, change.samples) };
        return writeNext(now, changed, what);
      }),

    /** Changes the classes as a version of its own. Throws `usage` for a class that the set lacks or has already. */
    changeClasses: (id: string, change: ClassChange): Promise<SetVersion> =>
      right.editing(id, async () => {
        const now = await sealing(id);
        const proposed = classesChanged(now.sealed, change);
        return writeNext(now, proposed.change, proposed.what);
      }),

    growSet: ((id, grow) =>
      right.editing(id, async () => {
        const growth = await grow((await standing(id)).sealed);
        if (growth === null) return null;
        const now = await sealing(id);
        const summary = { ...now.summary, bytes: now.summary.bytes + growth.bytes };
        return writeNext({ ...now, summary }, { samples: growth.samples }, growth.what);
      })) satisfies GrowSet,

    /** Closes the open version, where something was edited since the last; returns the last one then. Refuses only the bundled set. */
    sealVersion: (id: string): Promise<{ readonly number: number; readonly hash: string }> =>
      right.editing(id, async () => {
        const part = (await store.summaries()).find((set) => set.id === id && set.picturesOf !== undefined);
        // What can't be edited has one version.
        if (part !== undefined) return { number: 1, hash: part.hash };
        const { sealed, last } = await sealing(id);
        return { number: last.version.number, hash: sealed.hash };
      }),

    async setHistory(id: string): Promise<SetHistory> {
      const { sealed, edits, versions } = await standing(id);
      let open: SetHistory['open'] = null;
      if (!isNothing(edits)) {
        const { samples: _, ...difference } = differenceOf(sealed, applyChange(sealed, editsAsChange(edits)).index);
        open = difference;
      }
      return { versions: versions.map(({ version }) => version).reverse(), open };
    },

    /** Gives a version a name; an empty one takes it away. Throws `not-found`. */
    nameVersion: (id: string, number: number, name: string): Promise<void> =>
      right.editing(id, async () => {
        const { sealed, versions } = await standing(id);
        const named = versions.find(({ version }) => version.number === number);
        if (named === undefined) {
          throw new StudioError('not-found', `${sealed.name} keeps no version ${number}.`, { id, number });
        }
        const version = { ...named.version, name: name.trim() === '' ? null : name.trim() };
        await store.renameVersion(id, { ...named, version });
      }),

    /** What differs from one version to another; null for the set as it is now. Throws `not-found`. */
    async compareVersions(id: string, from: number, to: number | null): Promise<SetDifference> {
      const [before, after] = await Promise.all([
        versionOf(id, from),
        to === null ? library.index(id) : versionOf(id, to),
      ]);
      return differenceOf(before, after);
    },

    /** Makes the set what it was in a version, as a new version. Throws `not-found`. */
    restoreVersion: (id: string, number: number): Promise<SetVersion> =>
      right.editing(id, async () => {
        const now = await sealing(id);
        const wanted = await versionOf(id, number);
        return writeNext(now, changeTo(now.sealed, wanted), `Back to version ${number}`);
      }),

    /** Forgets all versions but the last, and deletes the pictures that only they had. Returns the bytes that became free. */
    forgetVersions: (id: string): Promise<{ readonly freedBytes: number }> =>
      right.editing(id, async () => {
        const run = await runOn(id);
        const { sealed, last, summary } = await sealing(id);
        if (run !== null) {
          const message = `The run "${run}" trains on ${sealed.name}, and may need what is to be forgotten. Stop it first.`;
          throw new StudioError('usage', message, { id });
        }
        await store.removeVersionsBefore(id, last.version.number);
        const parts = await partsOf(store, id);
        const indexes = [sealed, ...(await Promise.all(parts.map((part) => store.index(part.id))))];
        const used = new Set(indexes.flatMap((one) => one?.samples.map(({ imagePath }) => imagePath) ?? []));
        const unused = (await store.picturePaths(id)).filter((path) => !used.has(path));
        let freedBytes = 0;
        for (const path of unused) freedBytes += (await store.picture(id, path))?.byteLength ?? 0;
        if (unused.length > 0) await store.removePictures(id, unused);
        const bytes = summary.bytes - freedBytes;
        await store.writeEdits(id, { samples: [], classes: null }, { ...summary, bytes });
        return { freedBytes };
      }),

    /** Takes the right to edit a set for this tab until it is given back; false where another tab has it. */
    beginEditing: (id: string): Promise<boolean> => right.take(id),

    async endEditing(id: string): Promise<void> {
      right.giveBack(id);
    },
  };
}

function gone(id: string): StudioError {
  const message = `There is no data set "${id}" in this browser; it was deleted. Choose another, or import it again.`;
  return new StudioError('not-found', message, { id });
}

function imported(index: DataSetIndex, { importedAtMs }: DataSetSummary): StoredVersion {
  const { images, boxes, hash } = countSet(index);
  const nothing = { added: 0, removed: 0, changed: 0 };
  return {
    version: {
      number: 1,
      name: null,
      what: 'Imported',
      madeAtMs: importedAtMs ?? 0,
      hash,
      images,
      boxes,
      difference: { picturesAdded: 0, picturesRemoved: 0, picturesMoved: 0, boxes: nothing },
    },
    undo: {},
  };
}

function sealedSummary(summary: DataSetSummary, index: DataSetIndex, version: number): DataSetSummary {
  const { edited: _, ...rest } = summary;
  return { ...rest, ...countSet(index), version, revision: (rest.revision ?? 0) + 1 };
}

function isNothing({ samples, classes }: OpenEdits): boolean {
  return samples.length === 0 && classes === null;
}

/** The change from one state of a set to another. */
function changeTo(now: DataSetIndex, wanted: DataSetIndex): SetChange {
  const held = new Map(now.samples.map((sample) => [sample.id, sample]));
  const kept = new Set(wanted.samples.map(({ id }) => id));
  return {
    samples: wanted.samples.filter((sample) => held.get(sample.id) !== sample),
    removed: now.samples.map(({ id }) => id).filter((id) => !kept.has(id)),
    classes: wanted.classes,
    splits: wanted.splits,
  };
}

/** As `soundSamples`, of pictures that may be new to the set. */
function soundAdded(index: DataSetIndex, samples: readonly Sample[]): Sample[] {
  return soundSamples({ ...index, samples: [...index.samples, ...samples] }, samples);
}
