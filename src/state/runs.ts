import { createStore, type StoreApi } from 'zustand/vanilla';
import { bytesText } from '../base/bytes-text.ts';
import { type StudioError, toStudioError } from '../base/errors.ts';
import type { OfferedFile, RunHistory, RunSummary, RunsApi } from '../rpc/protocol.ts';
import { NEWEST_FIRST, nextSort, type RunColumn, type RunSort } from './runs-order.ts';

/** What is being done with a run, so that its row can say so. */
export type RunTask = 'deleting' | 'packing';

export interface RunsState {
  /** Newest first; null until the worker has answered. */
  readonly runs: readonly RunSummary[] | null;
  /** Why the list could not be had. */
  readonly error: StudioError | null;
  /** Why the last thing that was asked for did not work. */
  readonly actionError: StudioError | null;
  /** What the last thing that was asked for came to, such as the space that it freed. */
  readonly outcome: string | null;
  /** The runs that are compared, by id. */
  readonly selected: readonly string[];
  /** Histories that were asked for, by id. */
  readonly histories: Readonly<Record<string, RunHistory>>;
  /** Why a history could not be had, by id. */
  readonly historyErrors: Readonly<Record<string, StudioError>>;
  readonly tasks: Readonly<Record<string, RunTask>>;
  readonly sort: RunSort;
  readonly filter: string;
  refresh(): Promise<void>;
  select(ids: readonly string[]): void;
  sortBy(column: RunColumn): void;
  setFilter(filter: string): void;
  /** Fetches a history, unless the one that is here has every step of the summary. */
  openHistory(id: string): Promise<void>;
  /** False where it failed; `actionError` then says why. */
  rename(id: string, name: string): Promise<boolean>;
  note(id: string, note: string): Promise<boolean>;
  remove(ids: readonly string[]): Promise<void>;
  /** One `.safetensors`; null where it failed. */
  weights(id: string): Promise<OfferedFile | null>;
  /** The whole run as a zip; null where it failed. */
  exportRun(id: string): Promise<OfferedFile | null>;
  /** Says what was done elsewhere, or that it did not work, at the same place as these. */
  tell(outcome: string | StudioError): void;
  dismiss(): void;
}

/** Which of its two checkpoints a run is judged by; null where it has none. */
export function checkpointOf(run: RunSummary): 'best' | 'last' | null {
  if (run.best !== null) return 'best';
  return run.checkpointStep === null ? null : 'last';
}

/** True where a run can go on: it ended early, and there is a checkpoint to go on from. */
export function canContinue(run: RunSummary): boolean {
  const endedEarly = run.status === 'interrupted' || run.status === 'stopped' || run.status === 'failed';
  return endedEarly && run.checkpointStep !== null && run.checkpointStep < run.settings.steps;
}

