import { createStore, type StoreApi } from 'zustand/vanilla';
import { type StudioError, toStudioError } from '../base/errors.ts';
import type { AddPicturesResult, DataApi, GivenFile, ImportProgress } from '../rpc/protocol.ts';
import { refuseWithoutSpace } from './space.ts';

/** Pictures without labels that were given, and wait for a person to say which set they are to be in. */
export interface OfferedPictures {
  /** What a new set of them would be called. */
  readonly name: string;
  readonly files: readonly GivenFile[];
  /** The set that was meant, by id; null for a new one. */
  readonly into: string | null;
}

/** From what frames are taken. */
export type FrameSource = { readonly kind: 'camera' } | { readonly kind: 'video'; readonly file: File };

export interface NewPicturesState {
  readonly offered: OfferedPictures | null;
  readonly capturing: FrameSource | null;
  /** Of the pictures that are being added. */
  readonly progress: ImportProgress | null;
  /** Why they were not added; not where it was cancelled. */
  readonly fault: StudioError | null;
  /** What came of the last pictures that were added. */
  readonly result: AddPicturesResult | null;
  /** Pictures that are given while others wait join them. */
  offer(given: OfferedPictures): void;
  /** Opens a camera, or a video, to take frames from. */
  capture(source: FrameSource): void;
  endCapture(): void;
  /** Adds what is offered to a set, or makes one of that name. */
  add(into: string | null, name: string): Promise<void>;
  cancel(): Promise<void>;
  /** Lets go of what is offered, and of why it was not added. */
  drop(): void;
  dismissResult(): void;
}

export interface NewPicturesPorts {
  readonly data: Pick<DataApi, 'addPictures' | 'cancelImport'>;
  /** Bytes that the browser has free for this site, null where it does not say. */
  readonly freeBytes: () => number | null;
  /** Hears of the set that has new pictures. */
  readonly onAdded: (setId: string) => Promise<void>;
}

/** Pictures without labels on their way into a set. */
export function createNewPicturesStore({ data, freeBytes, onAdded }: NewPicturesPorts): StoreApi<NewPicturesState> {
  return createStore<NewPicturesState>()((set, get) => ({
    offered: null,
    capturing: null,
    progress: null,
    fault: null,
    result: null,
    offer: (given) => {
      const { offered, progress } = get();
      if (progress !== null || given.files.length === 0) return;
      const before = offered?.files ?? [];
      set({
        offered: offered === null ? given : { ...offered, files: [...before, ...given.files] },
        capturing: null,
        fault: null,
        result: null,
      });
    },
    capture: (capturing) => {
      if (get().progress === null) set({ capturing, fault: null, result: null });
    },
    endCapture: () => set({ capturing: null }),
    add: async (into, typed) => {
      const { offered, progress } = get();
      if (offered === null || progress !== null) return;
      const { files } = offered;
      const name = typed.trim() || offered.name;
      const bytesTotal = files.reduce((sum, { file }) => sum + file.size, 0);
      set({ fault: null, progress: notBegun(name, bytesTotal) });
      try {
        refuseWithoutSpace(name, { neededBytes: bytesTotal, freeBytes: freeBytes(), atLeast: false, persisted: null });
        const result = await data.addPictures({ files, into, name }, (told) => {
          // A message may come after the end.
          if (get().progress !== null) set({ progress: told });
        });
        await onAdded(result.summary.id);
        set({ offered: null, result });
      } catch (thrown) {
        const error = toStudioError(thrown);
        set(error.code === 'cancelled' ? {} : { fault: error });
      } finally {
        set({ progress: null });
      }
    },
    cancel: async () => {
      try {
        await data.cancelImport();
      } catch (thrown) {
        set({ fault: toStudioError(thrown) });
      }
    },
    drop: () => {
      if (get().progress === null) set({ offered: null, capturing: null, fault: null });
    },
    dismissResult: () => set({ result: null }),
  }));
}

function notBegun(name: string, bytesTotal: number): ImportProgress {
  return { name, phase: 'reading', bytesDone: 0, bytesTotal, picturesDone: 0, bytesPerSecond: null, secondsLeft: null };
}

const whole = (value: number): string => value.toLocaleString('en-GB');
const pictures = (count: number): string => `${whole(count)} ${count === 1 ? 'picture' : 'pictures'}`;

/** What came of pictures that were added, in sentences. */
export function addedWords({ summary, added, alreadyThere, problems }: AddPicturesResult): string {
  const parts = [
    added > 0
      ? `${pictures(added)} added to "${summary.name}".`
      : `Nothing was added: "${summary.name}" has ${alreadyThere === 1 ? 'that picture' : 'those pictures'} already.`,
  ];
  if (added > 0 && alreadyThere > 0) {
    parts.push(`${pictures(alreadyThere)} ${alreadyThere === 1 ? 'was' : 'were'} left out as already there.`);
  }
  const [first] = problems;
  if (first !== undefined) {
    const rest = problems.length > 1 ? ` The first, ${first.file}: ` : ` ${first.file}: `;
    parts.push(`${pictures(problems.length)} could not be read.${rest}${first.reason}`);
  }
  return parts.join(' ');
}
