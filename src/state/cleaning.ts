import { createStore, type StoreApi } from 'zustand/vanilla';
import { type StudioError, toStudioError } from '../base/errors.ts';
import type { CheckProgress, CleaningApi, CleaningReport, EditApi, Fix, SetVersion } from '../rpc/protocol.ts';

/** A set as far as checking it goes. */
export interface CheckedSet {
  readonly id: string;
  readonly name: string;
}

export interface CleaningState {
  /** The set that is being checked, and how far that is; null for none. */
  readonly checking: { readonly set: CheckedSet; readonly progress: CheckProgress | null } | null;
  /** The last report of each set, by id. */
  readonly reports: Readonly<Record<string, CleaningReport>>;
  /** Of the set whose check or fix was not done; not where it was cancelled. */
  readonly fault: { readonly setId: string; readonly title: string; readonly error: StudioError } | null;
  /** The fix that is being made. */
  readonly mending: Fix['kind'] | null;
  /** The last fix, which can be undone; null once it was. */
  readonly mended: { readonly setId: string; readonly version: SetVersion } | null;
  check(set: CheckedSet): Promise<void>;
  cancel(): Promise<void>;
  /** Mends what is wrong as a version of its own, and checks again. */
  fix(set: CheckedSet, fix: Fix): Promise<void>;
  /** Makes the set what it was before the last fix, and checks again. */
  undo(set: CheckedSet): Promise<void>;
}

/** What was found in the sets, and what was done about it; `onChanged` hears that a set was changed. */
export function createCleaningStore(
  api: CleaningApi & Pick<EditApi, 'restoreVersion'>,
  onChanged: () => Promise<void>,
): StoreApi<CleaningState> {
  return createStore<CleaningState>()((set, get) => {
    const mend = async (checked: CheckedSet, kind: Fix['kind'] | null, title: string, work: () => Promise<void>) => {
      if (get().mending !== null || get().checking !== null) return;
      set({ mending: kind, fault: null, mended: null });
      try {
        await work();
      } catch (thrown) {
        set({ fault: { setId: checked.id, title, error: toStudioError(thrown) } });
        return;
      } finally {
        set({ mending: null });
      }
      await onChanged();
      await get().check(checked);
    };

    return {
      checking: null,
      reports: {},
      fault: null,
      mending: null,
      mended: null,
      check: async (checked) => {
        if (get().checking !== null) return;
        set({ checking: { set: checked, progress: null }, fault: null });
        try {
          const report = await api.checkDataSet(checked.id, (progress) => {
            // A message may come after the end.
            if (get().checking !== null) set({ checking: { set: checked, progress } });
          });
          set({ reports: { ...get().reports, [checked.id]: report } });
        } catch (thrown) {
          const error = toStudioError(thrown);
          if (error.code !== 'cancelled') {
            set({ fault: { setId: checked.id, title: `"${checked.name}" was not checked`, error } });
          }
        } finally {
          set({ checking: null });
        }
      },
      cancel: () => api.cancelCheck(),
      fix: (checked, fix) =>
        mend(checked, fix.kind, 'Nothing was mended', async () => {
          const version = await api.applyFix(checked.id, fix);
          if (version !== null) set({ mended: { setId: checked.id, version } });
        }),
      undo: async (checked) => {
        const { mended } = get();
        if (mended?.setId !== checked.id) return;
        await mend(checked, null, 'It was not undone', async () => {
          await api.restoreVersion(checked.id, mended.version.number - 1);
        });
      },
    };
  });
}