/** The runs that this browser keeps. */
export function createRunsStore(api: RunsApi): StoreApi<RunsState> {
  /** Histories that are on their way. */
  const asked = new Set<string>();
  let refreshing: Promise<void> | null = null;
  let again = false;

  return createStore<RunsState>()((set, get) => {
    const fetchRuns = async (): Promise<void> => {
      do {
        again = false;
        try {
          const runs = await api.runs();
          const there = new Set(runs.map(({ id }) => id));
          const { selected, histories } = get();
          set({
            runs,
            error: null,
            ...(selected.every((id) => there.has(id)) ? {} : { selected: selected.filter((id) => there.has(id)) }),
            ...(Object.keys(histories).every((id) => there.has(id)) ? {} : { histories: only(histories, there) }),
          });
        } catch (thrown) {
          set({ error: toStudioError(thrown) });
        }
      } while (again);
    };

    const change = (id: string, part: Partial<RunSummary>): void => {
      const runs = get().runs?.map((run) => (run.id === id ? { ...run, ...part } : run)) ?? null;
      const history = get().histories[id];
      set({
        runs,
        ...(history === undefined
          ? {}
          : { histories: { ...get().histories, [id]: { ...history, summary: { ...history.summary, ...part } } } }),
      });
    };

    /** Shows a change at once, and takes it back where the worker refuses it. */
    const changeKept = async (id: string, part: Partial<RunSummary>, ask: () => Promise<void>): Promise<boolean> => {
      const before = get().runs?.find((run) => run.id === id);
      if (before === undefined) return false;
      change(id, part);
      try {
        await ask();
        return true;
      } catch (thrown) {
        change(id, { name: before.name, note: before.note });
        set({ actionError: toStudioError(thrown), outcome: null });
        return false;
      }
    };

    const withTask = async <Result>(id: string, task: RunTask, ask: () => Promise<Result>): Promise<Result | null> => {
      set({ tasks: { ...get().tasks, [id]: task }, actionError: null, outcome: null });
      try {
        return await ask();
      } catch (thrown) {
        set({ actionError: toStudioError(thrown) });
        return null;
      } finally {
        const { [id]: _done, ...tasks } = get().tasks;
        set({ tasks });
      }
    };

    return {
      runs: null,
      error: null,
      actionError: null,
      outcome: null,
      selected: [],
      histories: {},
      historyErrors: {},
      tasks: {},
      sort: NEWEST_FIRST,
      filter: '',

      refresh: () => {
        // What is asked for while an answer is on its way is answered by another one, so that nothing old stays.
        if (refreshing !== null) again = true;
        refreshing ??= fetchRuns().finally(() => {
          refreshing = null;
        });
        return refreshing;
      },
      select: (selected) => set({ selected }),
      sortBy: (column) => set({ sort: nextSort(get().sort, column) }),
      setFilter: (filter) => set({ filter }),

      openHistory: async (id) => {
        const summary = get().runs?.find((run) => run.id === id);
        const here = get().histories[id];
        const upToDate =
          here !== undefined &&
          (summary === undefined ||
            (summary.stepsDone === here.summary.stepsDone && summary.status === here.summary.status));
        if (upToDate || asked.has(id)) return;
        asked.add(id);
        try {
          const history = await api.runHistory(id);
          const { [id]: _before, ...historyErrors } = get().historyErrors;
          set({ histories: { ...get().histories, [id]: history }, historyErrors });
        } catch (thrown) {
          set({ historyErrors: { ...get().historyErrors, [id]: toStudioError(thrown) } });
        } finally {
          asked.delete(id);
        }
      },

      rename: (id, name) => changeKept(id, { name }, () => api.renameRun(id, name)),
      note: (id, note) => changeKept(id, { note }, () => api.noteRun(id, note)),

      remove: async (ids) => {
        let freedBytes = 0;
        const removed: string[] = [];
        for (const id of ids) {
          const name = get().runs?.find((run) => run.id === id)?.name ?? id;
          const freed = await withTask(id, 'deleting', () => api.removeRun(id));
          if (freed === null) break;
          freedBytes += freed.freedBytes;
          removed.push(name);
        }
        if (removed.length > 0) set({ outcome: removedText(removed, freedBytes) });
        await get().refresh();
      },

      weights: (id) => {
        const run = get().runs?.find((other) => other.id === id);
        const checkpoint = (run === undefined ? null : checkpointOf(run)) ?? 'last';
        return withTask(id, 'packing', () => api.runWeights(id, checkpoint));
      },
      exportRun: (id) => withTask(id, 'packing', () => api.exportRun(id)),
      tell: (outcome) =>
        set(typeof outcome === 'string' ? { outcome, actionError: null } : { outcome: null, actionError: outcome }),
      dismiss: () => set({ outcome: null, actionError: null }),
    };
  });
}

function only<Value>(all: Readonly<Record<string, Value>>, ids: ReadonlySet<string>): Record<string, Value> {
  return Object.fromEntries(Object.entries(all).filter(([id]) => ids.has(id)));
}

function removedText(names: readonly string[], freedBytes: number): string {
  const what = names.length === 1 ? `“${names[0]}”` : `${names.length} runs`;
  return `Deleted ${what}: ${bytesText(freedBytes)} freed.`;
}
