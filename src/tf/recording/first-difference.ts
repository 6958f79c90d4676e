import type { DispatchSums } from './checksums.ts';

/** Where a replay first leaves something else than the run that it repeats. */
export interface ReplayDifference {
  /** The dispatch, counted from 0, and its program's name. */
  readonly dispatch: number;
  readonly label: string;
  /** Which of its storage buffers, in the order of its bindings; null where the two are different programs. */
  readonly buffer: number | null;
}

/** Compares the checksums after every dispatch of a run and of its replay; null where they are all the same. */
export function firstDifference(
  run: readonly DispatchSums[],
  runSums: Uint32Array,
  replay: readonly DispatchSums[],
  replaySums: Uint32Array,
): ReplayDifference | null {
  for (let dispatch = 0; dispatch < Math.max(run.length, replay.length); dispatch++) {
    const [a, b] = [run[dispatch], replay[dispatch]];
    if (a?.label !== b?.label || a?.slots.length !== b?.slots.length) {
      return { dispatch, label: `${a?.label ?? 'nothing'} / ${b?.label ?? 'nothing'}`, buffer: null };
    }
    const buffer = a?.slots.findIndex((slot, i) => runSums[slot] !== replaySums[b?.slots[i] ?? -1]) ?? -1;
    if (buffer >= 0) return { dispatch, label: a?.label ?? '', buffer };
  }
  return null;
}
