import { createStore, type StoreApi } from 'zustand/vanilla';
import { type StudioError, toStudioError } from '../base/errors.ts';
import type {
  DataApi,
  DataSetIndex,
  DataSetSummary,
  GivenFile,
  ImportProgress,
  ImportResult,
  ImportSource,
  InterruptedImport,
} from '../rpc/protocol.ts';

export interface LibraryState {
  /** Null until the worker has answered; the bundled set comes first. */
  readonly sets: readonly DataSetSummary[] | null;
  readonly interrupted: readonly InterruptedImport[];
  /** Why the list could not be had, or why the last button did not do what it says. */
  readonly error: StudioError | null;
  readonly importing: ImportProgress | null;
  readonly lastImport: ImportResult | null;
  /** The set that the Data room shows, by id; null for the first. */
  readonly chosenId: string | null;
  /** Indexes that were asked for, by id. */
  readonly indexes: Readonly<Record<string, DataSetIndex>>;
  refresh(): Promise<void>;
  choose(id: string): void;
  /** Fetches the index of a set into `indexes`. */
  openIndex(id: string): Promise<void>;
  importFrom(source: ImportSource): Promise<void>;
  /** What was dropped or chosen: archives, or the files of a folder. */
  importFiles(name: string, files: readonly GivenFile[]): Promise<void>;
  cancelImport(): Promise<void>;
  discardImport(id: string): Promise<void>;
  remove(id: string): Promise<void>;
}

/** The data sets that this browser keeps, and the import that goes on. */
export function createLibraryStore(data: DataApi): StoreApi<LibraryState> {
  return createStore<LibraryState>()((set, get) => {
    const ask = async (question: () => Promise<void>): Promise<void> => {
      set({ error: null });
      try {
        await question();
      } catch (thrown) {
        set({ error: toStudioError(thrown) });
      }
    };
    return {
      sets: null,
      interrupted: [],
      error: null,
      importing: null,
      lastImport: null,
      chosenId: null,
      indexes: {},
      refresh: () =>
        ask(async () => {
          const { sets, interrupted } = await data.dataSets();
          set({ sets, interrupted });
        }),
      choose: (chosenId) => set({ chosenId }),
      openIndex: (id) =>
        ask(async () => {
          if (get().indexes[id] !== undefined) return;
          const index = await data.dataSet(id);
          set({ indexes: { ...get().indexes, [id]: index } });
        }),
      importFrom: (source) =>
        ask(async () => {
          const lastImport = await data
            .importDataSet(source, (importing) => set({ importing }))
            .finally(() => {
              set({ importing: null });
            });
          set({ lastImport, chosenId: lastImport.summary.id });
          await get().refresh();
        }),
      importFiles: (name, files) => get().importFrom({ kind: 'files', name, files }),
      cancelImport: () => ask(() => data.cancelImport()),
      discardImport: (id) =>
        ask(async () => {
          await data.discardImport(id);
          await get().refresh();
        }),
      remove: (id) =>
        ask(async () => {
          await data.removeDataSet(id);
          await get().refresh();
        }),
    };
  });
}
