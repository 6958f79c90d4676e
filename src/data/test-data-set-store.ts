import { StudioError } from '../base/errors.ts';
import type { DataSetStore, ImportJournal, JournalPicture, ProposalRecord, StoredDataSet } from './types.ts';
import type { OpenEdits, StoredVersion } from './versions/types.ts';

const NO_EDITS: OpenEdits = { samples: [], classes: null };

/** A `DataSetStore` in memory, as strict as a database: what is read is a copy. For tests only. */
export interface TestStore extends DataSetStore {
  /** Bytes of pictures it takes before it is full. */
  capacity: number;
  /** Called before each write with its name; what it throws is thrown, and nothing is written. */
  beforeWrite: (name: keyof DataSetStore) => void;
  /** Paths of pictures that were written, in order, again where again. */
  readonly writtenPaths: string[];
  pictureCount(): number;
}

/** An empty store. */
export function testStore(): TestStore {
  const sets = new Map<string, StoredDataSet>();
  const hashes = new Map<string, Readonly<Record<string, string>>>();
  const looks = new Map<string, Readonly<Record<string, string>>>();
  const edits = new Map<string, OpenEdits>();
  const versions = new Map<string, Map<number, StoredVersion>>();
  const proposals = new Map<string, Map<string, ProposalRecord>>();
  const revisions = new Map<string, number>();
  const revise = (id: string) => revisions.set(id, (revisions.get(id) ?? 0) + 1);
  const pictures = new Map<string, Map<string, Uint8Array<ArrayBuffer>>>();
  const journals = new Map<string, ImportJournal>();
  const parts = new Map<string, Map<number, readonly JournalPicture[]>>();
  const writtenPaths: string[] = [];
  const bytes = () =>
    [...pictures.values()].flatMap((of) => [...of.values()]).reduce((sum, { byteLength }) => sum + byteLength, 0);

  const store: TestStore = {
    capacity: Number.POSITIVE_INFINITY,
    beforeWrite: () => undefined,
    writtenPaths,
    pictureCount: () => [...pictures.values()].reduce((sum, { size }) => sum + size, 0),
    summaries: async () => [...sets.values()].map(({ summary }) => structuredClone(summary)),
    index: async (id) => structuredClone(sets.get(id)?.index ?? null),
    async writeSet(set) {
      store.beforeWrite('writeSet');
      const { id } = set.index;
      const recorded = set.proposals?.map((record) => [`${record.weights} ${record.sampleId}`, record] as const);
      proposals.set(id, new Map(structuredClone(recorded ?? [])));
      if (set.edits !== undefined) edits.set(id, structuredClone(set.edits));
      versions.set(
        id,
        new Map(set.versions?.map((version) => [version.version.number, structuredClone(version)] as const)),
      );
      sets.set(set.index.id, structuredClone(set));
      hashes.set(set.index.id, structuredClone(set.pictureSha256 ?? {}));
      revise(set.index.id);
    },
    pictureSha256: async (id) => hashes.get(id) ?? null,
    async writePictureSha256(id, sha256) {
      hashes.set(id, structuredClone(sha256));
    },
    looks: async (id) => looks.get(id) ?? null,
    async writeLooks(id, seen) {
      looks.set(id, structuredClone(seen));
    },
    proposalRecords: async (id) => structuredClone([...(proposals.get(id)?.values() ?? [])]),
    async writeProposalRecord(id, record) {
      const held = proposals.get(id) ?? new Map<string, ProposalRecord>();
      proposals.set(id, held.set(`${record.weights} ${record.sampleId}`, structuredClone(record)));
    },
    revision: async (id) => revisions.get(id) ?? 0,
    openEdits: async (id) => structuredClone(edits.get(id) ?? NO_EDITS),
    async writeEdits(id, { samples, classes }, summary) {
      store.beforeWrite('writeEdits');
      const before = edits.get(id) ?? NO_EDITS;
      const replaced = new Set(samples.map((sample) => sample.id));
      const merged = [...before.samples.filter((sample) => !replaced.has(sample.id)), ...samples];
      edits.set(id, structuredClone({ samples: merged, classes: classes ?? before.classes }));
      const held = sets.get(id);
      if (held !== undefined) sets.set(id, { ...held, summary: structuredClone(summary) });
      revise(id);
    },
    versions: async (id) =>
      structuredClone([...(versions.get(id) ?? [])].sort(([a], [b]) => a - b).map(([, version]) => version)),
    async writeVersions(written, index, summary) {
      store.beforeWrite('writeVersions');
      const held = versions.get(index.id) ?? new Map<number, StoredVersion>();
      versions.set(index.id, held);
      for (const version of written) held.set(version.version.number, structuredClone(version));
      sets.set(index.id, structuredClone({ index, summary, pictureSha256: {} }));
      edits.delete(index.id);
      revise(index.id);
    },
    async renameVersion(id, version) {
      versions.get(id)?.set(version.version.number, structuredClone(version));
    },
    async removeVersionsBefore(id, number) {
      for (const other of versions.get(id)?.keys() ?? []) if (other < number) versions.get(id)?.delete(other);
    },
    async removeSet(id) {
      store.beforeWrite('removeSet');
      sets.delete(id);
      for (const records of [hashes, looks, edits, versions, proposals, revisions]) records.delete(id);
      pictures.delete(id);
    },
    picture: async (id, path) => pictures.get(id)?.get(path)?.slice() ?? null,
    async writePictures(id, batch) {
      store.beforeWrite('writePictures');
      const neededBytes = batch.reduce((sum, { bytes: { byteLength } }) => sum + byteLength, 0);
      const freeBytes = store.capacity - bytes();
      if (neededBytes > freeBytes) throw new StudioError('storage', 'Full.', { neededBytes, freeBytes });
      const held = pictures.get(id) ?? new Map<string, Uint8Array<ArrayBuffer>>();
      pictures.set(id, held);
      for (const { path, bytes } of batch) {
        held.set(path, bytes.slice());
        writtenPaths.push(path);
      }
    },
    async removePictures(id, paths) {
      store.beforeWrite('removePictures');
      for (const path of paths) pictures.get(id)?.delete(path);
      if (pictures.get(id)?.size === 0) pictures.delete(id);
    },
    picturePaths: async (id) => [...(pictures.get(id)?.keys() ?? [])],
    idsOfPictures: async () => [...pictures.keys()],
    journals: async () => [...journals.values()],
    async writeJournal(journal) {
      store.beforeWrite('writeJournal');
      journals.set(journal.id, journal);
    },
    async writeJournalPictures(id, batch, stored) {
      store.beforeWrite('writeJournalPictures');
      const held = parts.get(id) ?? new Map<number, readonly JournalPicture[]>();
      parts.set(id, held.set(batch, structuredClone(stored)));
    },
    journalPictures: async (id) => [...(parts.get(id) ?? [])].sort(([a], [b]) => a - b).flatMap(([, part]) => part),
    async removeJournal(id) {
      store.beforeWrite('removeJournal');
      parts.delete(id);
      journals.delete(id);
    },
  };
  return store;
}
