import { createStore, type StoreApi } from 'zustand/vanilla';
import { bytesText } from '../base/bytes-text.ts';
import { type StudioError, toStudioError } from '../base/errors.ts';
import type {
  OfferedFile,
  ProjectApi,
  ProjectChoice,
  ProjectImport,
  ProjectMode,
  ProjectProgress,
  ProjectReceipt,
  ProjectSettings,
} from '../rpc/protocol.ts';
import type { PickTarget } from './model-export.ts';
import type { StatusReport } from './status.ts';

export interface ProjectState {
  /** Which dialog is open: what goes out is chosen, or how a file that was given comes in. */
  readonly dialog: 'save' | 'open' | null;
  /** The file that was given last. */
  readonly given: File | null;
  /** Null while nothing goes out or comes in. */
  readonly progress: ProjectProgress | null;
  readonly error: StudioError | null;
  readonly receipt: ProjectReceipt | null;
  readonly result: ProjectImport | null;
  /** Whether settings of that project were taken over. */
  readonly tookSettings: boolean;
  askToSave(): void;
  /** A project file was chosen or dropped. */
  give(file: File): void;
  close(): void;
  /** Writes what is chosen and the settings; `offer` hands a person what was not written where they said. */
  save(choice: Omit<ProjectChoice, 'settings'>, offer: (file: OfferedFile) => void): Promise<void>;
  /** Takes the given file in. */
  open(mode: ProjectMode): Promise<void>;
  cancel(): Promise<void>;
}

/** What a project file is called, by the day on which it is made. */
export function projectName(now: Date): string {
  const part = (value: number): string => String(value).padStart(2, '0');
  return `detrain-project-${now.getFullYear()}-${part(now.getMonth() + 1)}-${part(now.getDate())}.zip`;
}

/** What of the page the projects need. */
export interface ProjectPage {
  readonly pickTarget: PickTarget;
  readonly settings: () => ProjectSettings;
  /** Takes settings over; returns whether anything changed. */
  readonly takeSettings: (settings: ProjectSettings) => boolean;
  /** Called once something was added. */
  readonly onTaken: () => void;
}

/** Projects that go out and come in, by the data worker. */
export function createProjectStore(
  files: ProjectApi,
  { pickTarget, settings, takeSettings, onTaken }: ProjectPage,
  now: () => Date = () => new Date(),
): StoreApi<ProjectState> {
  return createStore<ProjectState>()((set, get) => {
    const cleared = { error: null, receipt: null, result: null, tookSettings: false };
    const work = async (way: ProjectProgress['way'], name: string, doIt: () => Promise<void>): Promise<void> => {
      if (get().progress !== null) return;
      const begun = { way, name, bytesDone: 0, bytesTotal: 0, bytesPerSecond: null, secondsLeft: null };
      set({ ...cleared, progress: begun });
      try {
        await doIt();
      } catch (thrown) {
        const error = toStudioError(thrown);
        // They thought better of it.
        if (error.code !== 'cancelled') set({ error });
      } finally {
        set({ progress: null });
      }
    };
    // A message may come after the end.
    const heard = (progress: ProjectProgress): void => {
      if (get().progress !== null) set({ progress });
    };

    return {
      dialog: null,
      given: null,
      progress: null,
      ...cleared,
      askToSave: () => set({ dialog: 'save', ...(get().progress === null && cleared) }),
      give: (given) => set({ dialog: 'open', ...(get().progress === null && { ...cleared, given }) }),
      close: () => set({ dialog: null }),
      save: (choice, offer) =>
        work('out', projectName(now()), async () => {
          const name = projectName(now());
          const target = await pickTarget(name);
          const { file, receipt } = await files.exportProject({ ...choice, settings: settings() }, name, target, heard);
          if (file !== null) offer(file);
          set({ receipt });
        }),
      open: async (mode) => {
        const { given } = get();
        if (given === null) return;
        await work('in', given.name, async () => {
          const result = await files.importProject(given, given.name, mode, heard);
          set({ result, tookSettings: result.settings !== null && takeSettings(result.settings) });
          onTaken();
        });
      },
      cancel: () => files.cancelProject(),
    };
  });
}

/** What the status line says of the project that goes out or comes in, or null. */
export function projectStatus(progress: ProjectProgress | null): (StatusReport & { readonly rate: string }) | null {
  if (progress === null) return null;
  const { way, name, bytesDone, bytesTotal, bytesPerSecond, secondsLeft } = progress;
  return {
    what: `${way === 'out' ? 'Saving' : 'Opening'} "${name}"`,
    howFar: bytesTotal === 0 ? '' : `${bytesText(bytesDone)} of ${bytesText(bytesTotal)}`,
    phase: '',
    imagesPerSecond: null,
    rate: bytesPerSecond === null ? '' : `${bytesText(bytesPerSecond)}/s`,
    secondsLeft,
    fraction: bytesTotal === 0 ? null : Math.min(1, bytesDone / bytesTotal),
    mood: 'busy',
  };
}

/** What came of a project that was opened, in a sentence. */
export function takenWords({ sets, runs, parts, bytes }: ProjectImport, tookSettings: boolean): string {
  const added = [counted(sets.added.length, 'data set'), counted(runs.added.length, 'run')].join(' and ');
  const there = sets.there.length + runs.there.length;
  const already = there === 0 ? '' : ` ${there === 1 ? '1 was' : `${there} were`} there already.`;
  const settings = tookSettings
    ? ' Its colours of classes and other settings were taken over where none was chosen here.'
    : '';
  return `${added} added.${already}${settings} All ${parts} parts were checked, ${bytesText(bytes)}.`;
}

/** What was written, in a sentence. */
export function savedWords({ sets, runs, parts, bytes }: ProjectReceipt): string {
  return `${counted(sets, 'data set')} and ${counted(runs, 'run')} saved in ${parts} parts, ${bytesText(bytes)}.`;
}

function counted(count: number, one: string): string {
  return count === 1 ? `1 ${one}` : `${count} ${one}s`;
}
