import { createStore, type StoreApi } from 'zustand/vanilla';
import { StudioError, toStudioError } from '../base/errors.ts';
import type {
  ArrivingSummary,
  DataApi,
  DataSetIndex,
  DataSetSummary,
  GivenFile,
  ImportProgress,
  ImportResult,
  ImportSource,
  InterruptedImport,
  OfferedSet,
} from '../rpc/protocol.ts';
import { watchArriving } from './arriving.ts';
import { nameOfAddress } from './import-source.ts';
import {
  browserSpace,
  type ImportPlan,
  neededForAddress,
  neededSpace,
  refuseWithoutSpace,
  type SpaceKeeper,
  type SpaceReport,
} from './space.ts';

/** Something that was asked of one set or import, and why it was not done. */
export interface LibraryFault {
  /** Of the set or the interrupted import. */
  readonly id: string;
  readonly error: StudioError;
}

/** Why an import was not done, and what can be done about it. */
export interface ImportFault {
  readonly name: string;
  readonly error: StudioError;
  readonly canRetry: boolean;
  /** The archive ends too early: what is complete of it can be taken. */
  readonly isCutOff: boolean;
}

export interface LibraryState {
  /** Null until the worker has answered; the bundled set comes first. */
  readonly sets: readonly DataSetSummary[] | null;
  readonly interrupted: readonly InterruptedImport[];
  /** Sets in shards that this site's own server offers, whether or not they are here. */
  readonly offered: readonly OfferedSet[];
  /** What the features take that training has kept of the sets. */
  readonly featureBytes: number;
  /** Why the list could not be had. */
  readonly error: StudioError | null;
  /** This site's storage, as the browser last gave it. */
  readonly space: SpaceReport | null;
  readonly importing: ImportProgress | null;
  /** What is stored by now of a set that is being imported. */
  readonly arriving: ArrivingSummary | null;
  /** Why no set could be made of what is stored by now. */
  readonly arrivedError: StudioError | null;
  /** Of the import that goes on, or of the last one. */
  readonly plan: ImportPlan | null;
  readonly lastImport: ImportResult | null;
  /** Why the last import was not done; not where it was cancelled. */
  readonly importError: ImportFault | null;
  /** An import that is held back for want of its files: of this name the page still has them. */
  readonly lastSourceName: string | null;
  /** The set that the Data room shows, by id; null for the first. */
  readonly chosenId: string | null;
  /** Indexes that were asked for, by id. */
  readonly indexes: Readonly<Record<string, DataSetIndex>>;
  /** Why an index could not be had, by id. */
  readonly indexErrors: Readonly<Record<string, StudioError>>;
  /** Why a set could not be deleted, or an import not discarded. */
  readonly removeError: LibraryFault | null;
  /** What was deleted last, null for the kept features, and the space that it freed. */
  readonly lastRemoval: { readonly name: string | null; readonly freedBytes: number } | null;
  refresh(): Promise<void>;
  choose(id: string): void;
  /** Fetches the index of a set into `indexes`, again after a failure. */
  openIndex(id: string): Promise<void>;
  /** A set was changed: its summary is asked for again, and its index where it is held; the old one stays until then. */
  reopenIndex(id: string): Promise<void>;
  importFrom(source: ImportSource): Promise<void>;
  /** What was dropped or chosen: archives, or the files of a folder. */
  importFiles(name: string, files: readonly GivenFile[]): Promise<void>;
  /** The last import once more, from the same files. */
  retryImport(): Promise<void>;
  /** The last import once more, with the complete pictures of an archive that is cut off. */
  takeWhatIsThere(): Promise<void>;
  /** Makes a set of its own of what is stored by now; resolves to its id, or null where that failed. */
  keepArrived(): Promise<string | null>;
  cancelImport(): Promise<void>;
  /** Puts away what the last import said. */
  dismissImport(): void;
  discardImport(id: string): Promise<void>;
  remove(id: string): Promise<void>;
  /** Deletes the features that training has kept. */
  removeFeatures(): Promise<void>;
  dismissRemoveError(): void;
  /** Asks the browser to keep everything until a person deletes it. */
  askToKeep(): Promise<void>;
}

/** In place of a set's id, for what went wrong with the kept features. */
export const KEPT_FEATURES = 'kept-features';

/** The set that the Data room shows; null while there is none to show. */
export function chosenSet({
  sets,
  arriving,
  chosenId,
}: Pick<LibraryState, 'sets' | 'arriving' | 'chosenId'>): DataSetSummary | null {
  if (arriving !== null && arriving.id === chosenId) return arriving;
  return sets?.find(({ id }) => id === chosenId) ?? sets?.[0] ?? null;
}

/** What this site's own server offers and is neither here nor begun. */
export function newOffers({
  offered,
  sets,
  interrupted,
  importing,
}: Pick<LibraryState, 'offered' | 'sets' | 'interrupted' | 'importing'>): readonly OfferedSet[] {
  const here = new Set(sets?.map(({ hash }) => hash));
  const begun = new Set(interrupted.map(({ address }) => address));
  return offered.filter(({ hash, url, name }) => !here.has(hash) && !begun.has(url) && importing?.name !== name);
}

/** The data sets that this browser keeps, and the import that goes on. */
export function createLibraryStore(data: DataApi, keeper: SpaceKeeper = browserSpace()): StoreApi<LibraryState> {
  return createStore<LibraryState>()((set, get) => {
    const opening = new Map<string, Promise<void>>();
    let lastSource: ImportSource | null = null;
    let cancelling = false;
    let refreshes = 0;
    const arrival = watchArriving(data, get, set);

    const lookAtSpace = async (): Promise<void> => {
      try {
        set({ space: await keeper.report() });
      } catch {
        // A browser may refuse to say: then nothing is said of space, and nothing is refused for want of it.
        set({ space: { usedBytes: null, freeBytes: null, persisted: null } });
      }
    };

    const askToPersist = async (): Promise<boolean | null> => {
      try {
        return await keeper.persist();
      } catch {
        // Not granted, then: the page says so.
        return null;
      }
    };

    const lookAtOffers = async (): Promise<void> => {
      try {
        set({ offered: await data.offeredSets() });
      } catch {
        // A list that cannot be read offers nothing.
        set({ offered: [] });
      }
    };

    const plan = async (name: string, source: ImportSource): Promise<void> => {
      await lookAtSpace();
      const { space, interrupted, offered } = get();
      const needed =
        source.kind === 'files'
          ? neededSpace(name, source.files, interrupted)
          : neededForAddress(source.url, offered, interrupted);
      const made: ImportPlan = {
        ...needed,
        freeBytes: space?.freeBytes ?? null,
        persisted: space?.persisted ?? null,
      };
      set({ plan: made });
      refuseWithoutSpace(name, made);
      // Some browsers ask the person, which may take a while: the import goes on meanwhile.
      if (made.persisted !== true) void get().askToKeep();
    };

    const runImport = async (source: ImportSource): Promise<void> => {
      const name = source.kind === 'files' ? source.name : nameOfAddress(source.url);
      if (get().importing !== null) {
        const message = `"${get().importing?.name ?? ''}" is being imported: wait for its end or cancel it, then import "${name}".`;
        set({ importError: { name, error: new StudioError('usage', message), canRetry: false, isCutOff: false } });
        return;
      }
      lastSource = source;
      cancelling = false;
      set({
        importing: notBegun(name, source),
        lastSourceName: name,
        arrivedError: null,
        plan: null,
        lastImport: null,
        importError: null,
        lastRemoval: null,
      });
      try {
        await plan(name, source);
        // The worker does not know of it yet, and so cannot end it.
        if (cancelling) throw new StudioError('cancelled', 'Stopped on request.');
        const lastImport = await data.importDataSet(source, (importing) => {
          // A message may come after the end.
          // A set in shards has a name of its own, which its index tells.
          if (get().importing === null) return;
          set({ importing, lastSourceName: importing.name });
          void arrival.look();
        });
        lastSource = null;
        set({ lastImport, chosenId: lastImport.summary.id, lastSourceName: null });
      } catch (thrown) {
        const error = toStudioError(thrown);
        if (error.code !== 'cancelled') {
          const told = get().importing?.name ?? name;
          set({ importError: { name: told, error, canRetry: true, isCutOff: error.details.cutOff === true } });
        }
      } finally {
        set({ importing: null });
      }
      await get().refresh();
      const arrived = arrival.end();
      // The room may show it at this moment.
      if (arrived !== null) void openIndex(arrived);
    };

    const remove = async (
      id: string,
      name: string | null,
      question: () => Promise<{ readonly freedBytes: number }>,
    ) => {
      set({ removeError: null, lastRemoval: null });
      try {
        const { freedBytes } = await question();
        set({ lastRemoval: { name, freedBytes } });
      } catch (thrown) {
        set({ removeError: { id, error: toStudioError(thrown) } });
        return;
      }
      await get().refresh();
    };

    /** Fetches the indexes anew that are open and of sets that were changed, here or in another tab. */
    const reopenChanged = async (before: readonly DataSetSummary[], now: readonly DataSetSummary[]): Promise<void> => {
      const known = new Map(before.map(({ id, revision }) => [id, revision]));
      const changed = now.filter(({ id, revision }) => get().indexes[id] !== undefined && known.get(id) !== revision);
      await Promise.all(changed.map(({ id }) => openIndex(id)));
    };

    const openIndex = async (id: string): Promise<void> => {
      set({ indexErrors: without(get().indexErrors, id) });
      try {
        const index = await data.dataSet(id);
        set({ indexes: { ...get().indexes, [id]: index } });
      } catch (thrown) {
        set({ indexErrors: { ...get().indexErrors, [id]: toStudioError(thrown) } });
      }
    };

    return {
      sets: null,
      interrupted: [],
      offered: [],
      featureBytes: 0,
      error: null,
      space: null,
      importing: null,
      arriving: null,
      arrivedError: null,
      plan: null,
      lastImport: null,
      importError: null,
      lastSourceName: null,
      chosenId: null,
      indexes: {},
      indexErrors: {},
      removeError: null,
      lastRemoval: null,
      refresh: async () => {
        void lookAtSpace();
        refreshes += 1;
        const mine = refreshes;
        try {
          const { sets, interrupted, featureBytes } = await data.dataSets();
          // What was asked for later is newer, also where it is here earlier.
          if (mine !== refreshes) return;
          const before = get().sets;
          set({ sets, interrupted, featureBytes, error: null });
          void lookAtOffers();
          await reopenChanged(before ?? [], sets);
        } catch (thrown) {
          if (mine === refreshes) set({ error: toStudioError(thrown) });
        }
      },
      choose: (chosenId) => set({ chosenId }),
      openIndex: (id) => {
        if (get().indexes[id] !== undefined) return Promise.resolve();
        const asked = opening.get(id) ?? openIndex(id).finally(() => opening.delete(id));
        opening.set(id, asked);
        return asked;
      },
      reopenIndex: async (id) => {
        await Promise.all([get().refresh(), get().indexes[id] === undefined ? undefined : openIndex(id)]);
      },
      importFrom: runImport,
      importFiles: (name, files) => runImport({ kind: 'files', name, files }),
      retryImport: async () => {
        if (lastSource !== null) await runImport(lastSource);
      },
      takeWhatIsThere: async () => {
        if (lastSource !== null) await runImport({ ...lastSource, takeCutOff: true });
      },
      keepArrived: async () => {
        set({ arrivedError: null });
        try {
          const { id } = await data.keepArrived();
          await get().refresh();
          return id;
        } catch (thrown) {
          set({ arrivedError: toStudioError(thrown) });
          return null;
        }
      },
      cancelImport: async () => {
        cancelling = true;
        try {
          await data.cancelImport();
        } catch (thrown) {
          set({
            importError: {
              name: get().importing?.name ?? '',
              error: toStudioError(thrown),
              canRetry: false,
              isCutOff: false,
            },
          });
        }
      },
      dismissImport: () => set({ lastImport: null, importError: null, plan: null }),
      discardImport: (id) =>
        remove(id, get().interrupted.find((other) => other.id === id)?.name ?? '', () => data.discardImport(id)),
      remove: async (id) => {
        await remove(id, get().sets?.find((other) => other.id === id)?.name ?? '', async () => {
          const freed = await data.removeDataSet(id);
          const { chosenId, indexes, lastImport } = get();
          set({
            chosenId: chosenId === id ? null : chosenId,
            indexes: without(indexes, id),
            lastImport: lastImport?.summary.id === id ? null : lastImport,
          });
          return freed;
        });
      },
      removeFeatures: () => remove(KEPT_FEATURES, null, () => data.removeFeatures()),
      dismissRemoveError: () => set({ removeError: null }),
      askToKeep: async () => {
        const persisted = await askToPersist();
        const { plan: planned, space } = get();
        set({
          plan: planned === null ? null : { ...planned, persisted },
          space: space === null ? null : { ...space, persisted },
        });
      },
    };
  });
}

function notBegun(name: string, source: ImportSource): ImportProgress {
  return {
    name,
    phase: 'reading',
    bytesDone: 0,
    bytesTotal: source.kind === 'files' ? source.files.reduce((sum, { file }) => sum + file.size, 0) : null,
    picturesDone: 0,
    bytesPerSecond: null,
    secondsLeft: null,
  };
}

function without<Value>(record: Readonly<Record<string, Value>>, key: string): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).filter(([other]) => other !== key));
}
